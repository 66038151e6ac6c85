"""Between the rows of runs and the loop: the run of a matter read for a command, an event's effect written."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from jishi.matters import commands
from jishi.matters.loop import Event, State
from jishi.matters.models import PlanRun, PlanTask
from jishi.matters.plans import catalogue
from jishi.matters.tasks import Run, Task

#: A task is told of when this share of its time is used up, and when all of it is.
WARN = 80
OF_TASK = ("code", "unit_id", "state", "due", "started", "person_id", "taken_at", "ended_at", "ended_by_id")
_OF_RUN = (
    commands.EndPlan, commands.TakeTask, commands.FinishTask, commands.SkipTask, commands.HandTask, commands.ReopenTask,
)  # fmt: skip


def resolve(command: commands.Command, matter_id: int, state: State) -> commands.Command:
    """The command with the plan or the run that it is about, as it stands now."""
    if isinstance(command, commands.StartPlan) and command.plan:
        return replace(command, seen=to_start(matter_id, state, command.plan))
    if isinstance(command, _OF_RUN) and state.run:
        command = replace(command, seen=run_of(matter_id, state.station, state.run))
    if isinstance(command, commands.HandTask) and command.seen and not command.unit:
        task = command.seen.task(command.task)
        command = replace(command, unit=task.unit if task else None)
    return command


def to_start(matter_id: int, state: State, code: str) -> Run:
    """The run that a plan in force would have on this matter.  Raises ``Refused("plan_unknown")``."""
    found = catalogue.plan_of(state.station, code)
    number = 1 + PlanRun.objects.filter(matter_id=matter_id).count()
    return Run(number, found.version_id, catalogue.steps_of(state.station, found.plan), found.plan.ends_tasks)


def run_of(matter_id: int, station_id: int, number: int) -> Run:
    """A run of a matter with its tasks."""
    version = PlanRun.objects.values_list("version_id", flat=True).get(matter_id=matter_id, number=number)
    plan = catalogue.version_data(version)
    rows = PlanTask.objects.filter(run__matter_id=matter_id, run__number=number).order_by("position")
    tasks = tuple(Task(*row) for row in rows.values_list(*OF_TASK))
    return Run(number, version, catalogue.steps_of(station_id, plan), plan.ends_tasks, tasks)


def starts_by_itself(matter_id: int, state: State, event: Event) -> str:
    """The code of the plan that starts without anybody's word now that the matter is red; empty where none does.

    One that ran in this round already, whoever started it, does not start by itself again; a drill is started by hand.
    """
    if event.kind not in ("assessed", "reassessed", "triaged") or state.grade != 1 or state.run or state.drill:
        return ""
    found = catalogue.match(state.station, state.category, state.grade)
    if found is None or not found.plan.auto_start:
        return ""
    if PlanRun.objects.filter(matter_id=matter_id, cycle=state.cycle).exists():
        return ""
    return found.code


def write(matter_id: int, before: State, event: Event, after: State, now: datetime, by: int | None) -> None:
    """Write what the event does to a run and its tasks.  Comes after the event's place in the chain is taken."""
    if event.kind == "plan_started":
        run = PlanRun.objects.create(
            matter_id=matter_id, number=after.run, version_id=event.facts["plan"], cycle=after.cycle, drill=after.drill,
            started_at=now, started_by_id=by,
        )  # fmt: skip
        PlanTask.objects.bulk_create(
            PlanTask(run=run, position=place, watch=watched(task, 0), **row_of(task))
            for place, task in enumerate(event.tasks, 1)
        )
        return
    if event.kind == "plan_ended":
        PlanRun.objects.filter(matter_id=matter_id, number=before.run).update(ended_at=now, ended_by_id=by)
    rows = PlanTask.objects.filter(run__matter_id=matter_id, run__number=before.run)
    changed = {task.code: task for task in event.tasks}
    for row in rows.filter(code__in=changed).only("code", "told", "run_id"):
        task = changed[row.code]
        told = row.told if task.started else 0
        PlanTask.objects.filter(pk=row.pk).update(told=told, watch=watched(task, told), **row_of(task))


def watched(task: Task, told: int) -> datetime | None:
    """When the task is next looked at: at the share not told of yet; never while it waits or once it is over."""
    if task.started is None or not task.open or told >= 100:
        return None
    return task.due if told >= WARN else task.started + (task.due - task.started) * WARN / 100


def row_of(task: Task) -> dict[str, Any]:
    """The task by the names of its row's columns."""
    return dict(zip(OF_TASK, (getattr(task, name.removesuffix("_id")) for name in OF_TASK), strict=True))
