"""The search index over an element's terms, and a history that the database itself keeps anybody from changing."""

from __future__ import annotations

from typing import Any

from django.db import migrations

from jishi.journal.triggers import refuse_changes

SQLITE = (
    """CREATE VIRTUAL TABLE register_search USING fts5(
        grams, station_id, content='register_element', content_rowid='id', detail='column', columnsize=0,
        tokenize="unicode61 tokenchars '._-'")""",
    """CREATE TRIGGER register_search_insert AFTER INSERT ON register_element BEGIN
        INSERT INTO register_search (rowid, grams, station_id) VALUES (new.id, new.grams, new.station_id);
    END""",
    """CREATE TRIGGER register_search_update AFTER UPDATE OF grams ON register_element
    WHEN old.grams IS NOT new.grams BEGIN
        INSERT INTO register_search (register_search, rowid, grams, station_id)
        VALUES ('delete', old.id, old.grams, old.station_id);
        INSERT INTO register_search (rowid, grams, station_id) VALUES (new.id, new.grams, new.station_id);
    END""",
    """CREATE TRIGGER register_search_delete AFTER DELETE ON register_element BEGIN
        INSERT INTO register_search (register_search, rowid, grams, station_id)
        VALUES ('delete', old.id, old.grams, old.station_id);
    END""",
)
POSTGRESQL = ("CREATE INDEX register_search ON register_element USING gin (string_to_array(grams, ' '))",)
UNDO = {
    "sqlite": (
        "DROP TRIGGER register_search_delete",
        "DROP TRIGGER register_search_update",
        "DROP TRIGGER register_search_insert",
        "DROP TABLE register_search",
    ),
    "postgresql": ("DROP INDEX register_search",),
}


def make(apps: Any, editor: Any) -> None:
    """Make the index."""
    for statement in POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE:
        editor.execute(statement, params=None)


def drop(apps: Any, editor: Any) -> None:
    """Take the index away."""
    for statement in UNDO[editor.connection.vendor]:
        editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("register", "0001_initial")]

    operations = [migrations.RunPython(make, drop), refuse_changes("register_change")]
