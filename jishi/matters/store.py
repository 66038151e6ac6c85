"""Between rows and the loop: a matter's row read as a :class:`~jishi.matters.loop.State`, and an event's effect written.

Both ways are plain SQL, one statement each, since every command of every user passes here.
"""  # noqa: E501

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection

from jishi.base.errors import Refused
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
    "agency_state", "open_tasks", "run", "drill", "closed_at",
)  # fmt: skip
COLUMNS = tuple(_COLUMN.get(name, name) for name in FIELDS)
_MOMENTS = frozenset({"next_due", "suspended_until", "asked_until", "closed_at", "clock_started"})
_CLOCK = ("kind", "term", "mode", "started", "due", "policy", "calendar", "worked", "paused")


def lock(matter_id: int) -> State:
    """The matter's state, its row locked until the transaction ends.  Raises ``Refused("not_found")``."""
    lock_rows = " FOR UPDATE" if connection.vendor == "postgresql" else ""
    rows = _ask(f"SELECT {', '.join(COLUMNS)} FROM matters_matter WHERE id = %s{lock_rows}", [matter_id])
    if not rows:
        raise Refused("not_found")
    return state_of(rows[0], running_clocks(matter_id))


def state_of(row: Iterable[Any], clocks: tuple[Clock, ...]) -> State:
    """A state from the values of :data:`COLUMNS` and the running clocks."""
    return State(**dict(zip(FIELDS, row, strict=True)), clocks=clocks)


def running_clocks(matter_id: int) -> tuple[Clock, ...]:
    """The clocks of a matter that have not stopped."""
    select = f"SELECT {', '.join(_CLOCK)} FROM matters_clock WHERE matter_id = %s AND stopped_at IS NULL ORDER BY id"
    return tuple(Clock(*row) for row in _ask(select, [matter_id]))


def write(matter_id: int, before: State, event: Event, after: State, now: datetime, by: int | None) -> None:
    """Write what the event changes: the row, its clocks, its assignment, its suspension."""
    _update_row(matter_id, before, event, after, now)
    write_clocks(matter_id, event, after.cycle, now)
    _write_assignment(matter_id, before, event, after, now, by)
    if event.kind == "suspended":
        _run(
            "INSERT INTO matters_suspension (matter_id, approver_id, since, until) VALUES (%s, %s, %s, %s)",
            [matter_id, by, _at(now), _at(after.suspended_until)],
        )
    elif before.state == "suspended" and after.state != "suspended":
        _run(
            "UPDATE matters_suspension SET ended_at = %s WHERE matter_id = %s AND ended_at IS NULL",
            [_at(now), matter_id],
        )
    if event.kind == "extended":
        _run(
            "INSERT INTO matters_extension (matter_id, approver_id, minutes, at) VALUES (%s, %s, %s, %s)",
            [matter_id, by, event.facts["minutes"], _at(now)],
        )


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
    params = [_at(value) if name in _MOMENTS else value for name, value in values.items()]
    _run(f"UPDATE matters_matter SET {columns} WHERE id = %s", [*params, matter_id])


def write_clocks(matter_id: int, event: Event, cycle: int, now: datetime) -> None:
    """Stop, change and start the clocks that the event names."""
    if event.stop:
        marks = ", ".join(["%s"] * len(event.stop))
        _run(
            f"UPDATE matters_clock SET stopped_at = %s WHERE matter_id = %s AND stopped_at IS NULL AND kind IN ({marks})",  # noqa: E501
            [_at(now), matter_id, *event.stop],
        )
    for clock in event.change:
        _run(
            "UPDATE matters_clock SET term = %s, mode = %s, started = %s, due = %s, policy = %s, calendar = %s,"
            " worked = %s, paused = %s WHERE matter_id = %s AND kind = %s AND stopped_at IS NULL",
            [clock.term, clock.mode, _at(clock.started), _at(clock.due), clock.policy, clock.calendar, clock.worked,
             clock.paused, matter_id, clock.kind],
        )  # fmt: skip
    if event.start:
        rows = ", ".join(["(%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"] * len(event.start))
        params: list[Any] = []
        for clock in event.start:
            params += clock_values(matter_id, cycle, clock)
        _run(
            "INSERT INTO matters_clock (matter_id, cycle, kind, term, mode, started, due, worked, paused, policy,"
            f" calendar) VALUES {rows}",
            params,
        )


def clock_values(matter_id: int, cycle: int, clock: Clock) -> list[Any]:
    """The values of a new clock row: matter, cycle, kind, term, mode, started, due, worked, paused, policy, calendar."""  # noqa: E501
    return [matter_id, cycle, clock.kind, clock.term, clock.mode, _at(clock.started), _at(clock.due), clock.worked,
            clock.paused, clock.policy, clock.calendar]  # fmt: skip


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
        _run(
            "UPDATE matters_assignment SET accepted_at = %s WHERE matter_id = %s AND ended_at IS NULL",
            [_at(now), matter_id],
        )
    if what.ends:
        _run(
            "UPDATE matters_assignment SET ended_at = %s, ended_by = %s WHERE matter_id = %s AND ended_at IS NULL",
            [_at(now), event.kind, matter_id],
        )
    if what.unit is not None:
        _run(
            "INSERT INTO matters_assignment (matter_id, cycle, unit_id, offered_by_id, rule, offered_at, accepted_at,"
            " ended_by) VALUES (%s, %s, %s, %s, %s, %s, %s, '')",
            [matter_id, after.cycle, what.unit, by, event.facts.get("rule", ""), _at(now),
             _at(now) if what.taken else None],
        )  # fmt: skip


def _at(value: datetime | None) -> Any:
    return None if value is None else connection.ops.adapt_datetimefield_value(value)


def _ask(sql: str, params: Iterable[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, list(params))
        found: list[tuple[Any, ...]] = cursor.fetchall()
    if connection.vendor == "postgresql":
        return found
    return [tuple(_aware(value) for value in row) for row in found]


def _aware(value: Any) -> Any:
    """SQLite's moments come back without the zone that they all have."""
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value


def _run(sql: str, params: Iterable[Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, list(params))


def as_row(values: Mapping[str, Any]) -> dict[str, Any]:
    """The event's fields by the names of the row's columns."""
    return {_COLUMN.get(name, name): value for name, value in values.items()}
