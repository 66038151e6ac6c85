"""Reading the journal: the events of a subject, the heads, and the walk that proves a chain."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.models import QuerySet

from jishi.base.sql import run
from jishi.journal.chain import GENESIS, event_hash
from jishi.journal.models import Event, Head


@dataclass(frozen=True, slots=True)
class Flaw:
    """Something in a chain that is not as it was written.  ``seq`` is the first bad place."""

    code: str
    station_id: int
    seq: int
    facts: str = ""


@dataclass(frozen=True, slots=True)
class Done:
    """What a command did: the subject, the version that it led to, and the digest of what was asked."""

    subject_id: int
    version: int
    kind: str
    digest: str | None


def events_of(kind: str, subject_id: int) -> QuerySet[Event]:
    """All events of one subject, oldest first."""
    return Event.objects.filter(subject_kind=kind, subject_id=subject_id).order_by("subject_version", "id")


def event_with_key(key: str) -> Event | None:
    """The event that a command with this idempotency key wrote, if there is one."""
    return Event.objects.filter(idempotency_key=key).first()


def done_with_key(key: str) -> Done | None:
    """What a command with this idempotency key did, if it came before: plain SQL, as every command asks it."""
    rows = run(
        "SELECT subject_id, subject_version, kind, command_digest FROM journal_event WHERE idempotency_key = %s", [key]
    )
    return Done(*rows[0]) if rows else None


def heads() -> dict[int, tuple[int, str]]:
    """Station id → (number, hash) of the last event."""
    return {head.station_id: (head.seq, head.hash) for head in Head.objects.order_by("station_id")}


def flaws(station_id: int, kept: tuple[int, str] | None = None) -> Iterator[Flaw]:
    """Walk one station's chain and yield what is wrong, the first bad row first; nothing when it is whole.

    ``kept`` is a head written down earlier (``jishi head``): it finds a tail that was cut together with its head row.
    """
    prev, expected = GENESIS, 0
    kept_seen = kept is None or kept[0] == 0
    for event in Event.objects.filter(station_id=station_id).order_by("seq").iterator(chunk_size=2000):
        expected += 1
        if event.seq != expected:
            yield Flaw("event_missing", station_id, expected)
            return
        if event.prev_hash != prev:
            yield Flaw("chain_broken", station_id, event.seq)
            return
        if hash_of(event) != event.hash:
            yield Flaw("event_changed", station_id, event.seq, event.kind)
            return
        prev = event.hash
        if kept and event.seq == kept[0]:
            kept_seen = True
            if event.hash != kept[1]:
                yield Flaw("head_differs", station_id, event.seq)
                return
    if not kept_seen and kept:
        yield Flaw("tail_cut", station_id, expected + 1, f"{kept[0]}")
    head = Head.objects.filter(station_id=station_id).first()
    if (head.seq, head.hash) != (expected, prev) if head else expected:
        yield Flaw("tail_cut", station_id, expected + 1, f"{head.seq if head else 0}")


def hash_of(event: Event) -> str:
    """The hash that the event's fields give now."""
    return event_hash(
        event.prev_hash,
        event.station_id,
        event.seq,
        (event.subject_kind, event.subject_id, event.subject_version),
        event.kind,
        event.actor_id,
        event.occurred_at,
        event.recorded_at,
        event.payload,
        event.idempotency_key,
        event.command_digest,
    )


def station_ids() -> Iterable[int]:
    """Every station that has a head or an event, in order."""
    ids = set(Head.objects.values_list("station_id", flat=True))
    ids.update(Event.objects.values_list("station_id", flat=True).order_by("station_id").distinct())
    return sorted(ids)


def payload_of(event: Event) -> dict[str, object]:
    """The event's payload as a dictionary."""
    payload: dict[str, object] = json.loads(event.payload)
    return payload
