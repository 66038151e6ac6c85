"""A box or a polygon as ranges of Morton codes (see :mod:`jishi.geo.quads`), so that a plain index finds what lies in it.

A few ranges hold all of it and a little more: whoever reads them asks each point again.  Pure.
"""

from __future__ import annotations

from collections.abc import Callable
from heapq import heappop, heappush

from jishi.geo.quads import LEVEL, quads_of, tile_of, unit

#: West, south, east and north in degrees, with west below east.
Box = tuple[float, float, float, float]
Range = tuple[int, int]

MOST = 24
OUTSIDE, PART, INSIDE = 0, 1, 2


def of_box(box: Box, most: int = MOST) -> list[Range]:
    """At most ``most`` ranges (the first code, and the one behind the last) that hold every point of the box."""
    west, north = unit(box[0], box[3])
    east, south = unit(box[2], box[1])

    def touches(left: float, top: float, right: float, bottom: float) -> int:
        if right < west or left > east or bottom < north or top > south:
            return OUTSIDE
        return INSIDE if left >= west and right <= east and top >= north and bottom <= south else PART

    return of_shape(touches, most)


def of_shape(touches: Callable[[float, float, float, float], int], most: int = MOST) -> list[Range]:
    """Ranges for a shape of which ``touches(left, top, right, bottom)`` says how it lies to a square of the world map.

    The squares are cut into quarters, the largest first, for as long as the ranges stay few.
    """
    whole: list[tuple[int, int, int]] = []
    cut: list[tuple[int, int, int]] = [(0, 0, 0)]
    while cut and len(whole) + len(cut) + 3 <= most:
        z, x, y = heappop(cut)
        for place in range(4):
            quarter = (z + 1, 2 * x + (place & 1), 2 * y + (place >> 1))
            side = 2.0 ** -(z + 1)
            lies = touches(quarter[1] * side, quarter[2] * side, (quarter[1] + 1) * side, (quarter[2] + 1) * side)
            if lies == INSIDE or (lies == PART and z + 1 == LEVEL):
                whole.append(quarter)
            elif lies == PART:
                heappush(cut, quarter)
    return _joined(sorted(quads_of(*tile) for tile in [*whole, *cut]))


def around(quad: int, z: int) -> list[Range]:
    """The nine tiles at level ``z`` around a code: each point nearer than the width of one of them lies in these."""
    column, row = tile_of(quad, z)
    last = (1 << z) - 1
    tiles = {
        (max(0, min(last, column + right)), max(0, min(last, row + down)))
        for right in (-1, 0, 1) for down in (-1, 0, 1)
    }  # fmt: skip
    return _joined(sorted(quads_of(z, x, y) for x, y in tiles))


def _joined(ranges: list[Range]) -> list[Range]:
    found: list[Range] = []
    for first, behind in ranges:
        if found and found[-1][1] == first:
            found[-1] = (found[-1][0], behind)
        else:
            found.append((first, behind))
    return found
