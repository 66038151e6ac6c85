"""Plans in the loop: a plan starts and ends, and its tasks are taken, finished, skipped, handed on, taken up again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from jishi import worktime
from jishi.base.errors import Refused
from jishi.matters import commands as c
from jishi.matters.loop.state import Actor, Event, State
from jishi.matters.loop.table import LEADERS
from jishi.matters.tasks import Later, Run, Task, awake, begin
from jishi.matters.terms import Rules

#: The commands that a running plan asks for; without one they are refused.
OF_A_RUN = frozenset({"end_plan", "take_task", "finish_task", "skip_task", "hand_task", "reopen_task"})
#: The commands that would take a matter away from the tasks that somebody still owes.
WAITS_FOR_TASKS = frozenset({"close", "merge", "transfer", "suspend"})
#: Those who act for any unit in a plan: the leaders, and the desk, to which units report by radio.
_FOR_ALL = LEADERS | {"desk"}


def why_not(state: State, verb: str) -> Refused | None:
    """Why a running plan, or that none runs, forbids the command."""
    if verb == "start_plan" and state.run:
        return Refused("plan_runs")
    if verb in OF_A_RUN and not state.run:
        return Refused("no_plan_runs")
    if verb in WAITS_FOR_TASKS and state.open_tasks:
        return Refused("open_tasks", count=state.open_tasks)
    if verb in WAITS_FOR_TASKS and state.run:
        return Refused("plan_not_ended")
    if verb == "refer" and state.drill:
        return Refused("drill_inside")
    return None


def for_all(actor: Actor) -> bool:
    """Whether somebody acts for any unit in a plan."""
    return bool(actor.roles & _FOR_ALL)


def _start_plan(state: State, cmd: c.StartPlan, actor: Actor, now: datetime, rules: Rules) -> Event:
    run = _run_of(cmd)
    tasks = begin(run.steps, now, _later(rules))
    return Event("plan_started", {"run": run.number, "open_tasks": len(tasks)}, tasks=tasks,
                 facts={"plan": run.version})  # fmt: skip


def _end_plan(state: State, cmd: c.EndPlan, actor: Actor, now: datetime, rules: Rules) -> Event:
    run = _run_of(cmd)
    still = [task for task in run.open if task.code in run.ends]
    if still:
        raise Refused("ending_tasks", count=len(still))
    optional = {step.code for step in run.steps if step.optional}
    if not cmd.reason and any(task.code not in optional for task in run.open):
        raise Refused("missing", field="reason", command="end_plan")
    left = tuple(_ended(task, "skipped", actor, now) for task in run.open)
    return Event("plan_ended", {"run": 0, "open_tasks": 0}, tasks=left, facts={"skipped": len(left)} if left else {})


def _take_task(state: State, cmd: c.TakeTask, actor: Actor, now: datetime, rules: Rules) -> Event:
    task = _task_of(cmd, actor)
    if task.state == "taken":
        raise Refused("task_taken")
    _must_be_ready(task)
    return _event("task_taken", state, replace(task, state="taken", person=actor.id, taken_at=now))


def _finish_task(state: State, cmd: c.FinishTask, actor: Actor, now: datetime, rules: Rules) -> Event:
    task = _task_of(cmd, actor)
    _must_be_ready(task)
    return _over("task_finished", state, _run_of(cmd), _ended(task, "done", actor, now), now, rules)


def _skip_task(state: State, cmd: c.SkipTask, actor: Actor, now: datetime, rules: Rules) -> Event:
    task = _task_of(cmd, actor)
    if not task.open:
        raise Refused("task_over")
    return _over("task_skipped", state, _run_of(cmd), _ended(task, "skipped", actor, now), now, rules)


def _hand_task(state: State, cmd: c.HandTask, actor: Actor, now: datetime, rules: Rules) -> Event:
    task = _task_of(cmd, actor)
    if not task.open:
        raise Refused("task_over")
    unit = cmd.unit or task.unit
    if (unit, cmd.person) == (task.unit, task.person):
        raise Refused("task_there")
    if task.state == "waiting":
        handed = replace(task, unit=unit, person=cmd.person)
    elif cmd.person:
        handed = replace(task, unit=unit, state="taken", person=cmd.person, taken_at=now)
    else:
        handed = replace(task, unit=unit, state="ready", person=None, taken_at=None)
    return _event("task_handed", state, handed)


def _reopen_task(state: State, cmd: c.ReopenTask, actor: Actor, now: datetime, rules: Rules) -> Event:
    """One step back: what was taken is free again, what was over is owed again, as long as nothing followed from it."""
    run, task = _run_of(cmd), _task_of(cmd, actor)
    if task.state == "taken":
        return _event("task_reopened", state, replace(task, state="ready", person=None, taken_at=None))
    if task.open:
        raise Refused("task_not_begun")
    followers = run.followers(task.code)
    if any(each.state not in ("waiting", "ready") for each in followers):
        raise Refused("task_followed")
    step = next(step for step in run.steps if step.code == task.code)
    before = [each for each in run.tasks if each.code in step.after and each.open]
    now_is = "waiting" if before else "taken" if task.taken_at else "ready"
    back = replace(task, state=now_is, ended_at=None, ended_by=None)
    if now_is == "ready":
        back = replace(back, person=None)
    waiting = [replace(each, state="waiting", started=None) for each in followers]
    return _event("task_reopened", state, back, *waiting, owed=1)


def _over(kind: str, state: State, run: Run, task: Task, now: datetime, rules: Rules) -> Event:
    """A task is over, and what waited for it becomes ready."""
    return _event(kind, state, task, *awake(run, {task.code: task}, now, _later(rules)), owed=-1)


def _event(kind: str, state: State, task: Task, *others: Task, owed: int = 0) -> Event:
    sets = {"open_tasks": state.open_tasks + owed} if owed else {}
    return Event(kind, sets, tasks=(task, *others), facts={"task": task.code})


def _ended(task: Task, state: str, actor: Actor, now: datetime) -> Task:
    return replace(task, state=state, ended_at=now, ended_by=actor.id)


def _run_of(cmd: Any) -> Run:
    if cmd.seen is None:
        raise Refused("plan_unknown")
    run: Run = cmd.seen
    return run


def _task_of(cmd: Any, actor: Actor) -> Task:
    """The task that the command names, where the actor may act for its unit."""
    task = _run_of(cmd).task(cmd.task)
    if task is None:
        raise Refused("task_unknown", task=cmd.task)
    if not for_all(actor) and task.unit not in actor.units:
        raise Refused("task_elsewhere", command=cmd.verb)
    return task


def _must_be_ready(task: Task) -> None:
    if task.state == "waiting":
        raise Refused("task_waits")
    if not task.open:
        raise Refused("task_over")


def _later(rules: Rules) -> Later:
    return lambda start, minutes: worktime.add(rules.calendar, start, minutes, "clock")


DECIDERS: Mapping[str, Any] = {
    "start_plan": _start_plan, "end_plan": _end_plan, "take_task": _take_task, "finish_task": _finish_task,
    "skip_task": _skip_task, "hand_task": _hand_task, "reopen_task": _reopen_task,
}  # fmt: skip
