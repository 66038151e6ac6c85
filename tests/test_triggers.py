"""The triggers of the search and of what is append-only are there after all migrations, on both databases."""

from __future__ import annotations

import pytest
from django.db import connection

EXPECTED = {
    "matters_search_insert", "matters_search_update", "register_search_insert", "register_search_update",
    "journal_event", "privacy_reveal", "register_change",
}  # fmt: skip


@pytest.mark.django_db
def test_no_migration_lost_a_trigger():
    """SQLite makes a table anew to change it, and the new one has no triggers unless they are made again."""
    query = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger'",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal",
    }[connection.vendor]
    with connection.cursor() as cursor:
        cursor.execute(query)
        found = {row[0] for row in cursor.fetchall()}
    elsewhere = {name for name in EXPECTED if "register_s" in name and connection.vendor != "sqlite"}
    assert [name for name in EXPECTED - elsewhere if not any(each.startswith(name) for each in found)] == []
