"""Matters on which a plan runs, as far as each command needs it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from jishi.matters.loop.plans import OF_A_RUN
from jishi.matters.models import Matter, PlanItem
from jishi.matters.plans.actions import add_item, end_item, publish_plan, start_drill
from jishi.matters.plans.catalogue import plan_of
from jishi.matters.tests import factory
from jishi.stations.models import Staff

#: A plan that ships; its second task is the patrol's and can be done at once.
PLAN, TASK, ENDS = "smoke", "patrol_in", ("out", "nobody_left")


#: The commands to a plan that come with words: the state of the matter, and what else they need.
WITH_WORDS: tuple[tuple[str, str, dict[str, Any]], ...] = (
    ("end_plan", "handling", {}),
    ("finish_task", "handling", {"task": TASK}),
    ("skip_task", "handling", {"task": TASK}),
)


def ready_for(house: factory.House, verb: str, matter: Matter | int) -> Matter | int:
    """The matter, with a plan at work on it where the command needs one."""
    pk = matter if isinstance(matter, int) else matter.pk
    if verb in OF_A_RUN and not Matter.objects.get(pk=pk).run:
        factory.give(house, pk, "start_plan", plan=PLAN)
        for code in ENDS if verb == "end_plan" else ():
            factory.give(house, pk, "skip_task", by=house.people["chief"], task=code, reason="试验")
    return matter


def with_plans(house: factory.House) -> dict[str, Matter]:
    """One matter with a plan that has just begun, one with a task in hand, one whose plan may end."""
    fresh, taken, over = (
        factory.give(house, factory.a_matter(house, "handling"), "start_plan", plan=PLAN) for _ in range(3)
    )
    taken = factory.give(house, taken, "take_task", by=house.officer, task=TASK)
    for code in ENDS:
        over = factory.give(house, over, "skip_task", by=house.people["chief"], task=code, reason="试验")
    return {"planned": fresh, "plan_taken": taken, "plan_over": over}


def a_round(house: factory.House, mark: str, leader: Staff) -> None:
    """A plan through all its commands, and its review, each word of it marked; a drill too."""
    matter = factory.give(house, factory.a_matter(house, "handling"), "start_plan", plan=PLAN)
    steps: list[tuple[str, dict[str, Any]]] = [
        ("take_task", {"task": TASK}), ("reopen_task", {"task": TASK}),
        ("hand_task", {"task": TASK, "person": house.officer.pk}), ("finish_task", {"task": TASK, "text": f"{mark}办"}),
        *(("skip_task", {"task": code, "reason": f"{mark}因"}) for code in ENDS), ("end_plan", {"reason": f"{mark}因"}),
    ]  # fmt: skip
    for verb, more in steps:
        factory.give(house, matter, verb, by=leader, **more)
    due = timezone.now() + timedelta(days=3)
    item = add_item(matter.runs.get(), body=f"{mark}改", unit=house.patrol.pk, due=due, by=leader)
    end_item(item, done=True, by=leader)
    start_drill(house.station, PLAN, by=house.people["chief"], place=f"{mark}处")


def an_item(world: Any) -> PlanItem:
    """Something that a review asks of the patrol."""
    found: PlanItem | None = world.__dict__.get("plan_item")
    if found is None:
        run, house = world.matters["planned"].runs.get(), world.house
        due = timezone.now() + timedelta(days=3)
        found = add_item(run, body="补充警戒带", unit=house.patrol.pk, due=due, by=house.people["chief"])
        world.__dict__["plan_item"] = found
    return found


def own_plan(world: Any) -> str:
    """The code of a plan of the house's own."""
    if "own_plan" not in world.__dict__:
        house = world.house
        like = plan_of(house.station.pk, "lift_stuck").plan
        publish_plan(house.station, "own_1", like, category="public.manhole", grade=0, by=house.people["chief"])
        world.__dict__["own_plan"] = "own_1"
    return "own_1"
