"""Quarters of a year in a station's own time.  Pure."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True, order=True)
class Quarter:
    """One quarter, by the day on which it begins."""

    first: date

    @classmethod
    def of(cls, day: date) -> Quarter:
        """The quarter that holds this day."""
        return cls(date(day.year, 3 * ((day.month - 1) // 3) + 1, 1))

    @classmethod
    def read(cls, code: str) -> Quarter | None:
        """The quarter of a code such as ``2026-Q3``; None for any other text."""
        year, _dash, number = code.partition("-Q")
        if number not in {"1", "2", "3", "4"} or not (
            len(year) == 4 and year.isascii() and year.isdecimal() and 2000 <= int(year) <= 2100
        ):
            return None
        return cls(date(int(year), 3 * int(number) - 2, 1))

    @property
    def number(self) -> int:
        """1 to 4."""
        return (self.first.month + 2) // 3

    @property
    def code(self) -> str:
        """The quarter in an address: ``2026-Q3``."""
        return f"{self.first.year:04}-Q{self.number}"

    @property
    def after(self) -> Quarter:
        """The quarter after this one."""
        return Quarter.of(self.first + timedelta(days=93))

    @property
    def before(self) -> Quarter:
        """The quarter before this one."""
        return Quarter.of(self.first - timedelta(days=1))

    def span(self, zone: str) -> tuple[datetime, datetime]:
        """From which moment on, and before which, something happened in this quarter."""
        begins, ends = (
            datetime(day.year, day.month, 1, tzinfo=ZoneInfo(zone)) for day in (self.first, self.after.first)
        )
        return begins, ends
