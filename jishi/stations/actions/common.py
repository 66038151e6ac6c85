"""What every write of this room does: checks before, and looks at the database anew after."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from jishi.stations import queries


def check(thing: Any, exclude: set[str] | None = None) -> None:
    """Raise ``ValidationError`` where a row breaks the rules of its model."""
    thing.full_clean(exclude=exclude)


def look_again() -> None:
    """Forget what this process remembers, now and once the change is in force."""
    queries.forget()
    transaction.on_commit(queries.forget)
