"""Deliveries that failed: another round of attempts, or giving up with a reason."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from jishi.base.errors import Refused
from jishi.notify import queries
from jishi.notify.actions.telling import drain_later
from jishi.notify.models import Delivery, DeliveryState
from jishi.privacy import refuse_personal
from jishi.stations.models import Staff, Station

LONGEST_REASON = 200


def retry(by: Staff, station: Station, picked: Iterable[int] | None, now: datetime) -> int:
    """Give failed deliveries another round of attempts, with the key that they have; None: all of the station."""
    with transaction.atomic():
        rows = list(_failed(by, station, picked).values_list("pk", "thread"))
        again = Delivery.objects.filter(pk__in=[pk for pk, _thread in rows], state=DeliveryState.DEAD)
        count = again.update(state=DeliveryState.QUEUED, attempts=0, due=now)
        for thread in sorted({thread for _pk, thread in rows}):
            drain_later(thread, station.pk, now)
    return count


def give_up(by: Staff, station: Station, picked: Iterable[int], reason: str) -> int:
    """Write failed deliveries off, with the reason and by whom.  Raises ``Refused("reason_missing" | "personal")``."""
    reason = reason.strip()[:LONGEST_REASON]
    if not reason:
        raise Refused("reason_missing")
    refuse_personal(reason, "reason")
    with transaction.atomic():
        return _failed(by, station, picked).update(state=DeliveryState.DROPPED, given_up_by=by, given_up_why=reason)


def _failed(by: Staff, station: Station, picked: Iterable[int] | None) -> QuerySet[Delivery]:
    rows = queries.failed(by, station)
    return rows if picked is None else rows.filter(pk__in=list(picked))
