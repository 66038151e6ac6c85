"""Fields made from a category's schema: one for each attribute, in its order."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from jishi.register import labels
from jishi.register.attributes import MOST_TEXT, Attribute

PREFIX = "attr-"


def fields_of(attributes: list[Attribute]) -> dict[str, forms.Field]:
    """The fields of these attributes, by ``attr-<code>``.  None is required: half of a place is better than none of it."""  # noqa: E501
    return {f"{PREFIX}{attribute.code}": _field(attribute) for attribute in attributes}


def initial_of(attributes: list[Attribute], values: Mapping[str, Any]) -> dict[str, Any]:
    """What the fields show for these values."""
    found = {}
    for attribute in attributes:
        value = values.get(attribute.code)
        found[f"{PREFIX}{attribute.code}"] = {True: "yes", False: "no"}[value] if isinstance(value, bool) else value
    return found


def values_of_fields(attributes: list[Attribute], cleaned: Mapping[str, Any]) -> dict[str, Any]:
    """The values that the fields hold, as they stand in the database; what is empty is left out."""
    found = {}
    for attribute in attributes:
        value = cleaned.get(f"{PREFIX}{attribute.code}")
        if value in (None, ""):
            continue
        if attribute.type == "yes_no":
            value = value == "yes"
        elif isinstance(value, dt.date):
            value = value.isoformat()
        elif attribute.type == "number" and float(value).is_integer():
            value = int(value)
        found[attribute.code] = value
    return found


def _field(attribute: Attribute) -> forms.Field:
    name = labels.attribute_name(attribute)
    shared: dict[str, Any] = {
        "label": f"{name} ({attribute.unit})" if attribute.unit else name,
        "required": False,
        "help_text": _("Counts as missing until it is filled in.") if attribute.required else "",
    }
    if attribute.type == "yes_no":
        return forms.ChoiceField(
            choices=[("yes", _("yes")), ("no", _("no")), ("", _("not known"))], widget=forms.RadioSelect, **shared
        )
    if attribute.type == "choice":
        choices = [(code, labels.choice_name(attribute, code)) for code in attribute.choices or {}]
        return forms.ChoiceField(choices=[("", _("not known")), *choices], **shared)
    if attribute.type == "date":
        return forms.DateField(widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"), **shared)
    if attribute.type in ("integer", "number"):
        made = forms.IntegerField if attribute.type == "integer" else forms.FloatField
        return made(min_value=attribute.least, max_value=attribute.most, **shared)  # type: ignore[arg-type]  # bounds of either
    return forms.CharField(
        max_length=int(attribute.most or MOST_TEXT), widget=forms.TextInput(attrs={"autocomplete": "off"}), **shared
    )
