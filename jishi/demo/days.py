"""How fresh the register was, day by day: counted from the verifications that were made, as the worker would have."""

from __future__ import annotations

from bisect import bisect_left
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from jishi.base import bulk
from jishi.demo.lives import KEPT, standings
from jishi.register.actions import Past
from jishi.register.cadence import STANDINGS
from jishi.register.models import FreshnessDay
from jishi.stations.models import Station

#: Every day of the last months is kept, and the Sundays before.
DAILY = 120
_COLUMNS = ("station_id", "area_id", "category_id", "day", "total", *STANDINGS)


def write_days(station: Station, pasts: list[Past], zone: ZoneInfo, until: datetime) -> None:
    """Write the figures of each day that is kept."""
    days = days_kept(until.astimezone(zone).date())
    moments = [min(until, datetime.combine(day + timedelta(days=1), time(), zone)) for day in days]
    changes: dict[tuple[int | None, str], dict[str, list[int]]] = {}
    for past in pasts:
        category = past.values["category"]
        for begin, end, freshness, area in standings(past):
            first = bisect_left(moments, begin)
            after = bisect_left(moments, end) if end else len(moments)
            if first < after:
                kept = changes.setdefault((area, category), {})
                steps = kept.setdefault(freshness, [0] * (len(days) + 1))
                steps[first] += 1
                steps[after] -= 1
    rows = []
    for (area, category), kept in changes.items():
        running = dict.fromkeys(STANDINGS, 0)
        for place, day in enumerate(days):
            for freshness, steps in kept.items():
                running[freshness] += steps[place]
            total = sum(running.values())
            if total:
                rows.append([station.pk, area, category, day, total, *(running[name] for name in STANDINGS)])
    bulk.insert(FreshnessDay._meta.db_table, _COLUMNS, rows)


def days_kept(today: date) -> list[date]:
    """The days that are counted, oldest first."""
    back = range(KEPT.days - 1, -1, -1)
    days = [today - timedelta(days=number) for number in back]
    return [day for day in days if (today - day).days < DAILY or day.weekday() == 6]
