"""Matters on which a plan runs, as far as each command needs it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from jishi.matters.models import Matter, PlanItem
from jishi.matters.plans.actions import add_item, publish_plan
from jishi.matters.plans.catalogue import plan_of
from jishi.matters.tests import factory

#: A plan that ships; its second task is the patrol's and can be done at once.
PLAN, TASK, ENDS = "smoke", "patrol_in", ("out", "nobody_left")


def with_plans(house: factory.House) -> dict[str, Matter]:
    """One matter with a plan that has just begun, one with a task in hand, one whose plan may end."""
    fresh, taken, over = (
        factory.give(house, factory.a_matter(house, "handling"), "start_plan", plan=PLAN) for _ in range(3)
    )
    taken = factory.give(house, taken, "take_task", by=house.officer, task=TASK)
    for code in ENDS:
        over = factory.give(house, over, "skip_task", by=house.people["chief"], task=code, reason="试验")
    return {"planned": fresh, "plan_taken": taken, "plan_over": over}


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
