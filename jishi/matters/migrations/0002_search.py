"""The search index: each matter's terms, its category and its station, kept in step by the database itself.

SQLite: a full-text table over three columns of the matter, which stores no text twice.  PostgreSQL: a narrow table beside
the matter with a GIN index, so that a command that moves the matter on does not touch the index at all; the station
stands before each term, so that one word at one station is one list of the index.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations

SQLITE = (
    """CREATE VIRTUAL TABLE matters_search USING fts5(
        grams, category_id, station_id, content='matters_matter', content_rowid='id', detail='column',
        columnsize=0, tokenize="unicode61 tokenchars '._-'")""",
    """CREATE TRIGGER matters_search_insert AFTER INSERT ON matters_matter BEGIN
        INSERT INTO matters_search (rowid, grams, category_id, station_id)
        VALUES (new.id, new.grams, new.category_id, new.station_id);
    END""",
    """CREATE TRIGGER matters_search_update AFTER UPDATE OF grams, category_id, station_id ON matters_matter
    WHEN old.grams IS NOT new.grams OR old.category_id IS NOT new.category_id OR old.station_id IS NOT new.station_id
    BEGIN
        INSERT INTO matters_search (matters_search, rowid, grams, category_id, station_id)
        VALUES ('delete', old.id, old.grams, old.category_id, old.station_id);
        INSERT INTO matters_search (rowid, grams, category_id, station_id)
        VALUES (new.id, new.grams, new.category_id, new.station_id);
    END""",
    """CREATE TRIGGER matters_search_delete AFTER DELETE ON matters_matter BEGIN
        INSERT INTO matters_search (matters_search, rowid, grams, category_id, station_id)
        VALUES ('delete', old.id, old.grams, old.category_id, old.station_id);
    END""",
    "INSERT INTO matters_search (matters_search) VALUES ('rebuild')",
)

POSTGRESQL = (
    """CREATE TABLE matters_search (
        matter_id bigint PRIMARY KEY REFERENCES matters_matter (id) ON DELETE CASCADE, terms tsvector NOT NULL)""",
    """CREATE FUNCTION matters_search_terms(grams text, category text, station bigint) RETURNS tsvector
    LANGUAGE sql IMMUTABLE AS $$
        SELECT array_to_tsvector(
            ARRAY(SELECT station::text || ':' || gram FROM unnest(string_to_array(grams, ' ')) AS gram WHERE gram <> '')
            || (station::text || '#' || coalesce(category, '')))
    $$""",
    """CREATE FUNCTION matters_search_keep() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
        INSERT INTO matters_search (matter_id, terms)
        VALUES (new.id, matters_search_terms(new.grams, new.category_id, new.station_id))
        ON CONFLICT (matter_id) DO UPDATE SET terms = excluded.terms;
        RETURN NULL;
    END $$""",
    """CREATE TRIGGER matters_search_insert AFTER INSERT ON matters_matter
    FOR EACH ROW EXECUTE FUNCTION matters_search_keep()""",
    """CREATE TRIGGER matters_search_update AFTER UPDATE OF grams, category_id, station_id ON matters_matter
    FOR EACH ROW WHEN (old.grams IS DISTINCT FROM new.grams OR old.category_id IS DISTINCT FROM new.category_id
        OR old.station_id IS DISTINCT FROM new.station_id)
    EXECUTE FUNCTION matters_search_keep()""",
    """INSERT INTO matters_search (matter_id, terms)
    SELECT id, matters_search_terms(grams, category_id, station_id) FROM matters_matter""",
    "CREATE INDEX matters_search_terms ON matters_search USING gin (terms)",
)

UNDO = {
    "sqlite": (
        "DROP TRIGGER matters_search_delete",
        "DROP TRIGGER matters_search_update",
        "DROP TRIGGER matters_search_insert",
        "DROP TABLE matters_search",
    ),
    "postgresql": (
        "DROP TRIGGER matters_search_update ON matters_matter",
        "DROP TRIGGER matters_search_insert ON matters_matter",
        "DROP FUNCTION matters_search_keep()",
        "DROP TABLE matters_search",
        "DROP FUNCTION matters_search_terms(text, text, bigint)",
    ),
}


def make(apps: Any, editor: Any) -> None:
    """Make the index and fill it from the matters that are there."""
    for statement in POSTGRESQL if editor.connection.vendor == "postgresql" else SQLITE:
        editor.execute(statement, params=None)


def drop(apps: Any, editor: Any) -> None:
    """Take the index away."""
    for statement in UNDO[editor.connection.vendor]:
        editor.execute(statement, params=None)


class Migration(migrations.Migration):
    dependencies = [("matters", "0001_initial")]

    operations = [migrations.RunPython(make, drop)]
