"""A made-up station with its people, and matters in any state, led there by the commands of those who may give them.

``a_station()`` gives a :class:`House` with one member of staff per role; ``a_matter(house, "submitted")`` reports,
assesses, pushes, accepts and submits one.  All of it needs a database that the migrations have filled.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from django.db import transaction
from django.utils import timezone

from jishi.base.grams import grams_of
from jishi.journal import actions as journal
from jishi.journal.chain import instant
from jishi.matters import catalogue, commands, events, loop, store
from jishi.matters.actions import Place, apply, report_matter
from jishi.matters.actions.report import next_number
from jishi.matters.actions.words import write_words
from jishi.matters.models import Matter
from jishi.matters.replay import place_text
from jishi.stations.actions import add_standing_units
from jishi.stations.models import Agency, Area, Bureau, Role, Staff, Station, Unit, UnitKind
from jishi.stations.tests.people import Seat, seated

#: Who works in which unit; the others have a post at the station only.
WORKS_IN = {
    "chief": UnitKind.COMMAND, "deputy": UnitKind.COMMAND, "desk": UnitKind.DESK, "officer": UnitKind.PATROL,
    "auxiliary": UnitKind.PATROL, "checker": UnitKind.CHECKING,
}  # fmt: skip
NAMES = {
    "chief": "周正", "deputy": "吴平", "desk": "王值班", "officer": "李巡", "auxiliary": "赵辅", "checker": "孙核",
    "analyst": "钱研", "auditor": "郑审", "administrator": "冯管",
}  # fmt: skip

WORKING_UNITS = {
    UnitKind.PATROL: "巡逻组",
    UnitKind.COMMUNITY: "社区警务组",
    UnitKind.MEDIATION: "调解室",
    UnitKind.FIRE: "消防监督组",
}

#: The commands that lead from a report to each state, and who gives them.
WAYS: dict[str, Sequence[str]] = {
    "reported": (),
    "assessed": ("assess",),
    "pushed": ("assess", "push"),
    "handling": ("assess", "push", "accept"),
    "suspended": ("assess", "push", "accept", "suspend"),
    "submitted": ("assess", "push", "accept", "submit"),
    "checked": ("assess", "push", "accept", "submit", "check"),
    "answered": ("assess", "push", "accept", "submit", "check", "answer"),
    "closed": ("assess", "push", "accept", "submit", "check", "answer", "close"),
}
GIVEN_BY = {
    "assess": "desk", "push": "desk", "accept": "officer", "suspend": "chief", "submit": "officer", "check": "checker",
    "answer": "desk", "close": "desk",
}  # fmt: skip

_serial = count(1)


@dataclass
class House:
    """A station, its units by kind, one area, one agency, and one member of staff per role, by the role's name."""

    station: Station
    units: dict[str, Unit] = field(default_factory=dict)
    people: dict[str, Staff] = field(default_factory=dict)
    area: Area | None = None
    agency: Agency | None = None

    def __getattr__(self, name: str) -> Staff:
        """The member of staff with this role: ``house.desk``, ``house.officer`` …"""
        try:
            return self.__dict__["people"][name]  # type: ignore[no-any-return]
        except KeyError as error:
            raise AttributeError(name) from error

    @property
    def patrol(self) -> Unit:
        """The unit that matters are pushed to."""
        return self.units[UnitKind.PATROL]


def a_bureau(code: str = "") -> Bureau:
    """A bureau of its own."""
    code = code or f"b{next(_serial)}"
    return Bureau.objects.create(code=code, name=f"平安分局{code}")


def a_station(code: str = "XH", name: str = "新华派出所", bureau: Bureau | None = None) -> House:
    """A station with all kinds of units, an area, an agency, and one member of staff per role."""
    bureau = bureau or a_bureau()
    station = Station.objects.create(bureau=bureau, code=code, name=name, time_zone="Asia/Shanghai")
    add_standing_units(station)
    Unit.objects.bulk_create(
        Unit(station=station, code=kind.value, name=title, kind=kind) for kind, title in WORKING_UNITS.items()
    )
    house = House(station, {unit.kind: unit for unit in station.units.all()})
    house.area = Area.objects.create(station=station, code="heping", name="和平里社区")
    house.agency = Agency.objects.create(bureau=bureau, code=f"fire{next(_serial)}", name="消防救援大队")
    catalogue.forget()
    people = seated(_seat(role, house, name=NAMES[role]) for role in Role.values)
    house.people |= zip(Role.values, people, strict=True)
    return house


def staff(role: str, house: House, *, unit: Unit | None = None, name: str = "", username: str = "") -> Staff:
    """One more member of staff of this role, in the unit where that role works, or in ``unit``."""
    return seated([_seat(role, house, unit, name, username)])[0]


def _seat(role: str, house: House, unit: Unit | None = None, name: str = "", username: str = "") -> Seat:
    serial = next(_serial)
    kind = WORKS_IN.get(role)
    unit = unit or (house.units[kind] if kind else None)
    name = name or f"{NAMES.get(role, role)}{serial}"
    return Seat(username or f"{role}{serial}", name, role, house.station, unit)


def bureau_staff(role: str, bureau: Bureau) -> Staff:
    """A member of staff with a post above all the bureau's stations."""
    return seated([Seat(f"{role}{next(_serial)}", "局" + NAMES.get(role, role), role, bureau=bureau)])[0]


def a_matter(
    house: House,
    state: str = "reported",
    *,
    title: str = "楼道有异味",
    place: str = "和平里3号楼",
    category: str = "dispute.rent",
    grade: int = 3,
    unit: Unit | None = None,
    now: datetime | None = None,
    step: timedelta = timedelta(0),
) -> Matter:
    """A matter in this state; from the report on, each command comes ``step`` after the one before."""
    now = now or timezone.now()
    if state == "inherited":
        return an_inherited_matter(house, title=title, place=place, category=category, unit=unit, now=now)
    where = Place(name=place, area=house.area.pk if house.area else None)
    done = report_matter(house.station, by=house.desk, title=title, place=where, now=now)
    for verb in WAYS[state]:
        now += step
        give(house, done.matter_id, verb, category=category, grade=grade, unit=unit, now=now)
    return Matter.objects.get(pk=done.matter_id)


def give(
    house: House,
    matter: Matter | int,
    verb: str,
    *,
    by: Staff | None = None,
    category: str = "dispute.rent",
    grade: int = 3,
    unit: Unit | None = None,
    now: datetime | None = None,
    **fields: Any,
) -> Matter:
    """Give one command with ordinary fields, by the one who usually gives it; ``fields`` replace them."""
    now = now or timezone.now()
    unit = unit or house.patrol
    usual: dict[str, dict[str, Any]] = {
        "assess": {"category": category, "grade": grade},
        "push": {"unit": unit.pk},
        "suspend": {"until": now + timedelta(days=3), "reason": "等待配件"},
        "submit": {"outcome": "fixed", "text": "已处理完毕"},
        "check": {"result": "pass"},
        "answer": {"text": "已告知报告人"},
    }
    person = by or _who(house, verb, unit)
    command = commands.BY_VERB[verb](**{**usual.get(verb, {}), **fields})
    done = apply(matter, command, by=person, now=now)
    return Matter.objects.get(pk=done.matter_id)


def _who(house: House, verb: str, unit: Unit) -> Staff:
    """Who usually gives this command: for a unit's own, somebody of that unit."""
    role = GIVEN_BY.get(verb, "desk")
    if role == "officer" and unit != house.patrol:
        key = f"officer@{unit.code}"
        if key not in house.people:
            house.people[key] = staff("officer", house, unit=unit)
        return house.people[key]
    return house.people[role]


@transaction.atomic
def an_inherited_matter(
    house: House,
    *,
    title: str = "历史遗留事项",
    place: str = "建设路18号",
    category: str = "public.light",
    unit: Unit | None = None,
    original_unit: str = "市政维修中心",
    original_due: datetime | None = None,
    external_id: str = "",
    now: datetime | None = None,
) -> Matter:
    """An open matter of another system, as an importer writes it: the row, its clock and its event."""
    now = now or timezone.now()
    rules = catalogue.rules_of(house.station.pk)
    area = house.area.pk if house.area else None
    event = loop.imported("inherited", "", category, 3, area, unit.pk if unit else None, now, rules)
    number = next_number(house.station, now)
    external_id = external_id or f"e{next(_serial)}"
    matter = Matter.objects.create(
        station=house.station, number=number, source="city311", external_id=external_id, channel="import", title=title,
        place_name=place, grams=grams_of(number, title, place), occurred_at=now, reported_at=now, clock_started=now,
        original_due=original_due or now - timedelta(days=1), original_unit=original_unit, **store.as_row(event.set),
    )  # fmt: skip
    state = loop.evolve(loop.State(station=house.station.pk, state="inherited"), event)
    store.write_clocks(matter.pk, event, state, now)
    where = place_text(place, None, None, "wgs84", original_unit)
    extra = write_words(matter.pk, 1, {"title": title}, now, place=where) | {
        "number": number, "source": "city311", "external_id": external_id, "reported_at": instant(now),
        "original_due": instant(matter.original_due),
    }  # fmt: skip
    draft = journal.Draft((events.SUBJECT, matter.pk, 1), "matter.imported", None, now, events.encode(event, extra))
    journal.append(house.station.pk, [draft], now)
    return Matter.objects.get(pk=matter.pk)
