"""Likely duplicates: open matters of the last 30 days, near by, about the same, in similar words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import Q

from jishi.base.grams import grams_of
from jishi.geo import cells
from jishi.matters import catalogue
from jishi.matters.queries.scope import counted
from jishi.stations.models import Staff

DAYS = 30
#: So many of the newest are looked at, and so many shown at most.
LOOKED_AT = 200
SHOWN = 5
#: The least likeness that is worth showing.
LEAST = 0.34


class Likely(NamedTuple):
    """A matter that may be the same one.  ``likeness`` is from 0 to 1."""

    id: int
    number: str
    title: str
    place: str
    state: str
    category: str | None
    grade: int
    reported_at: datetime
    next_due: datetime | None
    clock_started: datetime | None
    likeness: float


def similar(
    user: Staff,
    station_id: int,
    now: datetime,
    *,
    title: str,
    place: str = "",
    category: str | None = None,
    area: int | None = None,
    lon: float | None = None,
    lat: float | None = None,
    besides: int | None = None,
) -> list[Likely]:
    """The matters most like this one, the likeliest first; two queries at most, whatever the station holds."""
    wanted = set(grams_of(title, place).split())
    if not wanted:
        return []
    cell = cells.cell_of(lon, lat) if lon is not None and lat is not None else None
    rows = counted(user, station_id).filter(reported_at__gte=now - timedelta(days=DAYS)).exclude(state="closed")
    if besides is not None:
        rows = rows.exclude(pk=besides)
    if cell is not None:
        rows = rows.filter(Q(cell__in=cells.around(cell)) | Q(cell=None, area=area))
    elif area is not None:
        rows = rows.filter(Q(area=area) | Q(area=None))
    found = rows.order_by("-reported_at", "-pk").values(
        "id", "number", "title", "place_name", "state", "category_id", "grade", "reported_at", "next_due",
        "clock_started", "area_id", "cell",
    )[:LOOKED_AT]  # fmt: skip
    scored = [(_likeness(row, wanted, category, area, cell), row) for row in found]
    likely = sorted((each for each in scored if each[0] >= LEAST), key=lambda each: -each[0])[:SHOWN]
    return [
        Likely(
            row["id"], row["number"], row["title"], row["place_name"], row["state"], row["category_id"], row["grade"],
            row["reported_at"], row["next_due"], row["clock_started"], round(score, 2),
        )
        for score, row in likely
    ]  # fmt: skip


def _likeness(
    row: Mapping[str, Any], wanted: set[str], category: str | None, area: int | None, cell: int | None
) -> float:
    """Shared words count most, then the category, then the place."""
    there = set(grams_of(row["title"], row["place_name"]).split())
    shared = len(wanted & there) / max(1, min(len(wanted), len(there)))
    if not shared:
        return 0.0
    score = 0.6 * shared
    if category and row["category_id"]:
        score += 0.25 if row["category_id"] == category else 0.1 if _kin(row["category_id"], category) else 0.0
    near = (cell is not None and row["cell"] == cell) or (area is not None and row["area_id"] == area)
    return score + (0.15 if near else 0.0)


def _kin(one: str, other: str) -> bool:
    """Whether two categories stand under the same one."""
    rows = catalogue.categories()
    parents = {rows[code].parent_id or code for code in (one, other) if code in rows}
    return len(parents) == 1
