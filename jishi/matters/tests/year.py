"""A year at two stations, made up by dice: when people act, and what they do; the clock on the wall is a queue.

A world is where it happens: :class:`Memory` has nothing but the pure loop, the tests have one with a database.
"""

from __future__ import annotations

import heapq
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import count
from random import Random
from typing import Any, Protocol

from jishi import worktime
from jishi.base.errors import Refused
from jishi.matters import commands as c
from jishi.matters import ladder, loop
from jishi.matters.loop import CLOCK_OF, State
from jishi.matters.terms import Rules
from jishi.matters.tests import pure
from jishi.matters.tests.watch import Watch

BEGIN = datetime(2026, 1, 1, tzinfo=UTC)
END = BEGIN + timedelta(days=365)
#: How soon people act, as a share of the term of the clock that runs, and how often.
PACES = {(0.02, 0.45): 70, (0.5, 0.98): 15, (1.0, 1.7): 9, (1.7, 4.0): 6}
#: One matter in so many is forgotten by everybody.
FORGOTTEN = 40
#: What people do in each state, and how often.
DO: Mapping[str, Mapping[str, int]] = {
    "inherited": {"triage": 70, "log": 10, "decline": 10, "merge": 10},
    "reported": {"assess": 74, "decline": 7, "merge": 6, "withdraw": 3, "log": 4, "mark_urgent": 4, "follow": 2},
    "assessed": {"push": 72, "refer": 7, "reassess": 8, "transfer": 5, "decline": 3, "log": 3, "mark_urgent": 2},
    "pushed": {"accept": 74, "return": 9, "recall": 4, "assign": 4, "reassess": 5, "log": 2, "unmark_urgent": 2},
    "handling": {"submit": 34, "log": 15, "request": 9, "extend": 9, "suspend": 9, "refuse": 2, "return": 4,
                 "recall": 2, "assign": 4, "refer": 3, "reassess": 4, "merge": 2, "mark_urgent": 2, "unmark_urgent": 1},
    "suspended": {"resume": 35, "log": 25, "wait": 35, "merge": 3, "reassess": 2},
    "submitted": {"check": 85, "log": 5, "reassess": 10},
    "checked": {"answer": 94, "log": 6},
    "answered": {"close": 70, "rate": 16, "reopen": 4, "dispute": 10},
    "closed": {"reopen": 5, "unmerge": 10, "dispute": 5, "wait": 80},
}  # fmt: skip
PUBLIC = frozenset({"follow", "dispute"})
CATEGORIES = ("dispute.rent", "public.light")


@dataclass(frozen=True)
class Ids:
    """What the commands at one station name."""

    station: int
    other: int
    unit: int
    command: int
    agency: int
    people: tuple[int, ...]


def _kind(dice: Random) -> dict[str, Any]:
    return {"category": dice.choice(CATEGORIES), "grade": dice.randint(1, 4)}


def _later(dice: Random, at: datetime) -> datetime:
    return at + timedelta(minutes=dice.randrange(60, 40 * 1440))


#: What a command says beside its reason or text; what it leads to is left to the dice where people differ.
FIELDS: Mapping[str, Callable[[Random, Ids, datetime], dict[str, Any]]] = {
    "triage": lambda dice, ids, at: {**_kind(dice), "unit": dice.choice((None, ids.unit))},
    "assess": lambda dice, ids, at: _kind(dice),
    "reassess": lambda dice, ids, at: _kind(dice),
    "decline": lambda dice, ids, at: {"outcome": "no_action"},
    "push": lambda dice, ids, at: {"unit": ids.unit},
    "refer": lambda dice, ids, at: {"agency": ids.agency, "unit": ids.unit},
    "assign": lambda dice, ids, at: {"person": dice.choice(ids.people)},
    "transfer": lambda dice, ids, at: {"station": ids.other},
    "suspend": lambda dice, ids, at: {
        "until": _later(dice, at), "person": dice.choice(ids.people), "approver_unit": ids.command
    },
    "extend": lambda dice, ids, at: {"minutes": dice.randrange(30, 1500)},
    "request": lambda dice, ids, at: {"what": "suspend", "until": _later(dice, at)},
    "submit": lambda dice, ids, at: {"outcome": "fixed"},
    "check": lambda dice, ids, at: {"result": "rework", "reason": "r"} if dice.random() < 0.2 else {"result": "pass"},
    "rate": lambda dice, ids, at: {"mended": dice.random() < 0.9},
}  # fmt: skip
#: The words that each command asks for.
WORDS = {verb: [name for name in rule.required if name in ("reason", "text")] for verb, rule in loop.COMMANDS.items()}


class World(Protocol):
    """Where the year happens."""

    stations: Mapping[int, Ids]
    calendar: worktime.Calendar

    def report(self, at: datetime, station: int, *, inherited: bool) -> int: ...
    def give(self, matter: int, command: c.Command, at: datetime) -> None: ...
    def resume(self, matter: int, at: datetime) -> None: ...
    def fire(self, matter: int, at: datetime) -> Iterable[int]: ...
    def state(self, matter: int) -> State: ...
    def told(self) -> Iterable[tuple[Any, ...]]: ...


class Year:
    """So many matters, reported all over the year, and what becomes of them, under the eyes of a watch."""

    def __init__(self, world: World, watch: Watch, number: int, dice: int = 4) -> None:
        self.world, self.watch = world, watch
        self.done: Counter[str] = Counter()
        self._dice = Random(dice)
        self._open: list[int] = []
        self._forgotten: set[int] = set()
        self._serial = count()
        self._queue: list[tuple[datetime, int, str, int]] = []
        minutes = int((END - BEGIN).total_seconds()) // 60
        for _each in range(number):
            self._push(BEGIN + timedelta(minutes=self._dice.randrange(minutes)), "report", 0)

    def run(self) -> None:
        """Let the year pass."""
        while self._queue and self._queue[0][0] <= END:
            at, _serial, what, matter = heapq.heappop(self._queue)
            getattr(self, f"_{what}")(matter, at)
        self.watch.end(END)

    def _push(self, at: datetime, what: str, matter: int) -> None:
        heapq.heappush(self._queue, (at, next(self._serial), what, matter))

    def _report(self, _none: int, at: datetime) -> None:
        matter = self.world.report(at, self._dice.choice(sorted(self.world.stations)),
                                   inherited=self._dice.random() < 0.04)  # fmt: skip
        self._open.append(matter)
        if self._dice.randrange(FORGOTTEN) == 0:
            self._forgotten.add(matter)
        self._look(matter, at, acted=True)
        self._go_on(matter, at)

    def _timer(self, matter: int, at: datetime) -> None:
        due = _next_timer(self.world.state(matter))
        if due is None or due > at:
            return
        self.done["timer"] += 1
        for each in self.world.fire(matter, at):
            self._look(each, at, acted=False)

    def _pause_over(self, matter: int, at: datetime) -> None:
        if self.world.state(matter).suspended_until != at:
            return
        self.world.resume(matter, at)
        self.done["came back"] += 1
        self._look(matter, at, acted=False)
        if self.world.state(matter).assignee is None:
            self.watch.wrong["came back to nobody"] += 1
        self._go_on(matter, at)

    def _act(self, matter: int, at: datetime) -> None:
        state = self.world.state(matter)
        verb = self._dice.choices(list(DO[state.state]), list(DO[state.state].values()))[0]
        if verb != "wait":
            try:
                self.world.give(matter, self._command(verb, matter, state, at), at)
                self.done[verb] += 1
            except Refused as refused:
                self.done[refused.code] += 1
            else:
                self._look(matter, at, acted=verb not in PUBLIC)
        self._go_on(matter, at)

    def _look(self, matter: int, at: datetime, *, acted: bool) -> None:
        for told in self.world.told():
            self.watch.told(*told)
        state = self.world.state(matter)
        self.watch.saw(matter, at, state, acted=acted)
        timer = _next_timer(state)
        if timer:
            self._push(max(timer, at), "timer", matter)
        if state.state == "suspended" and state.suspended_until and acted:
            self._push(state.suspended_until, "pause_over", matter)

    def _go_on(self, matter: int, at: datetime) -> None:
        """When somebody does something about it the next time."""
        state = self.world.state(matter)
        if state.state == "closed":
            if self._dice.random() < 0.3:
                self._push(at + timedelta(minutes=self._dice.randrange(60, 30 * 1440)), "act", matter)
            return
        if matter in self._forgotten:
            return
        share = self._dice.uniform(*self._dice.choices(list(PACES), list(PACES.values()))[0])
        clock = state.clock(CLOCK_OF.get(state.state, ""))
        if clock is None:
            minutes = int((state.next_due - at).total_seconds() * share) // 60 if state.next_due else 60
            self._push(at + timedelta(minutes=max(1, minutes)), "act", matter)
        else:
            wait = max(1, int(clock.term * share))
            self._push(worktime.add(self.world.calendar, at, wait, clock.mode), "act", matter)

    def _command(self, verb: str, matter: int, state: State, at: datetime) -> c.Command:
        if verb == "merge":
            return c.Merge(**self._root(matter, state))
        fields: dict[str, Any] = dict.fromkeys(WORDS[verb], "r")
        if verb in FIELDS:
            fields |= FIELDS[verb](self._dice, self.world.stations[state.station], at)
        return c.BY_VERB[verb](**fields)

    def _root(self, matter: int, state: State) -> dict[str, Any]:
        root = self._dice.choice(self._open[-50:])
        other = self.world.state(root)
        return {"root": root, "itself": matter, "root_state": other.state, "root_station": other.station}


def _next_timer(state: State) -> datetime | None:
    return min((clock.timer_at for clock in state.clocks if clock.timer_at), default=None)


class Memory:
    """The pure loop alone: what ``apply`` and the worker do, without rows."""

    def __init__(self, rules: Rules) -> None:
        self.calendar = rules.calendar
        self.stations = {
            here: Ids(here, there, pure.PATROL, pure.COMMAND, 3, (150, 151)) for here, there in ((1, 2), (2, 1))
        }
        self._rules = rules
        self._states: dict[int, State] = {}
        self._told: list[tuple[Any, ...]] = []
        self._written: set[tuple[Any, ...]] = set()

    def report(self, at: datetime, station: int, *, inherited: bool) -> int:
        matter = len(self._states) + 1
        if inherited:
            blank = State(station=station, state="inherited")
            event = loop.imported("inherited", "", CATEGORIES[0], 3, None, None, at, self._rules)
        else:
            blank = State(station=station, state="reported")
            event = loop.decide(None, c.Report(station=station, title="t"), pure.PEOPLE["desk"], at, self._rules)
        self._states[matter] = loop.evolve(blank, event)
        return matter

    def give(self, matter: int, command: c.Command, at: datetime) -> None:
        state, told = self._rung(matter, at)
        by = loop.public_actor() if command.verb in PUBLIC else pure.giver(command.verb, state)
        self._states[matter] = loop.evolve(state, loop.decide(state, command, by, at, self._rules))
        self._told += [each for each in told if self.is_new(each)]

    def resume(self, matter: int, at: datetime) -> None:
        state = self._states[matter]
        command = c.Resume(person=state.assignee, back="person")
        self._states[matter] = loop.evolve(state, loop.decide(state, command, loop.SYSTEM, at, self._rules))

    def fire(self, matter: int, at: datetime) -> Sequence[int]:
        self._states[matter], told = self._rung(matter, at)
        self._told += [each for each in told if self.is_new(each)]
        return [matter]

    def state(self, matter: int) -> State:
        return self._states[matter]

    def told(self) -> list[tuple[Any, ...]]:
        told, self._told = self._told, []
        return told

    def is_new(self, told: tuple[Any, ...]) -> bool:
        """Whether a step was not written down before for the same deadline; the database has a constraint for it."""
        step = (told[0], *told[2:6])
        was = step in self._written
        self._written.add(step)
        return not was

    def _rung(self, matter: int, at: datetime) -> tuple[State, list[tuple[Any, ...]]]:
        """The matter after the steps that are due, and these; as after a command that is refused, nothing is kept."""
        state, clocks, told = self._states[matter], [], []
        if (_next_timer(state) or END) > at:
            return state, []
        for clock in state.clocks:
            rung, steps = ladder.take(clock, self.calendar, at)
            clocks.append(rung)
            told += [
                (matter, at, state.cycle, clock.kind, clock.due, step.percent, step.levels) for step, _moment in steps
            ]
        return replace(state, clocks=tuple(clocks)), told
