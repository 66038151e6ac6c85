"""The duty desk: what is asked of one person now, and what they keep an eye on, each ordered by clock.

What is asked follows from the loop: a queue is a unit and the states in which that unit's people have the next word.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils import timezone

from jishi.base.listing import CAP
from jishi.matters import catalogue
from jishi.matters.loop import LEADERS
from jishi.matters.models import Grade, Matter
from jishi.matters.queries.listing import OPEN_STATES, Legs, Row, rows_by_id, sql_of_count, walk
from jishi.matters.queries.scope import Someone
from jishi.matters.queries.searching import fetch, where_of
from jishi.stations.queries import access_of

SHOWN = 30
TABS = ("mine", "unit", "overdue", "returned", "waiting")

_DESK_STATES = ("reported", "assessed", "checked", "answered")
_OUT = ("pushed", "handling", "suspended", "submitted")
_LOOPED = tuple(state for state in OPEN_STATES if state != "inherited")


@dataclass(frozen=True, slots=True)
class Worker:
    """One person at one station, as the desk sees them."""

    id: int
    station: int
    roles: frozenset[str]
    units: frozenset[int]
    desk: int
    checking: int
    command: int

    @property
    def leads(self) -> bool:
        """Whether they look after the whole station and not after one unit."""
        return bool(self.roles & (LEADERS | {"desk"}))

    @property
    def queues(self) -> tuple[int, ...]:
        """The units whose queue is theirs: their own, and the one that their role stands for."""
        by_role = {"desk": self.desk, "checker": self.checking, "chief": self.command, "deputy": self.command}
        return tuple(sorted(self.units | {unit for role, unit in by_role.items() if role in self.roles}))


@dataclass(frozen=True, slots=True)
class Desk:
    """What the desk shows: the rows of one tab, and the count of each, 10,001 standing for more than 10,000."""

    tab: str
    rows: list[Row]
    counts: dict[str, int] = field(default_factory=dict)


def worker_at(user: Someone, station_id: int) -> Worker:
    """This person at this station."""
    access, ground = access_of(user), catalogue.ground(station_id)
    units = access.unit_ids_at(station_id)
    roles = access.roles(station_id)
    return Worker(user.pk or 0, station_id, roles, units, ground.desk, ground.checking, ground.command)


def desk(user: Someone, station_id: int, tab: str, now: dt.datetime) -> Desk:
    """The desk of this person: two queries, whatever there is."""
    worker = worker_at(user, station_id)
    views = {"mine": asked_of(worker), "unit": _queue(worker), "overdue": _late(worker, now),
             "returned": _returned(worker), "waiting": _waiting(worker)}  # fmt: skip
    shown = views[tab]
    ids = walk(shown, "next_due", None, False, SHOWN) if shown else []
    return Desk(tab, rows_by_id(ids) if ids else [], _counts(worker, views, now))


def day_of(user: Someone, station_id: int, now: dt.datetime) -> dict[str, int]:
    """What the day brings somebody: due today and overdue of what is asked of them, with their units, red and open.

    The day is the one of the active time zone; drills are no part of it.  One query beside the person's posts.
    """
    worker = worker_at(user, station_id)
    real = Q(drill=False)
    red = real & Q(grade=Grade.RED)
    whole = worker.leads or not worker.units
    views = {
        "overdue": asked_of(worker, real & Q(next_due__lt=now)),
        "today": asked_of(worker, real & Q(next_due__gte=now, next_due__lt=_tomorrow(now))),
        "unit": _queue(worker, real),
        "red": [_station_legs(worker, _LOOPED, red)] if whole else [_unit_legs(u, _LOOPED, red) for u in worker.queues],
    }
    return _counted(views)


def asked_of(worker: Worker, also: Q | None = None) -> list[Legs]:
    """What waits for this person's own next word."""
    also = also or Q()
    legs = []
    if "desk" in worker.roles:
        legs.append(_unit_legs(worker.desk, _DESK_STATES, also))
    if "checker" in worker.roles:
        not_own = (Q(submitter=None) | ~Q(submitter=worker.id)) & (Q(assignee=None) | ~Q(assignee=worker.id))
        legs.append(_unit_legs(worker.checking, ("submitted",), also & not_own))
    if worker.roles & LEADERS:
        legs += [_unit_legs(unit, ("suspended",), also) for unit in worker.queues]
        legs.append(_asked_for(worker, also & ~Q(responsible_unit__in=worker.units)))
    own = Q(assignee=worker.id) | (Q(assignee=None) if "officer" in worker.roles else Q(pk=None))
    if worker.roles & (LEADERS | {"officer", "desk", "auxiliary", "checker"}):
        for unit in sorted(worker.units):
            if "officer" in worker.roles:
                legs.append(_unit_legs(unit, ("pushed",), also))
            legs.append(_unit_legs(unit, ("handling",), also & own))
    return legs


def _queue(worker: Worker, also: Q | None = None) -> list[Legs]:
    """All that stands with the person's units."""
    return [_unit_legs(unit, _LOOPED, also) for unit in worker.queues]


def _late(worker: Worker, now: dt.datetime) -> list[Legs]:
    """What is overdue: in the whole station, or in the units of those who work in one."""
    late = Q(next_due__lt=now)
    if worker.units and not worker.leads:
        return [_unit_legs(unit, _LOOPED, late) for unit in worker.queues]
    return [_station_legs(worker, _LOOPED, late)]


def _returned(worker: Worker) -> list[Legs]:
    """What came back: returned or reopened to the desk, sent back for rework to a unit."""
    legs = []
    if worker.leads:
        legs.append(_came_back(worker, "assessed", Q()))
    units = sorted(worker.units - {worker.desk})
    if units:
        legs.append(_came_back(worker, "handling", Q(responsible_unit__in=units)))
    return legs


def _waiting(worker: Worker) -> list[Legs]:
    """What others have the next word on: all that is out, or what this person handed in or paused."""
    if worker.leads or not worker.units:
        return [_station_legs(worker, _OUT, ~Q(responsible_unit__in=worker.queues))]
    handed_in = [
        _unit_legs(worker.checking, ("submitted",), Q(submitter=worker.id)),
        _unit_legs(worker.desk, ("checked", "answered"), Q(submitter=worker.id)),
    ]
    return [*handed_in, _station_legs(worker, ("suspended",), Q(assignee=worker.id))]


def _unit_legs(unit: int, states: Sequence[str], also: Q | None = None) -> Legs:
    where, params = where_of(Matter.objects.filter(also or Q(), responsible_unit_id=unit))
    return Legs(where, tuple(params), "state", tuple(states), "matter_unit_by_due")


def _came_back(worker: Worker, state: str, also: Q) -> Legs:
    where, params = where_of(Matter.objects.filter(also, station_id=worker.station))
    return Legs(where, tuple(params), "state", (state,), "matter_came_back")


def _asked_for(worker: Worker, also: Q) -> Legs:
    """What a unit asked the leaders for: more time, or a pause."""
    where, params = where_of(Matter.objects.filter(also, station_id=worker.station))
    return Legs(where, tuple(params), "state", ("handling",), "matter_asked")


def _station_legs(worker: Worker, states: Sequence[str], also: Q) -> Legs:
    where, params = where_of(Matter.objects.filter(also, station_id=worker.station))
    return Legs(where, tuple(params), "state", tuple(states), "matter_open_by_due")


def _counts(worker: Worker, views: Mapping[str, list[Legs]], now: dt.datetime) -> dict[str, int]:
    """All counts in one query; a count above 10,000 only says that it is above."""
    counted = {
        **views,
        "late": asked_of(worker, Q(next_due__lt=now)),
        "today": asked_of(worker, Q(next_due__gte=now, next_due__lt=_tomorrow(now))),
        "own": [],
    }
    if worker.leads or not worker.units:
        counted["waiting"] = [_station_legs(worker, _OUT, Q())]
        counted["own"] = [_unit_legs(unit, _OUT) for unit in worker.queues]
    counts = _counted(counted)
    counts["waiting"] -= counts.pop("own")
    return counts


def _counted(views: Mapping[str, list[Legs]]) -> dict[str, int]:
    parts: list[str] = []
    params: list[Any] = []
    for legs in views.values():
        sql, more = sql_of_count(legs, CAP)
        parts.append(f"({sql})")
        params += more
    [row] = fetch(f"SELECT {', '.join(parts)}", params)
    return dict(zip(views, map(int, row), strict=True))


def _tomorrow(now: dt.datetime) -> dt.datetime:
    return timezone.localtime(now).replace(hour=0, minute=0, second=0, microsecond=0) + dt.timedelta(days=1)
