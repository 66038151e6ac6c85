"""The forms about time: asking for more of it or for a pause, granting, refusing; they say what this round has left."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from jishi.base import words
from jishi.matters import catalogue
from jishi.matters.forms.commands import CommandForm, Values
from jishi.matters.forms.fields import optional_id, reason_field
from jishi.matters.forms.options import NOBODY
from jishi.matters.loop import requests

_WORK_DAY, _DAY = 480, 1440


class TimeForm(CommandForm):
    """What the forms about time share."""

    @property
    def left(self) -> requests.Left:
        """What may still be granted in this round."""
        return requests.left(self.options.state, catalogue.rules_of(self.options.state.station))

    @property
    def day(self) -> int:
        """The minutes of a day of the clock: a working day where it runs in working hours."""
        clock = self.options.state.clock("handle")
        return _WORK_DAY if clock is not None and clock.mode == "work" else _DAY

    def minutes(self, chosen: Mapping[str, Any]) -> int:
        """The minutes of an amount and its measure."""
        return int(chosen["amount"] or 0) * (self.day if chosen["measure"] == "days" else 60)

    def begin_with(self, minutes: int) -> None:
        """Fill in an amount of time."""
        days = minutes % self.day == 0
        self.initial["amount"] = minutes // (self.day if days else 60)
        self.initial["measure"] = "days" if days else "hours"

    def say_what_is_left(self) -> None:
        """Say beside the fields how much may still be granted."""
        left = self.left
        if "amount" in self.fields:
            hours = words.duration(timedelta(minutes=left.minutes))
            if self.day == _WORK_DAY:
                hours = _("%(hours)s working hours") % {"hours": words.number(left.minutes / 60, 0)}
            self.fields["amount"].help_text = _("At most %(time)s more in this round.") % {"time": hours}
        if "until" in self.fields:
            said = _("In the zone of the station. In this round: %(times)s more, %(days)s days in all.")
            self.fields["until"].help_text = said % {"times": left.times, "days": left.days}


def amount_field(**more: Any) -> forms.IntegerField:
    """How much more time."""
    return forms.IntegerField(label=gettext_lazy("More time"), min_value=1, max_value=720, initial=1, **more)


def measure_field() -> forms.ChoiceField:
    """What it is counted in."""
    return forms.ChoiceField(
        label=gettext_lazy("In"), choices=[("days", gettext_lazy("days")), ("hours", gettext_lazy("hours"))],
        initial="days", widget=forms.RadioSelect, required=False,
        help_text=gettext_lazy("Working days and hours where the clock runs in working hours."),
    )  # fmt: skip


def until_field(**more: Any) -> forms.DateTimeField:
    """Until when."""
    return forms.DateTimeField(
        label=gettext_lazy("Until"),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
        **more,
    )


class SuspendForm(TimeForm):
    verb = "suspend"
    telling = ("until",)
    until = until_field()
    person = forms.TypedChoiceField(
        label=gettext_lazy("Returns to"), coerce=optional_id, empty_value=None, required=False,
        help_text=gettext_lazy("Who has it in hand again when the pause is over."),
    )  # fmt: skip
    reason = reason_field()

    def prepare(self) -> None:
        state = self.options.state
        self.choose("person", [NOBODY, *self.options.crew])
        self.fields["person"].required = state.assignee is None
        self.initial.setdefault("person", state.assignee or "")
        if state.asked == "suspend":
            self.initial.setdefault("until", state.asked_until)
        self.say_what_is_left()


class ExtendForm(TimeForm):
    verb = "extend"
    telling = ("amount", "measure")
    amount = amount_field()
    measure = measure_field()
    reason = reason_field()

    def prepare(self) -> None:
        if self.options.state.asked == "extend" and self.options.state.asked_minutes:
            self.begin_with(self.options.state.asked_minutes)
        self.say_what_is_left()

    def values(self) -> Values:
        return {"minutes": self.minutes(self.cleaned_data), "reason": self.cleaned_data["reason"]}

    def foretold(self, given: Mapping[str, Any]) -> Values:
        return {"minutes": self.minutes(super().foretold(given))}


class RequestForm(TimeForm):
    verb = "request"
    telling = ()
    what = forms.ChoiceField(
        label=gettext_lazy("What is asked for"), widget=forms.RadioSelect, initial="extend",
        choices=[("extend", gettext_lazy("more time")), ("suspend", gettext_lazy("a pause"))],
    )  # fmt: skip
    amount = amount_field(required=False)
    measure = measure_field()
    until = until_field(required=False)
    reason = reason_field(gettext_lazy("The leaders read it and decide."))

    def prepare(self) -> None:
        self.say_what_is_left()

    def clean(self) -> dict[str, Any]:
        """More time needs an amount, a pause an end."""
        cleaned = super().clean() or self.cleaned_data
        if cleaned.get("what") == "extend" and not cleaned.get("amount") and "amount" not in self.errors:
            self.add_error("amount", _("Say how much more time is needed."))
        if cleaned.get("what") == "suspend" and not cleaned.get("until") and "until" not in self.errors:
            self.add_error("until", _("Say until when the matter has to rest."))
        return cleaned

    def values(self) -> Values:
        chosen = self.cleaned_data
        asked = {"minutes": self.minutes(chosen)} if chosen["what"] == "extend" else {"until": chosen["until"]}
        return {"what": chosen["what"], "reason": chosen["reason"], **asked}


class RefuseForm(CommandForm):
    verb = "refuse"
    reason = reason_field()


REQUEST_FORMS = (SuspendForm, ExtendForm, RequestForm, RefuseForm)
