"""Writing quickly: one statement that is a transaction by itself, and a new row without the machinery of a model.

A statement alone needs no BEGIN and no COMMIT, and is as durable.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import datetime
from functools import cache
from typing import Any, TypeVar

from django.db import DEFAULT_DB_ALIAS, IntegrityError, connection, connections
from django.db.models import Model

from jishi.base.moments import stored
from jishi.base.sql import run
from jishi.base.sqlite.base import DatabaseWrapper

Done = TypeVar("Done")
#: How often the log of SQLite is to be emptied, and for how many milliseconds each time readers are waited for.
TRIES, PATIENCE = 10, 200


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


def insert_row(model: type[Model], values: Mapping[str, Any]) -> int:
    """Write a new row and return its id: for rows that every report or command writes.

    ``values`` has plain values, moments, and nothing that a field would have to encode, by the name of their column;
    other columns hold the default of their field.  Raises ``ValueError`` for a column that there is not.
    """
    sql, places, defaults = _row_of(model)
    row = defaults.copy()
    try:
        for column, value in values.items():
            row[places[column]] = stored(value) if isinstance(value, datetime) else value
    except KeyError as error:
        raise ValueError(f"{model.__name__} has no column {error}") from None
    return int(run(sql, row)[0][0])


@cache
def _row_of(model: type[Model]) -> tuple[str, dict[str, int], list[Any]]:
    """The statement for a new row; where the value of each column but the id stands in it; and what stands there where
    none is given."""
    meta = model._meta
    fields = [field for field in meta.concrete_fields if not field.primary_key]
    places = {str(field.column): place for place, field in enumerate(fields)}
    defaults = [field.get_prep_value(field.get_default()) for field in fields]
    defaults = [stored(value) if isinstance(value, datetime) else value for value in defaults]
    marks = ", ".join(["%s"] * len(places))
    return f"INSERT INTO {meta.db_table} ({', '.join(places)}) VALUES ({marks}) RETURNING id", places, defaults


def twice(work: Callable[[], Done]) -> Done:
    """Do work with a transaction of its own, and once more where the same was done by somebody else at the same time:
    the second time it is found to be done already."""
    try:
        return work()
    except IntegrityError:
        return work()


def write_back() -> bool:
    """Bring what SQLite wrote beside its file into it, and empty its log; whether that was done, as somebody may be
    reading there.

    It takes the writers' turn, and gives it back after a moment, so that nobody waits for a long reader.  Nothing
    happens inside a transaction, nor on another database.
    """
    if connection.vendor != "sqlite" or connection.in_atomic_block:
        return True
    for _try in range(TRIES):
        with alone(), connection.cursor() as cursor:
            [patience] = cursor.execute("PRAGMA busy_timeout").fetchone()
            cursor.execute(f"PRAGMA busy_timeout = {PATIENCE}")
            busy = cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0]
            cursor.execute(f"PRAGMA busy_timeout = {patience}")
        if not busy:
            return True
    return False
