"""Who is told of a plan and its tasks, and by which rule.  A drill tells people inside only.

Each task is a subject of its own: what is told of one is never folded into what is told of another.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from jishi.journal.chain import instant
from jishi.matters import catalogue
from jishi.matters.loop import Actor, Event, State
from jishi.matters.models import PlanRun, PlanTask
from jishi.matters.plans.catalogue import version_data
from jishi.matters.plans.written import Written
from jishi.matters.tasks import Task
from jishi.matters.telling import is_silent
from jishi.notify.actions import To, tell
from jishi.stations.crew import Crew, crew_of
from jishi.stations.models import Agency

PLAN, TASK = "matter.plan", "matter.task"
#: The subjects of what is told beside the matter itself.
OF_TASK, OF_ITEM = "task", "item"


def tell_of(matter_id: int, before: State, event: Event, after: State, actor: Actor, now: datetime) -> None:
    """Tell whoever a step of a plan concerns; the actor knows."""
    if event.kind in _TELLS and not is_silent():
        _TELLS[event.kind](_Told(matter_id, after, after.run or before.run, actor, now), event)


class _Told:
    """One event of a plan as it is told: of which matter and run, by whom, when."""

    def __init__(self, matter_id: int, state: State, number: int, actor: Actor, now: datetime) -> None:
        self.matter_id, self.state, self.actor, self.now = matter_id, state, actor, now
        self.run = PlanRun.objects.only("version_id", "number", "drill").get(matter_id=matter_id, number=number)
        self.plan: Written = version_data(self.run.version_id)
        self.crew: Crew = crew_of(state.station)

    def tell_plan(self, what: str, to: Iterable[To], agency: int | None = None) -> None:
        """Tell all of these but the actor what became of the plan."""
        self._tell(PLAN, ("matter", self.matter_id), to, {"what": what}, agency)

    def tell_tasks(self, what: str, tasks: Iterable[Task]) -> None:
        """Tell the owners of tasks that these are theirs to do."""
        owed = {task.code: task for task in tasks}
        ids = self.run.tasks.filter(code__in=owed).values_list("code", "pk") if owed else ()
        for code, pk in ids:
            task = owed[code]
            facts = {"what": what, "task": code, "due": instant(task.due)}
            self._tell(TASK, (OF_TASK, pk), owners(self.crew, task, self.now), facts)

    def named(self) -> list[To]:
        """Those whom the plan names: by role and by unit."""
        ground = catalogue.ground(self.state.station)
        by_role = [To(staff, "plan_role") for role in self.plan.tell_roles for staff in self.crew.with_role(role)]
        units = [unit for unit, kind in ground.units.items() if kind in self.plan.tell_units]
        return by_role + [To(staff, "plan_unit") for unit in units for staff in self.crew.of_unit(unit, self.now)]

    def _tell(
        self, kind: str, subject: tuple[str, int], to: Iterable[To], facts: Mapping[str, Any], agency: int | None = None
    ) -> None:
        tell(
            kind, station=self.state.station, subject=subject, to=[each for each in to if each.staff != self.actor.id],
            now=self.now, grade=self.state.grade, facts={**facts_of(self.run), **facts}, agency=agency,
            inside_only=self.state.drill,
        )  # fmt: skip


def facts_of(run: PlanRun) -> dict[str, Any]:
    """What every notice of a run holds."""
    return {"plan": run.version_id, "run": run.number, **({"drill": True} if run.drill else {})}


def owners(crew: Crew, task: Task, now: datetime) -> list[To]:
    """Whoever has to do a task: the person who has it, else the people of its unit."""
    if task.person:
        return [To(task.person, "task_yours")]
    return [To(staff, "task_unit") for staff in crew.of_unit(task.unit, now)]


def tell_of_clock(row: PlanTask, task: Task, now: datetime) -> None:
    """Tell that the time of a task runs out: whoever has it; once it is over, those who lead its unit too."""
    run, late = row.run, row.told >= 100
    crew = crew_of(run.matter.station_id)
    to = owners(crew, task, now)
    if late:
        to += [To(staff, "task_lead") for staff in crew.leads_of(row.unit_id)]
    facts = {"what": "late" if late else "warned", "task": row.code, "due": instant(row.due), "level": row.told}
    tell(
        TASK, station=run.matter.station_id, subject=(OF_TASK, row.pk), to=to, now=now, grade=run.matter.grade,
        facts={**facts_of(run), **facts}, inside_only=run.drill,
    )  # fmt: skip


def _started(it: _Told, event: Event) -> None:
    agencies = [] if it.state.drill else _agencies(it.state.station, it.plan.tell_agencies)
    it.tell_plan("started", it.named(), agencies[0] if agencies else None)
    for agency in agencies[1:]:
        it.tell_plan("started", (), agency)
    it.tell_tasks("ready", _ready(event.tasks))


def _ended(it: _Told, event: Event) -> None:
    it.tell_plan("ended", it.named())


def _moved_on(it: _Told, event: Event) -> None:
    """What became ready is told to its owners; when nothing is owed any more, the leaders are told to end the plan."""
    it.tell_tasks("ready", _ready(event.tasks[1:]))
    if not it.state.open_tasks:
        it.tell_plan("can_end", [To(staff, "plan_can_end") for staff in it.crew.leaders()])


def _handed(it: _Told, event: Event) -> None:
    it.tell_tasks("handed", [task for task in event.tasks if task.state != "waiting"])


def _back(it: _Told, event: Event) -> None:
    it.tell_tasks("ready", _ready(event.tasks[:1]))


_TELLS: Mapping[str, Any] = {
    "plan_started": _started, "plan_ended": _ended, "task_finished": _moved_on, "task_skipped": _moved_on,
    "task_handed": _handed, "task_reopened": _back,
}  # fmt: skip


def _ready(tasks: Iterable[Task]) -> list[Task]:
    return [task for task in tasks if task.state == "ready"]


def _agencies(station_id: int, codes: Iterable[str]) -> list[int]:
    bureau = catalogue.ground(station_id).station.bureau_id
    known = dict(Agency.objects.filter(bureau=bureau, active=True, code__in=codes).values_list("code", "pk"))
    return [known[code] for code in codes if code in known]
