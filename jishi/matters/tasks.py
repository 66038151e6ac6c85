"""The tasks of a plan that runs, as the loop knows them: who owes what until when, and what waits for what.  Pure."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

#: The states of a task; the first three are open.
STATES = ("waiting", "ready", "taken", "done", "skipped")
OPEN = frozenset({"waiting", "ready", "taken"})

#: (moment, minutes) → the moment so many minutes later, around the clock.
Later = Callable[[datetime, int], datetime]


@dataclass(frozen=True, slots=True)
class Step:
    """One task as the plan has it: whose it is at this station, how long it takes, and what comes before it."""

    code: str
    unit: int
    minutes: int
    after: tuple[str, ...] = ()
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Task:
    """One task of a run.  Its unit and its deadline are never missing: while it waits, ``due`` is when it is planned for."""  # noqa: E501

    code: str
    unit: int
    state: str
    due: datetime
    started: datetime | None = None
    person: int | None = None
    taken_at: datetime | None = None
    ended_at: datetime | None = None
    ended_by: int | None = None

    @property
    def open(self) -> bool:
        """Whether somebody still owes it."""
        return self.state in OPEN


@dataclass(frozen=True, slots=True)
class Run:
    """A run of a plan on one matter as a command finds it; before it starts it has no tasks yet.

    ``number`` counts the runs of the matter, ``version`` is the id of the plan's version, ``ends`` are the tasks that
    must be over before the plan may end.
    """

    number: int
    version: int
    steps: tuple[Step, ...]
    ends: tuple[str, ...] = ()
    tasks: tuple[Task, ...] = ()

    def task(self, code: str) -> Task | None:
        """The task of this code."""
        return next((task for task in self.tasks if task.code == code), None)

    def followers(self, code: str) -> list[Task]:
        """The tasks that come directly after this one."""
        after = {step.code for step in self.steps if code in step.after}
        return [task for task in self.tasks if task.code in after]

    @property
    def open(self) -> tuple[Task, ...]:
        """The tasks that somebody still owes."""
        return tuple(task for task in self.tasks if task.open)


def begin(steps: Iterable[Step], now: datetime, later: Later) -> tuple[Task, ...]:
    """The tasks of a plan that starts now: those that nothing comes before are ready, the others wait."""
    by_code = {step.code: step for step in steps}
    ends: dict[str, datetime] = {}

    def end_of(code: str) -> datetime:
        if code not in ends:
            step = by_code[code]
            start = max((end_of(before) for before in step.after), default=now)
            ends[code] = later(start, step.minutes)
        return ends[code]

    return tuple(
        Task(step.code, step.unit, "waiting" if step.after else "ready", end_of(step.code),
             started=None if step.after else now)
        for step in by_code.values()
    )  # fmt: skip


def awake(run: Run, changed: Mapping[str, Task], now: datetime, later: Later) -> list[Task]:
    """The waiting tasks that become ready now that ``changed`` are as they are: their clocks start."""
    tasks = {task.code: changed.get(task.code, task) for task in run.tasks}
    found = []
    for step in run.steps:
        task = tasks[step.code]
        if task.state == "waiting" and not any(tasks[before].open for before in step.after):
            found.append(replace(task, state="ready", started=now, due=later(now, step.minutes)))
    return found
