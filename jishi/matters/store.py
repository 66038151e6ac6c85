"""Between rows and the loop: a matter's row read as a :class:`~jishi.matters.loop.State`, and an event's effect written.

Both ways are plain SQL, one statement each, since every command of every user passes here.
"""  # noqa: E501

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection

from jishi.base.errors import Refused
from jishi.base.moments import stored, whole
from jishi.base.sql import run
from jishi.matters.loop import Event, State
from jishi.matters.terms import Clock

#: Field of the state → column of the row, where they differ.
_COLUMN = {
    name: f"{name}_id"
    for name in (
        "station",
        "category",
        "area",
        "element",
        "responsible_unit",
        "unit",
        "assignee",
        "agency",
        "submitter",
        "root",
    )
}
FIELDS = (
    "station", "state", "version", "cycle", "outcome", "category", "grade", "area", "element", "hazard", "needs_photo",
    "responsible_unit", "next_due", "unit", "assignee", "agency", "submitter", "suspended_until", "root", "mended",
    "returned", "reworked", "reopened", "asked", "asked_minutes", "asked_until", "extended", "paused_times",
    "paused_minutes", "agency_state", "open_tasks", "run", "drill", "urgent", "followers", "answered_at",
    "rated_by", "disputed", "appealed", "closed_at",
)  # fmt: skip
COLUMNS = tuple(_COLUMN.get(name, name) for name in FIELDS)
_MOMENTS = frozenset({"next_due", "suspended_until", "asked_until", "answered_at", "closed_at", "clock_started"})
#: The fields of a clock, in the order of its class: the columns of its row beside matter, station, cycle and stop.
CLOCK = (
    "kind", "term", "mode", "started", "due", "policy", "calendar", "worked", "paused", "ladder", "timer_at",
    "timer_step",
)  # fmt: skip
#: The columns of a new clock's row, in the order of :func:`clock_values`.
NEW_CLOCK = ("matter_id", "station_id", "cycle", *CLOCK)
_SET_CLOCK = ", ".join(f"{name} = %s" for name in CLOCK[1:])
_CLOCK_ROW = f"({', '.join(['%s'] * len(NEW_CLOCK))})"


def lock(matter_id: int) -> State:
    """The matter's state, its row locked until the transaction ends.  Raises ``Refused("not_found")``."""
    lock_rows = " FOR UPDATE" if connection.vendor == "postgresql" else ""
    rows = _ask(f"SELECT {', '.join(COLUMNS)} FROM matters_matter WHERE id = %s{lock_rows}", [matter_id])
    if not rows:
        raise Refused("not_found")
    return state_of(rows[0], running_clocks(matter_id))


def lock_many(matter_ids: Sequence[int], station_id: int, now: datetime) -> dict[int, State]:
    """The states of those of these matters that the station still has and nobody else holds, locked.

    Only clocks whose next step is due by now are among their clocks.
    """
    marks = ", ".join(["%s"] * len(matter_ids))
    lock_rows = " FOR UPDATE SKIP LOCKED" if connection.vendor == "postgresql" else ""
    rows = _ask(
        f"SELECT id, {', '.join(COLUMNS)} FROM matters_matter WHERE id IN ({marks}) AND station_id = %s"
        f" ORDER BY id{lock_rows}",
        [*matter_ids, station_id],
    )
    clocks: dict[int, list[Clock]] = {}
    if rows:
        marks = ", ".join(["%s"] * len(rows))
        for matter_id, *values in _ask(
            f"SELECT matter_id, {', '.join(CLOCK)} FROM matters_clock"
            f" WHERE matter_id IN ({marks}) AND stopped_at IS NULL AND timer_at <= %s ORDER BY id",
            [*(row[0] for row in rows), stored(now)],
        ):
            clocks.setdefault(matter_id, []).append(Clock(*values))
    return {row[0]: state_of(row[1:], tuple(clocks[row[0]])) for row in rows if row[0] in clocks}


def due_next(station_id: int, now: datetime, limit: int) -> list[int]:
    """The matters of the timers that have been due longest at a station, one for each timer."""
    select = "SELECT matter_id FROM matters_clock WHERE station_id = %s AND timer_at <= %s ORDER BY timer_at LIMIT %s"
    return [matter_id for (matter_id,) in run(select, [station_id, stored(now), limit])]


def write_timers(timers: Iterable[tuple[int, Clock]]) -> None:
    """Write the next step of running clocks, each with the matter that it belongs to."""
    with connection.cursor() as cursor:
        cursor.executemany(
            "UPDATE matters_clock SET timer_at = %s, timer_step = %s"
            " WHERE matter_id = %s AND kind = %s AND stopped_at IS NULL",
            [[stored(clock.timer_at), clock.timer_step, matter_id, clock.kind] for matter_id, clock in timers],
        )


def state_of(row: Iterable[Any], clocks: tuple[Clock, ...]) -> State:
    """A state from the values of :data:`COLUMNS` and the running clocks."""
    return State(**dict(zip(FIELDS, row, strict=True)), clocks=clocks)


def running_clocks(matter_id: int) -> tuple[Clock, ...]:
    """The clocks of a matter that have not stopped."""
    select = f"SELECT {', '.join(CLOCK)} FROM matters_clock WHERE matter_id = %s AND stopped_at IS NULL ORDER BY id"
    return tuple(Clock(*row) for row in _ask(select, [matter_id]))


def write(matter_id: int, before: State, event: Event, after: State, now: datetime, by: int | None) -> None:
    """Write what the event changes: the row, its clocks, its assignment, its suspension."""
    _update_row(matter_id, before, event, after, now)
    write_clocks(matter_id, event, after, now)
    if after.station != before.station:
        run("UPDATE matters_clock SET station_id = %s WHERE matter_id = %s", [after.station, matter_id])
    _write_assignment(matter_id, before, event, after, now, by)
    if event.kind == "suspended":
        run(
            "INSERT INTO matters_suspension (matter_id, approver_id, since, until) VALUES (%s, %s, %s, %s)",
            [matter_id, by, stored(now), stored(after.suspended_until)],
        )
    elif before.state == "suspended" and after.state != "suspended":
        run(
            "UPDATE matters_suspension SET ended_at = %s WHERE matter_id = %s AND ended_at IS NULL",
            [stored(now), matter_id],
        )
    if event.kind == "extended":
        run(
            "INSERT INTO matters_extension (matter_id, approver_id, minutes, at) VALUES (%s, %s, %s, %s)",
            [matter_id, by, event.facts["minutes"], stored(now)],
        )
    if event.kind == "rated":
        _write_rating(matter_id, event, after, now)


def _write_rating(matter_id: int, event: Event, after: State, now: datetime) -> None:
    """One row a round: a later word stands for the earlier one."""
    columns = ("matter_id", "cycle", "version", "by", "mended", "result", "manner", "at")
    sets = ", ".join(f"{name} = excluded.{name}" for name in columns[2:])
    run(
        f"INSERT INTO matters_rating ({', '.join(columns)}) VALUES ({', '.join(['%s'] * len(columns))})"
        f" ON CONFLICT (matter_id, cycle) DO UPDATE SET {sets}",
        [matter_id, after.cycle, after.version, after.rated_by, after.mended, event.facts.get("result"),
         event.facts.get("manner"), stored(now)],
    )  # fmt: skip


def clock_started(event: Event, after: State, now: datetime) -> datetime | None:
    """When the clock on the row began, for its bar; None where the event leaves it."""
    if event.kind == "suspended":
        return now
    if after.next_due is None:
        return None
    return next((clock.started for clock in (*event.start, *event.change) if clock.due == after.next_due), None)


def _update_row(matter_id: int, before: State, event: Event, after: State, now: datetime) -> None:
    values = {_COLUMN.get(name, name): value for name, value in event.set.items()}
    started = clock_started(event, after, now)
    if started is not None:
        values["clock_started"] = started
    values["version"] = after.version
    columns = ", ".join(f"{name} = %s" for name in values)
    params = [stored(value) if name in _MOMENTS else value for name, value in values.items()]
    run(f"UPDATE matters_matter SET {columns} WHERE id = %s", [*params, matter_id])


def write_clocks(matter_id: int, event: Event, after: State, now: datetime) -> None:
    """Stop, change and start the clocks that the event names."""
    if event.stop:
        marks = ", ".join(["%s"] * len(event.stop))
        run(
            "UPDATE matters_clock SET stopped_at = %s, timer_at = NULL"
            f" WHERE matter_id = %s AND stopped_at IS NULL AND kind IN ({marks})",
            [stored(now), matter_id, *event.stop],
        )
    for clock in event.change:
        run(
            f"UPDATE matters_clock SET {_SET_CLOCK} WHERE matter_id = %s AND kind = %s AND stopped_at IS NULL",
            [*_values(clock)[1:], matter_id, clock.kind],
        )
    if event.start:
        params = [
            value for clock in event.start for value in clock_values(matter_id, after.station, after.cycle, clock)
        ]
        rows = ", ".join([_CLOCK_ROW] * len(event.start))
        run(f"INSERT INTO matters_clock ({', '.join(NEW_CLOCK)}) VALUES {rows}", params)


def clock_values(matter_id: int, station_id: int, cycle: int, clock: Clock) -> list[Any]:
    """The values of a new clock's row: those of :data:`NEW_CLOCK`."""
    return [matter_id, station_id, cycle, *_values(clock)]


def _values(clock: Clock) -> list[Any]:
    values = [getattr(clock, name) for name in CLOCK]
    return [stored(value) if isinstance(value, datetime) else value for value in values]


@dataclass(frozen=True, slots=True)
class Hop:
    """What an event does to the assignments: ``unit`` is the one that it is newly offered to, ``taken`` at once."""

    accepts: bool = False
    ends: bool = False
    unit: int | None = None
    taken: bool = False


def hop(before: State, event: Event, after: State) -> Hop:
    """Whether the event accepts or ends the open assignment, and whom it offers the matter to."""
    if event.kind == "accepted":
        return Hop(accepts=True)
    offered = after.unit is not None and after.state in ("pushed", "handling")
    moved = before.unit is not None and (after.unit != before.unit or not offered) and before.state != "inherited"
    if moved and after.state in ("submitted", "suspended"):
        return Hop()
    new = offered and (after.unit != before.unit or before.state == "inherited")
    return Hop(ends=moved, unit=after.unit if new else None, taken=after.state == "handling")


def _write_assignment(matter_id: int, before: State, event: Event, after: State, now: datetime, by: int | None) -> None:
    what = hop(before, event, after)
    if what.accepts:
        run(
            "UPDATE matters_assignment SET accepted_at = %s WHERE matter_id = %s AND ended_at IS NULL",
            [stored(now), matter_id],
        )
    if what.ends:
        run(
            "UPDATE matters_assignment SET ended_at = %s, ended_by = %s WHERE matter_id = %s AND ended_at IS NULL",
            [stored(now), event.kind, matter_id],
        )
    if what.unit is not None:
        run(
            "INSERT INTO matters_assignment (matter_id, cycle, unit_id, offered_by_id, rule, offered_at, accepted_at,"
            " ended_by) VALUES (%s, %s, %s, %s, %s, %s, %s, '')",
            [matter_id, after.cycle, what.unit, by, event.facts.get("rule", ""), stored(now),
             stored(now) if what.taken else None],
        )  # fmt: skip


def _ask(sql: str, params: Sequence[Any]) -> list[tuple[Any, ...]]:
    found = run(sql, params)
    if connection.vendor == "postgresql":
        return found
    return [tuple(whole(value) for value in row) for row in found]


def as_row(values: Mapping[str, Any]) -> dict[str, Any]:
    """The event's fields by the names of the row's columns."""
    return {_COLUMN.get(name, name): value for name, value in values.items()}
