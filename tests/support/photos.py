"""A photo as a phone would send it."""

from __future__ import annotations

import io

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image


def a_photo(name: str = "photo.jpg") -> SimpleUploadedFile:
    """A small JPEG."""
    content = io.BytesIO()
    Image.new("RGB", (64, 48), "gray").save(content, "JPEG")
    return SimpleUploadedFile(name, content.getvalue(), "image/jpeg")
