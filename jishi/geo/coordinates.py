"""Longitudes and latitudes between the datums met in China.  Pure, and free of Django.

*GCJ-02* is the shifted datum of domestic maps, *BD-09* that of Baidu, shifted once more.  Both formulas are those in
general use (the "eviltransform" family); their inverses here are exact, by iteration.  Outside the rectangle around
China nothing is shifted; within some 2 km of that rectangle's edge, at sea and abroad, a shifted point and one that is
not cannot be told apart.

*CGCS2000* counts as WGS-84: the two ellipsoids differ by 0.11 mm in latitude at most (Yang Yuanxi, "Chinese Geodetic
Coordinate System 2000", Chinese Science Bulletin 54 (2009) 2714-2721), and the frames have drifted apart by less than
a metre since the epoch 2000.0, which is less than a door is wide on a map of matters.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from math import atan2, cos, hypot, pi, sin, sqrt

Point = tuple[float, float]
Shift = Callable[[float, float], Point]

WEST, SOUTH, EAST, NORTH = 72.004, 0.8293, 137.8347, 55.8271
SEMI_MAJOR = 6378245.0  # Krasovsky 1940, in metres
ECCENTRICITY_SQUARED = 0.00669342162296594323
BAIDU_PI = pi * 3000.0 / 180.0
BAIDU_LON, BAIDU_LAT = 0.0065, 0.006
ENOUGH = 1e-12  # degrees, far below a micrometre
MOST_ROUNDS = 30


class Datum(StrEnum):
    """What the numbers of a coordinate refer to."""

    WGS84 = "wgs84"
    GCJ02 = "gcj02"
    BD09 = "bd09"
    CGCS2000 = "cgcs2000"


def in_china(lon: float, lat: float) -> bool:
    """Whether the point lies in the rectangle within which GCJ-02 shifts."""
    return WEST <= lon <= EAST and SOUTH <= lat <= NORTH


def is_degrees(lon: float, lat: float) -> bool:
    """Whether these can be a longitude and a latitude at all, unlike metres or feet; never true of not-a-number."""
    return -180 <= lon <= 180 and -90 <= lat <= 90


def from_wgs84(lon: float, lat: float, datum: Datum | str) -> Point:
    """The coordinates that a map in ``datum`` shows for a point in WGS-84."""
    shift = SHIFTS.get(Datum(datum))
    return shift(lon, lat) if shift and in_china(lon, lat) else (lon, lat)


def to_wgs84(lon: float, lat: float, datum: Datum | str) -> Point:
    """The point in WGS-84 that a map in ``datum`` shows at these coordinates; the inverse of :func:`from_wgs84`."""
    shift = SHIFTS.get(Datum(datum))
    if shift is None or not _is_near_china(lon, lat, 0.1):
        return lon, lat
    found = _invert(shift, lon, lat)
    return found if _is_near_china(*found, 1e-9) else (lon, lat)


def _is_near_china(lon: float, lat: float, margin: float) -> bool:
    return WEST - margin <= lon <= EAST + margin and SOUTH - margin <= lat <= NORTH + margin


def _invert(shift: Shift, to_lon: float, to_lat: float) -> Point:
    """The point that ``shift`` maps to ``to_lon, to_lat``: each round takes the remaining error off."""
    lon, lat = to_lon, to_lat
    for _round in range(MOST_ROUNDS):
        there_lon, there_lat = shift(lon, lat)
        error_lon, error_lat = there_lon - to_lon, there_lat - to_lat
        lon, lat = lon - error_lon, lat - error_lat
        if abs(error_lon) < ENOUGH and abs(error_lat) < ENOUGH:
            break
    return lon, lat


def _gcj02(lon: float, lat: float) -> Point:
    x, y = lon - 105.0, lat - 35.0
    north, east = _metres_north(x, y), _metres_east(x, y)
    phi = lat / 180.0 * pi
    curve = 1 - ECCENTRICITY_SQUARED * sin(phi) ** 2
    meridian = SEMI_MAJOR * (1 - ECCENTRICITY_SQUARED) / (curve * sqrt(curve))
    parallel = SEMI_MAJOR / sqrt(curve) * cos(phi)
    return lon + east * 180.0 / (parallel * pi), lat + north * 180.0 / (meridian * pi)


def _metres_north(x: float, y: float) -> float:
    found = -100.0 + 2.0 * x + 3.0 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    found += (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0
    found += (20.0 * sin(y * pi) + 40.0 * sin(y / 3.0 * pi)) * 2.0 / 3.0
    return found + (160.0 * sin(y / 12.0 * pi) + 320.0 * sin(y * pi / 30.0)) * 2.0 / 3.0


def _metres_east(x: float, y: float) -> float:
    found = 300.0 + x + 2.0 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    found += (20.0 * sin(6.0 * x * pi) + 20.0 * sin(2.0 * x * pi)) * 2.0 / 3.0
    found += (20.0 * sin(x * pi) + 40.0 * sin(x / 3.0 * pi)) * 2.0 / 3.0
    return found + (150.0 * sin(x / 12.0 * pi) + 300.0 * sin(x / 30.0 * pi)) * 2.0 / 3.0


def _bd09(lon: float, lat: float) -> Point:
    lon, lat = _gcj02(lon, lat)
    radius = hypot(lon, lat) + 0.00002 * sin(lat * BAIDU_PI)
    angle = atan2(lat, lon) + 0.000003 * cos(lon * BAIDU_PI)
    return radius * cos(angle) + BAIDU_LON, radius * sin(angle) + BAIDU_LAT


SHIFTS: dict[Datum, Shift] = {Datum.GCJ02: _gcj02, Datum.BD09: _bd09}
