"""What the public may see of a matter: nothing but this."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import BinaryIO, NamedTuple

from django.db.models import QuerySet

from jishi.files import queries as files
from jishi.matters.models import Evidence, Matter, Publication, PublishedPhoto


class PhotoShown(NamedTuple):
    """A photo that is published; ``token`` stands in its address, ``when`` is ``before`` or ``after``."""

    id: int
    evidence: int
    token: str
    when: str
    width: int
    height: int
    at: datetime


class Published(NamedTuple):
    """What stands for the public to see: the desk's words (empty where there are none), and photos, before ones first."""  # noqa: E501

    text: str
    at: datetime | None
    photos: tuple[PhotoShown, ...]


NOTHING = Published("", None, ())


def published(matter: Matter | int) -> Published:
    """What the public may see of one matter."""
    matter_id = matter if isinstance(matter, int) else matter.pk
    return published_of([matter_id]).get(matter_id, NOTHING)


def published_of(matter_ids: Sequence[int]) -> dict[int, Published]:
    """What the public may see of each of these matters, in two queries; those of which it sees nothing are left out."""
    words = {
        matter: (body, at)
        for matter, body, at in Publication.objects.filter(matter__in=matter_ids, ended_at=None).values_list(
            "matter", "body", "published_at"
        )
    }
    photos: dict[int, list[PhotoShown]] = {}
    rows = PublishedPhoto.objects.filter(matter__in=matter_ids, ended_at=None, attachment__purged_at=None)
    for row in rows.select_related("attachment").order_by("pk"):
        size = (row.attachment.width or 0, row.attachment.height or 0)
        shown = PhotoShown(row.pk, row.evidence_id, row.token, row.when, *size, row.published_at)
        photos.setdefault(row.matter_id, []).append(shown)
    found = {}
    for pk in words.keys() | photos.keys():
        body, at = words.get(pk, ("", None))
        ordered = sorted(photos.get(pk, ()), key=lambda photo: (photo.when != "before", photo.id))
        found[pk] = Published(body, at, tuple(ordered))
    return found


def photos_of(matter: Matter) -> QuerySet[Evidence]:
    """The photos of a matter that are there, in the order in which they came: what could be published of them."""
    pieces = Evidence.objects.select_related("attachment").filter(matter=matter, attachment__purged_at=None)
    return pieces.filter(attachment__width__gt=0).order_by("version", "pk")


def open_published(token: str, *, small: bool = False) -> BinaryIO | None:
    """The JPEG of a published photo; None once it was taken back or deleted, and where there is none."""
    photo = PublishedPhoto.objects.select_related("attachment").filter(token=token, ended_at=None).first()
    if photo is None:
        return None
    return files.open_thumbnail(photo.attachment) if small else files.open_file(photo.attachment)
