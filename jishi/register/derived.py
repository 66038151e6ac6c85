"""The columns of an element that follow from its others: area, cell, quad, address key, terms, issues, freshness."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jishi.base.grams import grams_of
from jishi.geo import cells, quads
from jishi.register import cadence, quality
from jishi.register.attributes import missing, wrong_values
from jishi.register.catalogue import Sort
from jishi.register.likeness import address_key
from jishi.stations import queries as stations
from jishi.stations.models import Area


@dataclass(frozen=True, slots=True)
class Ground:
    """What an element of a station is set against."""

    station_id: int
    has_outlines: bool
    area_at: Callable[[float, float], int | None]


def ground_of(station_id: int) -> Ground:
    """The ground of a station."""
    return Ground(
        station_id,
        Area.objects.filter(station_id=station_id, polygon__isnull=False).exists(),
        lambda lon, lat: stations.area_at(station_id, lon, lat),
    )


def place_columns(ground: Ground, values: Mapping[str, Any]) -> dict[str, Any]:
    """Area, cell and quad of an element with these values; a given area stays, also against the outline."""
    lon, lat = values["lon"], values["lat"]
    if lon is None or lat is None:
        return {"area_id": values["area"], "cell": None, "quad": None, "around": None}
    around = ground.area_at(lon, lat)
    return {
        "area_id": values["area"] if values["area"] is not None else around,
        "cell": cells.cell_of(lon, lat),
        "quad": quads.quad_of(lon, lat),
        "around": around,
    }


def derived_columns(
    ground: Ground, sort: Sort, number: str, values: Mapping[str, Any], verified_at: datetime | None, now: datetime,
    kept_issues: int = 0,
) -> dict[str, Any]:  # fmt: skip
    """All derived columns.  ``values`` are the tracked ones (``history.TRACKED``); ``kept_issues`` bits of pairs."""
    place = place_columns(ground, values)
    around = place.pop("around")
    attributes = values["attributes"]
    bits = quality.issues_of(
        quality.Facts(
            has_point=values["lon"] is not None,
            has_address=bool(values["address"]) or sort.category.kind == "thing",
            area=values["area"],
            area_around=around,
            station_has_outlines=ground.has_outlines,
            missing=bool(missing(sort.schema, attributes)),
            bad=bool(attributes) and bool(wrong_values(sort.schema, attributes)),
        )
    )
    how = cadence.standing(verified_at, cadence.days_of(sort.cadence, values["grade"]), now)
    return {
        **place,
        "kind": sort.category.kind,
        "address_key": address_key(values["address"])[:200],
        "grams": grams_of(number, values["name"], values["address"]),
        "issues": bits | kept_issues,
        "due_at": how.due_at,
        "flips_at": how.flips_at if values["status"] == "active" else None,
        "freshness": how.freshness,
    }
