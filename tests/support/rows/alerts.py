"""Alerts to the public, in the permission table."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from jishi.exchange.cap.models import Alert
from jishi.exchange.tests.alerts import a_draft, an_alert

ADDRESSES = """
exchange:alerts             GET    200   200   200   200   200   200   200   200   200   200   302
exchange:alerts             POST   405   405   405   405   405   405   405   405   405   405   302
exchange:draft_alert        GET    200   200   200   403   403   403   403   403   403   200   302
exchange:draft_alert        POST   303   303   303   403   403   403   403   403   403   303   302
exchange:alert              GET    200   200   200   200   200   200   200   200   200   200   302
exchange:alert              POST   405   405   405   405   405   405   405   405   405   405   302
exchange:change_alert       GET    200   200   200   403   403   403   403   403   403   200   302
exchange:change_alert       POST   303   303   303   403   403   403   403   403   403   303   302
exchange:approve_alert      GET    200   403   403   403   403   403   403   403   403   200   302
exchange:approve_alert      POST   303   403   403   403   403   403   403   403   403   303   302
exchange:update_alert       GET    200   200   200   403   403   403   403   403   403   200   302
exchange:update_alert       POST   303   303   303   403   403   403   403   403   403   303   302
exchange:cancel_alert       GET    200   200   200   403   403   403   403   403   403   200   302
exchange:cancel_alert       POST   303   303   303   403   403   403   403   403   403   303   302
exchange:drop_alert         GET    405   405   405   405   405   405   405   405   405   405   302
exchange:drop_alert         POST   303   303   303   403   403   403   403   403   403   303   302
exchange:alert_document     GET    200   200   200   200   200   200   200   200   200   200   302
exchange:alert_document     POST   405   405   405   405   405   405   405   405   405   405   302
exchange:cap_feed           GET    200   200   200   200   200   200   200   200   200   200   200
exchange:cap_feed           POST   405   405   405   405   405   405   405   405   405   405   405
exchange:cap_document       GET    200   200   200   200   200   200   200   200   200   200   200
exchange:cap_document       POST   405   405   405   405   405   405   405   405   405   405   405
"""
PUBLIC = {"exchange:cap_feed", "exchange:cap_document"}
IN_ROUTES = {"identifier"}
_DRAFTS = {f"exchange:{name}" for name in ("alert", "change_alert", "approve_alert", "drop_alert", "alert_document")}
_GIVEN_OUT = {"exchange:update_alert", "exchange:cancel_alert"}
_WORDS = {"headline_zh": "和平里社区燃气泄漏", "description_zh": "管道泄漏，正在抢修。"}


def arguments(world: Any, name: str) -> list[Any] | None:
    """A draft of the desk where one can still be decided on, an alert that was given out where one can be followed."""
    if name in _DRAFTS:
        return [_of(world, "draft").pk]
    if name in _GIVEN_OUT:
        return [_of(world, "alert").pk]
    return [_of(world, "alert").identifier] if name == "exchange:cap_document" else None


def sent(world: Any, name: str) -> dict[str, Any] | None:
    """What a form of alerts sends."""
    if name == "exchange:cancel_alert":
        return _WORDS
    if name in ("exchange:draft_alert", "exchange:change_alert", "exchange:update_alert"):
        return {
            **_WORDS, "status": "Actual", "event_zh": "燃气泄漏", "categories": ["Fire"], "urgency": "Immediate",
            "severity": "Severe", "certainty": "Observed", "area_zh": "和平里社区",
            "expires": f"{timezone.now() + timedelta(days=1):%Y-%m-%dT%H:%M}",
        }  # fmt: skip
    return None


def _of(world: Any, what: str) -> Alert:
    """One alert of the world for each name, made when it is first asked for."""
    made: dict[str, Alert] = world.__dict__.setdefault("alerts_made", {})
    if what not in made:
        made[what] = (a_draft if what == "draft" else an_alert)(world.house)
    return made[what]
