"""``jishi verify`` looks at holds, purges and what is published: rows are as the journal says, and nothing went unsaid."""  # noqa: E501

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import groupby
from typing import Any

from jishi.journal.models import Event
from jishi.journal.problems import Problem
from jishi.matters.keeping.noting import SUBJECT
from jishi.matters.models import Hold, Matter, Publication, PublishedPhoto, Text
from jishi.privacy import salted_digest

_AT_ONCE = 2000


@dataclass(frozen=True, slots=True)
class _Held:
    """A hold as its events say."""

    matter: int
    digest: str
    set_by: int | None
    set_at: datetime
    lifted_by: int | None = None
    lifted_at: datetime | None = None
    purged_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Words:
    """Published words as their events say."""

    matter: int
    digest: str
    by: int | None
    at: datetime
    ended_at: datetime | None = None
    purged_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class _Photo:
    """A published photo as its events say."""

    matter: int
    evidence: int
    file: str
    when: str
    boxes: int
    by: int | None
    at: datetime
    ended_at: datetime | None = None


@dataclass
class _Told:
    """What the journal tells of one matter's content."""

    erase_asked_at: datetime | None = None
    purged_at: datetime | None = None
    holds: dict[int, _Held] = field(default_factory=dict)
    words: dict[int, _Words] = field(default_factory=dict)
    photos: dict[int, _Photo] = field(default_factory=dict)

    @property
    def published(self) -> bool:
        """Whether anything stands for the public to see."""
        ends = [each.ended_at for each in self.words.values()] + [each.ended_at for each in self.photos.values()]
        return None in ends

    @property
    def row(self) -> tuple[bool, datetime | None, datetime | None]:
        """The columns of the matter that these events lead to."""
        return self.published, self.erase_asked_at, self.purged_at


def problems() -> Iterator[Problem]:
    """Whatever is not as its events say."""
    holds: dict[int, _Held] = {}
    words: dict[int, _Words] = {}
    photos: dict[int, _Photo] = {}
    rows: dict[int, tuple[bool, datetime | None, datetime | None]] = {}
    events = Event.objects.filter(subject_kind=SUBJECT).order_by("subject_id", "subject_version", "id")
    for matter, history in groupby(events.iterator(chunk_size=_AT_ONCE), key=lambda event: event.subject_id):
        told = _replay(matter, list(history))
        holds |= told.holds
        words |= told.words
        photos |= told.photos
        if told.row != (False, None, None):
            rows[matter] = told.row
    yield from _matters(rows)
    yield from _holds(holds)
    yield from _publications(words)
    yield from _photos(photos)
    gone = {matter for matter, row in rows.items() if row[2]}
    purged = Text.objects.exclude(purged_at=None).values_list("matter", "matter__number").distinct()
    for matter, number in purged.iterator(chunk_size=_AT_ONCE):
        if matter not in gone:
            yield Problem("purge_unsaid", number)


def _replay(matter: int, history: list[Event]) -> _Told:
    told = _Told()
    for event in history:
        facts = json.loads(event.payload)["facts"]
        _step(told, matter, event.kind.partition(".")[2], facts, event.actor_id, event.recorded_at)
    return told


def _step(told: _Told, matter: int, kind: str, facts: dict[str, Any], by: int | None, at: datetime) -> None:
    if kind == "held":
        told.holds[facts["hold"]] = _Held(matter, facts["words"]["reason"], by, at)
    elif kind == "lifted":
        told.holds[facts["hold"]] = replace(told.holds[facts["hold"]], lifted_by=by, lifted_at=at)
    elif kind == "erase_asked" and facts["text"]:
        told.erase_asked_at = at
    elif kind == "words_published":
        told.words[facts["publication"]] = _Words(matter, facts["words"]["text"], by, at)
    elif kind == "words_ended":
        told.words[facts["publication"]] = replace(told.words[facts["publication"]], ended_at=at)
    elif kind == "photo_published":
        told.photos[facts["photo"]] = _Photo(
            matter, facts["evidence"], facts["file"], facts["when"], facts["boxes"], by, at
        )
    elif kind == "photo_ended":
        told.photos[facts["photo"]] = replace(told.photos[facts["photo"]], ended_at=at)
    elif kind == "purged":
        told.purged_at = at
        told.holds = {pk: replace(each, purged_at=at) for pk, each in told.holds.items()}
        told.words = {
            pk: replace(each, ended_at=each.ended_at or at, purged_at=at) for pk, each in told.words.items()
        }  # fmt: skip
        told.photos = {pk: replace(each, ended_at=each.ended_at or at) for pk, each in told.photos.items()}


def _matters(told: dict[int, tuple[bool, datetime | None, datetime | None]]) -> Iterator[Problem]:
    marked = Matter.objects.exclude(published=False, erase_asked_at=None, purged_at=None)
    numbers = {}
    for pk, number, *row in marked.values_list("pk", "number", "published", "erase_asked_at", "purged_at"):
        numbers[pk] = number
        if told.get(pk) != tuple(row):
            yield Problem("keeping_differs", number)
    for pk in told.keys() - numbers.keys():
        yield Problem(
            "keeping_differs", Matter.objects.filter(pk=pk).values_list("number", flat=True).first() or str(pk)
        )


def _holds(told: dict[int, _Held]) -> Iterator[Problem]:
    for row in Hold.objects.select_related("matter").iterator(chunk_size=_AT_ONCE):
        found = _Held(
            row.matter_id, row.digest, row.set_by_id, row.set_at, row.lifted_by_id, row.lifted_at, row.purged_at
        )
        wrong = row.purged_at is None and salted_digest(row.salt, row.reason) != row.digest
        if told.pop(row.pk, None) != found or wrong:
            yield Problem("hold_differs", row.matter.number)
    for pk in told:
        yield Problem("hold_missing", str(pk))


def _publications(told: dict[int, _Words]) -> Iterator[Problem]:
    for row in Publication.objects.select_related("matter").iterator(chunk_size=_AT_ONCE):
        found = _Words(
            row.matter_id, row.digest, row.published_by_id, row.published_at, row.ended_at, row.purged_at
        )  # fmt: skip
        wrong = row.purged_at is None and salted_digest(row.salt, row.body) != row.digest
        if told.pop(row.pk, None) != found or wrong:
            yield Problem("publication_differs", row.matter.number)
    for pk in told:
        yield Problem("publication_missing", str(pk))


def _photos(told: dict[int, _Photo]) -> Iterator[Problem]:
    for row in PublishedPhoto.objects.select_related("matter", "attachment").iterator(chunk_size=_AT_ONCE):
        found = _Photo(
            row.matter_id, row.evidence_id, row.attachment.sha256, row.when, row.boxes, row.published_by_id,
            row.published_at, row.ended_at,
        )  # fmt: skip
        if told.pop(row.pk, None) != found:
            yield Problem("publication_differs", row.matter.number)
    for pk in told:
        yield Problem("publication_missing", str(pk))
