"""Steps of ladders that are due: taken once, written down, and told.

A step that is due is taken by the worker, or just before the next command to its matter if that comes first, so that a
command always finds the ladders as they ought to stand.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db import connection, transaction

from jishi.base.moments import stored
from jishi.journal import actions as journal
from jishi.journal.chain import instant
from jishi.matters import catalogue, events, ladder, lateness, store
from jishi.matters.loop import State
from jishi.matters.terms import Clock
from jishi.stations.crew import Crew, crew_of
from jishi.stations.models import Station
from jishi.stations.queries import calendar_version, zone_of

#: So many timers are taken in one transaction.
BATCH = 100


@dataclass(frozen=True, slots=True)
class Taken:
    """One step that was taken: the clock as it stood, the step, its moment, and who is told."""

    matter_id: int
    cycle: int
    clock: Clock
    step: ladder.Step
    at: datetime
    told: tuple[int, ...]


def fire_due(now: datetime, station_id: int | None = None) -> int:
    """Take all steps that are due, station by station, and return how many clocks had one.

    Each transaction takes at most :data:`BATCH` timers of one station; matters that somebody holds wait for next time.
    What fails at one station holds up no other: it is raised when all had their turn.
    """
    stations = [station_id] if station_id else list(Station.objects.order_by("pk").values_list("pk", flat=True))
    fired, failed = 0, []
    for station in stations:
        try:
            while taken := fire_some(station, now):
                fired += taken
        except Exception as error:  # noqa: BLE001  (whatever it is, the other stations go on)
            failed.append(error)
    if failed:
        raise failed[0]
    return fired


def fire_some(station_id: int, now: datetime) -> int:
    """Take the steps of one batch of a station's timers, in one transaction; returns how many clocks had one."""
    with transaction.atomic():
        found = list(dict.fromkeys(store.due_next(station_id, now, BATCH)))
        held = store.lock_many(found, station_id, now) if found else {}
        matters = {matter_id: held[matter_id] for matter_id in found if matter_id in held}
        if matters:
            ring(station_id, matters, now)
    return sum(len(matter.clocks) for matter in matters.values())


def catch_up(matter_id: int, matter: State, now: datetime, heads: Iterable[int]) -> State:
    """The matter, which is locked, after the steps that are due were taken: before a command changes it.

    ``heads`` are the stations whose chains the command will write to; where steps are due they are locked in order.
    """
    if all(clock.timer_at is None or clock.timer_at > now for clock in matter.clocks):
        return matter
    for station in sorted(heads):
        journal.lock_head(station)
    return ring(matter.station, {matter_id: matter}, now)[matter_id]


def ring(station_id: int, matters: Mapping[int, State], now: datetime) -> dict[int, State]:
    """Take every step of these matters that is due, and give them back with their clocks as they stand since."""
    crew = crew_of(station_id)
    zone = zone_of(catalogue.ground(station_id).station)
    taken: list[Taken] = []
    after: dict[int, State] = {}
    for matter_id, matter in matters.items():
        clocks = []
        for clock in matter.clocks:
            rung, steps = ladder.take(clock, calendar_version(clock.calendar, zone), now)
            clocks.append(rung)
            taken += [_taken(matter_id, matter, clock, step, at, crew, now) for step, at in steps]
        after[matter_id] = replace(matter, clocks=tuple(clocks))
    moved: dict[int, set[str]] = defaultdict(set)
    for each in taken:
        moved[each.matter_id].add(each.clock.kind)
    timers = {pk: [clock for clock in after[pk].clocks if clock.kind in kinds] for pk, kinds in moved.items()}
    store.write_timers((pk, clock) for pk, clocks in timers.items() for clock in clocks)
    new: dict[int, list[Taken]] = defaultdict(list)
    for each in _write_escalations(taken, now):
        new[each.matter_id].append(each)
    journal.append(station_id, [_draft(pk, after[pk], timers[pk], new[pk], now) for pk in timers], now)
    for pk, written in new.items():
        if written:
            late = [(each.clock, each.step, each.at) for each in written]
            lateness.tell_late(pk, matters[pk], late, crew, now)
    return after


def _taken(
    matter_id: int, matter: State, clock: Clock, step: ladder.Step, at: datetime, crew: Crew, now: datetime
) -> Taken:
    told: dict[int, None] = {}
    for level in step.levels:
        told |= dict.fromkeys(lateness.audience(level, matter, crew, now))
    return Taken(matter_id, matter.cycle, clock, step, at, tuple(told))


_COLUMNS = "matter_id, cycle, clock, due, percent, levels, told, fired_at"
_ROW = f"({', '.join(['%s'] * 8)})"


def _write_escalations(taken: list[Taken], now: datetime) -> list[Taken]:
    """Write the steps down, and give back those that nobody had written down before for the same deadline."""
    encode = connection.ops.adapt_json_value
    params: list[Any] = []
    for each in taken:
        params += [
            each.matter_id, each.cycle, each.clock.kind, stored(each.clock.due), each.step.percent,
            encode(list(each.step.levels), None), encode(list(each.told), None), stored(now),
        ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO matters_escalation ({_COLUMNS}) VALUES {', '.join([_ROW] * len(taken))}"
            " ON CONFLICT (matter_id, cycle, clock, due, percent) DO NOTHING RETURNING matter_id, clock, percent",
            params,
        )
        new = set(cursor.fetchall())
    return [each for each in taken if (each.matter_id, each.clock.kind, each.step.percent) in new]


def _draft(matter_id: int, state: State, timers: list[Clock], steps: list[Taken], now: datetime) -> journal.Draft:
    """What the journal keeps: the steps with whom they told, and where each clock stands since."""
    late = any(clock.timer_step >= 100 for clock in timers)
    payload = {
        "facts": {
            "steps": [
                {
                    "cycle": each.cycle,
                    "clock": each.clock.kind,
                    "due": instant(each.clock.due),
                    "percent": each.step.percent,
                    "levels": list(each.step.levels),
                    "told": list(each.told),
                }
                for each in steps
            ]
        },
        "timers": [
            {
                "kind": clock.kind,
                "step": clock.timer_step,
                **({"at": instant(clock.timer_at)} if clock.timer_at else {}),
            }
            for clock in timers
        ],
    }
    subject = (events.LADDER, matter_id, state.version)
    return journal.Draft(subject, lateness.LATE if late else lateness.WARNED, None, now, payload)
