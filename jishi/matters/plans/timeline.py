"""The sentences of a plan's events in a matter's history."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jishi.matters.plans.catalogue import version_data

Payload = Mapping[str, Any]


def plan_name(version: int) -> str:
    """The name of a plan by the id of its version."""
    return version_data(version).name if version else "?"


def task_title(version: int, code: str) -> str:
    """The title of a task by the id of its plan's version and its code."""
    task = version_data(version).task(code) if version else None
    return task.title if task else code


def too_late(kind: str, payload: Payload) -> timedelta | None:
    """By how much a task that was finished was late; None where it was in time, or was skipped."""
    if kind != "task_finished":
        return None
    task = payload["tasks"][0]
    late = datetime.fromisoformat(task["ended_at"]) - datetime.fromisoformat(task["due"])
    return late if late > timedelta(0) else None


def points_to(payload: Payload) -> tuple[list[int], list[int]]:
    """The units and the people that the sentence of a task names."""
    first = payload.get("tasks", ())[:1]
    return [task["unit"] for task in first], [task["person"] for task in first if task.get("person")]


def _started(it: Any) -> str:
    facts = {"who": it.who, "plan": plan_name(it.plan), "count": len(it.tasks)}
    return (
        ngettext(
            "%(who)s started the plan %(plan)s with %(count)s task.",
            "%(who)s started the plan %(plan)s with %(count)s tasks.",
            len(it.tasks),
        )
        % facts
    )


def _ended(it: Any) -> str:
    skipped = it.facts.get("skipped") or 0
    facts = {"who": it.who, "plan": plan_name(it.plan), "count": skipped}
    if skipped:
        return (
            ngettext(
                "%(who)s ended the plan %(plan)s; %(count)s task was no longer needed.",
                "%(who)s ended the plan %(plan)s; %(count)s tasks were no longer needed.",
                skipped,
            )
            % facts
        )
    return _("%(who)s ended the plan %(plan)s.") % facts


def _handed(it: Any) -> str:
    task = it.tasks[0] if it.tasks else {}
    unit, person = it.names.units.get(task.get("unit"), "?"), it.names.staff.get(task.get("person"), "")
    facts = {"who": it.who, "task": _title(it), "unit": unit, "person": person}
    if person:
        return _("%(who)s handed “%(task)s” to %(person)s of %(unit)s.") % facts
    return _("%(who)s handed “%(task)s” to %(unit)s.") % facts


def _title(it: Any) -> str:
    return task_title(it.plan, it.facts.get("task", ""))


SENTENCES: Mapping[str, Callable[[Any], str]] = {
    "plan_started": _started,
    "plan_ended": _ended,
    "task_taken": lambda it: _("%(who)s took “%(task)s”.") % {"who": it.who, "task": _title(it)},
    "task_finished": lambda it: _("%(who)s finished “%(task)s”.") % {"who": it.who, "task": _title(it)},
    "task_skipped": lambda it: _("%(who)s skipped “%(task)s”.") % {"who": it.who, "task": _title(it)},
    "task_handed": _handed,
    "task_reopened": lambda it: _("%(who)s took a step of “%(task)s” back.") % {"who": it.who, "task": _title(it)},
}
