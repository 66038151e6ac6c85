"""What an element's page in the register shows of its matters: those that are there, and how they come over time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any, cast

from django.http import HttpRequest
from django.utils import timezone

from jishi.matters import actions
from jishi.matters.loop import COMMANDS
from jishi.matters.queries.at_element import matters_here, moments_here
from jishi.matters.queries.desk import worker_at
from jishi.matters.views.shown import shown
from jishi.register.models import Element
from jishi.register.slots import Panel, register
from jishi.stations.models import Staff

MONTHS = 24
_COLUMNS = dict.fromkeys(("grade", "stage", "left", "reported"), True)
#: A drawing is so many units high, and each month so many wide.
HIGH, WIDE = 24, 4


def here(request: HttpRequest, element: Element) -> Mapping[str, Any] | None:
    """The newest matters of an element, the open ones first, and a way to report one more."""
    user = cast(Staff, request.user)
    rows = matters_here(user, element)
    standing = element.status == "active"
    may_report = standing and bool(COMMANDS["report"].roles & actions.actor_of(user, element.station_id).roles)
    if not rows and not standing:
        return None
    return {
        "number": element.number,
        "rows": shown(rows, worker_at(user, element.station_id)) if rows else [],
        "columns": _COLUMNS,
        "at": timezone.now(),
        "may_report": may_report,
    }


def trend(request: HttpRequest, element: Element) -> Mapping[str, Any] | None:
    """How many matters came in each of the last 24 months; nothing where none came."""
    today = timezone.localdate()
    months = last_months(today)
    since = timezone.make_aware(datetime.combine(months[0], time()))
    moments = moments_here(cast(Staff, request.user), element, since)
    if not moments:
        return None
    counted = Counter(timezone.localtime(moment).date().replace(day=1) for moment in moments)
    counts = [(month, counted[month]) for month in months]
    most = max(count for _month, count in counts)
    bars = [
        {"x": place * WIDE, "y": HIGH * (1 - count / most), "high": HIGH * count / most, "count": count, "month": month}
        for place, (month, count) in enumerate(counts)
    ]
    busiest = max(counts, key=lambda pair: pair[1])
    return {
        "bars": bars, "wide": MONTHS * WIDE, "high": HIGH, "total": len(moments), "months": MONTHS,
        "busiest": busiest[0], "most": most, "counts": [pair for pair in counts if pair[1]],
    }  # fmt: skip


def last_months(today: date) -> list[date]:
    """The first days of the last 24 months, oldest first, the running one among them."""
    last = today.year * 12 + today.month - 1
    return [date(number // 12, number % 12 + 1, 1) for number in range(last - MONTHS + 1, last + 1)]


register(Panel("matters", "matters/_at_element.html", here, order=20))
register(Panel("matters-trend", "matters/_trend.html", trend, order=25))
