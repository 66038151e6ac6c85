"""Plain SQL gives what a cursor gives, in a transaction and outside of one."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.transaction import TransactionManagementError

from jishi.base.moments import stored
from jishi.base.sql import run

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 29, 8, 30, 15, 123456, UTC)
INSERT = "INSERT INTO window_tally (mark, count, until) VALUES (%s, %s, %s)"
SELECT = "SELECT mark, count, until FROM window_tally WHERE mark LIKE 'a%%' ORDER BY mark"


def by_cursor(sql: str, *values: Any) -> list[Any]:
    """The rows that Django's own cursor gives."""
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def test_rows_and_moments_are_those_of_a_cursor() -> None:
    assert run(INSERT, ["a1", 1, stored(NOW)]) == []
    assert run(f"{INSERT} RETURNING count", ["a2", 2, stored(NOW)]) == [(2,)]
    assert run(SELECT) == by_cursor(SELECT)
    assert [(mark, count) for mark, count, _until in run(SELECT)] == [("a1", 1), ("a2", 2)]
    until = run(SELECT)[0][2]
    assert (until if until.tzinfo else until.replace(tzinfo=UTC)) == NOW


def test_who_counts_statements_sees_it(django_assert_num_queries: Any) -> None:
    with django_assert_num_queries(2):
        run(INSERT, ["a1", 1, stored(NOW)])
        run(SELECT)


def test_what_the_database_refuses_is_djangos_error() -> None:
    run(INSERT, ["a1", 1, stored(NOW)])
    with pytest.raises(IntegrityError), transaction.atomic():
        run(INSERT, ["a1", 1, stored(NOW)])
    assert len(run(SELECT)) == 1


def test_nothing_is_run_in_a_transaction_that_is_lost() -> None:
    with transaction.atomic():
        transaction.set_rollback(True)
        with pytest.raises(TransactionManagementError):
            run(SELECT)


def test_no_moment_is_no_moment() -> None:
    assert stored(None) is None
