"""Datums of Chinese maps: WGS-84, CGCS2000, GCJ-02 and BD-09.  Pure.

GCJ-02 is the offset that maps published in China carry; the polynomial is the one that the field has agreed on since
2010.  BD-09 is Baidu's second offset on top of it.  CGCS2000 differs from WGS-84 by centimetres (both are realisations
of ITRF), far below what a station can measure, and counts as the same here.
"""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum
from math import atan2, cos, hypot, pi, radians, sin, sqrt

#: Semi-major axis and squared eccentricity of the Krasovsky 1940 ellipsoid, which GCJ-02 uses.
_AXIS = 6378245.0
_ECCENTRICITY = 0.00669342162296594323
_BAIDU = pi * 3000 / 180


class Datum(StrEnum):
    """What a pair of coordinates is measured in."""

    WGS84 = "wgs84"
    CGCS2000 = "cgcs2000"
    GCJ02 = "gcj02"
    BD09 = "bd09"


def to_wgs84(lon: float, lat: float, datum: Datum) -> tuple[float, float]:
    """Degrees in ``datum`` as degrees in WGS-84, exact to about a nanodegree."""
    if datum in (Datum.WGS84, Datum.CGCS2000):
        return lon, lat
    if datum == Datum.BD09:
        lon, lat = _inverse(lon, lat, _gcj_to_bd)
    return _inverse(lon, lat, _wgs_to_gcj)


def from_wgs84(lon: float, lat: float, datum: Datum) -> tuple[float, float]:
    """Degrees in WGS-84 as degrees in ``datum``."""
    if datum in (Datum.WGS84, Datum.CGCS2000):
        return lon, lat
    lon, lat = _wgs_to_gcj(lon, lat)
    return _gcj_to_bd(lon, lat) if datum == Datum.BD09 else (lon, lat)


def in_china(lon: float, lat: float) -> bool:
    """Whether a point lies in the box in which maps carry the offset."""
    return 72.004 <= lon <= 137.8347 and 0.8293 <= lat <= 55.8271


def _wgs_to_gcj(lon: float, lat: float) -> tuple[float, float]:
    if not in_china(lon, lat):
        return lon, lat
    x, y = lon - 105.0, lat - 35.0
    waves = 20 * sin(6 * x * pi) + 20 * sin(2 * x * pi)
    north = -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * sqrt(abs(x))
    north += (waves + 20 * sin(y * pi) + 40 * sin(y / 3 * pi) + 160 * sin(y / 12 * pi) + 320 * sin(y / 30 * pi)) * 2 / 3
    east = 300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * sqrt(abs(x))
    east += (waves + 20 * sin(x * pi) + 40 * sin(x / 3 * pi) + 150 * sin(x / 12 * pi) + 300 * sin(x / 30 * pi)) * 2 / 3
    magic = 1 - _ECCENTRICITY * sin(radians(lat)) ** 2
    north = north * 180 / (_AXIS * (1 - _ECCENTRICITY) / magic**1.5 * pi)
    east = east * 180 / (_AXIS / sqrt(magic) * cos(radians(lat)) * pi)
    return lon + east, lat + north


def _gcj_to_bd(lon: float, lat: float) -> tuple[float, float]:
    if not in_china(lon, lat):
        return lon, lat
    reach = hypot(lon, lat) + 0.00002 * sin(lat * _BAIDU)
    angle = atan2(lat, lon) + 0.000003 * cos(lon * _BAIDU)
    return reach * cos(angle) + 0.0065, reach * sin(angle) + 0.006


def _inverse(lon: float, lat: float, forward: Callable[[float, float], tuple[float, float]]) -> tuple[float, float]:
    """The point that ``forward`` leads to (lon, lat), by fixed-point steps: each gains two digits or more."""
    guess_lon, guess_lat = lon, lat
    for _ in range(12):
        there_lon, there_lat = forward(guess_lon, guess_lat)
        guess_lon, guess_lat = guess_lon + lon - there_lon, guess_lat + lat - there_lat
    return guess_lon, guess_lat
