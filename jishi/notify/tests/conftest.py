"""A station with its people, two kinds of notices, and a channel that notes what it is given."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction

from jishi.jobs.models import Job
from jishi.notify import actions, channels, draining, kinds
from jishi.notify.actions import To
from jishi.notify.channels import Failed, Parcel
from jishi.notify.kinds import Group, Kind, Message
from jishi.notify.models import Delivery, Endpoint, Notice
from jishi.stations.actions import create_bureau, create_staff, create_station
from jishi.stations.models import Role, Staff, Station

#: A Wednesday, 10:00 in the station's zone.
NOW = datetime(2026, 3, 4, 2, 0, tzinfo=UTC)
EVERYWHERE = frozenset({"push", "email", "sms"})


def write(notices: list[Notice]) -> Mapping[int, Message]:
    """Messages that say the number of what happened; nothing of what is gone."""
    return {
        notice.pk: Message(f"事{notice.facts.get('n', 0)}", f"/matters/{notice.subject_id}/", number="XH-2026-000001")
        for notice in notices
        if not notice.facts.get("gone")
    }


@pytest.fixture(autouse=True)
def _kinds(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kinds, "_kinds", {})
    monkeypatch.setattr(kinds, "_groups", {})
    monkeypatch.setattr(kinds, "_rules", dict(kinds._rules))
    kinds.register_group(
        Group("mine", "等我", frozenset({"email"}), 10), Group("late", "时限", frozenset({"push"}), 20)
    )
    kinds.register(
        Kind("test.mine", "等我办", "mine", write),
        Kind("test.late", "超时", "late", write),
        Kind("test.urgent", "急", "mine", write, urgent=True),
        Kind("test.personal", "晨报", "mine", write, personal=True),
    )
    kinds.register_rules({"lead": "您是该单位的负责人。", "member": "您在该单位工作。"})


@dataclass
class Carrier:
    """What went out, in order; ``fail`` answers for a delivery with the failure that it meets, or None."""

    sent: list[tuple[Delivery, Parcel]] = field(default_factory=list)
    tried: list[str] = field(default_factory=list)
    fail: Callable[[Delivery], Exception | None] = lambda delivery: None

    def __call__(self, delivery: Delivery, parcel: Parcel) -> str:
        self.tried.append(parcel.key)
        failure = self.fail(delivery)
        if failure is not None:
            raise failure
        self.sent.append((delivery, parcel))
        return "250"

    @property
    def titles(self) -> list[str]:
        return [parcel.message.title for _delivery, parcel in self.sent]


@pytest.fixture
def carrier(monkeypatch: pytest.MonkeyPatch) -> Carrier:
    """Every channel is there, and hands what it is given to this one."""
    carrier = Carrier()
    monkeypatch.setattr(channels, "send", carrier)
    monkeypatch.setattr(channels, "channels_ready", lambda station_id: EVERYWHERE)
    return carrier


@pytest.fixture
def station(db: None) -> Station:
    return create_station(bureau=create_bureau(code="PA", name="平安分局"), code="XH", name="新华派出所")


def a_person(station: Station, username: str, role: str = Role.OFFICER, **more: Any) -> Staff:
    """A member of staff with an address of e-mail."""
    person = create_staff(
        username=username, name=username, password="tests-only-7", posts=[{"role": role, "station": station}]
    )
    Staff.objects.filter(pk=person.pk).update(**{"email": f"{username}@example.org", **more})
    return Staff.objects.get(pk=person.pk)


@pytest.fixture
def li(station: Station) -> Staff:
    return a_person(station, "li")


@pytest.fixture
def wang(station: Station) -> Staff:
    return a_person(station, "wang")


@pytest.fixture
def webhook(station: Station) -> Endpoint:
    return Endpoint.objects.create(bureau=station.bureau, station=station, kind="webhook", label="指挥系统")


@pytest.fixture
def tell(station: Station) -> Callable[..., int | None]:
    """Tell somebody something of matter 17, in a transaction of its own."""

    def told(
        *to: Staff, kind: str = "test.mine", now: datetime = NOW, subject: int = 17, rule: str = "lead", **more: Any
    ) -> int | None:
        with transaction.atomic():
            return actions.tell(
                kind, station=station.pk, subject=("matter", subject), now=now,
                to=[To(each.pk, rule) for each in to], **more,
            )  # fmt: skip

    return told


def at(moment: datetime) -> Callable[[], datetime]:
    """A clock that stands."""
    return lambda: moment


def drain(moment: datetime = NOW, thread: str = "matter:17") -> int:
    """Send what may go out at this moment, as the worker does that took the job of this thread."""
    Job.objects.filter(dedupe_key=f"drain:{thread}").delete()
    return draining.drain(thread, at(moment))


def states(channel: str = "email") -> list[str]:
    """How the deliveries of a channel stand, in order."""
    return list(Delivery.objects.filter(channel=channel).order_by("pk").values_list("state", flat=True))


def later(**span: float) -> datetime:
    return NOW + timedelta(**span)


__all__ = ["EVERYWHERE", "NOW", "Carrier", "Failed", "a_person", "at", "drain", "later", "states"]
