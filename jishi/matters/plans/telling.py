"""Who is told of a plan and its tasks, and by which rule.  A drill tells people inside only."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from jishi.journal.chain import instant
from jishi.matters import catalogue
from jishi.matters.loop import Actor, Event, State
from jishi.matters.models import PlanRun
from jishi.matters.plans.catalogue import version_data
from jishi.matters.plans.written import Written
from jishi.matters.tasks import Task
from jishi.matters.telling import is_silent
from jishi.notify.actions import To, tell
from jishi.stations.crew import Crew, crew_of
from jishi.stations.models import Agency

PLAN, TASK = "matter.plan", "matter.task"


def tell_of(matter_id: int, before: State, event: Event, after: State, actor: Actor, now: datetime) -> None:
    """Tell whoever a step of a plan concerns; the actor knows."""
    if event.kind not in _TELLS or is_silent():
        return
    number = after.run or before.run
    version = event.facts["plan"] if event.kind == "plan_started" else _version(matter_id, number)
    _TELLS[event.kind](_Told(matter_id, after, version, number, actor, now), event)


class _Told:
    """One event of a plan as it is told: of which matter and plan, by whom, when."""

    def __init__(self, matter_id: int, state: State, version: int, number: int, actor: Actor, now: datetime) -> None:
        self.matter_id, self.state, self.actor, self.now = matter_id, state, actor, now
        self.facts: dict[str, Any] = {"plan": version, "run": number, **({"drill": True} if state.drill else {})}
        self.plan: Written = version_data(version)
        self.crew: Crew = crew_of(state.station)

    def tell(self, kind: str, to: Iterable[To], agency: int | None = None, **facts: Any) -> None:
        """Tell all of these but the actor."""
        people = [each for each in to if each.staff != self.actor.id]
        tell(
            kind, station=self.state.station, subject=("matter", self.matter_id), to=people, now=self.now,
            grade=self.state.grade, facts={**self.facts, **facts}, agency=agency, inside_only=self.state.drill,
        )  # fmt: skip

    def named(self) -> list[To]:
        """Those whom the plan names: by role and by unit."""
        ground = catalogue.ground(self.state.station)
        by_role = [To(staff, "plan_role") for role in self.plan.tell_roles for staff in self.crew.with_role(role)]
        units = [unit for unit, kind in ground.units.items() if kind in self.plan.tell_units]
        return by_role + [To(staff, "plan_unit") for unit in units for staff in self.crew.of_unit(unit, self.now)]

    def ready(self, tasks: Iterable[Task]) -> None:
        """Tell the owners of tasks that can be done from now on."""
        for task in tasks:
            if task.state == "ready":
                self.tell(TASK, owners(self.crew, task, self.now), task=task.code, what="ready", due=instant(task.due))


def owners(crew: Crew, task: Task, now: datetime) -> list[To]:
    """Whoever has to do a task: the person who has it, else the people of its unit."""
    if task.person:
        return [To(task.person, "task_yours")]
    return [To(staff, "task_unit") for staff in crew.of_unit(task.unit, now)]


def _started(it: _Told, event: Event) -> None:
    agencies = [] if it.state.drill else _agencies(it.state.station, it.plan.tell_agencies)
    it.tell(PLAN, it.named(), agencies[0] if agencies else None, what="started")
    for agency in agencies[1:]:
        it.tell(PLAN, (), agency, what="started")
    it.ready(event.tasks)


def _ended(it: _Told, event: Event) -> None:
    it.tell(PLAN, it.named(), what="ended")


def _moved_on(it: _Told, event: Event) -> None:
    """What became ready is told to its owners; when nothing is owed any more, the leaders are told to end the plan."""
    it.ready(event.tasks[1:])
    if not it.state.open_tasks:
        it.tell(PLAN, [To(staff, "plan_can_end") for staff in it.crew.leaders()], what="can_end")


def _handed(it: _Told, event: Event) -> None:
    task = event.tasks[0]
    if task.state != "waiting":
        it.tell(TASK, owners(it.crew, task, it.now), task=task.code, what="handed", due=instant(task.due))


def _back(it: _Told, event: Event) -> None:
    it.ready(event.tasks[:1])


_TELLS: Mapping[str, Any] = {
    "plan_started": _started, "plan_ended": _ended, "task_finished": _moved_on, "task_skipped": _moved_on,
    "task_handed": _handed, "task_reopened": _back,
}  # fmt: skip


def _version(matter_id: int, number: int) -> int:
    return PlanRun.objects.values_list("version_id", flat=True).get(matter_id=matter_id, number=number)


def _agencies(station_id: int, codes: Iterable[str]) -> list[int]:
    bureau = catalogue.ground(station_id).station.bureau_id
    known = dict(Agency.objects.filter(bureau=bureau, active=True, code__in=codes).values_list("code", "pk"))
    return [known[code] for code in codes if code in known]
