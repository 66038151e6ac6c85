"""Legal holds: a leader keeps the content of a matter beyond its time, says why, and lifts the hold again."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils import timezone

from jishi.base.errors import Refused
from jishi.matters import loop, store
from jishi.matters.actions.apply import actor_of
from jishi.matters.actions.parties_own import carry_out_erasure
from jishi.matters.keeping.noting import note
from jishi.matters.models import Hold, Matter
from jishi.privacy import refuse_personal, salted_hash
from jishi.stations.models import Staff

LONGEST = 1000


def may_hold(actor: loop.Actor) -> bool:
    """Whether somebody with these roles sets and lifts holds."""
    return bool(actor.roles & loop.LEADERS)


def may_read_holds(actor: loop.Actor) -> bool:
    """Whether somebody with these roles reads why: those who set holds, and the auditor."""
    return may_hold(actor) or "auditor" in actor.roles


@transaction.atomic
def hold_matter(matter: Matter | int, *, reason: str, by: Staff, now: datetime | None = None) -> Hold:
    """Keep all content of a matter and of what it was merged with until the hold is lifted.

    Raises ``Refused``: ``not_allowed``, ``missing``, ``too_long``, ``personal``, ``held_already``, ``purged_matter``.
    """
    now = now or timezone.now()
    matter_id = matter if isinstance(matter, int) else matter.pk
    state = store.lock(matter_id)
    if not may_hold(actor_of(by, state.station)):
        raise Refused("not_allowed", command="hold")
    reason = reason.strip()
    if not reason:
        raise Refused("missing", field="reason")
    if len(reason) > LONGEST:
        raise Refused("too_long", field="reason", most=LONGEST)
    refuse_personal(reason, "reason")
    if Matter.objects.filter(pk=matter_id).exclude(purged_at=None).exists():
        raise Refused("purged_matter")
    if Hold.objects.filter(matter=matter_id, lifted_at=None).exists():
        raise Refused("held_already")
    salt, digest = salted_hash(reason)
    made = Hold.objects.create(matter_id=matter_id, reason=reason, salt=salt, digest=digest, set_by=by, set_at=now)
    note(matter_id, state.station, "held", by.pk, now, {"hold": made.pk, "words": {"reason": digest}})
    return made


@transaction.atomic
def lift_hold(matter: Matter | int, *, by: Staff, now: datetime | None = None) -> None:
    """Lift the hold on a matter: its time runs as ever, and what its reporter asked to have deleted goes now.

    Raises ``Refused("not_allowed" | "not_held")``.
    """
    now = now or timezone.now()
    matter_id = matter if isinstance(matter, int) else matter.pk
    state = store.lock(matter_id)
    if not may_hold(actor_of(by, state.station)):
        raise Refused("not_allowed", command="hold")
    standing = Hold.objects.filter(matter=matter_id, lifted_at=None).first()
    if standing is None:
        raise Refused("not_held")
    Hold.objects.filter(pk=standing.pk).update(lifted_by=by, lifted_at=now)
    note(matter_id, state.station, "lifted", by.pk, now, {"hold": standing.pk})
    carry_out_erasure(matter_id, state.station, now)
