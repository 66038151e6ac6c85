"""Reading a time as clients write it.  Pure: no Django."""

from __future__ import annotations

from datetime import datetime

_LONGEST = 40


def read(text: str) -> datetime | None:
    """The time, with or without an offset, as it was written; None where it is none.

    A plus that a client did not encode arrives as a blank, and a blank may stand between the day and the hour.
    """
    text = text.strip()[:_LONGEST].upper()
    for each in (text, "+".join(text.rsplit(" ", 1))):
        try:
            return datetime.fromisoformat(each)
        except ValueError:
            continue
    return None
