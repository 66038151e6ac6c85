"""The cases of one quarter as they are counted: one query for the matters, one for what their reporters said."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db.models import F, FilteredRelation, Q

from jishi.geo import cells
from jishi.matters import catalogue
from jishi.matters.models import Matter, Rating
from jishi.stations.models import Station
from jishi.stations.queries import zone_of
from jishi.window.figures.case import Case
from jishi.window.quarters import Quarter

#: Cells of the open data are this coarse: about 0.7 km².
RESOLUTION = 8


def cases_of(station: Station, quarter: Quarter) -> list[Case]:
    """The matters reported in the quarter, without drills, duplicates and imports, in the order of reporting."""
    since, until = quarter.span(zone_of(station))
    wanted = (
        Q(station=station, reported_at__gte=since, reported_at__lt=until, drill=False)
        & ~Q(outcome="duplicate")
        & ~Q(channel="import")
    )
    first = FilteredRelation("clocks", condition=Q(clocks__kind="answer", clocks__cycle=1))
    rows = Matter.objects.filter(wanted).annotate(first=first).order_by("reported_at", "pk")
    said = {
        row["matter_id"]: row
        for row in Rating.objects.filter(matter__in=Matter.objects.filter(wanted).values("pk"))
        .order_by("cycle")
        .values("matter_id", "mended", "result", "manner")
    }
    above = {code: row.parent_id or code for code, row in catalogue.categories().items()}
    values = rows.values(
        "pk", "area_id", "category_id", "reported_at", "reopened", "outcome", "cell", due=F("first__due"),
        answered=F("first__stopped_at"),
    )  # fmt: skip
    found: dict[int, Case] = {}
    for row in values:
        rated: Mapping[str, Any] = said.get(row["pk"], {})
        code = row["category_id"] or ""
        found[row["pk"]] = Case(
            row["area_id"], code, above.get(code, ""), row["reported_at"], row["due"], row["answered"],
            row["reopened"] > 0, row["outcome"], cells.parent(row["cell"], RESOLUTION) if row["cell"] else None,
            rated.get("mended"), rated.get("result"), rated.get("manner"),
        )  # fmt: skip
    return list(found.values())
