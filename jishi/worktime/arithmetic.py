"""Adding and measuring time, around the clock or in working hours."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import datetime, timedelta
from typing import Literal

from jishi.worktime.calendar import EPOCH, Calendar, Year, instant

Mode = Literal["work", "clock"]
MINUTE = 60_000_000


def add(calendar: Calendar, start: datetime, minutes: int, mode: Mode) -> datetime:
    """The earliest moment, in UTC, by which ``minutes`` have passed since ``start``: worked ones, or any."""
    if minutes < 0:
        raise ValueError("Time is added, not taken away.")
    begin = instant(start)
    if mode == "clock" or minutes == 0:
        return _moment(begin + minutes * MINUTE)
    number = start.astimezone(calendar.zone).year
    year = calendar.year(number)
    wanted = _worked(year, begin) + minutes * MINUTE
    while wanted > year.total:
        wanted -= year.total
        number += 1
        year = calendar.year(number)
    at = bisect_left(year.before, wanted) - 1
    return _moment(year.starts[at] + wanted - year.before[at])


def between(calendar: Calendar, a: datetime, b: datetime, mode: Mode) -> int:
    """Whole minutes from ``a`` to ``b``: worked ones, or any; negative when ``b`` is the earlier."""
    begin, end = instant(a), instant(b)
    if end < begin:
        return -between(calendar, b, a, mode)
    if mode == "clock":
        return (end - begin) // MINUTE
    first = a.astimezone(calendar.zone).year
    last = b.astimezone(calendar.zone).year
    whole = sum(calendar.year(number).total for number in range(first, last))
    return (whole + _worked(calendar.year(last), end) - _worked(calendar.year(first), begin)) // MINUTE


def is_known(calendar: Calendar, year: int) -> bool:
    """Whether the holidays of this year are published."""
    return year in calendar.known_years


def unknown_years(calendar: Calendar, a: datetime, b: datetime) -> tuple[int, ...]:
    """The years from ``a`` to ``b`` that go by the weekly pattern alone, so that a screen can warn of them."""
    first, last = sorted((a.astimezone(calendar.zone).year, b.astimezone(calendar.zone).year))
    return tuple(year for year in range(first, last + 1) if not is_known(calendar, year))


def _worked(year: Year, moment: int) -> int:
    """The time worked in this year before this moment."""
    at = bisect_right(year.starts, moment) - 1
    if at < 0:
        return 0
    return year.before[at] + min(moment, year.ends[at]) - year.starts[at]


def _moment(microseconds: int) -> datetime:
    return EPOCH + timedelta(microseconds=microseconds)
