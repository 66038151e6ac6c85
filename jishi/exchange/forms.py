"""The form that a file comes in by."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jishi.exchange.mapfile import MOST_BYTES
from jishi.exchange.models import What

DATUMS = [
    ("wgs84", _("WGS-84 (GPS)")),
    ("gcj02", _("GCJ-02 (Amap, Tencent)")),
    ("bd09", _("BD-09 (Baidu)")),
    ("cgcs2000", "CGCS2000"),
]


class UploadForm(forms.Form):
    """A table, what it brings in, and the map that says what its columns mean: a new one, or one used here today.

    A template that was filled in needs no map, only the datum of its points.
    """

    what = forms.ChoiceField(
        label=_("What comes in"), choices=What.choices, initial=What.MATTERS, widget=forms.RadioSelect
    )
    table = forms.FileField(
        label=_("File"), help_text=_("CSV, TSV, XLSX or GeoJSON, plain or gzipped; UTF-8, GBK or GB18030.")
    )
    map = forms.FileField(
        label=_("Map file"),
        required=False,
        help_text=_("A TOML file that says what the columns mean. A filled-in template needs none."),
    )
    known = forms.TypedChoiceField(label=_("Or a map used here today"), required=False, coerce=int, empty_value=None)
    datum = forms.ChoiceField(
        label=_("Coordinates of a template"),
        choices=DATUMS,
        initial="wgs84",
        required=False,
        help_text=_("From which map the longitudes and latitudes of a filled-in template were read."),
    )

    def __init__(self, maps: list[tuple[int, str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["table"].widget.attrs["accept"] = ".csv,.tsv,.txt,.xlsx,.geojson,.json,.gz"
        self.fields["map"].widget.attrs["accept"] = ".toml"
        self._whats = {pk: what for pk, _name, what in maps}
        known = self.fields["known"]
        assert isinstance(known, forms.TypedChoiceField)
        named = {What.MATTERS: pgettext_lazy("map", "matters"), What.REGISTER: pgettext_lazy("map", "register")}
        known.choices = [("", _("none")), *((pk, f"{name} · {named[What(what)]}") for pk, name, what in maps)]
        if not maps:
            del self.fields["known"]

    def clean_datum(self) -> str:
        """The datum; that of GPS where none is chosen."""
        return str(self.cleaned_data["datum"] or "wgs84")

    def clean(self) -> dict[str, Any]:
        """Hold that there is exactly one map of the right kind, and that it is small enough to be one."""
        cleaned: dict[str, Any] = super().clean() or {}
        given, known, what = cleaned.get("map"), cleaned.get("known"), cleaned.get("what")
        if given is None and not known and "map" not in self.errors and what == What.MATTERS:
            self.add_error("map", _("Choose the map file that belongs to this table."))
        if given is None and known and self._whats[known] != what:
            self.add_error("known", _("This map is for something else. Choose another, or what comes in."))
        if given is not None and given.size > MOST_BYTES:
            self.add_error("map", _("This is too big for a map file."))
        return cleaned


class ListForm(forms.Form):
    """A list of an authority, its date, and the map that says what its columns mean: a new one, or an earlier one."""

    authority = forms.CharField(
        label=_("Authority"),
        max_length=60,
        help_text=_("Whose list it is, such as market regulation, fire brigade or housing."),
    )
    date = forms.DateField(label=_("Date of the list"), widget=forms.DateInput(attrs={"type": "date"}))
    table = forms.FileField(
        label=_("File"), help_text=_("CSV, TSV, XLSX or GeoJSON, plain or gzipped; UTF-8, GBK or GB18030.")
    )
    map = forms.FileField(
        label=_("Map file"), required=False, help_text=_("A TOML file that says what the columns mean.")
    )
    known = forms.TypedChoiceField(
        label=_("Or the map of an earlier list"), required=False, coerce=int, empty_value=None
    )
    area = forms.TypedChoiceField(
        label=_("Area of the list"), required=False, coerce=int, empty_value=None,
        help_text=_("Elements elsewhere are not missed on it."),
    )  # fmt: skip

    def __init__(self, maps: list[tuple[int, str]], areas: list[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["table"].widget.attrs["accept"] = ".csv,.tsv,.txt,.xlsx,.geojson,.json,.gz"
        self.fields["map"].widget.attrs["accept"] = ".toml"
        for name, empty, choices in (("known", _("none"), maps), ("area", _("the whole station"), areas)):
            field = self.fields[name]
            assert isinstance(field, forms.TypedChoiceField)
            field.choices = [("", empty), *choices]
            if not choices:
                del self.fields[name]

    def clean(self) -> dict[str, Any]:
        """Hold that there is a map, and that it is small enough to be one."""
        cleaned: dict[str, Any] = super().clean() or {}
        given = cleaned.get("map")
        if given is None and not cleaned.get("known") and "map" not in self.errors:
            self.add_error("map", _("Choose the map file that belongs to this table."))
        if given is not None and given.size > MOST_BYTES:
            self.add_error("map", _("This is too big for a map file."))
        return cleaned
