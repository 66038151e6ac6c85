"""The fields that several commands share."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import pgettext_lazy


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


def optional_id(value: str) -> int | None:
    """The id chosen in a list, or None."""
    return int(value) if value else None
