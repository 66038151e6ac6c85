"""What the register holds near a point, or at a place that is named in words."""

from __future__ import annotations

from jishi.register.models import Element
from jishi.register.queries.filters import matching
from jishi.register.queries.scope import Someone, elements_at
from jishi.register.queries.worklist import around


def nearby_elements(
    user: Someone, station_id: int, *, lon: float | None, lat: float | None, words: str = "", most: int = 8
) -> list[Element]:
    """At most ``most`` standing elements: those that the words find, then the nearest of the point."""
    rows = elements_at(user, station_id).filter(status="active").defer("grams", "attributes")
    found = list(matching(rows, station_id, words).order_by("pk")[:most]) if words else []
    if lon is not None and lat is not None and len(found) < most:
        known = {element.pk for element in found}
        near = around(rows, (lon, lat), most)
        found += [element for element in near if element.pk not in known]
    return found[:most]
