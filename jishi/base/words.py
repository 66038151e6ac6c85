"""How times and numbers are said: what is left, how long, the exact moment."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django.utils.dates import WEEKDAYS
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

MINUTE, HOUR, DAY = 60, 3600, 86_400

#: What ``web/src/clocks.ts`` needs to say the same; ``{n}`` is the number.
LEFT = {
    "left_minutes": _("{n} min left"),
    "left_hours": _("{n} h left"),
    "left_days": _("{n} d left"),
    "over_minutes": _("{n} min overdue"),
    "over_hours": _("{n} h overdue"),
    "over_days": _("{n} d overdue"),
}


def left(due: dt.datetime, now: dt.datetime | None = None) -> str:
    """What is left until ``due``, or by how much it has passed, rounded down: "3 h left", "1 d overdue"."""
    seconds = int((due - (now or timezone.now())).total_seconds())
    side, amount = ("left", seconds) if seconds > 0 else ("over", -seconds)
    if amount < HOUR:
        unit, number = "minutes", max(1, amount // MINUTE)
    elif amount < DAY:
        unit, number = "hours", amount // HOUR
    else:
        unit, number = "days", amount // DAY
    return str(LEFT[f"{side}_{unit}"]).replace("{n}", str(number))


def moment(at: dt.datetime | None) -> str:
    """The exact moment in the zone of the station: "2026-03-05 14:30"."""
    if at is None:
        return ""
    here = timezone.localtime(at)
    return f"{here.year:04}-{here.month:02}-{here.day:02} {here.hour:02}:{here.minute:02}"


def short_moment(at: dt.datetime | None, now: dt.datetime | None = None) -> str:
    """The moment as short as it stays exact: the time for today, without the year within this year."""
    if at is None:
        return ""
    here, today = timezone.localtime(at), timezone.localtime(now or timezone.now())
    clock = f"{here.hour:02}:{here.minute:02}"
    if here.date() == today.date():
        return clock
    date = f"{here.month:02}-{here.day:02}"
    return f"{date} {clock}" if here.year == today.year else f"{here.year:04}-{date} {clock}"


def day(at: dt.date | dt.datetime | None) -> str:
    """The day alone: "2026-03-05"; of a moment, the day in the zone of the station."""
    if at is None:
        return ""
    here = timezone.localtime(at) if isinstance(at, dt.datetime) else at
    return f"{here.year:04}-{here.month:02}-{here.day:02}"


def short_day(at: dt.date | dt.datetime) -> str:
    """The day without its year: "03-05"."""
    return day(at)[5:]


def weekday(at: dt.date | dt.datetime) -> str:
    """The day of the week: "Thursday"."""
    here = timezone.localtime(at) if isinstance(at, dt.datetime) else at
    return str(WEEKDAYS[here.weekday()])


def clock_time(at: dt.datetime) -> str:
    """The time of day in the zone of the station: "08:30"."""
    return f"{timezone.localtime(at):%H:%M}"


def duration(span: dt.timedelta | int | float | None) -> str:
    """A span (or seconds) in at most two units: "2 d 3 h", "40 min"."""
    if span is None:
        return ""
    seconds = int(span.total_seconds() if isinstance(span, dt.timedelta) else span)
    days, rest = divmod(abs(seconds), DAY)
    hours, rest = divmod(rest, HOUR)
    minutes = rest // MINUTE
    if days:
        said = [gettext("{n} d").replace("{n}", str(days))]
        if hours:
            said.append(gettext("{n} h").replace("{n}", str(hours)))
    elif hours:
        said = [gettext("{n} h").replace("{n}", str(hours))]
        if minutes:
            said.append(gettext("{n} min").replace("{n}", str(minutes)))
    else:
        said = [gettext("{n} min").replace("{n}", str(minutes))]
    return " ".join(said)


def number(value: int | float | None, places: int = 0) -> str:
    """A number with thousands apart: "12,345"."""
    return "" if value is None else f"{value:,.{places}f}"


def count(n: int, capped: bool = False) -> str:
    """A count that stops being exact somewhere: "10,000+"."""
    return f"{number(n)}+" if capped else number(n)


def gap() -> str:
    """What stands between two sentences: a blank, and nothing in Chinese, whose full stop has its own room."""
    return "" if language() == "zh-Hans" else " "


def language() -> str:
    """The active language as HTML names it: ``zh-Hans`` or ``en``."""
    return "zh-Hans" if (get_language() or "").lower().startswith("zh") else "en"
