"""A matter as the public figures count it.  Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Case:
    """A matter as it is counted, without number, words, exact point or anybody's name.

    ``category`` is the whole code and ``kind`` that of the category above it; ``due`` is when the first answer is due,
    ``answered_at`` when it was given; ``result`` and ``manner`` are stars.
    """

    area: int | None
    category: str
    kind: str
    reported_at: datetime
    due: datetime | None = None
    answered_at: datetime | None = None
    reopened: bool = False
    outcome: str = ""
    cell: int | None = None
    mended: bool | None = None
    result: int | None = None
    manner: int | None = None

    @property
    def days(self) -> float | None:
        """Days from the report to the first answer."""
        return (self.answered_at - self.reported_at).total_seconds() / 86_400 if self.answered_at else None

    def in_time(self, now: datetime) -> bool | None:
        """Whether it was answered by its deadline; None while that is still ahead."""
        if self.due is None:
            return None
        if self.answered_at is not None:
            return self.answered_at <= self.due
        return False if self.due < now else None
