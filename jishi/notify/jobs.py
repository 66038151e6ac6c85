"""What the worker does for this room: sends what waits, finds what was left lying, deletes what is old."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import transaction
from django.db.models import Min
from django.utils import timezone

from jishi.jobs.registry import NET, every, job
from jishi.notify import draining
from jishi.notify.actions import delete_old
from jishi.notify.actions.telling import DRAIN_JOB, drain_later
from jishi.notify.models import Delivery, DeliveryState

#: A delivery that was due for so long has lost its job.
LEFT_LYING = timedelta(minutes=5)
_THREADS_AT_ONCE = 500


@job(DRAIN_JOB, atomic=False, lane=NET, ahead=draining.look_ahead)
def drain(payload: dict[str, Any]) -> None:
    """Send what waits in one thread."""
    draining.drain(payload["thread"])


@every(minutes=5, name="notify.find_waiting")
def find_waiting() -> None:
    """Ask again for threads whose deliveries wait though they are due: a job that gave up takes no notice with it."""
    now = timezone.now()
    waiting = Delivery.objects.filter(state=DeliveryState.QUEUED, due__lt=now - LEFT_LYING)
    threads = waiting.values_list("thread").annotate(station=Min("notice__station"))[:_THREADS_AT_ONCE]
    for thread, station in threads:
        with transaction.atomic():
            drain_later(thread, station, now)


@every(minutes=24 * 60, name="notify.delete_old", atomic=False)
def delete_old_notices() -> None:
    """Delete what was delivered and read long ago."""
    delete_old(timezone.now())
