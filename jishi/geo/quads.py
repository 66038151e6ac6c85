"""Web-mercator tiles as Morton codes: one integer per point, in which every tile is one contiguous range. Pure.

The projection is the spherical mercator of web maps (EPSG:3857), which ends at 85.0511 degrees of latitude.  A code
interleaves the bits of the tile's x (even bits) and y (odd bits) at level 26, where a tile is some 0.6 m wide; 52 bits
fit a signed 64-bit column and, exactly, a double.
"""

from __future__ import annotations

from math import atan, degrees, log, pi, radians, sinh, tan

LEVEL = 26
SIDE = 1 << LEVEL
MOST_LATITUDE = 85.0511287798066

_SPREAD = (
    (16, 0x0000FFFF0000FFFF), (8, 0x00FF00FF00FF00FF), (4, 0x0F0F0F0F0F0F0F0F),
    (2, 0x3333333333333333), (1, 0x5555555555555555),
)  # fmt: skip
_GATHER = (
    (1, 0x3333333333333333), (2, 0x0F0F0F0F0F0F0F0F), (4, 0x00FF00FF00FF00FF),
    (8, 0x0000FFFF0000FFFF), (16, 0x00000000FFFFFFFF),
)  # fmt: skip


def unit(lon: float, lat: float) -> tuple[float, float]:
    """Where the point lies on the square world map: x eastward and y southward, each from 0 to 1."""
    lat = max(-MOST_LATITUDE, min(MOST_LATITUDE, lat))
    phi = radians(lat)
    return (lon + 180) / 360, 0.5 - log(tan(pi / 4 + phi / 2)) / (2 * pi)


def degrees_of(x: float, y: float) -> tuple[float, float]:
    """The longitude and latitude of a place on the square world map; the inverse of :func:`unit`."""
    return x * 360 - 180, degrees(atan(sinh(pi * (1 - 2 * y))))


def quad_of(lon: float, lat: float) -> int:
    """The Morton code of the point at level 26."""
    x, y = unit(lon, lat)
    return interleave(_step(x), _step(y))


def interleave(x: int, y: int) -> int:
    """The Morton code of a tile's column and row, at whatever level they are."""
    return _spread(x) | _spread(y) << 1


def tile_of(quad: int, level: int) -> tuple[int, int]:
    """The column and row at ``level`` of the tile that holds a code of level 26."""
    code = quad >> 2 * (LEVEL - level)
    return _gather(code), _gather(code >> 1)


def quads_of(z: int, x: int, y: int) -> tuple[int, int]:
    """The codes of a tile: from the first, up to and without the second."""
    shift = 2 * (LEVEL - z)
    code = interleave(x, y)
    return code << shift, (code + 1) << shift


def _step(share: float) -> int:
    return max(0, min(SIDE - 1, int(share * SIDE)))


def _spread(value: int) -> int:
    for shift, mask in _SPREAD:
        value = (value | value << shift) & mask
    return value


def _gather(code: int) -> int:
    code &= 0x5555555555555555
    for shift, mask in _GATHER:
        code = (code | code >> shift) & mask
    return code
