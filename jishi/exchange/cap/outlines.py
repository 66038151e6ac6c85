"""The outlines of areas as an alert gives them: closed rings of latitude and longitude in WGS-84."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from jishi.exchange.cap.document import Position
from jishi.geo import polygons

#: Receivers such as sirens and screens draw with little memory: a ring with more positions is made simpler.
MOST = 200
#: Some 3 m: the first step of making one simpler.
_STEP = 3e-5
_LEAST = 4


def rings_of(outlines: Iterable[Any]) -> tuple[tuple[Position, ...], ...]:
    """The rings of GeoJSON outlines.  A hole is warned too: the protocol knows none, and too many is better."""
    found = []
    for outline in outlines:
        shape = polygons.parse(outline)
        for part in getattr(shape, "geoms", [shape]):
            ring = _ring(part)
            if len(ring) >= _LEAST:
                found.append(ring)
    return tuple(found)


def _ring(polygon: Any) -> tuple[Position, ...]:
    import shapely

    outer, step = shapely.Polygon(polygon.exterior), _STEP
    while len(outer.exterior.coords) > MOST:
        outer = shapely.simplify(outer, step)
        step *= 2
    ring: list[Position] = []
    for lon, lat in outer.exterior.coords:
        position = (round(lat, 6), round(lon, 6))
        if not ring or ring[-1] != position:
            ring.append(position)
    return tuple(ring)
