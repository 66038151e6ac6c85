"""The forms of population counts: a building or an area, help counts, and a table that is given out."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jishi.register.models import HelpCount
from jishi.register.models.counts import HELP_LEAST
from jishi.stations.models import Area


class _Dated(forms.Form):
    date = forms.DateField(
        label=pgettext_lazy("count", "Date"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["date"].initial = timezone.localdate


class CountForm(_Dated):
    """How many live in one building, by its number, or in one area."""

    area = forms.ModelChoiceField(
        queryset=Area.objects.none(), required=False, label=_("Area as a whole"), empty_label=_("No: one building")
    )
    number = forms.CharField(
        required=False, max_length=40, label=_("Number of the building"), help_text=_("Such as %(number)s.")
    )
    households = forms.IntegerField(min_value=0, label=pgettext_lazy("count", "Households"))
    long_term = forms.IntegerField(min_value=0, label=_("Long-term residents"))
    temporary = forms.IntegerField(min_value=0, label=_("Temporary residents"))
    field_order = ("number", "area", "date", "households", "long_term", "temporary")

    def __init__(self, areas: Any, code: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = areas  # type: ignore[attr-defined]
        self.fields["number"].help_text = _("Such as %(number)s.") % {"number": f"{code}-E-000123"}

    def clean(self) -> dict[str, Any]:
        """One of the two, not both."""
        values = super().clean() or self.cleaned_data
        if bool(values.get("area")) == bool(values.get("number", "").strip()) and not self.errors:
            raise forms.ValidationError(_("Say either the number of a building, or an area as a whole."))
        return values


class HelpForm(_Dated):
    """How many in an area may need a hand."""

    area = forms.ModelChoiceField(queryset=Area.objects.none(), label=pgettext_lazy("count", "Area"))
    kind = forms.ChoiceField(choices=HelpCount.Kind.choices, label=_("What for"), widget=forms.RadioSelect)
    count = forms.IntegerField(
        min_value=0, label=_("How many"),
        help_text=_("Fewer than %(least)s are not kept: what stood for this date is taken away."),
    )  # fmt: skip
    field_order = ("area", "kind", "count", "date")

    def __init__(self, areas: Any, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["area"].queryset = areas  # type: ignore[attr-defined]
        self.fields["count"].help_text = (
            _("Fewer than %(least)s are not kept: what stood for this date is taken away.") % {"least": HELP_LEAST}
        )  # fmt: skip


class ReleaseForm(_Dated):
    """The day of the table that is given out."""
