"""When an element is due, and how it stands against its cadence.  Pure; moments are passed in.

An element that was verified is *fresh*, then *due* over the last fifth of its cadence (fourteen days at most, one at
least), then *overdue*.  One that nobody has verified yet is *never*.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

NEVER, FRESH, DUE, OVERDUE = "never", "fresh", "due", "overdue"
STANDINGS = (NEVER, FRESH, DUE, OVERDUE)
MOST_NOTICE = timedelta(days=14)
LEAST_NOTICE = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Standing:
    """How an element stands: ``due_at`` is the last moment of its cadence, ``flips_at`` when this changes by itself."""

    freshness: str
    due_at: datetime | None = None
    flips_at: datetime | None = None


def days_of(cadence: Mapping[str, int], grade: int) -> int:
    """The cadence in days of a grade (0 to 4): its own, else that of grade 0."""
    return int(cadence.get(str(grade)) or cadence["0"])


def standing(verified_at: datetime | None, days: int, now: datetime) -> Standing:
    """How an element with this cadence stands at ``now``."""
    if verified_at is None:
        return Standing(NEVER)
    due_at = verified_at + timedelta(days=days)
    due_from = due_at - notice(days)
    if now < due_from:
        return Standing(FRESH, due_at, due_from)
    if now <= due_at:
        return Standing(DUE, due_at, due_at + timedelta(microseconds=1))
    return Standing(OVERDUE, due_at)


def notice(days: int) -> timedelta:
    """How long before its last moment an element counts as due."""
    return max(LEAST_NOTICE, min(MOST_NOTICE, timedelta(days=days) / 5))


def share(fresh: int, due: int, overdue: int, never: int) -> float | None:
    """The share of elements verified within their cadence, from 0 to 1; None where there are none."""
    total = fresh + due + overdue + never
    return (fresh + due) / total if total else None


def burn_rate(share_now: float | None, target: float) -> float | None:
    """How fast the room for staleness is used up: the stale share over the share that the target allows.

    1 means that exactly what the target allows is stale, 2 twice that much (the burn rate of an error budget, Google
    Site Reliability Workbook, 2018, chapter 5, over shares instead of requests).  ``target`` lies between 0 and 1.
    """
    return None if share_now is None else (1 - share_now) / (1 - target)
