"""What is deleted: deliveries that arrived and were read long ago, notices of which none is left, and whatever was told
of something whose content is purged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from jishi.notify.models import Channel, Delivery, DeliveryState, Notice

#: For so long deliveries are kept, and for so long those in the application that nobody has read.
KEPT = timedelta(days=90)
UNREAD_KEPT = timedelta(days=180)
_ROWS_AT_ONCE = 2_000


def delete_old(now: datetime) -> int:
    """Delete what is older than that, some rows at a time; what waits or failed stays.  Returns how many deliveries."""
    ended = Q(state__in=(DeliveryState.SENT, DeliveryState.FOLDED, DeliveryState.DROPPED))
    unread = Q(channel=Channel.APP, read_at__isnull=True, created_at__gte=now - UNREAD_KEPT)
    gone = _delete(Delivery.objects.filter(ended, created_at__lt=now - KEPT).exclude(unread))
    left = Exists(Delivery.objects.filter(notice=OuterRef("pk")))
    _delete(Notice.objects.filter(~left, created_at__lt=now - KEPT))
    return gone


def count_about(kind: str, subject_ids: Iterable[int]) -> Counter[int]:
    """How many deliveries there still are about each of these subjects."""
    rows = Delivery.objects.filter(notice__thread__in=[f"{kind}:{pk}" for pk in subject_ids])
    return Counter(rows.values_list("notice__subject_id", flat=True))


def delete_about(kind: str, subject_ids: Iterable[int]) -> None:
    """Delete what was told about these subjects, with to whom and by which way; in the transaction of the caller."""
    Notice.objects.filter(thread__in=[f"{kind}:{pk}" for pk in subject_ids]).delete()


def _delete(rows: QuerySet[Delivery] | QuerySet[Notice]) -> int:
    """In short transactions, so that nobody waits for long."""
    gone = 0
    while True:
        with transaction.atomic():
            some = list(rows.values_list("pk", flat=True)[:_ROWS_AT_ONCE])
            rows.model.objects.filter(pk__in=some).delete()
        gone += len(some)
        if len(some) < _ROWS_AT_ONCE:
            return gone
