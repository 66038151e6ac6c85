"""Forms over the fields of an element: registering it, correcting it, verifying it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jishi.base.uploads import ACCEPTED
from jishi.register import labels
from jishi.register.actions import Point, Source
from jishi.register.catalogue import Sort
from jishi.register.forms.attributes import fields_of, initial_of, values_of_fields
from jishi.register.grading import REASONS
from jishi.register.models import Verification

Areas = Sequence[tuple[int, str]]
_PLAIN = forms.TextInput(attrs={"autocomplete": "off"})


class Hidden(forms.Form):
    """Which version was seen, and the key that makes sending twice harmless."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)
    key = forms.CharField(max_length=64, widget=forms.HiddenInput)


class Position(forms.Form):
    """A point in degrees of a datum: where something is, or where somebody stood."""

    lon = forms.FloatField(
        label=_("Longitude"), required=False, min_value=-180, max_value=180,
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
    )  # fmt: skip
    lat = forms.FloatField(
        label=_("Latitude"), required=False, min_value=-90, max_value=90,
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
    )  # fmt: skip
    datum = forms.ChoiceField(
        label=_("Datum"), required=False, choices=list(labels.DATUMS.items()),
        help_text=_("What the numbers refer to. They are kept in WGS-84."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Both numbers, or none."""
        found = super().clean() or self.cleaned_data
        one, other = found.get("lon"), found.get("lat")
        if (one is None) != (other is None) and "lon" not in self.errors and "lat" not in self.errors:
            missing = "lon" if one is None else "lat"
            self.add_error(missing, forms.ValidationError(_("Give both numbers, or none."), code="half"))
        return found

    def point(self) -> Point | None:
        """The point that was given."""
        lon, lat = self.cleaned_data.get("lon"), self.cleaned_data.get("lat")
        return None if lon is None or lat is None else Point(lon, lat, self.cleaned_data.get("datum") or "wgs84")


class From(forms.Form):
    """Where it is known from, where not from being there."""

    source = forms.CharField(
        label=_("Known from"), required=False, max_length=80, widget=_PLAIN,
        help_text=_("A list or an authority, with its date; left open where you saw it yourself."),
    )  # fmt: skip
    source_date = forms.DateField(
        label=_("Date of the list"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def known_from(self) -> Source:
        """The source that was given.  Raises ``Refused("personal")``."""
        return Source(self.cleaned_data.get("source", "").strip(), self.cleaned_data.get("source_date"))


class ElementForm(Hidden, Position, From):
    """The fields of an element of one category."""

    name = forms.CharField(
        label=pgettext_lazy("element", "Name"), max_length=120,
        widget=forms.TextInput(attrs={"autofocus": True, "autocomplete": "off"}),
        help_text=_("What it is called on the spot; never the name of a person."),
    )  # fmt: skip
    address = forms.CharField(
        label=pgettext_lazy("element", "Address"), required=False, max_length=200, widget=_PLAIN,
        help_text=_("Street and number, building or entrance; no flat of a dwelling."),
    )  # fmt: skip
    area = forms.TypedChoiceField(
        label=pgettext_lazy("element", "Area"), required=False, coerce=int, empty_value=None,
        help_text=_("Left open, the point says it."),
    )  # fmt: skip
    grade = forms.TypedChoiceField(
        label=pgettext_lazy("element", "Grade"), required=False, coerce=int, empty_value=0,  # type: ignore[arg-type]  # any value
        choices=list(labels.GRADES.items()), widget=forms.RadioSelect,
        help_text=_("Of the place, never of who is in it. A graded place is verified more often."),
    )  # fmt: skip
    reasons = forms.MultipleChoiceField(
        label=pgettext_lazy("element", "Reasons of the grade"), required=False, choices=list(REASONS.items()),
        widget=forms.CheckboxSelectMultiple, help_text=_("Red and orange need at least one."),
    )  # fmt: skip

    def __init__(self, sort: Sort, areas: Areas, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sort = sort
        self.fields["area"].choices = [("", _("not said")), *areas]  # type: ignore[attr-defined]  # a choice field
        self.fields |= fields_of(sort.attributes)

    @property
    def attribute_names(self) -> list[str]:
        """The names of the fields that come from the category."""
        return list(fields_of(self.sort.attributes))

    def values(self) -> dict[str, Any]:
        """All values of the form, as the actions take them; ``point`` is a ``Point`` or None."""
        cleaned = self.cleaned_data
        return {
            "category": self.sort.category.code, "name": " ".join(cleaned.get("name", "").split()),
            "address": " ".join(cleaned.get("address", "").split()), "area": cleaned.get("area"),
            "grade": cleaned.get("grade") or 0, "reasons": sorted(cleaned.get("reasons") or ()),
            "attributes": values_of_fields(self.sort.attributes, cleaned), "point": self.point(),
        }  # fmt: skip

    def corrections(self, before: Mapping[str, Any]) -> dict[str, Any]:
        """The values that differ from ``before``, the tracked values that the sender saw."""
        found = {name: value for name, value in self.values().items() if name != "point"}
        was = {**before, "reasons": sorted(before["reasons"])}
        changed = {name: value for name, value in found.items() if value != was[name]}
        point = self.point()
        moved = (None, None) if point is None else (point.lon, point.lat)
        if moved != (before["lon"], before["lat"]) or (point is not None and point.datum != "wgs84"):
            changed["point"] = point
        return changed


def initial_values(sort: Sort, values: Mapping[str, Any]) -> dict[str, Any]:
    """What the form of an element shows for its tracked values; the point is given in WGS-84."""
    plain = {name: values.get(name) for name in ("name", "address", "area", "grade", "reasons", "lon", "lat")}
    return {**plain, "datum": "wgs84", **initial_of(sort.attributes, values["attributes"])}


class CreateForm(ElementForm):
    """A new element; ``seen`` are the likely duplicates that were shown."""

    seen = forms.CharField(required=False, max_length=400, widget=forms.HiddenInput)


class ChangeForm(ElementForm):
    """Correcting an element at a desk."""


class VerifyForm(ElementForm):
    """What was found on the spot, from where, with a photo where the category asks for one."""

    result = forms.ChoiceField(
        label=_("What did you find?"), widget=forms.RadioSelect, choices=[
            (Verification.Result.CORRECT, pgettext_lazy("found", "All correct")),
            (Verification.Result.CORRECTED, pgettext_lazy("found", "Something differs: correct it here")),
            (Verification.Result.GONE, pgettext_lazy("found", "It is not there any more")),
        ],
    )  # fmt: skip
    stood_lon = forms.FloatField(
        label=_("Longitude"), required=False, min_value=-180, max_value=180,
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
    )  # fmt: skip
    stood_lat = forms.FloatField(
        label=_("Latitude"), required=False, min_value=-90, max_value=90,
        widget=forms.NumberInput(attrs={"step": "any", "inputmode": "decimal"}),
    )  # fmt: skip
    stood_datum = forms.ChoiceField(label=_("Datum"), required=False, choices=list(labels.DATUMS.items()))
    accuracy = forms.IntegerField(required=False, min_value=0, max_value=100_000, widget=forms.HiddenInput)
    photo = forms.FileField(
        label=_("Photo"), required=False, widget=forms.FileInput(attrs={"accept": ACCEPTED, "capture": "environment"}),
        help_text=_("Where a photo was taken is removed from it."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].required = False
        self.fields["name"].widget.attrs.pop("autofocus", None)

    def clean(self) -> dict[str, Any]:
        """A corrected element still has a name; where somebody stood is two numbers or none."""
        found = super().clean()
        if found.get("result") == "corrected" and not found.get("name"):
            self.add_error("name", forms.ValidationError(self.fields["name"].error_messages["required"]))
        if (found.get("stood_lon") is None) != (found.get("stood_lat") is None):
            missing = "stood_lon" if found.get("stood_lon") is None else "stood_lat"
            self.add_error(missing, forms.ValidationError(_("Give both numbers, or none."), code="half"))
        return found

    def stood(self) -> Point | None:
        """Where the officer stood."""
        lon, lat = self.cleaned_data.get("stood_lon"), self.cleaned_data.get("stood_lat")
        return None if lon is None or lat is None else Point(lon, lat, self.cleaned_data.get("stood_datum") or "wgs84")
