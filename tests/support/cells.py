"""Every value of a table, and every string in a JSON value, for what looks at all that is kept."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import connection


def cells(table: str) -> Iterator[tuple[str, str]]:
    """Every value of a table as text, with its column."""
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
        names = [column[0] for column in cursor.description or ()]
        for row in cursor.fetchall():
            for name, value in zip(names, row, strict=True):
                yield (
                    name,
                    bytes(value).decode("utf-8", "replace") if isinstance(value, bytes | memoryview) else str(value),
                )


def strings(value: Any) -> Iterator[str]:
    """Every string in a JSON value; the names of its fields too."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for part in value:
            yield from strings(part)
    elif isinstance(value, dict):
        for name, part in value.items():
            yield name
            yield from strings(part)
