"""How a matter moves: the owner, the clock and the deadline of its next state come from the tables."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from jishi.matters.loop.state import Event, State
from jishi.matters.loop.table import CLOCK_OF, OWNER
from jishi.matters.terms import Clock, Rules


def enter(
    state: State,
    event: str,
    to: str,
    now: datetime,
    rules: Rules,
    *,
    sets: Mapping[str, Any] | None = None,
    facts: Mapping[str, Any] | None = None,
    change: tuple[Clock, ...] = (),
    unit: int | None = None,
    also_start: tuple[Clock, ...] = (),
    keep_clock: bool = False,
) -> Event:
    """An event that leads to another open state: its owner, its clock and its deadline come from the tables."""
    sets = sets or {}
    kind = CLOCK_OF[to]
    running = next((clock for clock in (*change, *also_start) if clock.kind == kind), None) or state.clock(kind)
    start = list(also_start)
    if running is None or not (keep_clock or kind == "answer"):
        running = rules.start(kind, sets.get("category", state.category), sets.get("grade", state.grade), now)
        start.append(running)
    keep = {"answer", kind} if keep_clock else {"answer"}
    stop = tuple(clock.kind for clock in state.clocks if clock.kind not in keep)
    hands = unit if unit is not None else sets.get("unit", state.unit)
    owner = {"desk": rules.desk, "checking": rules.checking, "unit": hands}[OWNER[to]]
    values = {**sets, "state": to, "responsible_unit": owner, "next_due": running.due}
    if unit is not None:
        values["unit"] = unit
    return Event(event, values, tuple(start), change, stop, facts or {})


def leave(state: State, event: str, now: datetime, **sets: Any) -> Event:
    values = {"state": "closed", "responsible_unit": None, "next_due": None, "unit": None, "assignee": None,
              "suspended_until": None, "closed_at": now, **sets}  # fmt: skip
    return Event(event, values, stop=tuple(clock.kind for clock in state.clocks), facts={})


def imported(
    state: str, outcome: str, category: str, grade: int, area: int | None, unit: int | None, now: datetime, rules: Rules,  # noqa: E501
    closed_at: datetime | None = None,
) -> Event:  # fmt: skip
    """How a matter of another system comes in: finished (``closed``), or open (``inherited``), owned by ``unit`` or the desk."""  # noqa: E501
    if state == "closed":
        return Event("imported", {"state": "closed", "outcome": outcome, "category": category, "grade": grade,
                                  "area": area, "closed_at": closed_at})  # fmt: skip
    clock = rules.start("triage", category, grade, now)
    sets = {"state": "inherited", "category": category, "grade": grade, "area": area, "unit": unit,
            "responsible_unit": unit or rules.desk, "next_due": clock.due}  # fmt: skip
    return Event("imported", sets, (clock,))
