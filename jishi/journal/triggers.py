"""Database triggers that refuse to change or delete rows of an append-only table, for SQLite and PostgreSQL."""

from __future__ import annotations

from typing import Any


def refuse_changes(table: str) -> Any:
    """A migration operation that makes ``table`` append-only: UPDATE and DELETE are refused by the database itself."""
    from django.db import migrations

    def make(apps: Any, editor: Any) -> None:
        if editor.connection.vendor == "postgresql":
            editor.execute(
                "CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME; END $$",
                params=None,
            )
            editor.execute(
                f"CREATE TRIGGER {table}_append_only BEFORE UPDATE OR DELETE ON {table} "
                "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
            )
            return
        for verb in ("UPDATE", "DELETE"):
            editor.execute(
                f"CREATE TRIGGER {table}_no_{verb.lower()} BEFORE {verb} ON {table} "
                f"BEGIN SELECT RAISE(ABORT, '{table} is append-only'); END"
            )

    def drop(apps: Any, editor: Any) -> None:
        if editor.connection.vendor == "postgresql":
            editor.execute(f"DROP TRIGGER {table}_append_only ON {table}")
            return
        for verb in ("update", "delete"):
            editor.execute(f"DROP TRIGGER {table}_no_{verb}")

    return migrations.RunPython(make, drop)
