"""A witness of a simulated year: what the policy promises, held against what was told and how each matter stood.

It reads the ladders from the policy's own lines and measures the time that a clock ran by ``worktime.between``; it
knows nothing of how :mod:`jishi.matters.ladder` finds its moments.  What is not as promised is noted by a word and a
place.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from jishi import worktime
from jishi.matters.loop import CLOCK_OF, State
from jishi.matters.terms import Clock

MINUTE = timedelta(minutes=1)


@dataclass(slots=True)
class Run:
    """A clock as it was last seen: its promises, the highest step told, and whence the next interval counts."""

    clock: Clock
    promised: Mapping[int, tuple[str, ...]]
    step: int
    since: datetime
    wound: datetime

    def share(self, percent: int) -> int:
        """So much of the term, in minutes."""
        return -(-self.clock.term * percent // 100)

    def next(self) -> int | None:
        """The step that comes next."""
        return min((percent for percent in self.promised if percent > self.step), default=None)


class Watch:
    """Looks at every command and every step that was told, and keeps what was wrong in ``wrong``."""

    def __init__(self, policy: Mapping[str, Any], calendar: worktime.Calendar) -> None:
        self._ladders = policy["ladder"]
        self._calendar = calendar
        self._runs: dict[int, dict[str, Run]] = {}
        self._states: dict[int, State] = {}
        self._once: set[tuple[Any, ...]] = set()
        self._known: dict[tuple[str | None, int], Mapping[int, tuple[str, ...]]] = {}
        self.wrong: Counter[str] = Counter()
        self.examples: dict[str, str] = {}
        self.told_of: Counter[tuple[int, tuple[str, ...]]] = Counter()
        self.looks = 0

    def told(
        self, matter: int, at: datetime, cycle: int, kind: str, due: datetime, percent: int, levels: Sequence[str]
    ) -> None:
        """One step was told: it must be the next one of a clock that runs, to the levels promised, at its minute."""
        self.told_of[percent, tuple(levels)] += 1
        key = (matter, cycle, kind, due, percent)
        if key in self._once:
            self._note("told twice", key)
        self._once.add(key)
        run = self._runs.get(matter, {}).get(kind)
        if run is None or run.clock.paused:
            self._note("told of a clock that does not run", key)
        elif percent != run.next():
            self._note("not the step that comes next", key)
        else:
            self._in_turn(run, at, due, percent, levels, key)

    def _in_turn(
        self, run: Run, at: datetime, due: datetime, percent: int, levels: Sequence[str], key: tuple[Any, ...]
    ) -> None:
        if tuple(levels) != run.promised[percent]:
            self._note("told to the wrong level", (*key, levels))
        if due != run.clock.due:
            self._note("told of another deadline", key)
        if not self._is_due(run, percent, at):
            self._note("told too early", key)
        if at > run.wound and self._is_due(run, percent, at - MINUTE):
            self._note("told too late", key)
        run.step = percent
        if percent > 100:
            run.since = at

    def saw(self, matter: int, at: datetime, state: State, *, acted: bool) -> None:
        """How the matter stands after what happened at this moment; ``acted``: a member of staff did it."""
        self.looks += 1
        self._owed(matter, at, state)
        before = self._runs.get(matter, {})
        for run in before.values():
            self._missed(matter, run, at)
        was = self._states.get(matter)
        if was and was.suspended_until and was.suspended_until < at and state.suspended_until == was.suspended_until:
            self._note("still suspended after its date", (matter, at))
        self._states[matter] = state
        runs = {
            clock.kind: self._now(matter, before.get(clock.kind), clock, state, at, acted) for clock in state.clocks
        }
        self._runs[matter] = runs

    def end(self, at: datetime) -> None:
        """The year is over: whatever is open was told of in time, and is owned."""
        for matter, runs in self._runs.items():
            self._owed(matter, at, self._states[matter])
            for run in runs.values():
                self._missed(matter, run, at)

    def _owed(self, matter: int, at: datetime, state: State) -> None:
        if state.state == "closed":
            if (state.responsible_unit, state.next_due, state.clocks) != (None, None, ()):
                self._note("closed, and something is owed", (matter, at))
            return
        if not state.responsible_unit:
            self._note("open without an owner", (matter, at))
        if state.next_due is None:
            self._note("open without a deadline", (matter, at))
        elif not self._is_of_a_clock(state):
            self._note("a deadline that no clock has", (matter, at))

    def _is_of_a_clock(self, state: State) -> bool:
        if state.state == "suspended":
            return state.next_due == state.suspended_until and all(clock.paused for clock in state.clocks)
        clock = state.clock(CLOCK_OF[state.state])
        return clock is not None and not clock.paused and clock.due == state.next_due

    def _now(self, matter: int, run: Run | None, clock: Clock, state: State, at: datetime, acted: bool) -> Run:
        promised = self._promised(state.category, state.grade) if clock.kind != "triage" else {}
        if run is None or (clock.started == at and not clock.worked):
            return self._checked(Run(clock, promised, 0, clock.due, at))
        if clock.paused:
            return replace(run, clock=clock, promised=promised)
        if clock.started != run.clock.started or clock.due != run.clock.due:
            wound = self._checked(Run(clock, promised, 0, clock.due, at))
            of_it = (matter, state.cycle, clock.kind, clock.due)
            told = [each for each in promised if each <= run.step or (*of_it, each) in self._once]
            past = [each for each in told if each <= 100 and self._is_due(wound, each, at)]
            wound.step = max(past, default=0)
            return wound
        since = at if acted and clock.due <= at else run.since
        return Run(clock, promised, run.step, since, run.wound if promised is run.promised else at)

    def _checked(self, run: Run) -> Run:
        """The due time is the first minute at which the whole term has been worked."""
        clock = run.clock
        ran = worktime.between(self._calendar, clock.started, clock.due, clock.mode)
        if clock.worked + ran != clock.term and not (clock.due == clock.started and clock.worked >= clock.term):
            self._note("due at another time than its term says", clock)
        return run

    def _promised(self, category: str | None, grade: int) -> Mapping[int, tuple[str, ...]]:
        if (category, grade) not in self._known:
            tables = (self._ladders.get(category, {}), self._ladders["default"])
            lines = next(table[row] for table in tables for row in (str(grade), "any") if row in table)
            words = [line.split() for line in lines]
            self._known[category, grade] = {int(percent): tuple(levels) for percent, *levels in words}
        return self._known[category, grade]

    def _is_due(self, run: Run, percent: int, at: datetime) -> bool:
        clock = run.clock
        if percent <= 100:
            ran = worktime.between(self._calendar, clock.started, at, clock.mode)
            return clock.worked + ran >= run.share(percent)
        waited = worktime.between(self._calendar, run.since, at, clock.mode)
        return waited >= run.share(percent - max(run.step, 100))

    def _missed(self, matter: int, run: Run, at: datetime) -> None:
        coming = run.next()
        if coming is not None and not run.clock.paused and self._is_due(run, coming, at):
            self._note("not told", (matter, run.clock.kind, coming, at))

    def _note(self, what: str, where: object) -> None:
        self.wrong[what] += 1
        self.examples.setdefault(what, str(where))
