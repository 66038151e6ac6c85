"""What a member of staff fills in about themselves, and about who is on duty."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import time
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jishi.stations import roster
from jishi.stations.actions import LONGEST_TOKEN_DAYS
from jishi.stations.models import ApiToken, Bureau, Shift, Staff, Unit

#: The usual hours of a shift; one that ends no later than it begins ends on the next day.
PATTERNS: Mapping[str, tuple[time, time]] = {
    "day": (time(8), time(20)),
    "night": (time(20), time(8)),
    "whole": (time(8), time(8)),
}


class TokenForm(forms.Form):
    """A new key to the API."""

    label = forms.CharField(
        label=_("What it is for"),
        max_length=60,
        help_text=_("Such as “night report” or “map screen”."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    scopes = forms.MultipleChoiceField(
        label=_("It may"),
        choices=ApiToken.Scope.choices,
        initial=[ApiToken.Scope.READ],
        widget=forms.CheckboxSelectMultiple,
    )
    days = forms.IntegerField(
        label=_("Good for, in days"),
        min_value=1,
        max_value=LONGEST_TOKEN_DAYS,
        initial=90,
        help_text=_("A year at most. Shorter is safer."),
    )


class ShiftForm(forms.Form):
    """Who is on duty, where and when: usual hours with one choice, others by the clock on the wall."""

    staff = forms.ChoiceField(label=_("Who"))
    unit = forms.ChoiceField(
        label=pgettext_lazy("roster", "Where"),
        required=False,
        help_text=_("Who is on duty in a unit is told of its work; for the whole station, of that of their own units."),
    )
    day = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    pattern = forms.ChoiceField(
        label=_("Hours"),
        choices=[
            ("day", _("Day, 08:00–20:00")),
            ("night", _("Night, 20:00–08:00")),
            ("whole", _("24 hours, from 08:00")),
            ("other", _("Other hours")),
        ],
        widget=forms.RadioSelect,
    )
    begins = forms.TimeField(
        label=_("From"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    ends = forms.TimeField(
        label=_("Until"), required=False, widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    last_day = forms.DateField(
        label=_("Ends on"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Left empty, it ends the first time that the clock shows this hour."),
    )

    def __init__(self, ground: roster.Ground, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.zone = roster.zone_at(ground)
        people = [(unit, [(str(pk), name) for pk, name in each]) for unit, each in roster.people_of(ground)]
        self.fields["staff"].choices = [("", "—"), *people]  # type: ignore[attr-defined]
        if isinstance(ground, Bureau):
            del self.fields["unit"]
            return
        units = Unit.objects.filter(station=ground, active=True).order_by("code").values_list("pk", "name")
        self.fields["unit"].choices = [("", _("Whole station")), *units]  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        """The moments that the hours stand for."""
        values = super().clean() or self.cleaned_data
        begins, ends = PATTERNS.get(values.get("pattern", ""), (values.get("begins"), values.get("ends")))
        if values.get("pattern") == "other":
            for name in ("begins", "ends"):
                if values.get(name) is None and name not in self.errors:
                    self.add_error(name, _("Say the hour."))
        if self.errors or begins is None or ends is None:
            return values
        last = values.get("last_day") if values["pattern"] == "other" else None
        last = last or values["day"] + (roster.DAY if ends <= begins else roster.DAY * 0)
        values["span"] = tuple(roster.moment_at(*at, self.zone) for at in ((values["day"], begins), (last, ends)))
        return values

    def shift(self) -> dict[str, Any]:
        """What the actions need."""
        values = self.cleaned_data
        starts, ends = values["span"]
        unit = values.get("unit")
        return {
            "staff": Staff.objects.get(pk=values["staff"]),
            "unit": Unit.objects.get(pk=unit) if unit else None,
            "starts": starts,
            "ends": ends,
        }


def written(shift: Shift, zone: ZoneInfo) -> dict[str, Any]:
    """A shift as the form holds it."""
    begin, end = roster.wall(shift.starts, zone), roster.wall(shift.ends, zone)
    days = (end.date() - begin.date()).days
    found = {"staff": shift.staff_id, "unit": shift.unit_id or "", "day": begin.date()}
    for name, (begins, ends) in PATTERNS.items():
        if (begin.time(), end.time(), days) == (begins, ends, int(ends <= begins)):
            return {**found, "pattern": name}
    return {**found, "pattern": "other", "begins": begin.time(), "ends": end.time(), "last_day": end.date()}
