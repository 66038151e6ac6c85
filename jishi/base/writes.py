"""Writing with one statement alone, which is a transaction by itself: no BEGIN, no COMMIT, and as durable."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections

from jishi.base.sqlite.base import DatabaseWrapper


def write_alone(sql: str, values: Sequence[Any]) -> int:
    """Run one statement that writes, in the caller's transaction where there is one; returns how many rows it met.

    ``sql`` has ``%s`` for values and no other per cent sign.  On SQLite it goes to the driver directly, as long as
    nobody counts statements.
    """
    found = connections[DEFAULT_DB_ALIAS]
    if isinstance(found, DatabaseWrapper) and not (found.in_atomic_block or found._has_turn or found.execute_wrappers):
        if not found.queries_logged:
            return found.write_alone(sql, values)
    with alone(), found.cursor() as cursor:
        cursor.execute(sql, values)
        return int(cursor.rowcount)


def alone() -> AbstractContextManager[None]:
    """A block whose statements each stand alone; on SQLite they have the writer's turn."""
    turn = getattr(connection, "turn", None)
    found: AbstractContextManager[None] = turn() if turn else nullcontext()
    return found
