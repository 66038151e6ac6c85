"""The half hours of a counter's days, from the working calendar.  Pure but for the calendar that is given."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from jishi.worktime import Calendar

SLOT = 30
#: So many days ahead places are given out, and so long before it begins a half hour is closed.
AHEAD = 14
BEFOREHAND = timedelta(minutes=30)


def slots_of(calendar: Calendar, day: date) -> list[datetime]:
    """When the half hours of a day begin; none on a day that is not worked."""
    if not calendar.is_working(day):
        return []
    starts = [minute for opens, closes in calendar.hours for minute in range(opens, closes - SLOT + 1, SLOT)]
    return [datetime.combine(day, time(minute // 60, minute % 60), tzinfo=calendar.zone) for minute in starts]


def days_ahead(calendar: Calendar, now: datetime) -> list[date]:
    """Today and the days after it for which places are given out, those that are not worked among them."""
    today = now.astimezone(calendar.zone).date()
    return [today + timedelta(days=count) for count in range(AHEAD)]


def is_open(calendar: Calendar, starts: datetime, now: datetime) -> bool:
    """Whether this is the beginning of a half hour that can still be booked."""
    day = starts.astimezone(calendar.zone).date()
    return day in days_ahead(calendar, now) and starts in slots_of(calendar, day) and starts - now >= BEFOREHAND
