"""Plans for emergencies and their runs, in the permission table."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.utils import timezone

from jishi.matters.tests.sheets import sheet_of
from tests.support import plans

ADDRESSES = """
matters:plans                GET    200   200    200  200     200 200     200     200     200   200    302
matters:plans                POST   405   405    405  405     405 405     405     405     405   405    302
matters:written_plan         GET    200   200    200  200     200 200     200     200     200   200    302
matters:written_plan         POST   405   405    405  405     405 405     405     405     405   405    302
matters:new_plan             GET    200   200    403  403     403 403     403     403     200   200    302
matters:new_plan             POST   303   303    403  403     403 403     403     403     303   303    302
matters:edit_plan            GET    200   200    403  403     403 403     403     403     200   200    302
matters:edit_plan            POST   303   303    403  403     403 403     403     403     303   303    302
matters:use_plan             GET    405   405    405  405     405 405     405     405     405   405    302
matters:use_plan             POST   303   303    403  403     403 403     403     403     303   303    302
matters:drill                GET    405   405    405  405     405 405     405     405     405   405    302
matters:drill                POST   303   303    303  403     403 403     403     403     403   303    302
matters:board                GET    200   200    200  200     200 200     200     200     200   200    302
matters:board                POST   405   405    405  405     405 405     405     405     405   405    302
matters:act                  GET    405   405    405  405     405 405     405     405     405   405    302
matters:act                  POST   303   303    303  303     303 403     403     403     403   303    302
matters:review               GET    200   200    200  200     200 200     200     200     200   200    302
matters:review               POST   303   303    303  403     403 403     403     403     403   303    302
matters:review_print         GET    200   200    200  200     200 200     200     200     200   200    302
matters:review_print         POST   405   405    405  405     405 405     405     405     405   405    302
matters:review_item          GET    405   405    405  405     405 405     405     405     405   405    302
matters:review_item          POST   303   303    303  303     303 403     403     403     403   303    302
"""
COMMANDS = """
start_plan   yes   yes    yes  -       -   -       -       -       -     yes    -
end_plan     yes   yes    -    -       -   -       -       -       -     yes    -
take_task    yes   yes    yes  yes     yes -       -       -       -     yes    -
finish_task  yes   yes    yes  yes     yes -       -       -       -     yes    -
skip_task    yes   yes    -    -       -   -       -       -       -     yes    -
hand_task    yes   yes    yes  yes     yes -       -       -       -     yes    -
reopen_task  yes   yes    yes  yes     yes -       -       -       -     yes    -
"""
GIVEN_IN = {
    "start_plan": "handling", "end_plan": "plan_over", "take_task": "planned", "finish_task": "planned",
    "skip_task": "planned", "hand_task": "planned", "reopen_task": "plan_taken",
}  # fmt: skip
#: Plans that are written: those that ship belong to every station.
PUBLIC = {"matters:edit_plan", "matters:use_plan", "matters:drill"}
IN_ROUTES = {"code", "task"}


def values(world: Any, verb: str, api: bool) -> dict[str, Any]:
    """The fields of a command to a plan."""
    fire = world.house.units["fire"]
    return {
        "start_plan": {"plan": plans.PLAN}, "end_plan": {"reason": "其余不再需要"}, "take_task": {"task": plans.TASK},
        "finish_task": {"task": plans.TASK, "text": "已到场"}, "skip_task": {"task": plans.TASK, "reason": "不需要"},
        "hand_task": {"task": plans.TASK, "unit": fire.code if api else fire.pk}, "reopen_task": {"task": plans.TASK},
    }[verb]  # fmt: skip


def arguments(world: Any, name: str) -> list[Any] | None:
    """What stands in the address of a name of ours."""
    if name in ("matters:written_plan", "matters:edit_plan", "matters:use_plan"):
        return [plans.own_plan(world)]
    if name == "matters:drill":
        return [plans.PLAN]
    if name == "matters:review_item":
        item = plans.an_item(world)
        return [item.run.matter.number, item.pk]
    if name == "matters:act":
        return [world.matters["planned"].number, plans.TASK, "take_task"]
    if name in ("matters:board", "matters:review", "matters:review_print"):
        return [world.matters["planned"].number]
    return None


def sent(world: Any, name: str) -> dict[str, Any] | None:
    """What a POST to a name of ours sends."""
    if name in ("matters:new_plan", "matters:edit_plan"):
        sheet = sheet_of(world.house.station.pk, "lift_stuck")
        category = "public.snow" if name == "matters:new_plan" else "public.manhole"
        return {**sheet, "category": category, "grade": "0", "do": "publish"}
    due = timezone.localtime() + timedelta(days=3)
    return {
        "matters:use_plan": {"active": "1"},
        "matters:drill": {"place": "和平里3号楼"},
        "matters:act": {"key": "k"},
        "matters:review": {"body": "补充警戒带", "unit": world.house.patrol.pk, "due": f"{due:%Y-%m-%dT%H:%M}"},
        "matters:review_item": {"done": "1"},
    }.get(name)
