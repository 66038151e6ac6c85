"""Puts rows aside on disk and gives them back by key and moment, so that memory does not grow with the file."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from itertools import groupby
from types import TracebackType
from typing import Any, NamedTuple

_AT_ONCE = 1_000
_encode, _decode = json.JSONEncoder().encode, json.JSONDecoder().decode


class Kept(NamedTuple):
    """A row that was put aside: its key, its place in time, its number in the file, and what it says."""

    key: str
    order: float
    number: int
    data: Any


class Spool:
    """A temporary database of its own, without a name: gone once it is closed, or its process killed."""

    def __init__(self) -> None:
        self._db = sqlite3.connect("", isolation_level=None)
        self._db.execute("PRAGMA journal_mode = OFF")
        self._db.execute("CREATE TABLE kept (key TEXT, place REAL, number INTEGER, data TEXT)")
        self._waiting: list[tuple[str, float, int, str]] = []

    def __enter__(self) -> Spool:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._db.close()

    def put(self, row: Kept) -> None:
        """Put one row aside; its data must be of plain values."""
        self._waiting.append((row.key, row.order, row.number, _encode(row.data)))
        if len(self._waiting) >= _AT_ONCE:
            self._flush()

    def groups(self) -> Iterator[list[Kept]]:
        """The rows of each key, in the order of their moments, those of one moment in the order of the file."""
        self._flush()
        rows = self._db.execute("SELECT key, place, number, data FROM kept ORDER BY key, place, number")
        for _, group in groupby(rows, key=lambda row: row[0]):
            yield [Kept(key, place, number, _decode(data)) for key, place, number, data in group]

    def _flush(self) -> None:
        self._db.execute("BEGIN")
        self._db.executemany("INSERT INTO kept VALUES (?, ?, ?, ?)", self._waiting)
        self._db.execute("COMMIT")
        self._waiting.clear()
