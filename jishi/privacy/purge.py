"""Purging: each room registers what it keeps for a time only, and how it is destroyed.

A :class:`Shredder` knows when the time of a whole subject is over (a matter, a handover).  A :class:`Part` is content
of one kind that hangs on such a subject, also of a room above: it goes in the same transaction as the subject itself.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from jishi.base.writes import write_back
from jishi.jobs.registry import LONG, every

logger = logging.getLogger(__name__)

BATCH = 100
#: The settings of SQLite's switch, by what it answers when it is asked.
_SWITCH = ("OFF", "ON", "FAST")

#: Ids whose time is over at a moment, each with its station.
Find = Callable[[datetime], Iterable[tuple[int, int]]]
#: Those of these ids whose time is still over, their rows locked until the transaction ends.
Lock = Callable[[Sequence[int], datetime], Sequence[int]]
#: Destroy the content of these ids; harmless to repeat.
Shred = Callable[[Sequence[int], datetime], object]
#: How much content of its kind each of these ids has now.
Count = Callable[[Sequence[int]], Mapping[int, int]]


@dataclass(frozen=True, slots=True)
class Shredder:
    """What is kept until its own time is over.

    ``find`` looks without a lock; ``lock`` asks again inside the transaction, since a hold or a command may have come
    between; ``shred`` destroys, after all parts.  ``held`` are those whose time is over too, but which something keeps.
    ``tidy`` ends each purge: what an index still holds of what went.
    """

    kind: str
    label: Any
    find: Find
    lock: Lock
    shred: Shred
    held: Find | None = None
    tidy: Callable[[], object] | None = None


@dataclass(frozen=True, slots=True)
class Part:
    """Content of one kind that hangs on the subjects of a shredder and goes with them."""

    of: str
    kind: str
    label: Any
    count: Count
    shred: Shred


#: How many of a kind, by station.
Counts = dict[str, dict[int, int]]

_shredders: dict[str, Shredder] = {}
_parts: dict[str, Part] = {}


def register(shredder: Shredder) -> None:
    """Add a shredder; the same kind again replaces it."""
    _shredders[shredder.kind] = shredder


def register_part(part: Part) -> None:
    """Hang a part on the subjects of a shredder; the same kind again replaces it."""
    _parts[part.kind] = part


def label_of(kind: str) -> str:
    """What a kind of content is called, in the reader's language."""
    return str((_shredders.get(kind) or _parts[kind]).label)


def run_purge(now: datetime, dry_run: bool = False) -> Counts:
    """Destroy whatever has had its time, and say how many of each kind at each station; with ``dry_run`` only count.

    Every batch is a transaction of its own: what is stopped halfway goes on the next time.
    """
    if dry_run:
        return _run(now, dry_run)
    with _overwriting():
        return _run(now, dry_run)


def count_held(now: datetime) -> Counts:
    """How many of each kind at each station have had their time and stay all the same, since something holds them."""
    return {
        kind: dict(Counter(station for _pk, station in shredder.held(now)))
        for kind, shredder in sorted(_shredders.items())
        if shredder.held is not None
    }


def _run(now: datetime, dry_run: bool) -> Counts:
    counts: Counts = {}
    for kind, shredder in sorted(_shredders.items()):
        parts = [part for _kind, part in sorted(_parts.items()) if part.of == kind]
        for name in (kind, *(part.kind for part in parts)):
            counts[name] = {}
        found = dict(shredder.find(now))
        ids = sorted(found)
        for start in range(0, len(ids), BATCH):
            some: Sequence[int] = ids[start : start + BATCH]
            if dry_run:
                _count(counts, shredder, parts, some, found)
                continue
            with transaction.atomic():
                some = shredder.lock(some, now)
                _count(counts, shredder, parts, some, found)
                for part in parts:
                    part.shred(some, now)
                shredder.shred(some, now)
        if shredder.tidy is not None and not dry_run:
            shredder.tidy()
    return counts


@contextmanager
def _overwriting() -> Iterator[None]:
    """Let SQLite write zeros over what is deleted, also in its own file; PostgreSQL's vacuum frees it.

    Afterwards what was written ahead goes into the file and its log is emptied: the words would stand there still.  A
    reader who stays in the midst of it keeps that from happening; it is logged, and the next purge does it.
    """
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        before = cursor.execute("PRAGMA secure_delete").fetchone()[0]
        cursor.execute("PRAGMA secure_delete = ON")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute(f"PRAGMA secure_delete = {_SWITCH[before]}")
        if not write_back():
            logger.warning("The log of SQLite could not be emptied, as somebody reads there; the next purge does it.")


def _count(
    counts: Counts, shredder: Shredder, parts: Sequence[Part], ids: Sequence[int], stations: Mapping[int, int]
) -> None:
    kinds: list[tuple[str, Mapping[int, int]]] = [(shredder.kind, dict.fromkeys(ids, 1))]
    kinds += [(part.kind, part.count(ids)) for part in parts]
    for kind, found in kinds:
        for pk, many in found.items():
            at = counts[kind]
            at[stations[pk]] = at.get(stations[pk], 0) + many


@every(minutes=24 * 60, name="privacy.purge", atomic=False, lane=LONG)
def purge_daily() -> None:
    """Once a day, whatever has had its time."""
    run_purge(timezone.now())
