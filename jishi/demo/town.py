"""The ground of the fictional district: streets, lanes, blocks and lots, a river, a lake and parks.  Pure.

The town is the same for every seed.  It is laid out in metres from the south-west corner and then bent a little, so
that no street is quite straight; a point comes out in degrees.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from math import cos, hypot, pi, radians, sin
from random import Random

from jishi.demo import words
from jishi.demo.district import HIGH, SOUTH, WEST, WIDE

XY = tuple[float, float]
Line = tuple[XY, ...]

_DEGREE = 111_195.0  # metres in a degree of latitude on a sphere of 6,371 km
_EAST_DEGREE = _DEGREE * cos(radians(SOUTH + 2 * HIGH))
COLUMNS, ROWS = 6, 4
EAST, NORTH = COLUMNS * WIDE * _EAST_DEGREE, ROWS * HIGH * _DEGREE
#: Blocks between the main streets.
_ACROSS, _UP = 9, 8
_STEP = 20.0
#: The lake: its middle and half its width and height.
_LAKE = (0.72 * EAST, 0.665 * NORTH, 520.0, 330.0)
_RIVER_HALF = 32.0
#: How far inside the edge the ring road runs, and how round its corners are.
_RING = (60.0, 420.0)
#: Metres between one house number and the next, odd and even ones taken together.
_NUMBER = 6.0


@dataclass(frozen=True, slots=True)
class Street:
    """A street with its name; ``parts`` is where it can be walked, as the water cuts it."""

    name: str
    kind: str
    line: Line
    parts: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Spot:
    """A house number: where the door is, and in which column and row of the areas."""

    street: str
    number: int
    at: XY
    area: tuple[int, int]

    @property
    def address(self) -> str:
        """The street and the number."""
        return f"{self.street}{self.number}号"


@dataclass(frozen=True, slots=True)
class Lot:
    """A piece of ground with one building of so many metres by so many."""

    at: XY
    wide: float
    deep: float


@dataclass(frozen=True, slots=True)
class Block:
    """What lies between four streets; ``use`` is homes, mixed, works or park."""

    name: str
    use: str
    at: XY
    size: XY
    address: str
    area: tuple[int, int]
    lots: tuple[Lot, ...]


@dataclass(frozen=True, slots=True)
class Town:
    """All of it."""

    streets: tuple[Street, ...]
    spots: tuple[Spot, ...]
    blocks: tuple[Block, ...]
    river: Line
    bank: Line
    lake: Line


def degrees(at: XY) -> tuple[float, float]:
    """The longitude and latitude of a place on the ground."""
    x, y = at
    x, y = x + 26 * sin(y / 870 + 0.6) + 9 * sin(y / 210), y + 24 * sin(x / 1040 + 0.3) + 8 * sin(x / 260)
    return round(WEST + x / _EAST_DEGREE, 6), round(SOUTH + y / _DEGREE, 6)


def area_of(at: XY) -> tuple[int, int] | None:
    """The column and the row of the area around a place; None outside the district."""
    lon, lat = degrees(at)
    column, row = (lon - WEST) / WIDE, (lat - SOUTH) / HIGH
    if not (0 < column < COLUMNS and 0 < row < ROWS):
        return None
    return int(column), int(row)


def river_y(x: float) -> float:
    """Where the middle of the river runs."""
    return 1150 + 0.38 * x + 180 * sin(x / 700)


def wet(at: XY, bank: float = 0.0) -> bool:
    """Whether a place lies in the river or the lake, or within so many metres of them."""
    x, y = at
    slope = 0.38 + 180 / 700 * cos(x / 700)
    if abs(y - river_y(x)) / hypot(1, slope) < _RIVER_HALF + bank:
        return True
    return in_lake(at, bank)


def in_lake(at: XY, bank: float = 0.0) -> bool:
    """Whether a place lies in the lake, or within about so many metres of it."""
    x, y, wide, high = _LAKE
    return ((at[0] - x) / (wide + bank)) ** 2 + ((at[1] - y) / (high + bank)) ** 2 < 1


@cache
def town() -> Town:
    """The town; made once."""
    rng = Random("平安区")
    streets = [*_main_streets(), *_lanes()]
    river = [(x, river_y(x)) for x in range(-200, int(EAST) + 240, 40)]
    side = [(x, y + _RIVER_HALF) for x, y in river], [(x, y - _RIVER_HALF) for x, y in reversed(river)]
    green = [(x, y + 62) for x, y in river], [(x, y - 62) for x, y in reversed(river)]
    spots = [spot for street in streets for spot in _spots(street)]
    return Town(
        tuple(streets), tuple(spots), tuple(_blocks(rng)), tuple(side[0] + side[1]), tuple(green[0] + green[1]),
        _ellipse(0),
    )  # fmt: skip


def _ellipse(more: float) -> Line:
    x, y, wide, high = _LAKE
    return tuple(
        (x + (wide + more) * cos(turn * pi / 36), y + (high + more) * sin(turn * pi / 36)) for turn in range(73)
    )


def _main_streets() -> list[Street]:
    found = []
    for place, name in enumerate(words.NORTHWARD, 1):
        x = EAST * place / _ACROSS
        found.append(_street(name, "primary" if place % 3 == 0 else "secondary", ((x, 0.0), (x, NORTH)), False))
    for place, name in enumerate(words.EASTWARD, 1):
        y = NORTH * place / _UP
        found.append(_street(name, "primary" if place % 2 == 0 else "secondary", ((0.0, y), (EAST, y)), False))
    found.append(_street(words.RING, "primary", _ring(), False))
    along = tuple((float(x), river_y(x) - 90) for x in range(60, int(EAST) - 40, 40))
    found.append(_street(words.RIVERSIDE, "secondary", along, False))
    found.append(_street(words.LAKESIDE, "secondary", _ellipse(70), True))
    return found


def on_ring(at: XY, near: float) -> bool:
    """Whether a place lies on the ring road, or within so many metres of it."""
    inset, radius = _RING
    x = abs(at[0] - EAST / 2) - (EAST / 2 - inset - radius)
    y = abs(at[1] - NORTH / 2) - (NORTH / 2 - inset - radius)
    return abs(hypot(max(x, 0), max(y, 0)) + min(max(x, y), 0) - radius) < near


def _ring() -> Line:
    """A rectangle with round corners just inside the edge of the district."""
    inset, radius = _RING
    corners = [
        (EAST - inset - radius, inset + radius, -0.5), (EAST - inset - radius, NORTH - inset - radius, 0.0),
        (inset + radius, NORTH - inset - radius, 0.5), (inset + radius, inset + radius, 1.0),
    ]  # fmt: skip
    line = [
        (x + radius * cos((turn + step / 16) * pi), y + radius * sin((turn + step / 16) * pi))
        for x, y, turn in corners
        for step in range(9)
    ]
    return (*line, line[0])


def _lanes() -> list[Street]:
    """One lane each way through the middle of what lies between four main streets, named after the street it leaves."""
    found = []
    wide, high = EAST / _ACROSS, NORTH / _UP
    north, east = [*words.NORTHWARD, words.EAST_GATE], [*words.EASTWARD, words.NORTH_GATE]
    for i in range(_ACROSS):
        for j in range(_UP):
            x, y = (i + 0.5) * wide, (j + 0.5) * high
            across = words.LANES.get((i, j, "x"), f"{north[i]}{j + 1}巷")
            upward = words.LANES.get((i, j, "y"), f"{east[j]}{i + 1}巷")
            found.append(_street(across, "lane", ((i * wide, y), ((i + 1) * wide, y)), True))
            found.append(_street(upward, "lane", ((x, j * high), (x, (j + 1) * high)), True))
    return [street for street in found if street.parts]


def _street(name: str, kind: str, line: Line, dry: bool) -> Street:
    """A street in steps of some metres; a ``dry`` one has no bridges, and none crosses the lake."""
    fine = _fine(line)
    parts: list[list[XY]] = [[]]
    for at in fine:
        if in_lake(at, 20) or (dry and kind == "lane" and wet(at, 40)):
            parts.append([])
        else:
            parts[-1].append(at)
    return Street(name, kind, fine, tuple(tuple(part) for part in parts if len(part) > 3))


def _fine(line: Line) -> Line:
    found = [line[0]]
    for (x, y), (to_x, to_y) in pairwise(line):
        steps = max(1, round(hypot(to_x - x, to_y - y) / _STEP))
        found += [(x + (to_x - x) * step / steps, y + (to_y - y) * step / steps) for step in range(1, steps + 1)]
    return tuple(found)


def _spots(street: Street) -> list[Spot]:
    """The house numbers of a street: odd ones to its left, even ones to its right."""
    found = []
    dry = {at for part in street.parts for at in part}
    walked, number = 0.0, 1
    off = 9.0 if street.kind == "lane" else 15.0
    for start, end in pairwise(street.line):
        length = hypot(end[0] - start[0], end[1] - start[1])
        ahead = ((end[0] - start[0]) / length, (end[1] - start[1]) / length)
        while number * _NUMBER < walked + length:
            along = number * _NUMBER - walked
            side = off if number % 2 else -off
            at = (start[0] + ahead[0] * along - ahead[1] * side, start[1] + ahead[1] * along + ahead[0] * side)
            area = area_of(at)
            if area is not None and start in dry and end in dry and not wet(at, 14):
                found.append(Spot(street.name, number, at, area))
            number += 1
        walked += length
    return found


def _blocks(rng: Random) -> list[Block]:
    wide, high = EAST / _ACROSS / 2, NORTH / _UP / 2
    names = [first + last for first in words.COMPOUND_FIRST for last in words.COMPOUND_LAST]
    rng.shuffle(names)
    names = words.COMPOUNDS + [name for name in names if name not in words.COMPOUNDS]
    found: list[Block] = []
    for i in range(2 * _ACROSS):
        for j in range(2 * _UP):
            middle = ((i + 0.5) * wide, (j + 0.5) * high)
            area = area_of(middle)
            outside = min(middle[0], EAST - middle[0]) < 170 or min(middle[1], NORTH - middle[1]) < 150
            use = rng.choices(("homes", "mixed", "works", "park"), (62, 24, 9 if outside else 5, 5))[0]
            size = (wide - 44, high - 44)
            lots = () if use == "park" else tuple(_lots(rng, middle, size, use))
            if area is None or (len(lots) < 6 and use != "park") or (use == "park" and wet(middle, 120)):
                continue
            name = names[len(found) % len(names)]
            found.append(Block(name, use, middle, size, _gate(rng, i, j, middle), area, lots))
    return found


def _gate(rng: Random, i: int, j: int, middle: XY) -> str:
    """The address of a block's gate, on the main street beside it."""
    north, east = (i + 1) // 2, (j + 1) // 2
    if rng.random() < 0.5 and 0 < north < _ACROSS:
        return f"{words.NORTHWARD[north - 1]}{round(middle[1] / _NUMBER)}号"
    if 0 < east < _UP:
        return f"{words.EASTWARD[east - 1]}{round(middle[0] / _NUMBER)}号"
    return f"{words.RING}{round((middle[0] + middle[1]) / _NUMBER)}号"


def _lots(rng: Random, middle: XY, size: XY, use: str) -> list[Lot]:
    across, up = {"homes": (5, 6), "mixed": (5, 4), "works": (4, 3)}[use]
    wide, high = size[0] / across, size[1] / up
    found = []
    for column in range(across):
        for row in range(up):
            at = (
                middle[0] - size[0] / 2 + (column + 0.5) * wide + rng.uniform(-2, 2),
                middle[1] - size[1] / 2 + (row + 0.5) * high + rng.uniform(-2, 2),
            )
            if wet(at, 82) or on_ring(at, 38) or rng.random() < 0.08:
                continue
            deep = rng.uniform(11, 14) if use == "homes" else high * rng.uniform(0.45, 0.7)
            found.append(Lot(at, wide * rng.uniform(0.62, 0.82), deep))
    return found
