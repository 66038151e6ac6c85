"""What the journal tells of a matter's runs and tasks, and whether the rows say the same."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from jishi.matters.loop import Event, State
from jishi.matters.models import PlanRun, PlanTask
from jishi.matters.plans.running import OF_TASK, watched
from jishi.matters.tasks import Task


@dataclass(frozen=True, slots=True)
class RunTold:
    """One run of a plan."""

    number: int
    version: int
    cycle: int
    drill: bool
    started_at: datetime
    started_by: int | None
    ended_at: datetime | None = None
    ended_by: int | None = None


@dataclass
class RunsTold:
    """All runs of one matter, and their tasks by run and code."""

    runs: dict[int, RunTold] = field(default_factory=dict)
    tasks: dict[tuple[int, str], Task] = field(default_factory=dict)
    #: Tasks whose row is watched at another moment than follows from them.
    unwatched: list[str] = field(default_factory=list)

    def step(self, before: State, event: Event, after: State, now: datetime, by: int | None) -> None:
        """Take in one event."""
        number = after.run or before.run
        if event.kind == "plan_started":
            version = event.facts["plan"]
            self.runs[number] = RunTold(number, version, after.cycle, after.drill, now, by)
        elif event.kind == "plan_ended":
            self.runs[number] = replace(self.runs[number], ended_at=now, ended_by=by)
        self.tasks.update({(number, task.code): task for task in event.tasks})


def rows_of(matter_ids: list[int]) -> dict[int, RunsTold]:
    """What the rows say, by matter: two queries."""
    found: dict[int, RunsTold] = {}
    runs: Iterable[tuple[Any, ...]] = PlanRun.objects.filter(matter__in=matter_ids).values_list(
        "matter_id", "number", "version_id", "cycle", "drill", "started_at", "started_by_id", "ended_at", "ended_by_id"
    )
    for matter_id, *values in runs:
        run = RunTold(*values)
        found.setdefault(matter_id, RunsTold()).runs[run.number] = run
    tasks = PlanTask.objects.filter(run__matter__in=matter_ids).values_list(
        "run__matter_id", "run__number", "told", "watch", *OF_TASK
    )
    for matter_id, number, told, watch, *values in tasks:
        task = Task(*values)
        of_matter = found.setdefault(matter_id, RunsTold())
        of_matter.tasks[number, task.code] = task
        if watch != watched(task, told):
            of_matter.unwatched.append(task.code)
    return found


def differences(told: RunsTold, rows: RunsTold) -> Iterator[tuple[str, dict[str, str]]]:
    """What is not as the journal says: a code, and which run or task."""
    for number in sorted(told.runs.keys() | rows.runs.keys()):
        if told.runs.get(number) != rows.runs.get(number):
            yield "run_differs", {"run": str(number)}
    for number, code in sorted(told.tasks.keys() | rows.tasks.keys()):
        if told.tasks.get((number, code)) != rows.tasks.get((number, code)):
            yield "task_differs", {"run": str(number), "task": code}
    for code in rows.unwatched:
        yield "task_unwatched", {"task": code}
