"""Raising small matters to whoever leads their unit, and noting that somebody looked."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction

from jishi.base.errors import Refused
from jishi.journal import actions as journal
from jishi.matters.models import Matter, Raised
from jishi.matters.queries import small as queries
from jishi.matters.small import Reason, limits, reasons_of
from jishi.notify.actions import To, tell
from jishi.stations.crew import crew_of
from jishi.stations.models import Staff

#: The journal's kind of subject: it never raises a matter's version.
SUBJECT = "small"
#: So many matters of one unit are told one by one; of more at once, one notice says how many.
ONE_BY_ONE = 5

Found = tuple[queries.Candidate, list[Reason]]


def raise_small(station_id: int, now: datetime) -> int:
    """Raise what there is reason to look at, once for each matter and reason; returns how many matters were raised.

    It is looked for before the station's turn is taken, and again inside it: most hours there is nothing to write.
    """
    if not _found(station_id, now):
        return 0
    with transaction.atomic():
        head = journal.lock_head(station_id)
        return _raise(station_id, _found(station_id, now), head, now)


def _found(station_id: int, now: datetime) -> list[Found]:
    return [(it, new) for it in queries.candidates(station_id, limits(), now) if (new := _new(it, now))]


def _raise(station_id: int, found: list[Found], head: journal.Position, now: datetime) -> int:
    rows = [
        Raised(
            matter_id=it.id, unit_id=it.unit, reason=reason.code, facts=dict(reason.facts),
            place=it.places.get(reason.code, ""), version=it.version, raised_at=now,
        )
        for it, reasons in found
        for reason in reasons
    ]  # fmt: skip
    rows = Raised.objects.bulk_create(rows)
    journal.append(station_id, [_draft(row, 1, "raised", None, now, row.facts) for row in rows], now, head=head)
    _tell(station_id, found, now)
    return len(found)


def acknowledge(matter: Matter, *, by: Staff, now: datetime) -> int:
    """Note that somebody who looks after its unit has seen why the matter was raised; returns how many reasons.

    Raises ``Refused("not_allowed")`` for others.
    """
    if not queries.may_look(by, matter.station_id):
        raise Refused("not_allowed")
    with transaction.atomic():
        head = journal.lock_head(matter.station_id)
        rows = list(queries.unseen(by, matter.station_id).filter(matter=matter))
        if rows:
            Raised.objects.filter(pk__in=[row.pk for row in rows]).update(acknowledged_by=by, acknowledged_at=now)
            drafts = [_draft(row, 2, "acknowledged", by.pk, now, {}) for row in rows]
            journal.append(matter.station_id, drafts, now, head=head)
    return len(rows)


def _new(it: queries.Candidate, now: datetime) -> list[Reason]:
    return [reason for reason in reasons_of(it.seen, limits(), now) if reason.code not in it.raised]


def _draft(
    row: Raised, version: int, what: str, by: int | None, now: datetime, figures: dict[str, int]
) -> journal.Draft:
    facts = {"matter": row.matter_id, "reason": row.reason, **figures}
    return journal.Draft((SUBJECT, row.pk, version), f"small.{what}", by, now, {"facts": facts})


def _tell(station_id: int, found: Iterable[Found], now: datetime) -> None:
    """Tell whoever leads the unit: matter by matter, or in one sentence where there are many.

    Without the grade: a look in time is enough, and nobody is woken for it.
    """
    by_unit: dict[int, list[Found]] = defaultdict(list)
    for it, reasons in found:
        by_unit[it.unit].append((it, reasons))
    for unit, some in sorted(by_unit.items()):
        to = [To(staff, "leads_unit") for staff in crew_of(station_id).leads_of(unit)]
        if len(some) > ONE_BY_ONE:
            many = {"unit": unit, "count": len(some)}
            tell("matter.small", station=station_id, subject=("small", unit), to=to, now=now, facts=many)
            continue
        for it, reasons in some:
            facts = {"unit": unit, "reasons": [reason.code for reason in reasons]}
            tell("matter.small", station=station_id, subject=("matter", it.id), to=to, now=now, facts=facts)
