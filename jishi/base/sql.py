"""Plain SQL: one statement, its rows."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connections

from jishi.base.sqlite.base import DatabaseWrapper


def run(sql: str, values: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
    """Run one statement and give its rows; none for one that gives none.

    ``sql`` has ``%s`` for values; ``values`` are as the database takes them, moments by
    :func:`jishi.base.moments.stored`.  In a transaction over SQLite it goes to the driver directly, as long as nobody
    counts statements: Django's cursor takes twice as long as the statement.
    """
    found = connections[DEFAULT_DB_ALIAS]
    if isinstance(found, DatabaseWrapper) and found.in_atomic_block and found.connection is not None:
        if not (found.needs_rollback or found.execute_wrappers or found.queries_logged):
            return found.run(sql, values)
    with found.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall() if cursor.description else []
