"""By which ways people and systems are told: what was chosen and what is there, remembered for some seconds."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q

from jishi.notify import channels, kinds
from jishi.notify.models import Channel, Endpoint, EndpointKind, PushSubscription
from jishi.notify.quiet import Quiet
from jishi.stations.models import Staff, Station
from jishi.stations.queries import zone_of
from jishi.stations.remember import Remembered

#: For so long a choice that another process wrote may go unnoticed.
SECONDS = 15
#: The channels that lead to a person outside the application, the quickest first.
TO_PERSONS = (Channel.PUSH, Channel.SMS, Channel.EMAIL)
#: The kinds of endpoints that are told themselves; a mail server and a gateway only carry what goes to persons.
TOLD = {
    EndpointKind.WEBHOOK: Channel.WEBHOOK,
    EndpointKind.WECOM: Channel.ROBOT,
    EndpointKind.DINGTALK: Channel.ROBOT,
    EndpointKind.FEISHU: Channel.ROBOT,
}
MILDEST = 4


@dataclass(frozen=True, slots=True)
class Person:
    """How one member of staff is told: what they chose by group, where they can be reached, when it is quiet."""

    chosen: Mapping[str, frozenset[str]] = field(default_factory=dict)
    reach: frozenset[str] = frozenset()
    quiet: Quiet | None = None

    def channels(self, group: kinds.Group, ready: frozenset[str]) -> list[str]:
        """The channels outside the application for a group of notices, the quickest first."""
        wanted = self.chosen.get(group.code, group.usual)
        return [channel.value for channel in TO_PERSONS if channel in wanted and channel in self.reach & ready]


@dataclass(frozen=True, slots=True)
class Way:
    """An endpoint that is told itself, with what it wants to hear of."""

    id: int
    channel: str
    agency: int | None
    wanted: frozenset[str]
    least_grade: int

    def wants(self, kind: kinds.Kind, grade: int, agency: int | None) -> bool:
        """Whether a notice goes there: everything where nothing is chosen; an agency only hears of its own matters."""
        mine = self.agency is None or self.agency == agency
        named = not self.wanted or kind.code in self.wanted or kind.group in self.wanted
        return mine and named and (grade or MILDEST) <= self.least_grade


@dataclass(frozen=True, slots=True)
class House:
    """A station as a place from which people are told."""

    code: str
    zone: str
    people: Mapping[int, Person]
    ways: tuple[Way, ...]
    ready: frozenset[str]


#: For somebody who works at no station.
NOWHERE = House("", settings.TIME_ZONE, {}, (), frozenset())


def house_of(station_id: int) -> House:
    """The ways of a station, at most some seconds old."""
    return _houses.get(station_id)


def person_of(staff_id: int, house: House) -> Person:
    """The ways to one member of staff, also one of another station."""
    found = house.people.get(staff_id)
    return found if found is not None else _others.get(staff_id)


def endpoint_of(endpoint_id: int) -> Endpoint:
    """An endpoint with what it needs to be sent to, at most some seconds old."""
    return _endpoints.get(endpoint_id)


def look_at(staff_id: int) -> Person:
    """The ways to one member of staff as they are at this moment."""
    return _load_other(staff_id)


def forget() -> None:
    """Look again from now on: after a choice or an endpoint was changed."""
    _houses.forget()
    _others.forget()
    _endpoints.forget()


def _load(station_id: int) -> House:
    station = Station.objects.get(pk=station_id)
    at_work = Q(posts__station=station_id) | Q(posts__bureau=station.bureau_id)
    staff = Staff.objects.filter(pk__in=Staff.objects.filter(at_work).values("pk"))
    return House(station.code, zone_of(station), _people(staff), _ways(station), channels.channels_ready(station_id))


def _load_other(staff_id: int) -> Person:
    return _people(Staff.objects.filter(pk=staff_id)).get(staff_id, Person())


def _people(staff: Any) -> dict[int, Person]:
    rows = staff.filter(is_active=True).values_list(
        "pk", "email", "notice_preference__channels", "notice_preference__quiet_from",
        "notice_preference__quiet_until", "notice_preference__mobile_sealed",
        Exists(PushSubscription.objects.filter(staff=OuterRef("pk"))),
    )  # fmt: skip
    return {pk: _person(*rest) for pk, *rest in rows}


def _person(email: str, chosen: Any, starts: Any, ends: Any, mobile: Any, subscribed: bool) -> Person:
    there = {Channel.EMAIL: bool(email), Channel.SMS: mobile is not None, Channel.PUSH: subscribed}
    return Person(
        chosen={group: frozenset(names) for group, names in (chosen or {}).items()},
        reach=frozenset(channel.value for channel, is_there in there.items() if is_there),
        quiet=Quiet(starts, ends) if starts is not None and ends is not None and starts != ends else None,
    )


def _ways(station: Station) -> tuple[Way, ...]:
    here = Q(station=station) | Q(station__isnull=True)
    rows: Iterable[tuple[Any, ...]] = (
        Endpoint.objects.filter(here, bureau=station.bureau_id, active=True, kind__in=list(TOLD))
        .order_by("pk")
        .values_list("pk", "kind", "agency_id", "kinds", "least_grade")
    )
    return tuple(
        Way(pk, TOLD[EndpointKind(kind)].value, agency, frozenset(wanted), least)
        for pk, kind, agency, wanted, least in rows
    )


_houses: Remembered[int, House] = Remembered(_load, SECONDS)
_others: Remembered[int, Person] = Remembered(_load_other, SECONDS)
_endpoints: Remembered[int, Endpoint] = Remembered(lambda pk: Endpoint.objects.get(pk=pk), SECONDS)
