"""Counting how often an address does a thing, in one statement, so that none of two at once is lost."""

from __future__ import annotations

from datetime import datetime

from jishi.base.moments import stored
from jishi.base.sql import run
from jishi.base.writes import alone
from jishi.window.models import Tally

_COUNT = (
    "INSERT INTO window_tally (mark, count, until) VALUES (%s, 1, %s) ON CONFLICT (mark) DO UPDATE SET"
    " count = CASE WHEN window_tally.until <= %s THEN 1 ELSE window_tally.count + 1 END,"
    " until = CASE WHEN window_tally.until <= %s THEN excluded.until ELSE window_tally.until END RETURNING count"
)


def count_one(mark: str, until: datetime, now: datetime) -> int:
    """Count one more, in the caller's transaction where there is one, and say which it is; the first of a new time
    counts ``until`` then."""
    with alone():
        return int(run(_COUNT, [mark, stored(until), stored(now), stored(now)])[0][0])


def forget_counts(now: datetime) -> int:
    """Delete what counts no more; returns how many rows went."""
    with alone():
        return Tally.objects.filter(until__lte=now).delete()[0]
