"""How long each step may take: a policy of category × grade, and the clocks that it starts.  Pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Literal

from jishi import worktime
from jishi.base.errors import Refused
from jishi.matters import ladder

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
    A ``paused`` clock stands still: its ``due`` says nothing until it is resumed.  Whom it tells and when the next one
    is told say ``ladder``, ``timer_at`` and ``timer_step``; see :mod:`jishi.matters.ladder`.
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
    ladder: str = ""
    timer_at: datetime | None = None
    timer_step: int = 0


#: What stands in a policy beside the tables of the categories.
LADDER, LIMITS, URGENT, KEEP = "ladder", "limits", "urgent", "keep"
BESIDE = frozenset({LADDER, LIMITS, URGENT, KEEP})
#: How much may be granted in one round (extensions in percent of the handling term, and how many suspensions), and how
#: many days after the answer "not mended" begins a new round.
USUAL_LIMITS = {"extend_most": 100, "suspend_times": 2, "dispute_days": 7}
#: For how many days after it is finally closed the content of a matter is kept; ``asked`` where its reporter asked to
#: have it deleted.
USUAL_KEEP = {"default": 180, "asked": 7}
KEEP_LEAST, KEEP_MOST = 7, 3650


class Policy:
    """One version of the time limits.

    ``data`` has a table ``default`` and tables per category code; each maps a grade ("1" red … "4" blue) or "any" to
    terms by clock kind.  The most exact entry wins: category and grade, category and any, the category's parents in
    the same way, then the default.  ``data["urgent"]`` has tables of the same form for needs that the desk confirmed
    as urgent: what they do not name keeps its ordinary term, and without any such table every term is halved.
    ``data["ladder"]`` has such tables with a ladder for each row, ``data["limits"]`` says how much may be granted,
    and ``data["keep"]`` for how many days content is kept, by category.
    """

    def __init__(self, version: int, data: Mapping[str, Any], parents: Mapping[str, str | None]) -> None:
        self.version = version
        self._terms = {name: table for name, table in data.items() if name not in BESIDE}
        self._urgent = data.get(URGENT)
        self._steps = data.get(LADDER, {})
        self._parents = parents
        self._found: dict[tuple[str | None, int, str, bool], Term] = {}
        self._ladders: dict[tuple[str | None, int], str] = {}
        self.limits: Mapping[str, int] = {**USUAL_LIMITS, **data.get(LIMITS, {})}
        self.keeps: Mapping[str, int] = {**USUAL_KEEP, **data.get(KEEP, {})}

    def term(self, category: str | None, grade: int, kind: str, urgent: bool = False) -> Term:
        """The term of one kind of clock.  Raises ``Refused("no_term")`` where the policy has none."""
        key = (category, grade, kind, urgent)
        if key not in self._found:
            self._found[key] = self._shorter(*key[:3]) if urgent else self._look_up(*key[:3])
        return self._found[key]

    def ladder(self, category: str | None, grade: int, kind: str) -> str:
        """The code of the ladder of one kind of clock; empty where it has none."""
        if kind in ladder.WITHOUT:
            return ""
        key = (category, grade)
        if key not in self._ladders:
            rows = self._rows(self._steps, category, grade)
            self._ladders[key] = ladder.code_of(next((lines for lines in rows if lines), ladder.BUILT_IN))
        return self._ladders[key]

    def _shorter(self, category: str | None, grade: int, kind: str) -> Term:
        ordinary = self._look_up(category, grade, kind)
        if self._urgent is None:
            return replace(ordinary, minutes=max(1, ordinary.minutes // 2))
        rows = self._rows(self._urgent, category, grade)
        return next((Term.parse(row[kind]) for row in rows if row and kind in row), ordinary)

    def keep_days(self, category: str | None, *, asked: bool = False) -> int:
        """For how many days after the final closing content is kept: by the category, its parents, then the default.

        ``asked``: its reporter asked to have it deleted, so not longer than that takes.
        """
        code = category
        while code is not None and code not in self.keeps:
            code = self._parents.get(code)
        days = self.keeps[code or "default"]
        return min(days, self.keeps["asked"]) if asked else days

    def _look_up(self, category: str | None, grade: int, kind: str) -> Term:
        for row in self._rows(self._terms, category, grade):
            if row and kind in row:
                return Term.parse(row[kind])
        raise Refused("no_term", category=category or "default", grade=grade, kind=kind)

    def _rows(self, tables: Mapping[str, Any], category: str | None, grade: int) -> Iterator[Any]:
        """What the tables say of a category and grade, the most exact first."""
        code = category
        while True:
            table = tables.get("default" if code is None else code, {})
            yield from (table.get(row) for row in (str(grade), "any"))
            if code is None:
                return
            code = self._parents.get(code)


def check_policy(data: Mapping[str, Any]) -> None:
    """Raise ``Refused`` unless every term and ladder can be read and the default names a term for every grade and kind."""  # noqa: E501
    _check_terms({name: table for name, table in data.items() if name not in BESIDE})
    _check_terms(data.get(URGENT, {}))
    for table in data.get(LADDER, {}).values():
        for lines in table.values():
            ladder.code_of(lines)
    for name, most in data.get(LIMITS, {}).items():
        if name not in USUAL_LIMITS or not isinstance(most, int) or not 0 <= most <= 1000:
            raise Refused("bad_limit", name=name)
    for name, days in data.get(KEEP, {}).items():
        if not isinstance(days, int) or isinstance(days, bool) or not KEEP_LEAST <= days <= KEEP_MOST:
            raise Refused("bad_keep", name=name, least=KEEP_LEAST, most=KEEP_MOST)
    policy = Policy(0, data, {})
    for grade in (0, 1, 2, 3, 4):
        for kind in KINDS:
            policy.term(None, grade, kind)


def _check_terms(tables: Mapping[str, Any]) -> None:
    for table in tables.values():
        for row in table.values():
            for text in row.values():
                Term.parse(text)


@dataclass(frozen=True, slots=True)
class Rules:
    """What a decision is made with: the policy, the station's calendar, and the units that own a matter by rule."""

    policy: Policy
    calendar: worktime.Calendar
    desk: int
    checking: int
    urgent: bool = False

    def pressing(self, urgent: bool) -> Rules:
        """The same rules with the shorter terms of urgent needs, or with the ordinary ones."""
        return self if urgent == self.urgent else replace(self, urgent=urgent)

    def term(self, category: str | None, grade: int, kind: str) -> Term:
        """The term of one kind of clock under these rules."""
        return self.policy.term(category, grade, kind, self.urgent)

    def start(self, kind: str, category: str | None, grade: int, now: datetime) -> Clock:
        """A clock that starts now."""
        term = self.term(category, grade, kind)
        clock = Clock(
            kind, term.minutes, term.mode, now, self._due(now, term.minutes, term.mode), self.policy.version,
            self.calendar.version, ladder=self.policy.ladder(category, grade, kind),
        )  # fmt: skip
        return ladder.arm(clock, self.calendar, now)

    def wind(self, clock: Clock, now: datetime) -> Clock:
        """The clock as it runs on from now with what is left of its term; its due time is computed anew."""
        due = self._due(now, clock.term - clock.worked, clock.mode)
        wound = replace(clock, started=now, due=due, paused=False, calendar=self.calendar.version)
        return ladder.arm(wound, self.calendar, now)

    def _due(self, now: datetime, left: int, mode: Mode) -> datetime:
        """When so many minutes are over; now where none are left."""
        return worktime.add(self.calendar, now, left, mode) if left > 0 else now

    def stop(self, clock: Clock, now: datetime) -> Clock:
        """The clock paused now, with the time that it ran added to what was worked."""
        if clock.paused:
            return clock
        ran = worktime.between(self.calendar, clock.started, max(now, clock.started), clock.mode)
        return replace(clock, worked=clock.worked + ran, paused=True, timer_at=None)

    def reterm(self, clock: Clock, category: str | None, grade: int, now: datetime) -> Clock:
        """The clock under the terms and ladder of another category or grade: the worked time is carried over."""
        term = self.term(category, grade, clock.kind)
        steps = self.policy.ladder(category, grade, clock.kind)
        if (term.minutes, term.mode) == (clock.term, clock.mode):
            if steps == clock.ladder:
                return clock
            return ladder.exchange(clock, steps, self.calendar, now)
        stopped = self.stop(clock, now)
        changed = replace(stopped, term=term.minutes, mode=term.mode, policy=self.policy.version, ladder=steps)
        return changed if clock.paused else self.wind(changed, now)

    def extend(self, clock: Clock, minutes: int, now: datetime) -> Clock:
        """The clock with ``minutes`` added to its term."""
        stopped = self.stop(clock, now)
        return self.wind(replace(stopped, term=clock.term + minutes), now)
