"""Boxes and polygons as ranges of Morton codes (see :mod:`jishi.geo.quads`), which a plain index finds.

A few ranges hold all of it and a little more: whoever reads them asks each point again.  Pure.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from heapq import heappop, heappush
from typing import TYPE_CHECKING

from jishi.geo.quads import LEVEL, degrees_of, quads_of, tile_of, unit

if TYPE_CHECKING:
    from jishi.geo.polygons import Shape

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

    whole, cut = _split(touches, most)
    return joined([*whole, *cut])


def of_polygon(polygon: Shape, most: int = 2 * MOST) -> tuple[list[Range], list[Range]]:
    """Ranges that lie in the polygon as a whole, and those of which only a part does."""
    import shapely

    shapely.prepare(polygon)

    def touches(left: float, top: float, right: float, bottom: float) -> int:
        west, north = degrees_of(left, top)
        east, south = degrees_of(right, bottom)
        square = shapely.box(west, south, east, north)
        if not shapely.intersects(polygon, square):
            return OUTSIDE
        return INSIDE if shapely.contains_properly(polygon, square) else PART

    whole, cut = _split(touches, most)
    return joined(whole), joined(cut)


def _split(touches: Callable[[float, float, float, float], int], most: int) -> tuple[list[Range], list[Range]]:
    """The squares inside a shape, and those across its edge; ``touches(left, top, right, bottom)`` says how each lies.

    The squares are cut into quarters, the largest first, for as long as they stay few.
    """
    whole: list[tuple[int, int, int]] = []
    cut: list[tuple[int, int, int]] = [(0, 0, 0)]
    while cut and cut[0][0] < LEVEL and len(whole) + len(cut) + 3 <= most:
        z, x, y = heappop(cut)
        side = 2.0 ** -(z + 1)
        for column, row in ((2 * x, 2 * y), (2 * x + 1, 2 * y), (2 * x, 2 * y + 1), (2 * x + 1, 2 * y + 1)):
            lies = touches(column * side, row * side, (column + 1) * side, (row + 1) * side)
            if lies == INSIDE:
                whole.append((z + 1, column, row))
            elif lies == PART:
                heappush(cut, (z + 1, column, row))
    return [quads_of(*tile) for tile in whole], [quads_of(*tile) for tile in cut]


def around(quad: int, z: int) -> list[Range]:
    """The four tiles at level ``z`` around a code: each point nearer than half the width of one lies in these."""
    column, row = tile_of(quad, min(LEVEL, z + 1))
    last = (1 << z) - 1
    columns = {max(0, min(last, (column + step) // 2)) for step in (-1, 1)}
    rows = {max(0, min(last, (row + step) // 2)) for step in (-1, 1)}
    return joined(quads_of(z, x, y) for x in columns for y in rows)


def joined(ranges: Iterable[Range]) -> list[Range]:
    """The ranges in order, those that touch as one."""
    found: list[Range] = []
    for first, behind in sorted(ranges):
        if found and found[-1][1] == first:
            found[-1] = (found[-1][0], behind)
        else:
            found.append((first, behind))
    return found
