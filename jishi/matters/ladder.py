"""The ladder of a clock: who is told at which part of its term, and when the next step comes.  Pure.

A ladder is written as lines such as ``"80 handler lead"`` (percent of the term, who is told) and kept with each clock
as a short code, ``h50.hl80.hl100.d120.c150.b200``, so that a clock keeps the ladder that it was started with.  A clock
holds the percent of the last step that was taken (``timer_step``) and the moment of the next one (``timer_at``).
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING

from jishi import worktime
from jishi.base.errors import Refused

if TYPE_CHECKING:
    from jishi.matters.terms import Clock

#: Who is told, from the nearest to the farthest: whoever has the matter in hand, the lead of the unit, the deputies,
#: the chief, the bureau's people on duty.
LEVELS = ("handler", "lead", "deputy", "chief", "bureau")
#: Where a version of the policy says nothing.
BUILT_IN = ("50 handler", "80 handler lead", "100 handler lead", "120 deputy", "150 chief", "200 bureau")
#: Clocks that have no ladder: the backlog rests until the desk takes it up.
WITHOUT = frozenset({"triage"})

_LETTERS = {level[0]: level for level in LEVELS}
_LINE = re.compile(r"([1-9]\d{0,2})((?: [a-z]+)+)")
_MOST_STEPS = 10


@dataclass(frozen=True, slots=True)
class Step:
    """One step: the percent of the term, and who is told."""

    percent: int
    levels: tuple[str, ...]


def code_of(lines: Sequence[str]) -> str:
    """The code of a ladder that is written as lines, the lowest percent first; one of them must be 100, when it is due.

    Raises ``Refused("bad_ladder")``.
    """
    parts: list[str] = []
    last = 0
    if not isinstance(lines, (list, tuple)) or not 0 < len(lines) <= _MOST_STEPS:
        raise Refused("bad_ladder", step="")
    for line in lines:
        match = _LINE.fullmatch(line) if isinstance(line, str) else None
        levels = match[2].split() if match else []
        if not match or int(match[1]) <= last or set(levels) - set(LEVELS) or len(set(levels)) != len(levels):
            raise Refused("bad_ladder", step=str(line))
        last = int(match[1])
        parts.append("".join(level[0] for level in LEVELS if level in levels) + match[1])
    ladder = ".".join(parts)
    if all(step.percent != 100 for step in steps_of(ladder)):
        raise Refused("bad_ladder", step="100")
    return ladder


@lru_cache(maxsize=256)
def steps_of(ladder: str) -> tuple[Step, ...]:
    """The steps of a ladder by its code."""
    steps = []
    for part in ladder.split(".") if ladder else ():
        letters = part.rstrip("0123456789")
        steps.append(Step(int(part[len(letters) :]), tuple(_LETTERS[letter] for letter in letters)))
    return tuple(steps)


def schedule(clock: Clock, calendar: worktime.Calendar) -> Iterator[tuple[Step, datetime]]:
    """Every step of a running clock with its moment, as they come when nobody acts.

    Up to 100 a step comes when so much of the term was worked, in whole minutes; beyond, the same shares of the term
    run on after the due time.
    """
    at, before = clock.due, 100
    for step in steps_of(clock.ladder):
        if step.percent <= 100:
            yield step, _moment(clock, step, calendar)
        else:
            at, before = _later(clock, at, step.percent - before, calendar), step.percent
            yield step, at


def arm(clock: Clock, calendar: worktime.Calendar, now: datetime) -> Clock:
    """The clock, just wound, with its next step armed.

    A step counts once for each due time: what was taken and lies in the past stays taken, what lies in the future
    again comes again.  A paused clock has nothing armed.
    """
    if clock.paused:
        return replace(clock, timer_at=None)
    taken = 0
    for step, at in schedule(clock, calendar):
        if step.percent > clock.timer_step or at > now:
            return replace(clock, timer_at=at, timer_step=taken)
        taken = step.percent
    return replace(clock, timer_at=None, timer_step=taken)


def take(clock: Clock, calendar: worktime.Calendar, now: datetime) -> tuple[Clock, list[tuple[Step, datetime]]]:
    """The clock after all steps whose moment has come, and these steps with their moments."""
    taken: list[tuple[Step, datetime]] = []
    while clock.timer_at is not None and clock.timer_at <= now:
        step, at = _next(clock), clock.timer_at
        assert step is not None
        taken.append((step, at))
        clock = replace(clock, timer_step=step.percent, timer_at=_after(clock, step, at, calendar))
    return clock, taken


def put_off(clock: Clock, calendar: worktime.Calendar, now: datetime) -> Clock:
    """The clock after somebody acted without stopping it: when it is overdue, the next level waits its whole interval from now."""  # noqa: E501
    step = _next(clock)
    if step is None or clock.timer_at is None or clock.timer_at <= now or clock.due > now:
        return clock
    return replace(clock, timer_at=_waiting(clock, step, calendar, now))


def exchange(clock: Clock, ladder: str, calendar: worktime.Calendar, now: datetime) -> Clock:
    """The clock with another ladder and the same due time, since somebody acted: what was told is not told again.

    When it is overdue the next level waits its whole interval from now, though it would have been told before.
    """
    clock = replace(clock, ladder=ladder)
    step = _next(clock)
    if step is None or clock.paused:
        return replace(clock, timer_at=None)
    late = step.percent > 100
    return replace(clock, timer_at=_waiting(clock, step, calendar, now) if late else _moment(clock, step, calendar))


def _waiting(clock: Clock, step: Step, calendar: worktime.Calendar, now: datetime) -> datetime:
    return _later(clock, now, step.percent - max(clock.timer_step, 100), calendar)


def _after(clock: Clock, step: Step, at: datetime, calendar: worktime.Calendar) -> datetime | None:
    """When the step after one that was taken at its moment comes, if there is another."""
    after = next((each for each in steps_of(clock.ladder) if each.percent > step.percent), None)
    if after is None:
        return None
    if after.percent <= 100:
        return _moment(clock, after, calendar)
    return _later(clock, at, after.percent - step.percent, calendar)


def _next(clock: Clock) -> Step | None:
    return next((step for step in steps_of(clock.ladder) if step.percent > clock.timer_step), None)


def _moment(clock: Clock, step: Step, calendar: worktime.Calendar) -> datetime:
    left = _share(clock, step.percent) - clock.worked
    return worktime.add(calendar, clock.started, left, clock.mode) if left > 0 else clock.started


def _later(clock: Clock, at: datetime, percent: int, calendar: worktime.Calendar) -> datetime:
    return worktime.add(calendar, at, _share(clock, percent), clock.mode)


def _share(clock: Clock, percent: int) -> int:
    """So much of the term, in minutes, rounded up."""
    return -(-clock.term * percent // 100)
