"""Writing with one statement alone, which is a transaction by itself: no BEGIN, no COMMIT, and as durable."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from django.db import connection


def write_alone(sql: str, values: Sequence[Any]) -> int:
    """Run one statement that writes, in the caller's transaction where there is one; returns how many rows it met."""
    with alone(), connection.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.rowcount)


def alone() -> AbstractContextManager[None]:
    """A block whose statements each stand alone; on SQLite they have the writer's turn."""
    turn = getattr(connection, "turn", None)
    found: AbstractContextManager[None] = turn() if turn else nullcontext()
    return found
