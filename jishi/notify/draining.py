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

from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import timezone

from jishi.jobs.actions import delay_after
from jishi.notify import channels, kinds, parcels, ways
from jishi.notify.actions.telling import disturbs, drain_later
from jishi.notify.models import Channel, Delivery, DeliveryState

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
Bundle = list[Delivery]


def drain(thread: str, clock: Clock = timezone.now) -> int:
    """Send what of this thread may go out now, and come back when more may; returns how many arrived."""
    waiting = list(
        Delivery.objects.filter(thread=thread, state=DeliveryState.QUEUED)
        .select_related("notice__station", "staff", "endpoint")
        .order_by("id")
    )
    by_recipient: dict[tuple[int | None, int | None, str], list[Delivery]] = {}
    for delivery in waiting:
        by_recipient.setdefault((delivery.staff_id, delivery.endpoint_id, delivery.channel), []).append(delivery)
    arrived, later = 0, []
    for queue in by_recipient.values():
        done, again = _drain_queue(queue, clock)
        arrived += done
        later += [again] if again else []
    if later:
        with transaction.atomic():
            drain_later(thread, waiting[0].notice.station_id, min(later))
    return arrived


def _drain_queue(queue: Sequence[Delivery], clock: Clock) -> tuple[int, datetime | None]:
    """Send to one recipient until one does not arrive or is not due; how many arrived, and when to come back."""
    arrived = 0
    rest = list(queue)
    while rest:
        now = clock()
        bundle = _bundle(rest, now)
        again = _deliver(bundle, now, clock) if bundle else rest[0].due
        if again:
            return arrived, again
        arrived += bundle[-1].state == DeliveryState.SENT
        rest = rest[len(bundle) :]
    return arrived, None


def _bundle(rest: Bundle, now: datetime) -> Bundle:
    """What goes out now as one message: the first, all that are due where they have piled up, or nothing yet.

    What ignores quiet hours takes along whatever waits before it, so that order never holds up a red matter.
    """
    first = rest[0]
    if first.due > now:
        urgent = [place for place, each in enumerate(rest) if each.staff_id and each.due <= now and _disturbs(each)]
        ahead = rest[: urgent[-1]] if urgent else []
        return rest[: urgent[-1] + 1] if urgent and not any(_in_flight(each, now) for each in ahead) else []
    if first.channel == Channel.WEBHOOK or now - first.created_at < PILED_UP:
        return [first]
    return list(takewhile(lambda each: each.due <= now, rest))


def _in_flight(delivery: Delivery, now: datetime) -> bool:
    """Whether another worker is sending it at this moment: it was claimed, and has not failed since."""
    return delivery.attempts > 0 and not delivery.error and delivery.due > now


def _deliver(bundle: Bundle, now: datetime, clock: Clock) -> datetime | None:
    """Send one bundle; None when it is done with, else when to try again."""
    last = bundle[-1]
    if last.staff is not None and not last.staff.is_active:
        _change(_as_seen(bundle), state=DeliveryState.DROPPED, given_up_why="account_closed")
        return None
    quiet_until = _quiet_until(bundle, now)
    if quiet_until > now:
        _change(_queued(bundle), due=quiet_until)
        return quiet_until
    if not _claim(bundle, now):
        return now + IN_FLIGHT
    try:
        word = channels.send(last, parcels.parcel_of(last, bundle[:-1]))
    except channels.Failed as failed:
        return _mark_failed(bundle, failed, clock())
    except Exception as error:  # noqa: BLE001  (whatever it is, this delivery failed and the others must go on)
        return _mark_failed(bundle, channels.Failed(type(error).__name__.lower()), clock())
    log.debug("Delivery %d went out by %s: %s.", last.pk, last.channel, word)
    _mark_sent(bundle, clock())
    return None


def _quiet_until(bundle: Bundle, now: datetime) -> datetime:
    """Until when a person is not to be disturbed by this: a retry may come in hours that were not quiet before."""
    last = bundle[-1]
    if last.staff_id is None or any(_disturbs(delivery) for delivery in bundle):
        return now
    house = ways.house_of(last.notice.station_id)
    quiet = ways.person_of(last.staff_id, house).quiet
    return quiet.over_at(now, house.zone) if quiet else now


def _disturbs(delivery: Delivery) -> bool:
    code = delivery.notice.kind
    return not kinds.knows(code) or disturbs(kinds.kind_of(code), delivery.notice.grade)


def _claim(bundle: Bundle, now: datetime) -> bool:
    """Take all of a bundle, or nothing where another worker has touched one of them."""
    with transaction.atomic():
        taken = _as_seen(bundle).update(attempts=F("attempts") + 1, due=now + IN_FLIGHT, error="")
        if taken != len(bundle):
            transaction.set_rollback(True)
            return False
    for delivery in bundle:
        delivery.attempts += 1
    return True


def _mark_sent(bundle: Bundle, now: datetime) -> None:
    """It has arrived, whoever else has claimed it meanwhile; those that it stood for were told with it."""
    with transaction.atomic():
        _queued(bundle[-1:]).update(state=DeliveryState.SENT, sent_at=now)
        if len(bundle) > 1:
            _queued(bundle[:-1]).update(state=DeliveryState.FOLDED, sent_at=now)
    bundle[-1].state = DeliveryState.SENT


def _mark_failed(bundle: Bundle, failed: channels.Failed, now: datetime) -> datetime | None:
    """Write the failure, unless another worker has claimed it meanwhile: then that one decides."""
    word = failed.code if _CODE.fullmatch(failed.code) else "failed"
    attempts = max(delivery.attempts for delivery in bundle)
    if failed.gone:
        _change(_as_seen(bundle), state=DeliveryState.DROPPED, error=word, given_up_why=word)
        return None
    if not failed.retry or attempts >= MOST_ATTEMPTS:
        _change(_as_seen(bundle), state=DeliveryState.DEAD, error=word)
        return None
    due = now + max(delay_after(attempts), timedelta(seconds=failed.after or 0))
    _change(_as_seen(bundle), due=due, error=word)
    return due


def _change(rows: QuerySet[Delivery], **values: object) -> None:
    with transaction.atomic():
        rows.update(**values)


def _queued(bundle: Bundle) -> QuerySet[Delivery]:
    return Delivery.objects.filter(pk__in=[delivery.pk for delivery in bundle], state=DeliveryState.QUEUED)


def _as_seen(bundle: Bundle) -> QuerySet[Delivery]:
    """The rows of a bundle that nobody has claimed since they were read, or since this worker claimed them."""
    seen = Q()
    for delivery in bundle:
        seen |= Q(pk=delivery.pk, attempts=delivery.attempts)
    return Delivery.objects.filter(seen, state=DeliveryState.QUEUED)
