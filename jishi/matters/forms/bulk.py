"""The forms of commands that are given to many matters at once, the backlog's triage among them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jishi.matters import catalogue
from jishi.matters.forms.fields import optional_id, reason_field
from jishi.matters.forms.options import NOBODY, category_choices, grade_choices, outcome_choices
from jishi.stations.models import Post

Values = dict[str, Any]
Row = Mapping[str, Any]
AS_IT_IS = ("", _("as each one is"))
AS_USUAL = (0, _("as usual for the category"))


class BulkForm(forms.Form):
    """One command for many matters.  ``key`` makes it harmless to send twice."""

    verb: ClassVar[str]
    key = forms.CharField(max_length=64, widget=forms.HiddenInput)

    def __init__(self, station_id: int, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.station_id = station_id
        self.prepare()

    def prepare(self) -> None:
        """Fill the lists."""

    def values(self, row: Row) -> Values:
        """The fields of the command for one matter."""
        return {name: value for name, value in self.cleaned_data.items() if name != "key"}

    def choose(self, name: str, choices: list[tuple[Any, Any]]) -> None:
        """Let the field ``name`` offer these."""
        field = self.fields[name]
        assert isinstance(field, forms.ChoiceField)
        field.choices = choices

    def units(self) -> list[tuple[Any, Any]]:
        """The working units of the station."""
        ground = catalogue.ground(self.station_id)
        return [(pk, ground.unit_names[pk]) for pk in ground.units]


class BulkAssess(BulkForm):
    """A category and a grade, or what each matter has or would usually get."""

    verb = "assess"
    category = forms.ChoiceField(label=_("Category"), required=False)
    grade = forms.TypedChoiceField(label=_("Grade"), coerce=int, initial=0, widget=forms.RadioSelect)

    def prepare(self) -> None:
        self.choose("category", [AS_IT_IS, *category_choices()[1:]])
        self.choose("grade", [AS_USUAL, *grade_choices()])

    def values(self, row: Row) -> Values:
        code = self.cleaned_data["category"] or row["category_id"]
        known = catalogue.categories().get(code or "")
        return {"category": code, "grade": self.cleaned_data["grade"] or (known.grade if known else row["grade"])}


class BulkTriage(BulkAssess):
    """What an inherited matter needs to come into the loop."""

    verb = "triage"
    unit = forms.TypedChoiceField(
        label=_("Push to a unit at once"), required=False, coerce=optional_id, empty_value=None,
        help_text=_("Left open, it goes to the desk, which pushes it later."),
    )  # fmt: skip

    def prepare(self) -> None:
        super().prepare()
        self.choose("unit", [NOBODY, *self.units()])

    def values(self, row: Row) -> Values:
        return {**super().values(row), "unit": self.cleaned_data["unit"]}


class BulkDecline(BulkForm):
    verb = "decline"
    outcome = forms.ChoiceField(label=pgettext_lazy("bulk", "Outcome"), widget=forms.RadioSelect)
    reason = reason_field(_("The same for all of them; without names."))

    def prepare(self) -> None:
        self.choose("outcome", outcome_choices("no_action", "unverifiable", "out_of_scope"))


class BulkPush(BulkForm):
    verb = "push"
    unit = forms.TypedChoiceField(label=pgettext_lazy("matter", "Unit"), coerce=int)

    def prepare(self) -> None:
        self.choose("unit", self.units())


class BulkAssign(BulkForm):
    verb = "assign"
    person = forms.TypedChoiceField(
        label=_("Person"), coerce=int, help_text=_("Matters of other units than this person's are left as they are.")
    )

    def prepare(self) -> None:
        posts = Post.objects.filter(station_id=self.station_id, unit__active=True, staff__is_active=True)
        people = dict(posts.order_by("unit__code", "staff__username").values_list("staff_id", "staff__name"))
        self.choose("person", list(people.items()))


class BulkAccept(BulkForm):
    verb = "accept"


class BulkClose(BulkForm):
    verb = "close"


#: The commands that can be given to many, in the order of the loop.
BULK: Mapping[str, type[BulkForm]] = {
    form.verb: form for form in (BulkTriage, BulkAssess, BulkPush, BulkAccept, BulkAssign, BulkDecline, BulkClose)
}
