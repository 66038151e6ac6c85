"""The fields that several commands share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

#: What a browser offers to choose from; what comes in is checked by content.
ACCEPTED = "image/jpeg,image/png,image/webp,image/heic,application/pdf"
MOST_FILES = 9


class Files(forms.ClearableFileInput):
    """A field of several files."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Photos and PDF files; a phone may take the photo."""

    def __init__(self, **options: Any) -> None:
        options.setdefault("label", _("Photos or PDF"))
        options.setdefault("help_text", _("At most 9. Where a photo was taken is removed from it."))
        options.setdefault("widget", Files(attrs={"multiple": True, "accept": ACCEPTED}))
        super().__init__(required=False, **options)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[bytes]]:
        """The files, none or several."""
        files: Sequence[Any] = data if isinstance(data, (list, tuple)) else [data] if data else []
        if len(files) > MOST_FILES:
            raise forms.ValidationError(_("At most 9 files at once."), code="many")
        return [super(FilesField, self).clean(each, initial) for each in files]


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
