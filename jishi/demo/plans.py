"""Plans at work: those that a red matter starts, a gas leak of this hour, and a drill with its review."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from jishi.demo.district import Crew
from jishi.matters import commands
from jishi.matters.actions import Place, apply, report_matter
from jishi.matters.models import PlanItem, PlanRun, PlanTask
from jishi.matters.plans.actions import add_item, end_item, start_drill
from jishi.stations.models import Staff

if TYPE_CHECKING:
    from jishi.demo.history import History

GAS = "楼道内有浓烈燃气味"
#: How long ago the gas leak was reported, and after how many minutes each of its tasks is done; the rest is still open.
LEAK = 28
LEAK_DONE = {"dispatch": 4, "call_gas": 9, "cordon": 15}
LEAK_TAKEN = {"evacuate": 12}
#: How long ago the drill was, and after how many minutes each of its tasks was done.
DRILL = timedelta(days=6, hours=5)
DRILL_DONE = {"dispatch": 3, "call_gas": 8, "cordon": 17, "evacuate": 34, "measure": 58, "reopen": 70, "bulletin": 88}
#: What the review of the drill asked for: words, unit, days until it is due, whether it is done by now.
ITEMS = (
    ("巡逻车后备箱配足警戒带和防爆手电", "patrol", 4, True),
    ("补充和平里各楼单元疏散联络点，夜间也有人接", "community", 12, False),
)


def plan_emergencies(history: History, crew: Crew) -> None:
    """Let a gas leak come in shortly before now, and a drill some days ago."""
    leak, drill = _Leak(history, crew), _Drill(history, crew)
    history.plan(history.until - timedelta(minutes=LEAK), leak.report)
    history.plan(history.until - DRILL, drill.start)


def tend(history: History, crew: Crew, matter_id: int, at: datetime) -> None:
    """Look after a plan that started by itself: what is ready is done after a while, then a leader ends it."""
    if PlanTask.objects.filter(run__matter=matter_id, run__ended_at=None).exists():
        history.plan(at + history.wait(timedelta(minutes=12)), lambda moment: _go_on(history, crew, matter_id, moment))


def _go_on(history: History, crew: Crew, matter_id: int, at: datetime) -> None:
    chief = crew.staff["chief:command"][0]
    rows = PlanTask.objects.filter(run__matter=matter_id, run__ended_at=None, state__in=("ready", "taken"))
    ready = list(rows.order_by("position").values_list("code", flat=True))
    if not ready:
        apply(matter_id, commands.EndPlan(), by=chief, now=at)
        return
    for code in ready:
        apply(matter_id, commands.FinishTask(task=code), by=chief, now=at)
    tend(history, crew, matter_id, at)


class _Emergency:
    """What a leak and a drill share: their station, their people, the matter once it is there."""

    def __init__(self, history: History, crew: Crew) -> None:
        self.history, self.crew, self.matter = history, crew, 0
        self.chief = crew.staff["chief:command"][0]

    def later(self, at: datetime, minutes: int, run: Callable[[datetime], None]) -> None:
        """Take a step some minutes after ``at``."""
        self.history.plan(at + timedelta(minutes=minutes), run)

    def finish(self, code: str) -> Callable[[datetime], None]:
        """The step that finishes a task."""
        return lambda at: self.give(commands.FinishTask(task=code), self.one_of(code), at)

    def take(self, code: str) -> Callable[[datetime], None]:
        """The step that takes a task."""
        return lambda at: self.give(commands.TakeTask(task=code), self.one_of(code), at)

    def give(self, command: commands.Command, by: Staff, at: datetime) -> None:
        """Give one command to the matter."""
        apply(self.matter, command, by=by, now=at)

    def one_of(self, code: str) -> Staff:
        """Somebody of the unit that has the task, else the chief."""
        unit = PlanTask.objects.values_list("unit__code", flat=True).get(run__matter=self.matter, code=code)
        found = self.crew.staff.get(f"officer:{unit}") or self.crew.staff.get(f"desk:{unit}")
        return found[0] if found else self.chief


class _Leak(_Emergency):
    """A gas leak whose plan is in full swing now."""

    def report(self, at: datetime) -> None:
        """It comes in by telephone and is assessed as red at once."""
        desk, area = self.crew.staff["desk:desk"][0], self.crew.areas[0]
        done = report_matter(
            self.crew.station, by=desk, title=GAS, category="fire.gas",
            place=Place(f"{area.name}2号楼", area.pk), channel="phone", now=at, occurred_at=at - timedelta(minutes=3),
        )  # fmt: skip
        self.matter = done.matter_id
        self.history.reported += 1
        self.later(at, 1, self.assess)

    def assess(self, at: datetime) -> None:
        """Red: the plan starts by itself, and its tasks are done one after the other."""
        self.give(commands.Assess(category="fire.gas", grade=1), self.crew.staff["desk:desk"][0], at)
        for code, minutes in LEAK_DONE.items():
            self.later(at, minutes, self.finish(code))
        for code, minutes in LEAK_TAKEN.items():
            self.later(at, minutes, self.take(code))
        self.later(at, 3, self.push)

    def push(self, at: datetime) -> None:
        """The fire unit handles it."""
        self.give(commands.Push(unit=self.crew.units["fire"].pk), self.crew.staff["desk:desk"][0], at)
        self.later(at, 2, lambda moment: self.give(commands.Accept(), self.crew.staff["officer:fire"][0], moment))


class _Drill(_Emergency):
    """A drill of the same plan, with what its review asked for."""

    def start(self, at: datetime) -> None:
        """The chief starts it."""
        place = f"{self.crew.areas[1].name}5号楼"
        self.matter = start_drill(self.crew.station, "gas_leak", by=self.chief, place=place, now=at).pk
        self.history.reported += 1
        for code, minutes in DRILL_DONE.items():
            self.later(at, minutes, self.finish(code))
        skip = commands.SkipTask(task="engine", reason="演练中口头通知，不出动车辆")
        self.later(at, 20, lambda moment: self.give(skip, self.chief, moment))
        self.later(at, 95, lambda moment: self.give(commands.EndPlan(), self.chief, moment))
        self.later(at, 180, self.review)

    def review(self, at: datetime) -> None:
        """What is to change becomes tasks of units; the drill itself is declined, answered and closed."""
        run = PlanRun.objects.select_related("matter").get(matter=self.matter)
        for body, unit, days, done in ITEMS:
            item = add_item(
                run, body=body, unit=self.crew.units[unit].pk, due=at + timedelta(days=days), by=self.chief, now=at
            )
            if done:
                self.later(at, 60 * 24 * 2, partial(self.end, item))
        for command in (
            commands.Decline(outcome="no_action", reason="演练结束，按计划完成"), commands.Answer(text="演练已结束"),
            commands.Close(),
        ):  # fmt: skip
            self.give(command, self.chief, at)

    def end(self, item: PlanItem, at: datetime) -> None:
        """Something that the review asked for is done."""
        end_item(item, done=True, by=self.chief, now=at)
