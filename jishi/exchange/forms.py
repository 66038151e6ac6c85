"""The form that a file comes in by."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jishi.exchange.mapfile import MOST_BYTES


class UploadForm(forms.Form):
    """A table, and the map that says what its columns mean: a new one, or one that was used here today."""

    table = forms.FileField(
        label=_("File"), help_text=_("CSV, TSV, XLSX or GeoJSON, plain or gzipped; UTF-8, GBK or GB18030.")
    )
    map = forms.FileField(
        label=_("Map file"), required=False, help_text=_("A TOML file that says what the columns mean.")
    )
    known = forms.TypedChoiceField(label=_("Or a map used here today"), required=False, coerce=int, empty_value=None)

    def __init__(self, maps: list[tuple[int, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["table"].widget.attrs["accept"] = ".csv,.tsv,.txt,.xlsx,.geojson,.json,.gz"
        self.fields["map"].widget.attrs["accept"] = ".toml"
        known = self.fields["known"]
        assert isinstance(known, forms.TypedChoiceField)
        known.choices = [("", _("none")), *maps]
        if not maps:
            self.fields["map"].required = True
            del self.fields["known"]

    def clean(self) -> dict[str, Any]:
        """Hold that there is exactly one map, and that it is small enough to be one."""
        cleaned: dict[str, Any] = super().clean() or {}
        given, known = cleaned.get("map"), cleaned.get("known")
        if given is None and not known and "map" not in self.errors:
            self.add_error("map", _("Choose the map file that belongs to this table."))
        if given is not None and given.size > MOST_BYTES:
            self.add_error("map", _("This is too big for a map file."))
        return cleaned
