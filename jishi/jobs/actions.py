"""Every write to the job table: asking for a job, taking it, ending it, and giving signs of life."""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from jishi.base.errors import Refused
from jishi.base.moments import stored
from jishi.base.writes import alone, write_alone
from jishi.jobs import queries, registry
from jishi.jobs.models import Beat, Job, State

LEASE = timedelta(seconds=30)
MOST_ATTEMPTS = 10
FIRST_DELAY = timedelta(seconds=5)
LONGEST_DELAY = timedelta(hours=1)
BEATS_KEPT = timedelta(days=1)
_CODE = re.compile(r"[A-Za-z0-9_.:+/-]{0,100}")

_ENQUEUE = (
    "INSERT INTO jobs_job (kind, payload, station_id, dedupe_key, state, due, lease_until, fence, attempts, again, "
    "last_error, created_at) VALUES (%s, %s, %s, %s, 'queued', %s, NULL, 0, 0, %s, '', %s) "
    "ON CONFLICT (dedupe_key) DO UPDATE SET payload = excluded.payload, again = (jobs_job.state = 'leased'), "
    "due = CASE WHEN jobs_job.state = 'leased' AND NOT jobs_job.again THEN excluded.due "
    "WHEN excluded.due < jobs_job.due THEN excluded.due ELSE jobs_job.due END"
)
_TAKE = (
    "UPDATE jobs_job SET state = 'leased', lease_until = %s, fence = fence + 1, attempts = attempts + 1, again = %s"
    " WHERE id IN ({marks}) AND state = 'queued'"
)


class LeaseLost(Exception):
    """Another worker has the job by now: what was done under the old lease must not count."""


@dataclass(frozen=True, slots=True)
class Claim:
    """A job in a worker's hands, with the fence that it must show to end it."""

    id: int
    kind: str
    payload: dict[str, Any]
    fence: int
    attempts: int


def enqueue(
    kind: str,
    payload: Mapping[str, Any],
    *,
    due: datetime | None = None,
    dedupe_key: str | None = None,
    station: int | None = None,
) -> None:
    """Ask for a job, in the caller's transaction and with one statement: it is there if and only if the change is.

    The same ``dedupe_key`` waits once: asked for again, the newer payload and the earlier ``due`` hold, and a job that
    is running now runs once more.  ``payload`` may hold numbers, codes and lists of them; words raise ``ValueError``.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError("enqueue() belongs inside the transaction of the change")
    registry.handler_of(kind)
    refuse_words(payload)
    now = timezone.now()
    encoded = Job._meta.get_field("payload").get_db_prep_save(dict(payload), connection)
    with connection.cursor() as cursor:
        cursor.execute(_ENQUEUE, [kind, encoded, station, dedupe_key, stored(due or now), False, stored(now)])


def claim(limit: int, now: datetime, lease: timedelta = LEASE, lane: str | None = None) -> list[Claim]:
    """Take up to ``limit`` jobs of a lane that are due, the longest due first.  No two workers get the same one."""
    with transaction.atomic():
        due = queries.due_in(lane, now).select_for_update(skip_locked=True)
        rows = list(due.values_list("pk", "kind", "payload", "fence", "attempts")[:limit])
        if rows:
            take = _TAKE.replace("{marks}", ", ".join(["%s"] * len(rows)))
            write_alone(take, [stored(now + lease), False, *(row[0] for row in rows)])
    return [Claim(pk, kind, payload, fence + 1, attempts + 1) for pk, kind, payload, fence, attempts in rows]


def finish(claim: Claim, now: datetime) -> None:
    """End a job that is done: take its row away, or set it to its next time.  Raises ``LeaseLost``."""
    period = _period(claim.kind)
    if not period and _take_away(claim):
        return
    due = {"due": now + period} if period else {}
    with alone():
        ended = _held(claim).update(state=State.QUEUED, lease_until=None, attempts=0, again=False, last_error="", **due)
    if not ended:
        raise LeaseLost(claim.id)


def _take_away(claim: Claim) -> int:
    """Delete the row of a job that nobody has asked for again; every job ends here, so it is plain SQL."""
    delete = "DELETE FROM jobs_job WHERE id = %s AND fence = %s AND state = 'leased' AND again = %s"
    return write_alone(delete, [claim.id, claim.fence, False])


def fail(claim: Claim, error: BaseException, now: datetime) -> None:
    """Put a job that failed back, later each time; after the last attempt it is dead and waits for a person."""
    word = error_word(error)
    held = _held(claim)
    if claim.attempts >= MOST_ATTEMPTS and not _period(claim.kind):
        dead = held.filter(again=False).update(state=State.DEAD, lease_until=None, dedupe_key=None, last_error=word)
        if dead:
            return
    held.update(
        state=State.QUEUED,
        lease_until=None,
        due=now + delay_after(claim.attempts),
        attempts=claim.attempts % MOST_ATTEMPTS,
        again=False,
        last_error=word,
    )


def release(claims: Iterable[Claim], now: datetime) -> None:
    """Hand back jobs that were taken and not begun, for whoever is free."""
    for claim in claims:
        _held(claim).update(
            state=State.QUEUED, lease_until=None, due=now, again=False, attempts=max(claim.attempts - 1, 0)
        )


def extend(claim: Claim, now: datetime, lease: timedelta = LEASE) -> None:
    """Keep the job that is being done."""
    _held(claim).update(lease_until=now + lease)


def requeue_lapsed(now: datetime) -> int:
    """Put back the jobs of workers that were killed; one that killed its worker every time is dead."""
    lapsed = Job.objects.filter(state=State.LEASED, lease_until__lt=now)
    if not lapsed.exists():
        return 0
    names = [handler.kind for handler in registry.periodic()]
    worn_out = lapsed.filter(attempts__gte=MOST_ATTEMPTS, again=False).exclude(kind__in=names)
    with transaction.atomic():
        worn_out.update(state=State.DEAD, lease_until=None, dedupe_key=None, last_error="lease_lost")
        return lapsed.update(state=State.QUEUED, lease_until=None, due=now, again=False)


def revive(now: datetime) -> int:
    """Give every dead job another round of attempts; returns how many there were."""
    with transaction.atomic():
        return Job.objects.filter(state=State.DEAD).update(state=State.QUEUED, due=now, attempts=0)


def ensure_periodic(now: datetime) -> None:
    """See that each job that comes round by itself has its one row."""
    rows = [
        Job(kind=handler.kind, dedupe_key=f"every:{handler.kind}", due=now, created_at=now)
        for handler in registry.periodic()
    ]
    with transaction.atomic():
        Job.objects.bulk_create(rows, ignore_conflicts=True)


def beat(worker: str, lane: str, started_at: datetime, now: datetime) -> None:
    """Write that this worker is alive, and forget those long gone."""
    with transaction.atomic():
        if not Beat.objects.filter(worker=worker).update(at=now):
            Beat.objects.create(worker=worker, lane=lane, at=now, started_at=started_at)
            Beat.objects.filter(at__lt=now - BEATS_KEPT).delete()


def leave(worker: str) -> None:
    """Take this worker's sign of life away: it ends as it should."""
    with transaction.atomic():
        Beat.objects.filter(worker=worker).delete()


def delay_after(attempts: int) -> timedelta:
    """How long to wait after so many attempts: twice as long each time, with jitter, an hour at most."""
    whole: timedelta = min(FIRST_DELAY * 2 ** (attempts - 1), LONGEST_DELAY)
    return whole * random.uniform(0.5, 1.0)


def error_word(error: BaseException) -> str:
    """What may be kept of an error: its type, and the code of a ``Refused``; never its message."""
    name = type(error).__name__
    return (f"{name}:{error.code}" if isinstance(error, Refused) else name)[:120]


def _held(claim: Claim) -> QuerySet[Job]:
    return Job.objects.filter(pk=claim.id, fence=claim.fence, state=State.LEASED)


def _period(kind: str) -> timedelta | None:
    try:
        return registry.handler_of(kind).every
    except registry.UnknownKind:
        return None


def refuse_words(value: Any) -> None:
    """Raise ``ValueError`` for anything but numbers, codes and lists of them: no row of a queue holds words."""
    if isinstance(value, Mapping):
        for key, item in value.items():
            refuse_words(key)
            refuse_words(item)
    elif isinstance(value, (list, tuple)):
        for item in value:
            refuse_words(item)
    elif isinstance(value, str):
        if not _CODE.fullmatch(value):
            raise ValueError("a job's payload holds ids and codes, never words")
    elif value is not None and not isinstance(value, (int, bool)):
        raise ValueError(f"a job's payload cannot hold a {type(value).__name__}")
