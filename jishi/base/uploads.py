"""Fields for files of evidence: photos and PDF, several at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

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
        options.setdefault("required", False)
        super().__init__(**options)

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile[bytes]]:
        """The files, none or several."""
        files: Sequence[Any] = data if isinstance(data, (list, tuple)) else [data] if data else []
        if len(files) > MOST_FILES:
            raise forms.ValidationError(_("At most 9 files at once."), code="many")
        if not files:
            super().clean(None, initial)  # says so where one is required
            return []
        return [super(FilesField, self).clean(each, initial) for each in files]
