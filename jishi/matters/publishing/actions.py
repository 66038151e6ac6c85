"""Every write about what the public may see of a matter."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from secrets import token_hex

from django.db import transaction
from django.utils import timezone

from jishi.base.errors import Refused
from jishi.files import actions as files
from jishi.files.covering import Box
from jishi.matters import loop, store
from jishi.matters.actions.apply import actor_of
from jishi.matters.events import SUBJECT
from jishi.matters.keeping.noting import note
from jishi.matters.models import Evidence, Matter, Publication, PublishedPhoto
from jishi.matters.publishing.ending import end_photos, end_words, mark_published
from jishi.matters.publishing.sources import may_be_published
from jishi.privacy import refuse_personal, salted_hash
from jishi.stations.models import Staff

LONGEST = 1000


def may_publish(actor: loop.Actor) -> bool:
    """Whether somebody with these roles decides what the public sees: the desk and leaders."""
    return bool(actor.roles & (loop.LEADERS | {"desk"}))


@transaction.atomic
def publish_words(matter: Matter | int, *, text: str, by: Staff, now: datetime | None = None) -> Publication:
    """Tell the public of a matter, in the desk's own words; what stood before ends.

    Raises ``Refused``: ``not_allowed``, ``missing``, ``too_long``, ``personal``, ``purged_matter``.
    """
    now = now or timezone.now()
    matter_id = matter if isinstance(matter, int) else matter.pk
    state = _allowed(matter_id, by)
    text = text.strip()
    if not text:
        raise Refused("missing", field="text")
    if len(text) > LONGEST:
        raise Refused("too_long", field="text", most=LONGEST)
    refuse_personal(text, "text")
    end_words(matter_id, state.station, by.pk, now)
    salt, digest = salted_hash(text)
    made = Publication.objects.create(
        matter_id=matter_id, body=text, salt=salt, digest=digest, published_by=by, published_at=now
    )
    note(matter_id, state.station, "words_published", by.pk, now, {"publication": made.pk, "words": {"text": digest}})
    mark_published(matter_id)
    return made


@transaction.atomic
def take_back_words(matter: Matter | int, *, by: Staff, now: datetime | None = None) -> int:
    """Let the public see the words no longer; returns how many stood.  Raises ``Refused("not_allowed")``."""
    now = now or timezone.now()
    matter_id = matter if isinstance(matter, int) else matter.pk
    state = _allowed(matter_id, by)
    return end_words(matter_id, state.station, by.pk, now)


@transaction.atomic
def publish_photo(
    matter: Matter | int, evidence_id: int, *, boxes: Sequence[Box], when: str, confirmed: bool, by: Staff,
    now: datetime | None = None,
) -> PublishedPhoto:  # fmt: skip
    """Publish a copy of a photo in which these places are covered for good; a copy that stood ends.

    ``confirmed``: the one who looked says that nothing in it identifies anybody.  Raises ``Refused``: ``not_allowed``,
    ``not_found``, ``not_confirmed``, ``bad_when``, ``bad_boxes``, ``no_consent``, ``file_gone``, ``file_not_photo``,
    ``purged_matter``.
    """
    now = now or timezone.now()
    matter_id = matter if isinstance(matter, int) else matter.pk
    state = _allowed(matter_id, by)
    evidence = Evidence.objects.select_related("attachment").filter(pk=evidence_id, matter=matter_id).first()
    if evidence is None:
        raise Refused("not_found")
    if not confirmed:
        raise Refused("not_confirmed", field="confirmed")
    if when not in PublishedPhoto.When.values:
        raise Refused("bad_when", field="when")
    if not may_be_published(evidence):
        raise Refused("no_consent")
    copy = files.store_covered(evidence.attachment, boxes, subject=(SUBJECT, matter_id), by=by)
    standing = PublishedPhoto.objects.filter(evidence=evidence, ended_at=None).values_list("pk", flat=True)
    end_photos(matter_id, state.station, standing, by.pk, now)
    made = PublishedPhoto.objects.create(
        matter_id=matter_id, evidence=evidence, attachment=copy, token=token_hex(16), when=when, boxes=len(boxes),
        published_by=by, published_at=now,
    )  # fmt: skip
    facts = {"photo": made.pk, "evidence": evidence.pk, "when": when, "boxes": len(boxes), "file": copy.sha256}
    note(matter_id, state.station, "photo_published", by.pk, now, facts)
    mark_published(matter_id)
    return made


@transaction.atomic
def take_back_photo(matter: Matter | int, photo_id: int, *, by: Staff, now: datetime | None = None) -> int:
    """Let the public see a photo no longer: the copy is deleted.  Returns how many stood.  Raises ``Refused("not_allowed")``."""  # noqa: E501
    now = now or timezone.now()
    matter_id = matter if isinstance(matter, int) else matter.pk
    state = _allowed(matter_id, by)
    return end_photos(matter_id, state.station, [photo_id], by.pk, now)


def _allowed(matter_id: int, by: Staff) -> loop.State:
    """The matter, locked, when this person may decide what the public sees of it and it was not purged."""
    state = store.lock(matter_id)
    if not may_publish(actor_of(by, state.station)):
        raise Refused("not_allowed", command="publish")
    if Matter.objects.filter(pk=matter_id).exclude(purged_at=None).exists():
        raise Refused("purged_matter")
    return state
