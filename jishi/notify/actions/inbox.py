"""What somebody does with their own notices."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from jishi.notify import queries
from jishi.notify.models import Delivery
from jishi.stations.models import Staff


def mark_read(staff: Staff, pk: int, now: datetime) -> Delivery | None:
    """Mark one notice of one's own as read; None where it is not there."""
    with transaction.atomic():
        found = queries.inbox(staff).filter(pk=pk).first()
        if found is not None and found.read_at is None:
            queries.inbox(staff).filter(pk=pk, read_at__isnull=True).update(read_at=now)
    return found


def mark_all_read(staff: Staff, newest: int, now: datetime) -> int:
    """Mark all of one's notices as read that were on the screen: up to ``newest``; returns how many."""
    with transaction.atomic():
        return queries.inbox(staff, unread=True).filter(pk__lte=newest).update(read_at=now)
