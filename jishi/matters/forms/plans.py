"""The forms of a plan's commands: starting and ending it, and its tasks."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext, pgettext, pgettext_lazy

from jishi.base.errors import Refused
from jishi.base.uploads import FilesField
from jishi.matters.forms.commands import CommandForm
from jishi.matters.forms.fields import optional_id, reason_field, text_field
from jishi.matters.forms.options import NOBODY
from jishi.matters.plans import catalogue
from jishi.matters.plans.queries import tasks_for
from jishi.matters.tasks import OPEN


class StartPlanForm(CommandForm):
    verb = "start_plan"
    plan = forms.ChoiceField(label=_("Plan"), help_text=_("Its tasks go to their units, and their clocks begin now."))

    def prepare(self) -> None:
        state = self.options.state
        fitting = catalogue.match(state.station, state.category, state.grade)
        self.choose("plan", [NOBODY, *((each.code, each.plan.name) for each in catalogue.in_force(state.station))])
        self.initial.setdefault("plan", fitting.code if fitting else "")


class EndPlanForm(CommandForm):
    verb = "end_plan"
    reason = reason_field(_("Needed when tasks are still open: why they are no longer needed."), required=False)

    def prepare(self) -> None:
        found = tasks_for(self.options.user, self.options.matter, self.options.state, sorted(OPEN)) or []
        if found:
            titles = pgettext("between tasks", "; ").join(title for _code, title in found)
            said = ngettext(
                "%(count)s task is open and is skipped for this reason: %(tasks)s",
                "%(count)s tasks are open and are skipped for this reason: %(tasks)s",
                len(found),
            )
            self.fields["reason"].help_text = said % {"count": len(found), "tasks": titles}


class TaskForm(CommandForm):
    """A command to one task: the tasks that this person may act on now."""

    states: tuple[str, ...] = ("ready", "taken")
    task = forms.ChoiceField(label=_("Task"))

    def prepare(self) -> None:
        found = tasks_for(self.options.user, self.options.matter, self.options.state, self.states)
        if found is None:
            raise Refused("task_elsewhere", command=self.verb)
        self.choose("task", found)


class TakeTaskForm(TaskForm):
    verb = "take_task"
    states = ("ready",)


class FinishTaskForm(TaskForm):
    verb = "finish_task"
    text = text_field(
        _("Note"), required=False, help_text=_("What was done or found, without names and numbers of persons.")
    )
    files = FilesField()  # type: ignore[assignment]  # the field, not what was sent


class SkipTaskForm(TaskForm):
    verb = "skip_task"
    states = ("waiting", "ready", "taken")
    reason = reason_field(_("What comes after it can begin then."))


class HandTaskForm(TaskForm):
    verb = "hand_task"
    states = ("waiting", "ready", "taken")
    unit = forms.TypedChoiceField(
        label=pgettext_lazy("matter", "Unit"), required=False, coerce=optional_id, empty_value=None
    )
    person = forms.TypedChoiceField(
        label=_("Person"), required=False, coerce=optional_id, empty_value=None,
        help_text=_("Only somebody of that unit; left open, the unit decides."),
    )  # fmt: skip

    def prepare(self) -> None:
        super().prepare()
        self.choose("unit", [("", _("the unit that has it")), *self.options.units])
        self.choose("person", self.options.people)


class ReopenTaskForm(TaskForm):
    verb = "reopen_task"
    states = ("taken", "done", "skipped")


PLAN_FORMS = (
    StartPlanForm, EndPlanForm, TakeTaskForm, FinishTaskForm, SkipTaskForm, HandTaskForm, ReopenTaskForm,
)  # fmt: skip
