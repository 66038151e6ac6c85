"""Notices, preferences, deliveries that failed, in the permission table."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from jishi.notify.models import Delivery, Notice

ADDRESSES = """
notify:inbox                 GET    200   200    200  200     200 200     200     200     200   200    302
notify:inbox                 POST   405   405    405  405     405 405     405     405     405   405    302
notify:unread                GET    200   200    200  200     200 200     200     200     200   200    302
notify:unread                POST   405   405    405  405     405 405     405     405     405   405    302
notify:read_all              GET    405   405    405  405     405 405     405     405     405   405    302
notify:read_all              POST   302   302    302  302     302 302     302     302     302   302    302
notify:read                  GET    405   405    405  405     405 405     405     405     405   405    302
notify:read                  POST   404   404    302  404     404 404     404     404     404   404    302
notify:settings              GET    200   200    200  200     200 200     200     200     200   200    302
notify:settings              POST   302   302    302  302     302 302     302     302     302   302    302
notify:sms                   GET    405   405    405  405     405 405     405     405     405   405    302
notify:sms                   POST   302   302    302  302     302 302     302     302     302   302    302
notify:failed                GET    200   200    200  403     403 403     403     403     200   200    302
notify:failed                POST   405   405    405  405     405 405     405     405     405   405    302
notify:retry                 GET    405   405    405  405     405 405     405     405     405   405    302
notify:retry                 POST   302   302    302  403     403 403     403     403     302   302    302
notify:give_up               GET    405   405    405  405     405 405     405     405     405   405    302
notify:give_up               POST   302   302    302  403     403 403     403     403     302   302    302
"""
OF_STAFF = {"notify:read"}


def sent(world: Any, name: str) -> dict[str, Any] | None:
    """What a POST sends."""
    return {
        "notify:read_all": {"newest": "0"},
        "notify:settings": {"quiet_from": "22:00", "quiet_until": "07:00"},
        "notify:sms": {"mobile": "13800138000"},
        "notify:give_up": {"reason": "群已解散"},
    }.get(name)


def arguments(world: Any, name: str) -> list[Any] | None:
    """What stands in the address."""
    return [_told(world).pk] if name == "notify:read" else None


def _told(world: Any) -> Delivery:
    """A notice of the desk officer of the house."""
    if "_told" not in world.__dict__:
        house = world.house
        notice = Notice.objects.create(station=house.station, kind="test", thread="test:1", subject_id=1)
        world.__dict__["_told"] = Delivery.objects.create(
            notice=notice, thread="test:1", staff=house.desk, channel="app", rule="", state="sent", due=timezone.now()
        )
    found: Delivery = world.__dict__["_told"]
    return found
