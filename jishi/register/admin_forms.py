"""The administrator's forms of the register: a category with its attributes as plain rows, never as JSON."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from jishi.base.errors import Refused
from jishi.base.sentences import sentence
from jishi.register import catalogue
from jishi.register.actions.shelves import check_parent
from jishi.register.attributes import TYPES, Attribute
from jishi.register.models import Category, Target

if TYPE_CHECKING:
    _CategoryForm = forms.ModelForm[Category]
    _TargetForm = forms.ModelForm[Target]
else:
    _CategoryForm = _TargetForm = forms.ModelForm

#: Empty rows at the end of the table; saving and going on gives as many again.
SPARE = 4
COLUMNS = ("code", "type", "zh", "en", "required", "least", "most", "unit", "choices")
HEADS: Mapping[str, Any] = {
    "code": pgettext_lazy("attribute", "Code"),
    "type": pgettext_lazy("attribute", "Kind"),
    "zh": pgettext_lazy("attribute", "Chinese name"),
    "en": pgettext_lazy("attribute", "English name"),
    "required": pgettext_lazy("attribute", "Needed"),
    "least": pgettext_lazy("attribute", "Least"),
    "most": pgettext_lazy("attribute", "Most"),
    "unit": pgettext_lazy("attribute", "Unit"),
    "choices": pgettext_lazy("attribute", "Choices"),
}
KINDS: Mapping[str, Any] = {
    "text": pgettext_lazy("attribute", "text"),
    "integer": pgettext_lazy("attribute", "whole number"),
    "number": pgettext_lazy("attribute", "number"),
    "yes_no": pgettext_lazy("attribute", "yes or no"),
    "date": pgettext_lazy("attribute", "date"),
    "choice": pgettext_lazy("attribute", "one of several"),
}
Row = dict[str, str]


class AttributeRows(forms.Widget):
    """A table with one row for each attribute, and some empty ones; a row without a code is left out."""

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Row]:
        """The rows as they were sent."""
        rows = []
        for place in range(200):
            if f"{name}-{place}-code" not in data:
                break
            row = {column: str(data.get(f"{name}-{place}-{column}", "")).strip() for column in COLUMNS}
            if any(row[column] for column in COLUMNS if column != "type"):
                rows.append(row)
        return rows

    def value_omitted_from_data(self, data: Any, files: Any, name: str) -> bool:
        """Whether the table was not sent at all."""
        return f"{name}-0-code" not in data

    def id_for_label(self, id_: str) -> str:
        """The first field."""
        return f"{id_}-0-code"

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        """The table."""
        rows = [*(value or []), *({"type": "text"} for _place in range(SPARE))]
        heads = format_html_join("", '<th scope="col">{}</th>', ((HEADS[column],) for column in COLUMNS))
        body = format_html_join("", "<tr>{}</tr>", ((_cells(name, place, row),) for place, row in enumerate(rows)))
        return format_html(
            '<table class="attribute-rows"><thead><tr>{}</tr></thead><tbody>{}</tbody></table>', heads, body
        )


def _cells(name: str, place: int, row: Mapping[str, str]) -> SafeString:
    cells = []
    for column in COLUMNS:
        value, field = row.get(column, ""), f"{name}-{place}-{column}"
        label = f"{HEADS[column]} {place + 1}"
        if column == "type":
            options = format_html_join(
                "", '<option value="{}"{}>{}</option>',
                ((code, SafeString(" selected") if code == value else "", KINDS[code]) for code in TYPES),
            )  # fmt: skip
            made = format_html('<select name="{}" aria-label="{}">{}</select>', field, label, options)
        elif column == "required":
            ticked = SafeString(" checked") if value else ""
            made = format_html('<input type="checkbox" name="{}" aria-label="{}"{}>', field, label, ticked)
        elif column == "choices":
            made = format_html(
                '<textarea name="{}" aria-label="{}" rows="2" cols="24">{}</textarea>', field, label, value
            )
        else:
            size = {"code": 14, "zh": 14, "en": 20, "unit": 5}.get(column, 6)
            made = format_html(
                '<input id="id_{}" name="{}" value="{}" size="{}" aria-label="{}">', field, field, value, size, label
            )
        cells.append(made)
    return format_html_join("", "<td>{}</td>", ((cell,) for cell in cells))


class AttributeField(forms.Field):
    """Attributes from the rows of a table."""

    widget = AttributeRows

    def clean(self, value: Any) -> list[Attribute]:
        """The attributes, checked; the law's refusals are told in its own sentence."""
        found = []
        for row in value or []:
            try:
                found.append(read_row(row))
            except ValueError as error:
                raise ValidationError(
                    _("Attribute “%(attribute)s”: %(reason)s")
                    % {"attribute": row["zh"] or row["code"], "reason": error}
                ) from error
        try:
            catalogue.check_attributes(found)
        except Refused as refused:
            raise ValidationError(sentence(refused)) from refused
        return found


def read_row(row: Mapping[str, str]) -> Attribute:
    """One attribute from a row of the table.  Raises ``ValueError`` with a sentence."""
    bounds = [_number(row["least"]), _number(row["most"])]
    choices = _choices(row["choices"]) if row["type"] == "choice" else None
    return Attribute(
        row["code"],
        row["type"],
        row["zh"],
        row["en"],
        bool(row["required"]),
        bounds[0],
        bounds[1],
        choices,
        row["unit"],
    )


def write_row(attribute: Attribute) -> Row:
    """The row of the table that gives this attribute."""
    choices = "\n".join(f"{code} | {zh} | {en}" for code, (zh, en) in (attribute.choices or {}).items())
    bounds = ["" if bound is None else f"{bound:g}" for bound in (attribute.least, attribute.most)]
    return {
        "code": attribute.code, "type": attribute.type, "zh": attribute.zh, "en": attribute.en,
        "required": "on" if attribute.required else "", "least": bounds[0], "most": bounds[1], "unit": attribute.unit,
        "choices": choices,
    }  # fmt: skip


def _number(text: str) -> float | None:
    if not text:
        return None
    try:
        number = float(text.replace(",", ""))
    except ValueError:
        raise ValueError(_("“%(text)s” is not a number.") % {"text": text}) from None
    return int(number) if number.is_integer() else number


def _choices(text: str) -> dict[str, tuple[str, str]]:
    found: dict[str, tuple[str, str]] = {}
    for line in filter(None, map(str.strip, text.splitlines())):
        parts = [part.strip() for part in re.split(r"[|｜]", line)]
        if len(parts) != 3 or not all(parts) or not re.fullmatch(r"[a-z0-9_]+", parts[0]) or parts[0] in found:
            raise ValueError(_("write each choice on a line of its own, as: code | 中文 | English."))
        found[parts[0]] = (parts[1], parts[2])
    return found


def _days(label: Any, *, required: bool = False) -> forms.IntegerField:
    return forms.IntegerField(label=label, min_value=1, max_value=catalogue.MOST_DAYS, required=required)


class CategoryForm(_CategoryForm):
    """A category with its attributes and its cadence by grade."""

    attributes = AttributeField(
        required=False, label=gettext_lazy("Attributes"),
        help_text=gettext_lazy(
            "Empty the code and the names of a row to drop it. The bounds of a text are its length. Write choices one a"
            " line, as: code | 中文 | English."
        ),
    )  # fmt: skip
    cadence_0 = _days(gettext_lazy("Verify every so many days: not graded"), required=True)
    cadence_1 = _days(gettext_lazy("Verify every so many days: red"))
    cadence_2 = _days(gettext_lazy("Verify every so many days: orange"))
    cadence_3 = _days(gettext_lazy("Verify every so many days: yellow"))
    cadence_4 = _days(gettext_lazy("Verify every so many days: blue"))
    needs_photo = forms.BooleanField(label=gettext_lazy("Verifying needs a photo"), required=False)
    needs_position = forms.BooleanField(label=gettext_lazy("Verifying on the spot needs the position"), required=False)

    class Meta:
        model = Category
        fields = ("code", "kind", "parent", "name_zh", "name_en", "family", "position", "active")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        sort = catalogue.sorts().get(self.instance.code) if self.instance.code else None
        if sort is not None:
            self.initial["attributes"] = [write_row(attribute) for attribute in sort.attributes]
            self.initial["needs_photo"], self.initial["needs_position"] = sort.needs_photo, sort.needs_position
            for grade, days in sort.cadence.items():
                self.initial[f"cadence_{grade}"] = days

    def clean(self) -> dict[str, Any]:
        """Say what is wrong in words."""
        values = super().clean() or self.cleaned_data
        if not self.errors:
            code = values.get("code") or self.instance.code
            kind = values.get("kind") or self.instance.kind
            try:
                catalogue.check_category(code, values["name_zh"], values["name_en"])
                check_parent(Category(code=code, kind=kind, parent=values.get("parent")))
            except Refused as refused:
                raise ValidationError(sentence(refused)) from refused
        return values

    def cadence(self) -> dict[str, int]:
        """Days by grade, those that were given."""
        found = {str(grade): self.cleaned_data.get(f"cadence_{grade}") for grade in range(5)}
        return {grade: days for grade, days in found.items() if days}

    def attributes_given(self) -> Sequence[Attribute]:
        """The attributes of the table."""
        given: Sequence[Attribute] = self.cleaned_data["attributes"]
        return given


class TargetForm(_TargetForm):
    """A target of a station, or of one category there."""

    class Meta:
        model = Target
        fields = ("station", "category", "share")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["share"].help_text = _("1 to 99. Without a category it holds for the whole station.")
