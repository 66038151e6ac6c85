"""Where a row lies: its point in WGS-84, or why it has none; and the ground of the station that it is set against."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from typing import NamedTuple

from jishi.base.errors import Refused
from jishi.exchange.mapfile import TableMap
from jishi.exchange.sources import Columns, Source, normal
from jishi.geo import cells, coordinates

_NUMBER = re.compile(r"[-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?")
#: How far, in degrees, a point may lie from the station's areas before it is a mistake rather than a neighbour.
FAR = 1.0
_MOST_REMEMBERED = 200_000


@dataclass(frozen=True)
class Ground:
    """What a station brings: categories (word → code), units and areas (word → id), its bounds, its zone."""

    zone: str
    categories: Mapping[str, str]
    names: Mapping[str, str]
    units: Mapping[str, int]
    areas: Mapping[str, int]
    area_at: Callable[[float, float], int | None]
    bounds: tuple[float, float, float, float] | None = None


class Point(NamedTuple):
    """A point in WGS-84 with its cell, or nothing; ``raw`` is what the source said."""

    lon: float | None
    lat: float | None
    cell: int | None
    raw: str


class Points:
    """Reads the point of a row from two columns, from one, or from the geometry of a GeoJSON feature."""

    def __init__(
        self, map_: TableMap, sources: Mapping[str, Source], columns: Columns, ground: Ground, geojson: bool
    ) -> None:
        self._datum = coordinates.Datum(map_.coordinates.datum)
        self._lon, self._lat, self._point = sources.get("lon"), sources.get("lat"), sources.get("point")
        self._lat_first = "point" not in map_.fields or map_.fields["point"].order == "lat_lon"
        self._geojson = geojson and not (self._lon or self._point)
        self._refused = {(0.0, 0.0), *map_.coordinates.placeholders}
        column = map_.coordinates.geocoded_column
        self._geocoded = columns.place(column) if column else None
        self._not_geocoded = {normal(word) for word in map_.coordinates.geocoded_refuse}
        self._ground = ground
        self._known: dict[tuple[float, float], tuple[Point, str]] = {}
        self._numbers = self._no_degrees = 0
        self._example = ""

    def check_degrees(self) -> None:
        """Refuse a table in which most points cannot be degrees, but metres or feet.  Raises Refused("not_degrees")."""
        if self._no_degrees * 2 > self._numbers:
            raise Refused("not_degrees", rows=self._no_degrees, example=self._example)

    def read(self, row: Sequence[str], raw: Mapping[str, str], flags: list[str]) -> Point:
        """The point of a row; what is wrong with it goes to ``flags``."""
        pair = self._pair(row, raw)
        if self._geocoded is not None and self._geocoded < len(row):
            said = row[self._geocoded].strip()
            if not said or normal(said) in self._not_geocoded:
                flags += ["no_point", "placeholder_point"]
                return Point(None, None, None, "")
        if pair is None:
            flags.append("no_point")
            if any(raw.get(name) for name in ("lon", "lat", "point")):
                flags.append("bad_point")
            return Point(None, None, None, "")
        self._numbers += 1
        if abs(pair[0]) > 180 or abs(pair[1]) > 180:
            self._no_degrees += 1
            self._example = self._example or f"{pair[0]:g}, {pair[1]:g}"
        found = self._known.get(pair)
        if found is None:
            if len(self._known) > _MOST_REMEMBERED:
                self._known.clear()
            found = self._known[pair] = self._judge(*pair)
        point, wrong = found
        if wrong:
            flags += ["no_point", wrong]
        return point

    def _pair(self, row: Sequence[str], raw: Mapping[str, str]) -> tuple[float, float] | None:
        """Longitude and latitude as the source gives them."""
        try:
            if self._point is not None:
                numbers = _NUMBER.findall(raw["point"])
                if len(numbers) != 2:
                    return None
                first, second = float(numbers[0]), float(numbers[1])
                return (second, first) if self._lat_first else (first, second)
            if self._lon is not None and self._lat is not None:
                return float(raw["lon"].replace(",", ".")), float(raw["lat"].replace(",", "."))
            if self._geojson:
                return float(row[1]), float(row[2])
        except ValueError:
            pass
        return None

    def _judge(self, lon: float, lat: float) -> tuple[Point, str]:
        raw = f"{lon:.6f},{lat:.6f}"
        nothing = Point(None, None, None, raw)
        if (lon, lat) in self._refused:
            return nothing, "placeholder_point"
        if not (isfinite(lon) and isfinite(lat)):
            return nothing, "bad_point"
        if not (-180 <= lon <= 180 and -90 <= lat <= 90):
            return nothing, "swapped_point" if -180 <= lat <= 180 and -90 <= lon <= 90 else "bad_point"
        if self._far(lon, lat):
            return nothing, "far_point" if self._far(lat, lon) else "swapped_point"
        lon, lat = coordinates.to_wgs84(lon, lat, self._datum)
        lon, lat = round(lon, 6), round(lat, 6)
        return Point(lon, lat, cells.cell_of(lon, lat), raw), ""

    def _far(self, lon: float, lat: float) -> bool:
        if self._ground.bounds is None:
            return False
        west, south, east, north = self._ground.bounds
        return not (west - FAR <= lon <= east + FAR and south - FAR <= lat <= north + FAR)
