"""Freshness that moves by itself: with time, with a changed cadence; and the figures of each day."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from jishi.register import cadence, catalogue
from jishi.register.actions.rollups import Deltas
from jishi.register.derived import derived_columns, ground_of
from jishi.register.history import values_of
from jishi.register.models import Element, FreshnessDay, Rollup
from jishi.register.quality import DUPLICATE
from jishi.stations.models import Area, Station
from jishi.stations.queries import zone_of

_COLUMNS = (
    "pk", "station_id", "status", "area_id", "category_id", "grade", "freshness", "quad", "verified_at",
)  # fmt: skip


@transaction.atomic
def flip_due(now: datetime, most: int) -> int:
    """Move on at most ``most`` elements whose moment has come; returns how many."""
    rows = list(
        Element.objects.select_for_update(skip_locked=True)
        .filter(flips_at__isnull=False, flips_at__lte=now)
        .order_by("flips_at")
        .values(*_COLUMNS)[:most]
    )
    deltas = Deltas()
    moved: dict[str, list[Element]] = {}
    for row in rows:
        days = cadence.days_of(catalogue.sort_of(row["category_id"]).cadence, row["grade"])
        how = cadence.standing(row["verified_at"], days, now)
        deltas.add(row, -1)
        deltas.add({**row, "freshness": how.freshness})
        flipped = Element(pk=row["pk"], freshness=how.freshness, flips_at=how.flips_at, due_at=how.due_at)
        moved.setdefault(how.freshness, []).append(flipped)
    for flipped_rows in moved.values():
        Element.objects.bulk_update(flipped_rows, ["freshness", "flips_at", "due_at"], batch_size=200)
    deltas.write()
    return len(rows)


@transaction.atomic
def restand_category(code: str, after: int, most: int, now: datetime) -> int | None:
    """Reckon a chunk of a category's elements anew under its newest version.

    Returns the last id looked at, or None when there are no more.
    """
    sort = catalogue.sort_of(code)
    rows = list(
        Element.objects.select_for_update().filter(category=code, status="active", pk__gt=after).order_by("pk")[:most]
    )
    deltas = Deltas()
    grounds: dict[int, Any] = {}
    for element in rows:
        ground = grounds.setdefault(element.station_id, ground_of(element.station_id))
        deltas.add(_row(element), -1)
        columns = derived_columns(
            ground, sort, element.number, values_of(element), element.verified_at, now, element.issues & DUPLICATE
        )
        for name in ("issues", "due_at", "flips_at", "freshness"):
            setattr(element, name, columns[name])
        deltas.add(_row(element))
    Element.objects.bulk_update(rows, ["issues", "due_at", "flips_at", "freshness"], batch_size=200)
    deltas.write()
    return rows[-1].pk if len(rows) == most else None


def count_day(now: datetime) -> int:
    """Write down how each station's register stands today; the same day again replaces it.  Returns rows written."""
    written = 0
    for station in Station.objects.order_by("pk"):
        day = now.astimezone(ZoneInfo(zone_of(station))).date()
        counts: dict[tuple[int, str], Counter[str]] = {}
        sums = Rollup.objects.filter(station=station, level=0, count__gt=0)
        for area, category, freshness, count in sums.values_list("area", "category_id", "freshness", "count"):
            counts.setdefault((area, category), Counter())[freshness] += count
        known = set(Area.objects.filter(station=station).values_list("pk", flat=True))
        rows = [
            FreshnessDay(
                station=station, area_id=area if area in known else None, category_id=category, day=day,
                total=sum(found.values()), **{name: found[name] for name in cadence.STANDINGS},
            )
            for (area, category), found in counts.items()
        ]  # fmt: skip
        with transaction.atomic():
            FreshnessDay.objects.filter(station=station, day=day).delete()
            written += len(FreshnessDay.objects.bulk_create(rows, batch_size=500))
    return written


def _row(element: Element) -> dict[str, Any]:
    names = ("station_id", "status", "area_id", "category_id", "grade", "freshness", "quad")
    return {name: getattr(element, name) for name in names}
