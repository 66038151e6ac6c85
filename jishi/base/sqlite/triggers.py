"""Triggers that SQLite loses: Django changes a table there by making it anew, and a new table has no triggers."""

from __future__ import annotations

from collections.abc import Iterable

from django.db import connection


def restore(statements: Iterable[str]) -> None:
    """Make the triggers among these statements where they are missing; on PostgreSQL they were never lost."""
    if connection.vendor != "sqlite":
        return
    with connection.cursor() as cursor:
        for statement in statements:
            if statement.startswith("CREATE TRIGGER "):
                cursor.execute(statement.replace("CREATE TRIGGER ", "CREATE TRIGGER IF NOT EXISTS ", 1))
