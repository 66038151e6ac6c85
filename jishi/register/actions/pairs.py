"""Deciding on pairs that look alike: merged, with undo, or two different ones.  Nothing is merged by itself."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from jishi.base.errors import Refused
from jishi.register.actions.write import Step, lock_element, write_step
from jishi.register.models import DuplicatePair, Element
from jishi.register.quality import DUPLICATE
from jishi.register.roles import require
from jishi.stations.models import Staff

Decision = DuplicatePair.Status


@transaction.atomic
def merge_elements(keep: Element | int, lose: Element | int, *, by: Staff, now: datetime | None = None) -> Element:
    """Say that ``lose`` is the same as ``keep``: it leaves the register and points there; what hangs on it is shown there.

    Returns the element that is kept.  Raises ``Refused("not_allowed" | "merge_itself" | "merge_elsewhere" |
    "not_standing")``.
    """  # noqa: E501
    ids = [item if isinstance(item, int) else item.pk for item in (keep, lose)]
    if ids[0] == ids[1]:
        raise Refused("merge_itself_element")
    rows = {pk: lock_element(pk) for pk in sorted(ids)}
    kept, lost = rows[ids[0]], rows[ids[1]]
    require(by, kept.station_id, "merge")
    if kept.station_id != lost.station_id:
        raise Refused("link_elsewhere")
    if kept.status != "active" or lost.status != "active":
        raise Refused("not_standing")
    now = now or timezone.now()
    write_step(lost, {"status": "merged", "merged_into": kept.pk}, Step("merged", by, now, now))
    DuplicatePair.objects.update_or_create(
        a_id=min(ids), b_id=max(ids),
        defaults={"station_id": kept.station_id, "status": Decision.MERGED, "decided_by": by, "decided_at": now},
        create_defaults={
            "station_id": kept.station_id, "status": Decision.MERGED, "decided_by": by, "decided_at": now, "score": 100,
        },
    )  # fmt: skip
    mark_duplicates([kept.pk, lost.pk, *_partners(lost.pk)])
    kept.refresh_from_db()
    return kept


@transaction.atomic
def unmerge_element(lost: Element | int, *, by: Staff, now: datetime | None = None) -> Element:
    """Undo a merge: the element stands on its own again, and the pair waits to be decided.

    Raises ``Refused("not_allowed" | "not_merged_element")``.
    """
    row = lock_element(lost)
    require(by, row.station_id, "merge")
    if row.status != "merged" or row.merged_into_id is None:
        raise Refused("not_merged_element")
    now = now or timezone.now()
    other = row.merged_into_id
    write_step(row, {"status": "active", "merged_into": None}, Step("unmerged", by, now, now))
    DuplicatePair.objects.filter(a_id=min(row.pk, other), b_id=max(row.pk, other)).update(
        status=Decision.OPEN, decided_by=None, decided_at=None
    )
    mark_duplicates([row.pk, other, *_partners(row.pk)])
    row.refresh_from_db()
    return row


@transaction.atomic
def decide_different(pair: DuplicatePair, *, by: Staff, undo: bool = False, now: datetime | None = None) -> None:
    """Say that a pair is two different ones, so that it is not offered again; ``undo`` takes that back."""
    require(by, pair.station_id, "merge")
    wanted = Decision.DIFFERENT if undo else Decision.OPEN
    changed = DuplicatePair.objects.filter(pk=pair.pk, status=wanted).update(
        status=Decision.OPEN if undo else Decision.DIFFERENT,
        decided_by=None if undo else by,
        decided_at=None if undo else (now or timezone.now()),
    )
    if not changed:
        raise Refused("pair_decided")
    mark_duplicates([pair.a_id, pair.b_id])


def mark_duplicates(ids: list[int]) -> None:
    """Keep the duplicate bit of these elements in step with the open pairs they stand in."""
    pairs = DuplicatePair.objects.filter(status=Decision.OPEN, a__status="active", b__status="active")
    doubtful = {pk for row in pairs.filter(Q(a__in=ids) | Q(b__in=ids)).values_list("a", "b") for pk in row}
    rows = Element.objects.filter(pk__in=ids)
    unmarked = rows.filter(pk__in=doubtful).annotate(bit=F("issues").bitand(DUPLICATE)).filter(bit=0)
    unmarked.update(issues=F("issues").bitor(DUPLICATE))
    marked = rows.exclude(pk__in=doubtful).annotate(bit=F("issues").bitand(DUPLICATE)).filter(bit=DUPLICATE)
    marked.update(issues=F("issues") - DUPLICATE)


def _partners(pk: int) -> set[int]:
    rows = DuplicatePair.objects.filter(Q(a=pk) | Q(b=pk)).values_list("a", "b")
    return {found for row in rows for found in row}
