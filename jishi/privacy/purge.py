"""Purging: each room registers what it keeps for a time only, and how it is destroyed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from jishi.jobs.registry import every

BATCH = 200


@dataclass(frozen=True, slots=True)
class Shredder:
    """One kind of personal content.

    ``find`` gives the ids whose time is over at a moment; ``shred`` destroys them, inside a transaction of its own, and
    must be harmless to repeat.
    """

    kind: str
    find: Callable[[datetime], Iterable[int]]
    shred: Callable[[Sequence[int]], object]


_shredders: dict[str, Shredder] = {}


def register(shredder: Shredder) -> None:
    """Add a shredder; the same kind again replaces it."""
    _shredders[shredder.kind] = shredder


def run_purge(now: datetime, dry_run: bool = False) -> dict[str, int]:
    """Destroy whatever has had its time, and say how many of each kind; with ``dry_run`` only count."""
    counts: dict[str, int] = {}
    for kind, shredder in sorted(_shredders.items()):
        ids = list(shredder.find(now))
        counts[kind] = len(ids)
        if dry_run:
            continue
        for start in range(0, len(ids), BATCH):
            with transaction.atomic():
                shredder.shred(ids[start : start + BATCH])
    return counts


@every(minutes=24 * 60, name="privacy.purge", atomic=False)
def purge_daily() -> None:
    """Once a day, whatever has had its time."""
    run_purge(timezone.now())
