"""Verifying: one tap on the spot says that all is correct; corrections come in the same step."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from jishi.base.errors import Refused
from jishi.files import actions as files
from jishi.register.actions.contacts import purge_contacts
from jishi.register.actions.elements import Point, corrected
from jishi.register.actions.write import SEEN, Source, Step, done_to, lock_element, refuse_stale, write_step
from jishi.register.catalogue import sort_of
from jishi.register.history import SUBJECT
from jishi.register.models import Element, Part, Verification
from jishi.register.roles import require
from jishi.stations.models import Staff

Result = Verification.Result


@transaction.atomic
def verify_element(
    element: Element | int,
    *,
    by: Staff | None,
    corrections: Mapping[str, Any] | None = None,
    gone: bool = False,
    position: Point | None = None,
    accuracy: int | None = None,
    photo: Any = None,
    version: int | None = None,
    source: Source = SEEN,
    key: str | None = None,
    at: datetime | None = None,
    now: datetime | None = None,
) -> Verification | None:
    """Say that an element was looked at: all correct, corrected, or gone (which closes it).

    ``position`` is where the officer stood, ``accuracy`` in metres; the category says whether they and a photo are
    needed by somebody on the spot.  ``at`` is when it was looked at, for lists and devices that were offline.  The same
    ``key`` again changes nothing and gives None.  Raises ``Refused``: ``stale``, ``not_allowed``, ``not_standing``,
    ``verify_photo_needed``, ``position_needed``, ``future``, and what :func:`change_element` raises.
    """
    now = now or timezone.now()
    locked = lock_element(element)
    if done_to(locked, by, key):
        return None
    refuse_stale(locked, version)
    require(by, locked.station_id, "verify")
    if locked.status != "active":
        raise Refused("not_standing")
    at = at or now
    if at > now + timedelta(minutes=5):
        raise Refused("future", field="at")
    sort = sort_of(locked.category_id)
    on_the_spot = by is not None and not source.name
    if on_the_spot and sort.needs_position and position is None:
        raise Refused("position_needed")
    if on_the_spot and sort.needs_photo and photo is None:
        raise Refused("verify_photo_needed")
    values = corrected(locked, corrections) if corrections else {}
    if gone:
        values = {**values, "status": "closed"}
    stood = position.columns() if position else {}
    kept = files.store(photo, subject=(SUBJECT, locked.pk), station_id=locked.station_id, by=by) if photo else None
    before = locked.version
    write_step(locked, values, Step("verified", by, at, now, source, key), verified_at=at)
    assert locked.version == before + 1
    if gone:
        purge_contacts(locked.pk, now)
    return Verification.objects.create(
        element=locked, at=at, by=by, result=Result.GONE if gone else Result.CORRECTED if values else Result.CORRECT,
        source=source.name[:80], lon=stood.get("lon"), lat=stood.get("lat"), accuracy=accuracy, photo=kept,
    )  # fmt: skip


@transaction.atomic
def verify_part(
    part: Part, *, by: Staff | None, photo: Any = None, at: datetime | None = None, now: datetime | None = None
) -> Verification:
    """Say that a part of a place was looked at; its own cadence begins anew.  Raises ``Refused``."""
    now = now or timezone.now()
    locked = lock_element(part.element_id)
    require(by, locked.station_id, "verify")
    found = Part.objects.select_for_update().get(pk=part.pk)
    if locked.status != "active" or not found.active:
        raise Refused("not_standing")
    at = at or now
    if at > now + timedelta(minutes=5):
        raise Refused("future", field="at")
    kept = files.store(photo, subject=(SUBJECT, locked.pk), station_id=locked.station_id, by=by) if photo else None
    found.verified_at = max(filter(None, (found.verified_at, at)))
    found.due_at = found.verified_at + timedelta(days=found.cadence)
    found.save(update_fields=["verified_at", "due_at"])
    return Verification.objects.create(element=locked, part=found, at=at, by=by, result=Result.CORRECT, photo=kept)
