"""The working calendar: which hours of which days are worked, as a table of spans for each year."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate, pairwise
from typing import NamedTuple
from zoneinfo import ZoneInfo

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
DAY_MINUTES = 24 * 60
ONE_DAY = timedelta(days=1)


class Year(NamedTuple):
    """The worked spans of one local year, in microseconds since 1970, and the time worked before each of them."""

    starts: list[int]
    ends: list[int]
    before: list[int]
    total: int


@dataclass(frozen=True, eq=False)
class Calendar:
    """One version of the working calendar in one zone.

    ``hours`` are the spans of a working day in minutes after midnight, ``weekdays`` the working days (Monday = 0),
    ``days`` the dates that differ from that pattern (``True`` works, as on a make-up workday), ``known_years`` the
    years whose holidays are published.  In other years the weekly pattern holds.
    """

    version: int
    zone: ZoneInfo
    hours: tuple[tuple[int, int], ...]
    weekdays: frozenset[int]
    days: Mapping[date, bool] = field(default_factory=dict)
    known_years: frozenset[int] = frozenset()
    _years: dict[int, Year] = field(default_factory=dict, init=False, repr=False)

    def __post_init__(self) -> None:
        """Refuse a calendar in which no due time would ever come."""
        if not self.weekdays or not self.weekdays <= set(range(7)):
            raise ValueError("A calendar needs at least one working weekday, from 0 (Monday) to 6.")
        if not self.hours or any(not 0 <= start < end <= DAY_MINUTES for start, end in self.hours):
            raise ValueError("A calendar needs working hours that begin before they end, within one day.")
        if any(later[0] < earlier[1] for earlier, later in pairwise(self.hours)):
            raise ValueError("The working hours of a calendar stand in order and do not overlap.")

    @classmethod
    def from_data(
        cls,
        version: int,
        zone: str,
        *,
        hours: Iterable[Sequence[str]],
        weekdays: Iterable[int],
        days: Mapping[str, int],
        known_years: Iterable[int],
    ) -> Calendar:
        """Build a calendar from the plain values of a file or a database row.  Raises ``ValueError``."""
        return cls(
            version=version,
            zone=ZoneInfo(zone),
            hours=tuple((minutes_of(start), minutes_of(end)) for start, end in hours),
            weekdays=frozenset(weekdays),
            days={date.fromisoformat(day): bool(working) for day, working in days.items()},
            known_years=frozenset(known_years),
        )

    @property
    def day_minutes(self) -> int:
        """How many minutes one working day has."""
        return sum(end - start for start, end in self.hours)

    def is_working(self, day: date) -> bool:
        """Whether this day is worked: its own entry where there is one, else the weekly pattern."""
        working = self.days.get(day)
        return day.weekday() in self.weekdays if working is None else working

    def year(self, number: int) -> Year:
        """The spans of a local year, computed once."""
        found = self._years.get(number)
        if found is None:
            found = self._years[number] = self._spans(number)
        return found

    def _spans(self, number: int) -> Year:
        starts: list[int] = []
        ends: list[int] = []
        last = instant(datetime(number, 1, 1, tzinfo=self.zone))
        day = date(number, 1, 1)
        while day.year == number:
            if self.is_working(day):
                for opening, closing in self.hours:
                    start = max(last, self._moment(day, opening))
                    last = max(start, self._moment(day, closing))
                    starts.append(start)
                    ends.append(last)
            day += ONE_DAY
        worked = [0, *accumulate(end - start for start, end in zip(starts, ends, strict=True))]
        return Year(starts, ends, worked[:-1], worked[-1])

    def _moment(self, day: date, minutes: int) -> int:
        """A wall-clock time as an instant; one that a clock change skips counts as if the clock had not changed yet."""
        if minutes == DAY_MINUTES:
            day, minutes = day + ONE_DAY, 0
        return instant(datetime(day.year, day.month, day.day, minutes // 60, minutes % 60, tzinfo=self.zone))


def instant(moment: datetime) -> int:
    """Microseconds since 1970, exactly.  Raises ``ValueError`` for a time without a zone."""
    if moment.tzinfo is None:
        raise ValueError("Give a time with its zone.")
    since = moment - EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def minutes_of(text: str) -> int:
    """``"09:30"`` as minutes after midnight; ``"24:00"`` is the end of the day.  Raises ``ValueError``."""
    hours, colon, minutes = text.partition(":")
    if not (colon and hours.isdecimal() and minutes.isdecimal() and len(minutes) == 2 and int(minutes) < 60):
        raise ValueError(f"{text!r} is not a time of day such as 09:30.")
    total = int(hours) * 60 + int(minutes)
    if total > DAY_MINUTES:
        raise ValueError(f"{text!r} is later than 24:00.")
    return total
