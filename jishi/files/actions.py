"""Keeping files: checked by content, written anew, stored under a random name; and taking them away."""

from __future__ import annotations

import os
import threading
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from io import BytesIO
from secrets import token_hex
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from jishi.base.errors import Refused
from jishi.files.content import clean
from jishi.files.covering import Box, cover
from jishi.files.models import Attachment
from jishi.files.queries import open_file, root

LARGEST = 10 * 1024 * 1024
#: Files written anew at once in this process, one for each core: more would be no quicker, and only take memory and the
#: turns of requests that are soon done.
_HANDS = threading.BoundedSemaphore(os.cpu_count() or 1)


class Upload(BytesIO):
    """Bytes of our own, in the shape in which an upload comes."""

    name = ""

    @property
    def size(self) -> int:
        """How many bytes."""
        return self.getbuffer().nbytes


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
    with _HANDS:
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


def store_covered(
    attachment: Attachment, boxes: Sequence[Box], *, subject: tuple[str, int], by: Any = None
) -> Attachment:
    """Keep a new, smaller copy of a kept photo in which these places cannot be made out; the photo itself stays.

    Raises ``Refused("file_gone" | "file_not_photo" | "bad_boxes")``.
    """
    opened = open_file(attachment)
    if opened is None:
        raise Refused("file_gone")
    with opened:
        if not attachment.width:
            raise Refused("file_not_photo")
        covered = cover(opened.read(), boxes)
    return store(Upload(covered), subject=subject, station_id=attachment.station_id, by=by)


def purge_attachments(attachments: Iterable[Attachment], now: datetime) -> int:
    """Delete these attachments: the rows stay as stubs with their sums, the bytes go with the transaction's end.

    A crash between the two leaves files of rows that were purged, which the daily sweep takes away.
    """
    gone, names = 0, []
    for attachment in attachments:
        names += [name for name in (attachment.path, attachment.thumbnail) if name]
        gone += Attachment.objects.filter(pk=attachment.pk, purged_at=None).update(purged_at=now)
    transaction.on_commit(lambda: _delete(names))
    return gone


def purge_of(kind: str, subject_ids: Iterable[int], now: datetime) -> int:
    """Delete all attachments of these subjects; returns how many there were."""
    return purge_attachments(_of(kind, subject_ids), now)


def count_of(kind: str, subject_ids: Iterable[int]) -> Counter[int]:
    """How many attachments each of these subjects still has."""
    return Counter(_of(kind, subject_ids).values_list("subject_id", flat=True))


def _of(kind: str, subject_ids: Iterable[int]) -> QuerySet[Attachment]:
    return Attachment.objects.filter(subject_kind=kind, subject_id__in=list(subject_ids), purged_at=None)


def _delete(names: Iterable[str]) -> None:
    for name in names:
        (root() / name).unlink(missing_ok=True)


def sweep_orphans(now: datetime, older_than_seconds: int = 86_400) -> int:
    """Delete files that no row names, or that were purged, and that are a day old or more: what a rolled-back change or
    a crash left behind."""
    gone = 0
    for path in root().glob("*/*"):
        if now.timestamp() - path.stat().st_mtime < older_than_seconds:
            continue
        name = f"{path.parent.name}/{path.name}"
        if not Attachment.objects.filter(Q(path=name) | Q(thumbnail=name), purged_at=None).exists():
            path.unlink(missing_ok=True)
            gone += 1
    return gone


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
