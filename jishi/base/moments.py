"""Moments in plain SQL: as a value to send, and as one that came back."""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import Any

from django.db import connection


@lru_cache(maxsize=4_096)
def stored(moment: datetime | None) -> Any:
    """An aware moment as the database of this process takes it, None as None.

    A command writes the same moment many times, so the last few are remembered.
    """
    return None if moment is None else connection.ops.adapt_datetimefield_value(moment)


def whole(value: Any) -> Any:
    """A value that came back; SQLite's moments come without the zone that they all have."""
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) and value.tzinfo is None else value
