"""What the public no longer sees: the words end, the copy of a photo is deleted at once."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from jishi.files import actions as files
from jishi.matters.keeping.noting import note
from jishi.matters.models import Matter, Publication, PublishedPhoto
from jishi.matters.publishing.sources import by_the_public


def end_words(matter_id: int, station: int, by: int | None, now: datetime) -> int:
    """Let the words that stand end, and say so in the journal; the caller has locked the matter."""
    standing = list(Publication.objects.filter(matter=matter_id, ended_at=None).values_list("pk", flat=True))
    Publication.objects.filter(pk__in=standing).update(ended_at=now)
    for pk in standing:
        note(matter_id, station, "words_ended", by, now, {"publication": pk})
    mark_published(matter_id)
    return len(standing)


def end_photos(matter_id: int, station: int, photo_ids: Iterable[int], by: int | None, now: datetime) -> int:
    """Let these copies end and delete them; the caller has locked the matter."""
    standing = PublishedPhoto.objects.filter(matter=matter_id, pk__in=list(photo_ids), ended_at=None)
    photos = list(standing.select_related("attachment"))
    for photo in photos:
        PublishedPhoto.objects.filter(pk=photo.pk).update(ended_at=now)
        note(matter_id, station, "photo_ended", by, now, {"photo": photo.pk})
    files.purge_attachments([photo.attachment for photo in photos], now)
    mark_published(matter_id)
    return len(photos)


def end_photos_of_the_public(matter_id: int, station: int, by: int | None, now: datetime) -> int:
    """Let the copies of photos that the public sent end: nobody agrees to them any more."""
    standing = PublishedPhoto.objects.filter(matter=matter_id, ended_at=None).select_related("evidence")
    theirs = [photo.pk for photo in standing if by_the_public(photo.evidence)]
    return end_photos(matter_id, station, theirs, by, now)


def mark_published(matter_id: int) -> None:
    """Bring the mark of the matter in step with what stands."""
    standing = (
        Publication.objects.filter(matter=matter_id, ended_at=None).exists()
        or PublishedPhoto.objects.filter(matter=matter_id, ended_at=None).exists()
    )
    Matter.objects.filter(pk=matter_id).update(published=standing)
