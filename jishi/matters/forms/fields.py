"""The fields that several commands share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jishi.register.models import Element


def reason_field(help_text: Any = "", required: bool = True) -> forms.CharField:
    """Why; kept beside the matter, without names."""
    return forms.CharField(
        label=pgettext_lazy("field", "Reason"), required=required, max_length=1000, help_text=help_text,
        widget=forms.Textarea(attrs={"rows": 3}),
    )  # fmt: skip


def text_field(label: Any, rows: int = 4, required: bool = True, help_text: Any = "") -> forms.CharField:
    """Words about the matter."""
    return forms.CharField(
        label=label, required=required, max_length=5000, help_text=help_text,
        widget=forms.Textarea(attrs={"rows": rows}),
    )  # fmt: skip


def element_field(**options: Any) -> forms.CharField:
    """The number of what stands at a place in the register; the page beside it names what stands nearby."""
    return forms.CharField(
        label=_("Number in the register"), max_length=40, required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "list": "nearby-elements"}), **options,
    )  # fmt: skip


def element_of(rows: QuerySet[Element], number: str) -> int | None:
    """The id of the element of this number among ``rows``, None without a number.  Raises ``ValidationError``."""
    number = number.strip()
    if not number:
        return None
    for pk in rows.filter(number__iexact=number).values_list("pk", flat=True)[:1]:
        return pk
    raise forms.ValidationError(
        _("The register of this station has no element with this number. Look at the number again.")
    )


def optional_id(value: str) -> int | None:
    """The id chosen in a list, or None."""
    return int(value) if value else None
