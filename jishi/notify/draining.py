"""Draining a thread: its waiting deliveries go out in order, each at least once and always with the same key.

**Order.**  To one recipient by one channel, nothing goes out before what came earlier has arrived or was given up.
**Twice at once.**  A delivery is claimed before it is sent, by a comparison of its attempts: whoever lost the lease of
the job finds them changed and leaves it.  A claim lasts longer than any channel may take; if its worker is killed,
the delivery is due again after that, and its receiver knows the key.
**A storm.**  What piled up for a person (the worker was off, the hours were quiet) goes out as one message that says
what was missed.  A webhook is read by a machine and gets every one.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from itertools import takewhile
from threading import local
from typing import Any

from django.db import transaction
from django.utils import timezone

from jishi.jobs.actions import LONGEST_DELAY, delay_after
from jishi.notify import channels, kinds, parcels, queue, ways
from jishi.notify.actions.telling import disturbs, drain_later
from jishi.notify.models import Channel, DeliveryState
from jishi.notify.queue import Waiting

#: A claim lasts for so long; every channel gives up sooner.
IN_FLIGHT = timedelta(seconds=60)
#: Attempts until a delivery is dead: 5 s, twice as long each time up to an hour, about a day in all.
MOST_ATTEMPTS = 40
#: What waited for longer than this has piled up.
PILED_UP = timedelta(minutes=10)
log = logging.getLogger(__name__)
_CODE = re.compile(r"[a-z0-9_.:-]{1,60}")

Clock = Callable[[], datetime]
#: Deliveries to one recipient that go out as one: the last one carries the message.
Bundle = list[Waiting]


class _Ahead(local):
    """What was read for the threads of one batch, by the worker's thread that took it."""

    found: dict[str, list[Waiting]]

    def __init__(self) -> None:
        self.found = {}


_ahead = _Ahead()


def look_ahead(payloads: Sequence[dict[str, Any]]) -> None:
    """Read what waits in all threads of a batch with one statement, and write its messages together.

    It is used once and for this batch alone.  Whatever is told from now on makes its job run again, and what another
    worker does from now on is found out as each delivery is claimed.
    """
    threads = [payload["thread"] for payload in payloads]
    _ahead.found = {thread: [] for thread in threads}
    if not threads:
        return
    waiting = queue.waiting_in(*threads)
    for each in waiting:
        _ahead.found[each.delivery.thread].append(each)
    now = timezone.now()
    try:
        parcels.make_ahead(each for each in waiting if each.delivery.due <= now)
    except Exception as error:  # noqa: BLE001  (the one that cannot be written fails by itself, the others go out)
        log.warning("Messages cannot be written together (%s).", type(error).__name__)


def drain(thread: str, clock: Clock = timezone.now) -> int:
    """Send what of this thread may go out now, and come back when more may; returns how many arrived."""
    waiting = _ahead.found.pop(thread, None)
    if waiting is None:
        waiting = queue.waiting_in(thread)
    by_recipient: dict[tuple[int | None, int | None, str], list[Waiting]] = {}
    for each in waiting:
        by_recipient.setdefault(each.recipient, []).append(each)
    arrived, later = 0, []
    for some in by_recipient.values():
        done, again = _drain_queue(some, clock)
        arrived += done
        later += [again] if again else []
    if later:
        with transaction.atomic():
            drain_later(thread, waiting[0].notice.station_id, min(later))
    return arrived


def _drain_queue(some: Sequence[Waiting], clock: Clock) -> tuple[int, datetime | None]:
    """Send to one recipient until one does not arrive or is not due; how many arrived, and when to come back."""
    arrived = 0
    rest = list(some)
    while rest:
        now = clock()
        bundle = _bundle(rest, now)
        again = _deliver(bundle, now, clock) if bundle else rest[0].delivery.due
        if again:
            return arrived, again
        arrived += bundle[-1].delivery.state == DeliveryState.SENT
        rest = rest[len(bundle) :]
    return arrived, None


def _bundle(rest: Bundle, now: datetime) -> Bundle:
    """What goes out now as one message: the first, all that are due where they have piled up, or nothing yet.

    What ignores quiet hours takes along whatever waits before it, so that order never holds up a red matter.
    """
    first = rest[0].delivery
    if first.due > now:
        if first.staff_id is None:
            return []
        urgent = [place for place, each in enumerate(rest) if each.delivery.due <= now and _disturbs(each)]
        ahead = rest[: urgent[-1]] if urgent else []
        return rest[: urgent[-1] + 1] if urgent and not any(_in_flight(each, now) for each in ahead) else []
    if first.channel == Channel.WEBHOOK or now - first.created_at < PILED_UP:
        return rest[:1]
    return list(takewhile(lambda each: each.delivery.due <= now, rest))


def _in_flight(waiting: Waiting, now: datetime) -> bool:
    """Whether another worker is sending it at this moment: it was claimed, and has not failed since."""
    delivery = waiting.delivery
    return delivery.attempts > 0 and not delivery.error and delivery.due > now


def _deliver(bundle: Bundle, now: datetime, clock: Clock) -> datetime | None:
    """Send one bundle; None when it is done with, else when to try again."""
    last = bundle[-1]
    if not last.account_open:
        queue.end(bundle, DeliveryState.DROPPED, why="account_closed")
        return None
    quiet_until = _quiet_until(bundle, now)
    if quiet_until > now:
        queue.put_off(bundle, quiet_until)
        return quiet_until
    if not queue.claim(bundle, now + IN_FLIGHT):
        return now + IN_FLIGHT
    try:
        word = channels.send(last.delivery, parcels.parcel_of(last, bundle[:-1]))
    except channels.Failed as failed:
        return _after_failure(bundle, failed, clock())
    except Exception as error:  # noqa: BLE001  (whatever it is, this delivery failed and the others must go on)
        return _after_failure(bundle, channels.Failed(type(error).__name__.lower()), clock())
    log.debug("Delivery %d went out by %s: %s.", last.delivery.pk, last.delivery.channel, word)
    queue.mark_sent(last, bundle[:-1], clock())
    last.delivery.state = DeliveryState.SENT
    return None


def _quiet_until(bundle: Bundle, now: datetime) -> datetime:
    """Until when a person is not to be disturbed by this: a retry may come in hours that were not quiet before."""
    staff = bundle[-1].delivery.staff_id
    if staff is None or any(_disturbs(each) for each in bundle):
        return now
    house = ways.house_of(bundle[-1].notice.station_id)
    quiet = ways.person_of(staff, house).quiet
    return quiet.over_at(now, house.zone) if quiet else now


def _disturbs(waiting: Waiting) -> bool:
    notice = waiting.notice
    return not kinds.knows(notice.kind) or disturbs(kinds.kind_of(notice.kind), notice.grade)


def _after_failure(bundle: Bundle, failed: channels.Failed, now: datetime) -> datetime | None:
    """Write the failure; when to try again, None where that makes no sense."""
    word = failed.code if _CODE.fullmatch(failed.code) else "failed"
    attempts = max(each.delivery.attempts for each in bundle)
    if failed.gone:
        queue.end(bundle, DeliveryState.DROPPED, word, word)
        return None
    if not failed.retry or attempts >= MOST_ATTEMPTS:
        queue.end(bundle, DeliveryState.DEAD, word)
        return None
    due = now + max(delay_after(attempts), min(timedelta(seconds=failed.after or 0), LONGEST_DELAY))
    queue.put_off(bundle, due, word)
    return due
