"""Giving out the figures of a quarter, once."""

from __future__ import annotations

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import transaction

from jishi.matters import catalogue
from jishi.stations.models import Area, Station
from jishi.stations.queries import zone_of
from jishi.window.figures.measured import cases_of
from jishi.window.figures.opendata import rows_of
from jishi.window.figures.tables import tables_of
from jishi.window.models import FiguresRelease
from jishi.window.quarters import Quarter

#: So long after a quarter its figures are given out, so that most of what came in late is answered.
SETTLES = timedelta(days=14)
#: So far back figures are still given out where none were yet.
QUARTERS_BACK = 8


def release_figures(station: Station, quarter: Quarter, now: datetime) -> FiguresRelease | None:
    """Give out the figures of a quarter that has settled; None where it has not, or nothing was reported in it.

    What was given out before stays as it was.
    """
    known = FiguresRelease.objects.filter(station=station, quarter=quarter.first).first()
    if known is not None or now < quarter.span(zone_of(station))[1] + SETTLES:
        return known
    cases = cases_of(station, quarter)
    if not cases:
        return None
    areas = {pk: (code, name) for pk, code, name in Area.objects.filter(station=station).order_by("code").values_list(
        "pk", "code", "name")}  # fmt: skip
    kinds = [code for code, row in catalogue.categories().items() if row.parent_id is None]
    tables = tables_of(cases, list(areas), kinds, now)
    hidden = [
        (side, line[side]) for side, lines in (("area", tables["areas"]), ("kind", tables["kinds"])) for line in lines
        if line["received"] is None
    ]  # fmt: skip
    codes: dict[int | None, str] = {pk: code for pk, (code, _name) in areas.items()}
    rows = rows_of(cases, quarter.code, codes, hidden, zone_of(station), now)
    for line in tables["areas"]:
        line["name"] = areas[line["area"]][1] if line["area"] is not None else ""
    with transaction.atomic():
        made, _new = FiguresRelease.objects.get_or_create(
            station=station, quarter=quarter.first, defaults={"tables": tables, "rows": rows, "made_at": now}
        )
    return made


def release_all(now: datetime) -> int:
    """Give out what has settled at every station; returns how many releases there are of the last two years."""
    count = 0
    for station in Station.objects.order_by("pk"):
        quarter = Quarter.of(now.astimezone(ZoneInfo(zone_of(station))).date())
        for _back in range(QUARTERS_BACK):
            quarter = quarter.before
            count += release_figures(station, quarter, now) is not None
    return count
