"""What the loop knows of a matter, who gives a command, and what a command leads to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from jishi.matters.tasks import Task
from jishi.matters.terms import Clock


@dataclass(frozen=True, slots=True)
class Actor:
    """Who gives a command: a member of staff with roles and units at the matter's station, the system (id None), the
    public (id None), or an outside agency (id None, and the agency's own id)."""

    id: int | None
    roles: frozenset[str]
    units: frozenset[int] = frozenset()
    agency: int | None = None


SYSTEM = Actor(None, frozenset({"system"}))


@dataclass(frozen=True, slots=True)
class State:
    """A matter as the loop knows it: codes, ids and times, no text."""

    station: int
    state: str
    version: int = 0
    cycle: int = 1
    outcome: str = ""
    category: str | None = None
    grade: int = 0
    area: int | None = None
    element: int | None = None
    hazard: bool = False
    needs_photo: bool = False
    responsible_unit: int | None = None
    next_due: datetime | None = None
    unit: int | None = None
    assignee: int | None = None
    agency: int | None = None
    submitter: int | None = None
    suspended_until: datetime | None = None
    root: int | None = None
    mended: bool | None = None
    returned: int = 0
    reworked: int = 0
    reopened: int = 0
    asked: str = ""
    asked_minutes: int | None = None
    asked_until: datetime | None = None
    extended: int = 0
    paused_times: int = 0
    paused_minutes: int = 0
    agency_state: str = ""
    open_tasks: int = 0
    run: int = 0
    drill: bool = False
    urgent: str = ""
    followers: int = 0
    answered_at: datetime | None = None
    rated_by: str = ""
    disputed: int = 0
    appealed: bool = False
    closed_at: datetime | None = None
    clocks: tuple[Clock, ...] = ()

    def clock(self, kind: str) -> Clock | None:
        """The running (or paused) clock of one kind."""
        return next((clock for clock in self.clocks if clock.kind == kind), None)


@dataclass(frozen=True, slots=True)
class Event:
    """What a command leads to: the fields it sets, the clocks it starts, changes and stops, the tasks of a plan as they
    are after it, and the facts it notes."""

    kind: str
    set: Mapping[str, Any] = field(default_factory=dict)
    start: tuple[Clock, ...] = ()
    change: tuple[Clock, ...] = ()
    stop: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)
    tasks: tuple[Task, ...] = ()


def evolve(state: State, event: Event) -> State:
    """The state after the event."""
    kept = {clock.kind: clock for clock in state.clocks if clock.kind not in event.stop}
    kept.update((clock.kind, clock) for clock in (*event.change, *event.start))
    return replace(state, **event.set, version=state.version + 1, clocks=tuple(kept.values()))
