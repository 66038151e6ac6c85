"""The form of the report, and the one that takes a pasted text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jishi.base.uploads import FilesField
from jishi.matters import paste
from jishi.matters.actions import PartyInput, Place
from jishi.matters.forms.fields import element_field, element_of, optional_id
from jishi.matters.forms.options import NOBODY, Choices, category_choices, grade_choices
from jishi.register.models import Element


class ReportForm(forms.Form):
    """The fewest fields that a matter needs; only the title is required."""

    title = forms.CharField(
        label=_("Title"), max_length=120, help_text=_("What it is about and where, without names."),
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off"}),
    )  # fmt: skip
    category = forms.ChoiceField(label=_("Category"), required=False)
    grade = forms.TypedChoiceField(
        label=_("Grade"), required=False, coerce=int, empty_value=0, widget=forms.RadioSelect,  # type: ignore[arg-type]  # any value
        help_text=_("Left open, the desk says it when it assesses the matter."),
    )  # fmt: skip
    area = forms.TypedChoiceField(
        label=pgettext_lazy("matter", "Area"), required=False, coerce=optional_id, empty_value=None
    )
    place = forms.CharField(
        label=_("Place"), max_length=120, required=False, widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Street and number, building or entrance; no room numbers of dwellings."),
    )  # fmt: skip
    element = element_field(help_text=_("What stands there, if the register holds it. Likely ones are named below."))
    description = forms.CharField(
        label=_("What was reported"), required=False, max_length=10_000, widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("In the reporter's words; read only inside this matter."),
    )  # fmt: skip
    occurred_at = forms.DateTimeField(
        label=_("Happened"), required=False, help_text=_("Left open: now."),
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )  # fmt: skip
    name = forms.CharField(
        label=_("Name of the reporter"), max_length=60, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )  # fmt: skip
    contact = forms.CharField(
        label=_("Number or address to answer to"), max_length=120, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
        help_text=_("Sealed; opened one at a time, with a reason that is logged."),
    )  # fmt: skip
    files = FilesField()  # type: ignore[assignment]  # the field, not what was sent
    lon = forms.FloatField(required=False, widget=forms.HiddenInput)
    lat = forms.FloatField(required=False, widget=forms.HiddenInput)
    key = forms.CharField(max_length=64, widget=forms.HiddenInput)
    channel = forms.ChoiceField(choices=[("desk", ""), ("paste", "")], required=False, widget=forms.HiddenInput)
    seen = forms.CharField(required=False, max_length=200, widget=forms.HiddenInput)

    def __init__(self, areas: Choices, elements: QuerySet[Element], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.elements = elements
        for name, choices in (
            ("category", category_choices()), ("grade", grade_choices()), ("area", [NOBODY, *areas]),
        ):  # fmt: skip
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices

    def clean_occurred_at(self) -> Any:
        """A moment that has come."""
        at = self.cleaned_data.get("occurred_at")
        if at and at > timezone.now():
            raise forms.ValidationError(_("This moment has not come yet. Give the time when it happened."))
        return at

    def clean_element(self) -> int | None:
        """The element of this number, where it is in the station's register."""
        return element_of(self.elements, str(self.cleaned_data["element"]))

    def report(self) -> Mapping[str, Any]:
        """What :func:`~jishi.matters.actions.report_matter` is given."""
        values = self.cleaned_data
        party = PartyInput("reporter", values["name"].strip(), values["contact"].strip())
        return {
            "title": values["title"],
            "category": values["category"] or None,
            "grade": values["grade"] or 0,
            "place": Place(
                values["place"].strip(), values["area"], values["lon"], values["lat"], element=values["element"]
            ),
            "description": values["description"],
            "parties": [party] if party.name or party.contact else [],
            "channel": values["channel"] or "desk",
            "key": values["key"],
            "uploads": values["files"],
            "occurred_at": values["occurred_at"],
        }


class PasteForm(forms.Form):
    """A 110 slip or a message of a group, as it was copied."""

    text = forms.CharField(
        label=_("Slip or message"), max_length=paste.LONGEST,
        help_text=_("Read on this server by fixed rules. Names, numbers and rooms are masked before anything is kept."),
        widget=forms.Textarea(attrs={"rows": 9, "autofocus": True}),
    )  # fmt: skip
