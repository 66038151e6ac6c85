"""What a plan tells: why somebody is told, and the words of the messages, made of the plan when they are read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db.models import F, Model
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jishi.matters import catalogue
from jishi.matters.models import Matter, PlanItem, PlanTask, PlanVersion
from jishi.matters.notices import KINDS
from jishi.matters.outside import place_outside
from jishi.matters.plans.telling import OF_ITEM, OF_TASK, PLAN, TASK
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
    """The messages of notices, many at once: one query for each kind of subject, one for the plans."""
    found = {(subject, row["subject"]): row for subject in _FROM for row in _rows(subject, notices)}
    wanted = {notice.facts["plan"] for notice in notices}
    plans = {pk: read(data) for pk, data in PlanVersion.objects.filter(pk__in=wanted).values_list("pk", "data")}
    return {
        notice.pk: _message(notice, found.get((notice.thread.partition(":")[0], notice.subject_id)), plans)
        for notice in notices
    }


#: Where the matter of a notice is found, by the kind of its subject.
_FROM: Mapping[str, tuple[type[Model], str]] = {
    "matter": (Matter, ""), OF_TASK: (PlanTask, "run__matter__"), OF_ITEM: (PlanItem, "run__matter__"),
}  # fmt: skip


def _rows(subject: str, notices: list[Notice]) -> Iterable[dict[str, Any]]:
    ids = {notice.subject_id for notice in notices if notice.thread.startswith(f"{subject}:")}
    if not ids:
        return ()
    model, way = _FROM[subject]
    names = {name: F(f"{way}{name}") for name in _OF_MATTER}
    rows: Iterable[dict[str, Any]] = model._default_manager.filter(pk__in=ids).values(
        subject=F("pk"), **{f"its_{name}": path for name, path in names.items()}
    )
    return rows


_OF_MATTER = ("number", "station_id", "category_id", "area_id", "place_name")


def _message(notice: Notice, row: Mapping[str, Any] | None, plans: Mapping[int, Written]) -> Message:
    facts, plan = notice.facts, plans.get(notice.facts["plan"])
    title = title_of(facts, plan) if plan else _("News of the plan")
    title = _("Drill: %(what)s") % {"what": title} if facts.get("drill") else title
    if row is None:
        return Message(title, reverse("matters:desk"))
    category = catalogue.categories().get(row["its_category_id"] or "")
    area = catalogue.ground(row["its_station_id"]).area_names.get(row["its_area_id"] or 0, "")
    screen = "matters:review" if facts["what"] == "item" else "matters:board"
    return Message(
        title=title,
        path=f"{reverse(screen, args=[row['its_number']])}?run={facts['run']}",
        number=row["its_number"],
        category=category.name if category else "",
        place=place_outside(row["its_place_name"]) or area,
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


kinds.register(*(Kind(code, KINDS[code][1], KINDS[code][0], write, urgent=True) for code in (PLAN, TASK)))
kinds.register_rules(RULES)
