"""Opening what was kept.  Whether somebody may see it is the caller's duty: it knows the subject."""

from __future__ import annotations

from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from jishi.files.models import Attachment


def root() -> Path:
    """The folder of all attachments."""
    return Path(settings.MEDIA_ROOT)


def open_file(attachment: Attachment) -> BinaryIO | None:
    """The bytes; None once they were purged."""
    return _open(attachment, attachment.path)


def open_thumbnail(attachment: Attachment) -> BinaryIO | None:
    """A small JPEG of it; None where there is none, or once it was purged."""
    return _open(attachment, attachment.thumbnail)


def _open(attachment: Attachment, name: str) -> BinaryIO | None:
    if attachment.purged_at is not None or not name:
        return None
    try:
        return (root() / name).open("rb")
    except FileNotFoundError:
        return None
