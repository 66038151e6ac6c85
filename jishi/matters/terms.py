"""How long each step may take: a policy of category × grade, and the clocks that it starts.  Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from jishi import worktime
from jishi.base.errors import Refused

Mode = Literal["work", "clock"]

#: The kinds of clock, in the order of the loop.  ``answer`` runs beside the others, from the report to the answer.
KINDS = ("triage", "assess", "push", "accept", "handle", "check", "answer", "close")

#: Minutes in a working day of eight hours, the unit of a ``d`` in a working-hours term.
WORK_DAY = 480

_TERM = re.compile(r"^(\d+)(m|h|d) (work|clock)$")


@dataclass(frozen=True, slots=True)
class Term:
    """A length of time: ``minutes`` of working time, or of time around the clock."""

    minutes: int
    mode: Mode

    @classmethod
    def parse(cls, text: str) -> Term:
        """Read ``"30m clock"``, ``"4h work"`` or ``"3d work"`` (a working day counts 480 minutes).

        Raises ``Refused("bad_term")`` for anything else.
        """
        match = _TERM.match(text)
        if not match or int(match[1]) == 0:
            raise Refused("bad_term", term=text)
        mode: Mode = "work" if match[3] == "work" else "clock"
        unit = {"m": 1, "h": 60, "d": WORK_DAY if mode == "work" else 1440}[match[2]]
        return cls(int(match[1]) * unit, mode)


@dataclass(frozen=True, slots=True)
class Clock:
    """A running clock: minutes already ``worked`` before ``started``, and the moment when the term is used up.

    ``policy`` and ``calendar`` are the versions that the due time was computed with, so that it can be computed again.
    A ``paused`` clock stands still: its ``due`` says nothing until it is resumed.
    """

    kind: str
    term: int
    mode: Mode
    started: datetime
    due: datetime
    policy: int
    calendar: int
    worked: int = 0
    paused: bool = False


class Policy:
    """One version of the time limits.

    ``data`` has a table ``default`` and tables per category code; each maps a grade ("1" red … "4" blue) or "any" to
    terms by clock kind.  The most exact entry wins: category and grade, category and any, the category's parents in
    the same way, then the default.
    """

    def __init__(self, version: int, data: Mapping[str, Any], parents: Mapping[str, str | None]) -> None:
        self.version = version
        self._data = data
        self._parents = parents
        self._found: dict[tuple[str | None, int, str], Term] = {}

    def term(self, category: str | None, grade: int, kind: str) -> Term:
        """The term of one kind of clock.  Raises ``Refused("no_term")`` where the policy has none."""
        key = (category, grade, kind)
        if key not in self._found:
            self._found[key] = self._look_up(category, grade, kind)
        return self._found[key]

    def _look_up(self, category: str | None, grade: int, kind: str) -> Term:
        code = category
        while True:
            table = self._data.get("default" if code is None else code, {})
            for row in (str(grade), "any"):
                text = table.get(row, {}).get(kind)
                if text:
                    return Term.parse(text)
            if code is None:
                raise Refused("no_term", category=category or "default", grade=grade, kind=kind)
            code = self._parents.get(code)


def check_policy(data: Mapping[str, Any]) -> None:
    """Raise ``Refused`` unless every term can be read and the default names a term for every grade and kind."""
    for table in data.values():
        for row in table.values():
            for text in row.values():
                Term.parse(text)
    policy = Policy(0, data, {})
    for grade in (0, 1, 2, 3, 4):
        for kind in KINDS:
            policy.term(None, grade, kind)


@dataclass(frozen=True, slots=True)
class Rules:
    """What a decision is made with: the policy, the station's calendar, and the units that own a matter by rule."""

    policy: Policy
    calendar: worktime.Calendar
    desk: int
    checking: int

    def start(self, kind: str, category: str | None, grade: int, now: datetime) -> Clock:
        """A clock that starts now."""
        term = self.policy.term(category, grade, kind)
        return self.wind(
            Clock(kind, term.minutes, term.mode, now, now, self.policy.version, self.calendar.version), now
        )

    def wind(self, clock: Clock, now: datetime) -> Clock:
        """The clock as it runs on from now with what is left of its term; its due time is computed anew."""
        left = max(0, clock.term - clock.worked)
        due = worktime.add(self.calendar, now, left, clock.mode) if left else now
        return replace(clock, started=now, due=due, paused=False, calendar=self.calendar.version)

    def stop(self, clock: Clock, now: datetime) -> Clock:
        """The clock paused now, with the time that it ran added to what was worked."""
        if clock.paused:
            return clock
        ran = worktime.between(self.calendar, clock.started, max(now, clock.started), clock.mode)
        return replace(clock, worked=clock.worked + ran, paused=True)

    def reterm(self, clock: Clock, category: str | None, grade: int, now: datetime) -> Clock:
        """The clock under the terms of another category or grade: the worked time is carried over."""
        term = self.policy.term(category, grade, clock.kind)
        if (term.minutes, term.mode) == (clock.term, clock.mode):
            return clock
        stopped = self.stop(clock, now)
        changed = replace(stopped, term=term.minutes, mode=term.mode, policy=self.policy.version)
        return changed if clock.paused else self.wind(changed, now)

    def extend(self, clock: Clock, minutes: int, now: datetime) -> Clock:
        """The clock with ``minutes`` added to its term."""
        stopped = self.stop(clock, now)
        return self.wind(replace(stopped, term=clock.term + minutes), now)
