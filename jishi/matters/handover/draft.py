"""How things stand at the end of a shift, in codes, ids and counts: what a handover keeps."""

from __future__ import annotations

import datetime as dt
import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Q

from jishi.journal.chain import instant
from jishi.journal.models import Event, Head
from jishi.matters import catalogue, loop
from jishi.matters.actions import actor_of
from jishi.matters.events import SUBJECT
from jishi.matters.loop import LEADERS
from jishi.matters.models import Handover, HandoverState, Matter
from jishi.matters.queries.desk import worker_at
from jishi.matters.queries.listing import OPEN_STATES, Legs, sql_of_count, walk
from jishi.matters.queries.searching import fetch, where_of
from jishi.stations.crew import LOOK_ON, crew_of
from jishi.stations.models import Staff, UnitKind

#: A shift of which nobody knows when it began.
USUAL = dt.timedelta(hours=12)
#: What falls due so soon is said to the one who comes.
SOON = dt.timedelta(hours=12)
#: Handovers of the last hour belong to the same change of shift: a unit's people may leave one after the other.
SAME_CHANGE = dt.timedelta(hours=1)
#: A shift that ended so long ago is still the one that is handed over.
LATE = dt.timedelta(hours=4)
#: So many rows are listed; the counts are exact to :data:`CAP`, and so many events are looked through.
LISTED, CAP, LOOKED_THROUGH = 100, 10_000, 5_000

_LOOPED = tuple(state for state in OPEN_STATES if state != "inherited")
_CAME_IN = frozenset({"reported", "imported", "triaged"})

Snapshot = dict[str, Any]


class Scope(NamedTuple):
    """What is handed over: the work of one unit, or (``unit`` is None) of the whole station."""

    station: int
    unit: int | None

    @property
    def only(self) -> int | None:
        """The unit whose matters count; None where all do, as the desk owns whatever nobody else owns."""
        kind = catalogue.ground(self.station).units.get(self.unit or 0)
        return None if kind in (UnitKind.DESK, UnitKind.COMMAND) else self.unit


@dataclass(frozen=True, slots=True)
class Standing:
    """A matter as it stood: its state, whose it was, until when."""

    id: int
    state: str
    unit: int | None
    assignee: int | None
    grade: int
    due: str | None
    started: str | None

    def as_list(self) -> list[Any]:
        """As the snapshot keeps it."""
        return [self.id, self.state, self.unit, self.assignee, self.grade, self.due, self.started]


_COLUMNS = ("id", "state", "responsible_unit_id", "assignee_id", "grade", "next_due", "clock_started")


def scopes_of(user: Staff, station_id: int) -> list[Scope]:
    """What a member of staff may hand over: the work of their units, and for the leaders that of the whole station."""
    worker = worker_at(user, station_id)
    if not worker.roles - LOOK_ON:
        return []
    units = [unit for unit in worker.queues if unit in catalogue.ground(station_id).units]
    found = [Scope(station_id, unit) for unit in units]
    if worker.roles & LEADERS or not units:
        found.insert(0, Scope(station_id, None))
    return found


def beginning(scope: Scope, staff_id: int, now: dt.datetime) -> dt.datetime:
    """When the shift began: with the last handover of the same unit, else by the roster, else half a day ago."""
    rows = Handover.objects.filter(station=scope.station, unit=scope.unit, until__lte=now - SAME_CHANGE)
    last = rows.exclude(state=HandoverState.WITHDRAWN).order_by("-until").values_list("until", flat=True).first()
    if last is not None:
        return last
    turns = [
        turn.starts
        for turn in crew_of(scope.station).turns
        if turn.staff == staff_id and turn.starts <= now < turn.ends + LATE
    ]
    return max(turns, default=now - USUAL)


def next_on(scope: Scope, staff_id: int, now: dt.datetime) -> int | None:
    """Who comes, by the roster: whoever begins next there, or has just begun."""
    coming = [
        turn
        for turn in crew_of(scope.station).turns
        if turn.staff != staff_id and turn.unit in (None, scope.unit) and now - SAME_CHANGE <= turn.starts < now + SOON
    ]
    return min(coming, key=lambda turn: (turn.unit is None, turn.starts)).staff if coming else None


def take(scope: Scope, by: Staff, since: dt.datetime, now: dt.datetime) -> Snapshot:
    """How things stand: six queries, whatever there is."""
    changed = _changed(scope, since, now)
    red, due = _legs(scope, Q(grade=1, drill=False)), _legs(scope, Q(next_due__lt=now + SOON))
    red_ids, due_ids = (walk([legs], "next_due", None, False, LISTED) for legs in (red, due))
    moves = _assigned(scope, by, now)
    [counts] = fetch(*_counts((red, due)))
    rows = _standing([*red_ids, *due_ids])
    return {
        "changed": changed[-LISTED:],
        "red": [rows[pk].as_list() for pk in red_ids if pk in rows],
        "due": [rows[pk].as_list() for pk in due_ids if pk in rows],
        "moves": moves,
        "counts": {"changed": len(changed), "red": counts[0], "due": counts[1], "moves": len(moves)},
    }


def _legs(scope: Scope, also: Q) -> Legs:
    if scope.only is None:
        where, params = where_of(Matter.objects.filter(also, station_id=scope.station))
        return Legs(where, tuple(params), "state", _LOOPED, "matter_open_by_due")
    where, params = where_of(Matter.objects.filter(also, responsible_unit_id=scope.only))
    return Legs(where, tuple(params), "state", _LOOPED, "matter_unit_by_due")


def _counts(several: Sequence[Legs]) -> tuple[str, list[Any]]:
    parts, params = [], []
    for legs in several:
        sql, more = sql_of_count([legs], CAP)
        parts.append(f"({sql})")
        params += more
    return f"SELECT {', '.join(parts)}", params


def _standing(ids: Iterable[int]) -> dict[int, Standing]:
    rows = Matter.objects.filter(pk__in=set(ids)).values_list(*_COLUMNS)
    return {row[0]: Standing(*row[:5], *(instant(at) if at else None for at in row[5:])) for row in rows}


def _assigned(scope: Scope, by: Staff, now: dt.datetime) -> list[list[Any]]:
    """What stands with the one who leaves, and why it cannot move where its state alone says so."""
    mine = Matter.objects.filter(assignee=by, station=scope.station, state__in=_LOOPED)
    rows = mine.order_by("next_due", "pk").values_list(*_COLUMNS, "outcome", "submitter_id")[:LISTED]
    actor = actor_of(by, scope.station)
    found = []
    for row in rows:
        standing = Standing(*row[:5], *(instant(at) if at else None for at in row[5:7]))
        state = loop.State(
            station=scope.station, state=row[1], outcome=row[7], responsible_unit=row[2], assignee=row[3],
            submitter=row[8],
        )  # fmt: skip
        found.append([*standing.as_list(), why_not(state, actor)])
    return found


def why_not(state: loop.State, actor: loop.Actor) -> str:
    """The code of what keeps this person from assigning the matter, or nothing."""
    rule = loop.COMMANDS["assign"]
    if state.state not in rule.from_states:
        return "wrong_state"
    if not rule.roles & actor.roles:
        return "not_allowed"
    return "" if "assign" in loop.allowed(state, actor) else "wrong_unit"


def _changed(scope: Scope, since: dt.datetime, now: dt.datetime) -> list[list[Any]]:
    """The matters whose state changed, in the order of their last change: id, place of that event in the journal, the
    state that it led to, and whether the matter came in since."""
    newest = Head.objects.filter(station_id=scope.station).values_list("seq", flat=True).first() or 0
    rows = Event.objects.filter(
        station_id=scope.station, seq__gt=newest - LOOKED_THROUGH, subject_kind=SUBJECT, recorded_at__gt=since,
        recorded_at__lte=now, payload__contains='"state":',
    ).order_by("seq").values_list("seq", "subject_id", "kind", "payload")  # fmt: skip
    last: dict[int, tuple[int, str]] = {}
    came_in: set[int] = set()
    units: dict[int, set[int]] = defaultdict(set)
    for seq, matter_id, kind, payload in rows:
        told = json.loads(payload)
        sets = told.get("set", {})
        if "state" not in sets:
            continue
        last.pop(matter_id, None)
        last[matter_id] = seq, sets["state"]
        units[matter_id] |= {sets.get("unit"), sets.get("responsible_unit"), told.get("facts", {}).get("unit")}
        if kind.partition(".")[2] in _CAME_IN:
            came_in.add(matter_id)
    mine = _of_unit(scope, last, units)
    return [[pk, seq, state, pk in came_in] for pk, (seq, state) in last.items() if pk in mine]


def _of_unit(scope: Scope, found: Iterable[int], units: Mapping[int, set[int]]) -> set[int]:
    """Those that have to do with the unit: it is named by what happened, or has the matter now."""
    if scope.only is None:
        return set(found)
    named = {pk for pk in found if scope.only in units[pk]}
    rest = set(found) - named
    at_unit = Q(unit=scope.only) | Q(responsible_unit=scope.only)
    return named | set(Matter.objects.filter(at_unit, pk__in=rest).values_list("pk", flat=True))
