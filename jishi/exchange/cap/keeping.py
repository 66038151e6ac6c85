"""Database triggers by which what was given out stays as it was, for SQLite and PostgreSQL."""

from __future__ import annotations

from typing import Any

TABLE = "exchange_alert"


def keep_published(columns: tuple[str, ...]) -> Any:
    """A migration operation: ``columns`` of a message that was given out never change, and its row is not deleted."""
    from django.db import migrations

    def make(apps: Any, editor: Any) -> None:
        if editor.connection.vendor == "postgresql":
            changed = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in columns)
            editor.execute(
                "CREATE FUNCTION keep_published() RETURNS trigger LANGUAGE plpgsql AS "
                "$$ BEGIN RAISE EXCEPTION 'what was published stays as it was'; END $$",
                params=None,
            )
            for verb, when in (("update", f"({changed})"), ("delete", "true")):
                editor.execute(
                    f"CREATE TRIGGER {TABLE}_kept_{verb} BEFORE {verb.upper()} ON {TABLE} FOR EACH ROW"
                    f" WHEN (OLD.sent IS NOT NULL AND {when}) EXECUTE FUNCTION keep_published()",
                    params=None,
                )
            return
        changed = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in columns)
        for verb, when in (("update", f"({changed})"), ("delete", "1")):
            editor.execute(
                f"CREATE TRIGGER {TABLE}_kept_{verb} BEFORE {verb.upper()} ON {TABLE}"
                f" WHEN OLD.sent IS NOT NULL AND {when}"
                f" BEGIN SELECT RAISE(ABORT, 'what was published stays as it was'); END",
                params=None,
            )

    def drop(apps: Any, editor: Any) -> None:
        on = f" ON {TABLE}" if editor.connection.vendor == "postgresql" else ""
        for verb in ("update", "delete"):
            editor.execute(f"DROP TRIGGER {TABLE}_kept_{verb}{on}")
        if on:
            editor.execute("DROP FUNCTION keep_published()")

    return migrations.RunPython(make, drop)
