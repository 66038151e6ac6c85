"""Parcels, endpoints and deliveries for the tests of channels."""

from __future__ import annotations

import ipaddress
import uuid
from datetime import UTC, datetime
from typing import Any

from django.utils import timezone

from jishi.notify.channels import Parcel
from jishi.notify.endpoints import actions
from jishi.notify.kinds import Message
from jishi.notify.models import Channel, Delivery, Endpoint, EndpointKind, Notice
from jishi.stations.models import Agency, Bureau, Role, Staff, Station

#: What a test sets ``WEBHOOK_PRIVATE`` to, so that its receiver may be reached.
THIS_MACHINE = [ipaddress.ip_network("127.0.0.0/8")]
DUE = datetime(2026, 3, 5, 6, 30, tzinfo=UTC)
WAYS = {EndpointKind.WEBHOOK: Channel.WEBHOOK, EndpointKind.SMTP: Channel.EMAIL, EndpointKind.SMS: Channel.SMS}


def a_message(**more: Any) -> Message:
    """A message with everything that one can have."""
    usual = {
        "title": "推给你处理", "path": "/matters/XH-2026-000123/", "number": "XH-2026-000123", "category": "租房纠纷",
        "place": "和平里3号楼", "due": DUE, "owed": "接收",
    }  # fmt: skip
    return Message(**{**usual, **more})


def a_parcel(message: Message | None = None, **more: Any) -> Parcel:
    """A parcel that is told in Chinese at the station XH."""
    message = message or a_message()
    usual: dict[str, Any] = {
        "key": str(uuid.uuid4()), "thread": "matter:123", "kind": "matter.offered", "grade": 2,
        "link": f"https://jishi.example.org{message.path}", "language": "zh-hans",
        "why": "你在接收单位值班。", "station": "XH", "at": datetime(2026, 3, 5, 4, 0, tzinfo=UTC),
    }  # fmt: skip
    return Parcel(message=message, **{**usual, **more})


def a_station(code: str = "XH", bureau: Bureau | None = None) -> Station:
    """A station of a bureau."""
    bureau = bureau or Bureau.objects.create(code=f"b-{code}", name=f"分局{code}")
    return Station.objects.create(bureau=bureau, code=code, name=f"派出所{code}", time_zone="Asia/Shanghai")


def a_person(station: Station | None = None, role: str = Role.DESK, **more: Any) -> Staff:
    """A member of staff, with a post where a station is given."""
    person = Staff.objects.create(**{"username": f"u{uuid.uuid4().hex[:8]}", "name": "王值班", **more})
    if station is not None:
        person.posts.create(station=station, role=role)
    return person


def an_endpoint(station: Station, kind: str, config: dict[str, Any], **more: Any) -> tuple[Endpoint, str]:
    """An endpoint of a station, and its signing secret."""
    agency: Agency | None = more.pop("agency", None)
    return actions.add_endpoint(
        bureau=station.bureau, station=more.pop("of", station), kind=kind, label=more.pop("label", "测试"),
        config=config, by=a_person(), agency=agency, **more,
    )  # fmt: skip


def a_delivery(
    station: Station, *, endpoint: Endpoint | None = None, staff: Staff | None = None, channel: str = ""
) -> Delivery:
    """One delivery that waits, to an endpoint or to a person."""
    now = timezone.now()
    notice = Notice.objects.create(station=station, kind="matter.offered", thread="matter:123", subject_id=123, grade=2)
    way = channel or WAYS.get(EndpointKind(endpoint.kind), Channel.ROBOT) if endpoint else channel
    return Delivery.objects.create(
        notice=notice, thread=notice.thread, staff=staff, endpoint=endpoint, channel=way, rule="unit", due=now
    )
