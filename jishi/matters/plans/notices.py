"""What a plan tells: why somebody is told, and the words of the messages, made of the plan when they are read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jishi.matters import catalogue
from jishi.matters.models import Matter, PlanVersion
from jishi.matters.plans.telling import PLAN, TASK
from jishi.matters.plans.written import Written, read
from jishi.notify import kinds
from jishi.notify.kinds import Kind, Message, moment_of
from jishi.notify.models import Notice

RULES: Mapping[str, Any] = {
    "plan_role": gettext_lazy("The plan names your post: you are told when it starts and when it ends."),
    "plan_unit": gettext_lazy("The plan names the unit in which you work: it is told when it starts and ends."),
    "plan_can_end": gettext_lazy("You lead the station, and every task of the plan is over."),
    "task_unit": gettext_lazy("The task belongs to the unit in which you work."),
    "task_yours": gettext_lazy("The task is in your hands."),
    "task_lead": gettext_lazy("You lead the unit that has the task, or stand in for whoever does."),
}


def write(notices: list[Notice]) -> dict[int, Message]:
    """The messages of notices, many at once: one query for their matters, one for the plans."""
    rows = {row["pk"]: row for row in _rows({notice.subject_id for notice in notices})}
    wanted = {notice.facts["plan"] for notice in notices}
    plans = {pk: read(data) for pk, data in PlanVersion.objects.filter(pk__in=wanted).values_list("pk", "data")}
    return {
        notice.pk: _message(notice, rows[notice.subject_id], plans[notice.facts["plan"]])
        for notice in notices if notice.subject_id in rows and notice.facts["plan"] in plans
    }  # fmt: skip


def _rows(ids: Iterable[int]) -> Iterable[Mapping[str, Any]]:
    names = ("pk", "number", "station_id", "category_id", "area_id")
    return Matter.objects.filter(pk__in=ids).values(*names)


def _message(notice: Notice, row: Mapping[str, Any], plan: Written) -> Message:
    facts = notice.facts
    category = catalogue.categories().get(row["category_id"] or "")
    area = catalogue.ground(row["station_id"]).area_names.get(row["area_id"] or 0, "")
    title = title_of(facts, plan)
    return Message(
        title=_("Drill: %(what)s") % {"what": title} if facts.get("drill") else title,
        path=reverse("matters:board", args=[row["number"]]),
        number=row["number"],
        category=category.name if category else "",
        place=area,
        due=moment_of(facts, "due"),
        owed=_("to finish the task") if "due" in facts else "",
    )


def title_of(facts: Mapping[str, Any], plan: Written) -> str:
    """What happened, in words."""
    task = plan.task(facts.get("task", ""))
    said = {"plan": plan.name, "task": task.title if task else ""}
    return {
        "started": _("The plan %(plan)s runs"),
        "ended": _("The plan %(plan)s has ended"),
        "can_end": _("%(plan)s: every task is over, the plan can end"),
        "ready": _("To be done now: %(task)s"),
        "handed": _("Handed to you: %(task)s"),
        "warned": _("Soon due: %(task)s"),
        "late": _("Overdue: %(task)s"),
        "item": _("A review asks your unit to change something"),
    }[facts["what"]] % said


kinds.register(
    Kind(PLAN, gettext_lazy("A plan starts, changes or ends"), "plans", write, urgent=True),
    Kind(TASK, gettext_lazy("A task of a plan is mine"), "mine", write),
)
kinds.register_rules(RULES)
