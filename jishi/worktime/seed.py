"""The first calendar: the statutory holidays and make-up workdays (调休) of mainland China, as far as published."""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

import chinese_calendar

FIRST_YEAR = 2004
HOURS = (("08:30", "12:00"), ("13:30", "18:00"))
WEEKDAYS = (0, 1, 2, 3, 4)


@cache
def known_years() -> tuple[int, ...]:
    """The years whose holidays the calendar library knows."""
    years: list[int] = []
    while _is_published(year := FIRST_YEAR + len(years)):
        years.append(year)
    return tuple(years)


@cache
def overrides() -> dict[str, int]:
    """ISO date to 1 (a make-up workday) or 0 (a holiday) for each date that differs from Monday to Friday."""
    found: dict[str, int] = {}
    for year in known_years():
        day = date(year, 1, 1)
        while day.year == year:
            working = chinese_calendar.is_workday(day)
            if working != (day.weekday() in WEEKDAYS):
                found[day.isoformat()] = int(working)
            day += timedelta(days=1)
    return found


def _is_published(year: int) -> bool:
    try:
        chinese_calendar.is_workday(date(year, 12, 31))
    except NotImplementedError:
        return False
    return True
