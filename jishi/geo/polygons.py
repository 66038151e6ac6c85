"""Polygons as GeoJSON geometries in WGS-84, read with shapely, which is loaded when the first one is read."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from math import cos, radians
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shapely import MultiPolygon, Polygon

    Shape = Polygon | MultiPolygon

KM_PER_DEGREE = 111.32
#: Edges are moved in pieces of some 200 m.
PIECE = 0.002
CENTIMETRE = 1e-7
DEPTH = {"Polygon": 2, "MultiPolygon": 3}  # lists around each position


class NotAPolygon(ValueError):
    """What was given is no polygon in longitudes and latitudes; ``code`` says why, in one word."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def parse(geometry: Any) -> Shape:
    """Read a GeoJSON ``Polygon`` or ``MultiPolygon``, mending rings that cross themselves.

    Raises :class:`NotAPolygon`.
    """
    import shapely
    from shapely.geometry import shape

    if not isinstance(geometry, Mapping) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
        raise NotAPolygon("not_a_polygon")
    try:
        positions = list(_positions(geometry["coordinates"], DEPTH[geometry["type"]]))
    except (KeyError, TypeError, ValueError) as error:
        raise NotAPolygon("broken_geometry") from error
    if not all(-180 <= lon <= 180 and -90 <= lat <= 90 for lon, lat in positions):
        raise NotAPolygon("not_degrees")
    try:
        found: Any = shapely.force_2d(shape(dict(geometry)))
    except (shapely.GEOSException, TypeError, ValueError, IndexError, AttributeError) as error:
        raise NotAPolygon("broken_geometry") from error
    if not found.is_valid:
        found = _polygons_of(shapely.make_valid(found))
    if found.is_empty or not found.area:
        raise NotAPolygon("empty_polygon")
    polygon: Shape = found
    return polygon


def to_geojson(polygon: Shape) -> dict[str, Any]:
    """The geometry as plain GeoJSON, to seven decimals (about a centimetre)."""
    from shapely.geometry import mapping

    rounded: dict[str, Any] = json.loads(json.dumps(mapping(polygon)), parse_float=lambda text: round(float(text), 7))
    return rounded


def contains(polygon: Shape, lon: float, lat: float) -> bool:
    """Whether the point lies in the polygon or on its edge; quick once :func:`prepare` has seen the polygon."""
    import shapely

    return bool(shapely.intersects_xy(polygon, lon, lat))


def prepare(polygon: Shape) -> Shape:
    """The same polygon, indexed for many calls of :func:`contains`."""
    import shapely

    shapely.prepare(polygon)
    return polygon


def moved(polygon: Shape, move: Callable[[float, float], tuple[float, float]]) -> Shape:
    """The polygon with every position moved, such as from one datum to another.

    A straight edge is curved in another datum: edges are first cut into pieces of :data:`PIECE` degrees, and what then
    lies on a straight line again, within a centimetre, is left out.
    """
    import numpy as np
    import shapely

    def each(positions: Any) -> Any:
        return np.array([move(lon, lat) for lon, lat in positions])

    found: Any = shapely.simplify(shapely.transform(shapely.segmentize(polygon, PIECE), each), CENTIMETRE)
    shape_: Shape = found if found.is_valid else _polygons_of(shapely.make_valid(found))
    return shape_


def joined(parts: Iterable[Shape]) -> Shape:
    """One shape of the ground of all of them."""
    import shapely

    united: Any = shapely.union_all(list(parts))
    one: Shape = united
    return one


def square_km(polygon: Shape) -> float:
    """Its area, roughly: right to about one per cent for the ground of a station."""
    middle = (polygon.bounds[1] + polygon.bounds[3]) / 2
    return float(polygon.area * KM_PER_DEGREE**2 * cos(radians(middle)))


def _positions(coordinates: Any, depth: int) -> Iterator[tuple[float, float]]:
    if depth == 0:
        lon, lat = coordinates[:2]
        yield float(lon), float(lat)
        return
    for part in coordinates:
        yield from _positions(part, depth - 1)


def _polygons_of(mended: Any) -> Shape:
    import shapely

    parts: Iterable[Any] = getattr(mended, "geoms", [mended])
    kept = [part for part in parts if isinstance(part, shapely.Polygon | shapely.MultiPolygon)]
    return joined(kept) if kept else shapely.Polygon()
