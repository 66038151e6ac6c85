"""Keeping files: checked by content, written anew, stored under a random name; and taking them away."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from secrets import token_hex
from typing import Any

from django.conf import settings
from django.utils import timezone

from jishi.base.errors import Refused
from jishi.files.content import clean
from jishi.files.models import Attachment

LARGEST = 10 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Prepared:
    """A clean copy that lies on the disk already, and waits for the row that names it; ``name`` is the sender's."""

    media_type: str
    size: int
    sha256: str
    path: str
    thumbnail: str
    width: int | None
    height: int | None
    name: str = ""


def prepare(upload: Any) -> Prepared:
    """Check an upload and write a clean copy of it, before the transaction of the change that it comes with.

    What takes long is so done while nobody waits for the database.  A copy that no row comes to name is swept away
    within a day.  Raises as ``store`` does.
    """
    if upload.size > LARGEST:
        raise Refused("file_large", most=LARGEST // 1024 // 1024)
    upload.seek(0)
    content = upload.read()
    if not content:
        raise Refused("file_empty")
    kept = clean(content)
    return Prepared(
        kept.media_type, len(kept.body), sha256(kept.body).hexdigest(), _write(kept.body),
        _write(kept.thumbnail) if kept.thumbnail else "", kept.width, kept.height, str(upload.name or ""),
    )  # fmt: skip


def store(upload: Any, *, subject: tuple[str, int], station_id: int, by: Any = None) -> Attachment:
    """Keep a clean copy of an uploaded JPEG, PNG, WebP or PDF, in the transaction of the change that it came with.

    ``upload`` may have been prepared before.  The bytes are on the disk before the row is; a row that is rolled back
    leaves a file that nothing names, which the daily sweep takes away.  Raises ``Refused("file_large" | "file_empty" |
    "file_type" | "file_broken" | "file_pixels" | "file_locked")``.
    """
    kept = upload if isinstance(upload, Prepared) else prepare(upload)
    return Attachment.objects.create(
        subject_kind=subject[0],
        subject_id=subject[1],
        station_id=station_id,
        media_type=kept.media_type,
        size=kept.size,
        sha256=kept.sha256,
        path=kept.path,
        thumbnail=kept.thumbnail,
        width=kept.width,
        height=kept.height,
        uploaded_by=by.pk if by else None,
        created_at=timezone.now(),
    )


def hand_over(attachment: Attachment) -> Prepared:
    """The files of an attachment for the row of another subject; the attachment itself stays as a stub without them."""
    Attachment.objects.filter(pk=attachment.pk).update(
        path=f"moved/{attachment.pk}", thumbnail="", purged_at=timezone.now()
    )
    return Prepared(
        attachment.media_type, attachment.size, attachment.sha256, attachment.path, attachment.thumbnail,
        attachment.width, attachment.height,
    )  # fmt: skip


def purge_attachments(attachments: Iterable[Attachment], now: datetime) -> int:
    """Delete the bytes of these attachments; the rows stay as stubs with their sums."""
    gone = 0
    for attachment in attachments:
        for name in (attachment.path, attachment.thumbnail):
            if name:
                (root() / name).unlink(missing_ok=True)
        gone += Attachment.objects.filter(pk=attachment.pk, purged_at=None).update(purged_at=now)
    return gone


def sweep_orphans(now: datetime, older_than_seconds: int = 86_400) -> int:
    """Delete files that no row names and that are a day old or more: what a rolled-back change left behind."""
    gone = 0
    for path in root().glob("*/*"):
        if now.timestamp() - path.stat().st_mtime < older_than_seconds:
            continue
        name = f"{path.parent.name}/{path.name}"
        named = Attachment.objects.filter(path=name) | Attachment.objects.filter(thumbnail=name)
        if not named.exists():
            path.unlink(missing_ok=True)
            gone += 1
    return gone


def root() -> Path:
    """The folder of all attachments."""
    return Path(settings.MEDIA_ROOT)


def _write(body: bytes) -> str:
    """Write a new file, readable by its owner only, and flush it to the disk; returns its name."""
    name = f"{token_hex(1)}/{token_hex(16)}"
    path = root() / name
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(body)
        file.flush()
        os.fsync(file.fileno())
    return name
