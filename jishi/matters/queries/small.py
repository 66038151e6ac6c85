"""Small before big: what is to be weighed each hour, by the indexes that the lists use, and what was raised."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet

from jishi.matters import catalogue
from jishi.matters.loop import LEADERS
from jishi.matters.models import Assignment, Clock, Matter, Raised
from jishi.matters.queries.listing import OPEN_STATES, Legs, Row, rows_by_id, walk
from jishi.matters.queries.scope import Someone, counted
from jishi.matters.queries.searching import where_of
from jishi.matters.small import Limits, Seen
from jishi.stations.crew import crew_of
from jishi.stations.queries import access_of

#: So many are weighed in one round at most, and so many shown.
MOST = 500
SHOWN = 200
_LOOPED = tuple(state for state in OPEN_STATES if state != "inherited")
#: What counts for a place: not the same thing reported twice, nor what was taken back, nor a drill.
_COUNTS = ~Q(outcome__in=("duplicate", "withdrawn")) & Q(drill=False)
_ABOUT_PLACE = ("same_place", "same_kind")


@dataclass(slots=True)
class Candidate:
    """A matter to weigh, what it stands for, whose unit is told, and what was raised of it already."""

    id: int
    seen: Seen
    version: int
    unit: int
    raised: set[str] = field(default_factory=set)
    #: What was counted, by the reason that counts it.
    places: dict[str, str] = field(default_factory=dict)


def candidates(station_id: int, limits: Limits, now: datetime) -> list[Candidate]:
    """The matters of a station that there may be a reason to look at, most of those already raised left out."""
    places = _repeated(station_id, limits, now)
    ids = {*places, *_came_back(station_id, limits), *_ageing(station_id, limits, now)}
    rows = Matter.objects.filter(pk__in=ids).order_by("pk").values(
        "id", "version", "state", "grade", "category_id", "returned", "reopened", "reported_at", "channel",
        "responsible_unit_id",
    )  # fmt: skip
    found: list[Any] = list(rows)
    return _read(found, places, station_id)


def _read(rows: list[Row], places: Mapping[int, list[tuple[str, str, int]]], station_id: int) -> list[Candidate]:
    ids = [row["id"] for row in rows]
    raised = Raised.objects.filter(matter__in=ids).values_list("matter_id", "reason")
    closed = [row["id"] for row in rows if row["responsible_unit_id"] is None]
    last_unit = dict(Assignment.objects.filter(matter__in=closed).order_by("pk").values_list("matter_id", "unit_id"))
    taken = _taken_in([row["id"] for row in rows if row["channel"] == "import"])
    found = {}
    for row in rows:
        open_since = None if row["state"] in ("closed", "inherited") else taken.get(row["id"], row["reported_at"])
        seen = Seen(row["grade"], open_since, row["returned"], row["reopened"])
        unit = row["responsible_unit_id"] or last_unit.get(row["id"])
        unit = unit or catalogue.proposed_unit(station_id, row["category_id"])
        it = found[row["id"]] = Candidate(row["id"], seen, row["version"], unit)
        for reason, place, count in places.get(row["id"], ()):
            it.places[reason] = place
            it.seen = replace(it.seen, here=count) if reason == "same_place" else replace(it.seen, alike=count)
    for matter, reason in raised:
        found[matter].raised.add(reason)
    return list(found.values())


def _taken_in(ids: list[int]) -> dict[int, datetime]:
    """Since when imported matters are in the loop: the clock of the answer starts with their triage."""
    rows = Clock.objects.filter(matter__in=ids, kind="answer").order_by("-pk").values_list("matter_id", "started")
    return dict(rows)


def _came_back(station_id: int, limits: Limits) -> list[int]:
    """Open matters that were returned or opened again too often and that nobody was told of."""
    often = Q(returned__gte=limits.returned) & ~_raised("returned")
    again = Q(reopened__gte=limits.reopened) & ~_raised("reopened")
    return _walked(station_id, often | again, "matter_came_back", "next_due")


def _ageing(station_id: int, limits: Limits, now: datetime) -> list[int]:
    """Open matters that stand for longer than their grade may and that nobody was told of, the oldest first."""
    old = Q(pk=None)
    for grade, days in limits.ageing.items():
        before = now - timedelta(days=days)
        triaged = Exists(Clock.objects.filter(matter=OuterRef("pk"), kind="answer", started__lte=before))
        old |= Q(grade=grade, reported_at__lte=before) & (~Q(channel="import") | Q(triaged))
    return _walked(station_id, old & ~_raised("ageing"), "matter_by_state", "reported_at")


def _walked(station_id: int, also: Q, index: str, order: str) -> list[int]:
    where, params = where_of(Matter.objects.filter(also, station_id=station_id, drill=False))
    return walk([Legs(where, tuple(params), "state", _LOOPED, index)], order, None, False, MOST)


def _raised(reason: str) -> Q:
    return Q(Exists(Raised.objects.filter(matter=OuterRef("pk"), reason=reason)))


def _repeated(station_id: int, limits: Limits, now: datetime) -> dict[int, list[tuple[str, str, int]]]:
    """The newest matter of each place and kind that came too often: (reason, what was counted, how many)."""
    found: dict[int, list[tuple[str, str, int]]] = {}
    sorts = (
        ("same_place", limits.place_times, limits.place_days, ("element_id",), Q(element__isnull=False)),
        ("same_kind", limits.kind_times, limits.kind_days, ("cell", "category_id"),
         Q(element__isnull=True, cell__isnull=False, category__isnull=False)),
    )  # fmt: skip
    for reason, times, days, by, where in sorts:
        since = now - timedelta(days=days)
        rows = Matter.objects.filter(_COUNTS, where, station_id=station_id, reported_at__gt=since)
        groups = rows.order_by().values_list(*by).annotate(many=Count("pk"), newest=Max("pk")).filter(many__gte=times)
        known = _places_raised(station_id, reason, since)
        for *key, many, newest in groups[:MOST]:
            place = ".".join(str(part) for part in key)
            if place not in known:
                found.setdefault(newest, []).append((reason, place, many))
    return found


def _places_raised(station_id: int, reason: str, since: datetime) -> set[str]:
    """The places that were raised within the time that is counted: one place is told once while its count lasts."""
    rows = Raised.objects.filter(matter__station=station_id, reason=reason, raised_at__gt=since)
    return set(rows.values_list("place", flat=True))


@dataclass(frozen=True, slots=True)
class Look:
    """A matter on the list: its row, and the reasons that nobody has seen to."""

    row: Row
    raised: list[Raised]


def may_look(user: Someone, station_id: int) -> bool:
    """Whether this person is told of small matters: leaders, and whoever leads a unit."""
    return bool(access_of(user).roles(station_id) & LEADERS) or bool(units_led(user, station_id))


def units_led(user: Someone, station_id: int) -> tuple[int, ...]:
    """The units of the station that this person leads."""
    if not access_of(user).sees(station_id):
        return ()
    return tuple(unit for unit, leads in crew_of(station_id).leads.items() if user.pk in leads)


def unseen(user: Someone, station_id: int) -> QuerySet[Raised]:
    """What was raised, that nobody has looked at or acted on since, in the units that this person looks after."""
    rows = Raised.objects.filter(
        matter__in=counted(user, station_id), acknowledged_at__isnull=True, version=F("matter__version")
    )
    rows = rows.filter(Q(reason__in=_ABOUT_PLACE) | ~Q(matter__state="closed"))
    if access_of(user).roles(station_id) & LEADERS:
        return rows
    return rows.filter(unit__in=units_led(user, station_id))


def count(user: Someone, station_id: int) -> int:
    """How many matters there are to look at; some that nobody has looked at for long are not counted."""
    rows = unseen(user, station_id).order_by("-raised_at", "-pk").values_list("matter_id", flat=True)
    return len(set(rows[:SHOWN]))


def looks(user: Someone, station_id: int) -> list[Look]:
    """The matters to look at, the last raised first, each with its reasons.  Two queries."""
    by_matter: dict[int, list[Raised]] = {}
    for raised in unseen(user, station_id).order_by("-raised_at", "pk")[:SHOWN]:
        by_matter.setdefault(raised.matter_id, []).append(raised)
    return [Look(row, by_matter[row["id"]]) for row in rows_by_id(list(by_matter))] if by_matter else []


def raised_of(matter_id: int) -> QuerySet[Raised]:
    """All that was ever raised of a matter, the newest first, with the name of whoever has seen it."""
    return Raised.objects.filter(matter=matter_id).select_related("acknowledged_by").order_by("-raised_at", "-pk")
