"""Quarantine: a report that looks like a machine's is held, released by the desk or by itself, or thrown away with an undo."""  # noqa: E501

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.db.models import QuerySet

from jishi import privacy
from jishi.base.errors import Refused
from jishi.files.actions import Prepared, hand_over, purge_attachments, store
from jishi.files.models import Attachment
from jishi.journal import actions as journal
from jishi.journal.queries import events_of
from jishi.matters.actions import actor_of
from jishi.matters.actions.report import next_number
from jishi.stations.models import Staff, Station
from jishi.window.actions.receipts import Issued, issue_held_receipt, secret_for
from jishi.window.actions.reporting import Report, report
from jishi.window.models import Held, Receipt
from jishi.window.navigation import WINDOW_ROLES
from jishi.window.notices import tell_held

#: How long a report is held at most, and how long one that was thrown away can be taken back.
HELD_FOR = timedelta(hours=24)
UNDO_FOR = timedelta(days=7)
SUBJECT = "held"


def hold_report(
    station: Station, said: Report, prepared: Sequence[Prepared], *, doubts: Sequence[str], key: str, now: datetime
) -> Issued:
    """Keep a report out of the loop for the desk to look at; its reporter has a receipt like any other.

    The same ``key`` again gives the same receipt, also once the report was released.
    """
    if (known := _known(key)) is not None:
        return known
    try:
        return _hold(station, said, prepared, doubts, key, now)
    except IntegrityError:  # the same at the same time, from a second press
        if (known := _known(key)) is None:
            raise
        return known


def _known(key: str) -> Issued | None:
    held = Held.objects.filter(key=key).select_related("receipt").first()
    return Issued(held.receipt.pk, held.number, secret_for(key), held=True, replayed=True) if held else None


def _hold(
    station: Station, said: Report, prepared: Sequence[Prepared], doubts: Sequence[str], key: str, now: datetime
) -> Issued:
    with transaction.atomic():
        held = Held.objects.create(
            station=station, number=next_number(station, now), doubts=list(doubts), category=said.category or "",
            place_name=privacy.mask_personal(said.place.name)[:120], key=key, channel=said.channel, received_at=now,
            release_at=now + HELD_FOR,
        )  # fmt: skip
        sealed = privacy.seal((SUBJECT, held.pk), "report", json.dumps(said.packed()))
        Held.objects.filter(pk=held.pk).update(content_sealed=sealed)
        for each in prepared:
            store(each, subject=(SUBJECT, held.pk), station_id=station.pk)
        issued = issue_held_receipt(held, secret=secret_for(key), language=said.language, now=now)
        _note(held, "held", None, now, {"doubts": list(doubts)})
        tell_held(held, now)
    return issued


def release(held_id: int, *, by: Staff | None, now: datetime) -> Issued:
    """Take a held report into the loop under its own number; ``by`` is None where its day is over.

    Raises ``Refused("not_allowed" | "held_decided")``.
    """
    with transaction.atomic():
        held = _waiting(held_id, by)
        files = Attachment.objects.filter(subject_kind=SUBJECT, subject_id=held.pk, purged_at=None).order_by("pk")
        prepared = [hand_over(attachment) for attachment in files]
        receipt = Receipt.objects.get(held=held)
        done = report(
            held.station, said_in(held), prepared, key=held.key, now=now, number=held.number, receipt=receipt
        )  # fmt: skip
        matter = Receipt.objects.values_list("matter_id", flat=True).get(pk=receipt.pk)
        Held.objects.filter(pk=held.pk).update(
            state=Held.State.RELEASED, matter_id=matter, decided_by=by, decided_at=now, content_sealed=None,
            place_name="", purged_at=now,
        )  # fmt: skip
        privacy.destroy_keys([(SUBJECT, held.pk)])
        _note(held, "released", by, now, {"matter": matter})
    return done


def throw_away(held_id: int, *, by: Staff, now: datetime) -> Held:
    """Throw a held report away; within seven days it can be taken back.  Raises as ``release`` does."""
    with transaction.atomic():
        held = _waiting(held_id, by)
        Held.objects.filter(pk=held.pk).update(state=Held.State.THROWN, decided_by=by, decided_at=now)
        _note(held, "thrown", by, now)
    return held


def undo(held_id: int, *, by: Staff, now: datetime) -> Held:
    """Take back that a report was thrown away: it waits again, a day at most.

    Raises ``Refused("not_allowed" | "held_decided" | "undo_late")``.
    """
    with transaction.atomic():
        held = _locked(held_id, by)
        if held.state != Held.State.THROWN:
            raise Refused("held_decided")
        if held.purged_at is not None:
            raise Refused("undo_late")
        Held.objects.filter(pk=held.pk).update(
            state=Held.State.WAITING, decided_by=None, decided_at=None, release_at=now + HELD_FOR
        )
        _note(held, "restored", by, now)
    return held


def release_overdue(now: datetime) -> int:
    """Take every report whose day is over into the loop; returns how many."""
    due = Held.objects.filter(state=Held.State.WAITING, release_at__lte=now).order_by("pk")
    ids = list(due.values_list("pk", flat=True))
    for pk in ids:
        release(pk, by=None, now=now)
    return len(ids)


def thrown_before(now: datetime) -> QuerySet[Held]:
    """The reports that were thrown away so long ago that nobody can take them back, and are still there."""
    return Held.objects.filter(state=Held.State.THROWN, purged_at=None, decided_at__lte=now - UNDO_FOR)


def purge_thrown(now: datetime) -> int:
    """Delete what is left of reports that were thrown away more than seven days ago; returns how many."""
    ids = list(thrown_before(now).values_list("pk", flat=True))
    with transaction.atomic():
        privacy.destroy_keys([(SUBJECT, pk) for pk in ids])
        Held.objects.filter(pk__in=ids).update(content_sealed=None, place_name="", purged_at=now)
        purge_attachments(Attachment.objects.filter(subject_kind=SUBJECT, subject_id__in=ids, purged_at=None), now)
    return len(ids)


def said_in(held: Held) -> Report:
    """What a held report says.  Raises ``privacy.Unreadable`` once it was purged."""
    return Report.unpacked(
        json.loads(privacy.open_sealed((SUBJECT, held.pk), "report", bytes(held.content_sealed or b"")))
    )


def _waiting(held_id: int, by: Staff | None) -> Held:
    held = _locked(held_id, by)
    if held.state != Held.State.WAITING:
        raise Refused("held_decided")
    return held


def _locked(held_id: int, by: Staff | None) -> Held:
    held = Held.objects.select_for_update().filter(pk=held_id).first()
    roles = actor_of(by, held.station_id).roles if held and by else frozenset()
    if held is None or (by is not None and not roles):
        raise Refused("not_found")
    if by is not None and not roles & WINDOW_ROLES:
        raise Refused("not_allowed", command="held")
    return held


def _note(held: Held, kind: str, by: Staff | None, now: datetime, facts: dict[str, object] | None = None) -> None:
    """Write what was decided into the station's journal; no words, no place."""
    version = _next_version(held.pk)
    draft = journal.Draft(
        (SUBJECT, held.pk, version), f"window.{kind}", by.pk if by else None, now, {"facts": facts or {}}
    )
    journal.append(held.station_id, [draft], now)


def _next_version(held_id: int) -> int:
    """The place of the next event of a held report."""
    return events_of(SUBJECT, held_id).count() + 1
