"""What the tests of the window share: forms that a person filled in, and cases to count."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from jishi.window import challenge
from jishi.window.figures.case import Case

EN = {"HTTP_ACCEPT_LANGUAGE": "en"}
#: A Thursday morning in working hours at Shanghai.
NOW = datetime(2026, 3, 5, 1, 0, tzinfo=UTC)
#: When the figures of the first quarter of 2026 are due.
SETTLED = datetime(2026, 4, 20, 1, 0, tzinfo=UTC)


def filled(purpose: str, now: datetime, fields: dict[str, Any]) -> dict[str, Any]:
    """What a person sends a minute after the form was given out."""
    return {**fields, challenge.STAMP: challenge.new_stamp(purpose, now - timedelta(minutes=1)), challenge.TRAP: ""}


def a_case(area: int | None = 1, category: str = "fire.exit", **more: Any) -> Case:
    """A matter of February, answered in time two days later."""
    reported = more.pop("reported_at", datetime(2026, 2, 3, 4, 0, tzinfo=UTC))
    usual = {"due": reported + timedelta(days=3), "answered_at": reported + timedelta(days=2)}
    return Case(area, category, category.partition(".")[0], reported, **{**usual, **more})
