"""Pairs of records that are likely one thing, among very many, without comparing each with each.

Only records that share a block are compared.  A block is a piece of the name together with a place (a house, a
compound, a cell of some 120 m), the whole name, or, for a record whose place is not known, a rare piece of the name.
Blocks that have grown too large are walked through in order with a short window, so that the cost stays near-linear.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterable, Iterator, Sequence
from math import cos, floor, radians

from .names import grams
from .score import METRES, Pair, Record, Shape, compare, shape_of

LEAST = 0.5  # pairs less likely than this are not offered
CELL, REACH = 120.0, 60.0  # metres: side of a cell, and how far apart two points surely share one
PIECES = 6  # rarest pieces of a name that open blocks
RARE = 30  # a piece in at most so many names finds a record without a place
LARGEST, WINDOW = 60, 6
# A name tells nothing apart when so many bear it, at so many addresses, and so many at each.
MANY, ADDRESSES, CROWD = 8, 3, 2.5


def pairs_of(record: Record, neighbours: Iterable[Record], *, least: float = LEAST) -> list[Pair]:
    """The likely duplicates of one record among its neighbours (of its address, cell or name), the likeliest first."""
    mine = shape_of(record)
    shapes = [shape_of(other) for other in neighbours if other.id != record.id]
    names = _Names([mine, *shapes])
    found = (_pair(mine, other, names, least) for other in shapes)
    return sorted((pair for pair in found if pair), key=lambda pair: -pair.score)


def find_pairs(records: Iterable[Record], *, least: float = LEAST) -> Iterator[Pair]:
    """Every likely pair among the records, once each, as it is found."""
    # A record without a name is never offered: an address holds many units, so that alone it is no sign.
    shapes = [shape for shape in map(shape_of, records) if shape.name.flat]
    names = _Names(shapes)
    seen: set[int] = set()
    size = len(shapes)
    for one, other in _candidates(shapes, names):
        a, b = (one, other) if one < other else (other, one)
        mark = a * size + b
        if mark in seen:
            continue
        seen.add(mark)
        pair = _pair(shapes[a], shapes[b], names, least)
        if pair:
            yield pair


class _Names:
    """How common the names are, and which of them say nothing."""

    def __init__(self, shapes: Sequence[Shape]) -> None:
        self.holders = Counter(shape.name.core for shape in shapes)
        self.bearers = Counter(shape.name.flat for shape in shapes)
        kinds = Counter(shape.record.category for shape in shapes)
        stands: dict[str, list[Shape]] = {}
        for shape in shapes:
            if self.bearers[shape.name.flat] >= MANY and shape.address.street_key:
                stands.setdefault(shape.name.flat, []).append(shape)
        self.plain = {name for name, those in stands.items() if _says_nothing(those, kinds)}


def _says_nothing(those: Sequence[Shape], kinds: Counter[str]) -> bool:
    """Whether a name is but the word for its category (hydrant), or stands many times at each of its addresses."""
    addresses = len({shape.address.key for shape in those})
    if addresses < ADDRESSES:
        return False
    category, held = Counter(shape.record.category for shape in those).most_common(1)[0]
    return len(those) >= CROWD * addresses or (bool(category) and held >= MANY and 2 * held >= kinds[category])


def _pair(one: Shape, other: Shape, names: _Names, least: float) -> Pair | None:
    same = one.name.flat == other.name.flat
    plain = same and one.name.flat in names.plain
    holders = names.bearers[one.name.flat] if same else min(names.holders[shape.name.core] for shape in (one, other))
    score, reasons = compare(one, other, holders, plain=plain)
    if score < least:
        return None
    return Pair(one.record.id, other.record.id, score, reasons)


def _candidates(shapes: Sequence[Shape], names: _Names) -> Iterator[tuple[int, int]]:
    pieces = [grams(shape.name) for shape in shapes]
    common = Counter(piece for mine in pieces for piece in mine)
    for at, mine in enumerate(pieces):
        pieces[at] = sorted((piece for piece in mine if common[piece] > 1), key=lambda piece: common[piece])[:PIECES]
    houses = [_houses(shape) for shape in shapes]
    for places in (houses, map(_cells, shapes)):
        keys = (
            (hash((piece, place, shape.name.numbers)), at)
            for at, (shape, mine, near) in enumerate(zip(shapes, pieces, places, strict=True))
            for place in near
            for piece in mine
        )
        yield from _within(keys, shapes)
    yield from _within(((hash(shape.name.flat), at) for at, shape in enumerate(shapes)), shapes)
    yield from _lost(shapes, pieces, common, houses)


def _within(keys: Iterable[tuple[int, int]], shapes: Sequence[Shape]) -> Iterator[tuple[int, int]]:
    """All pairs of each block; of a large one, those that stand close in the order of names and addresses."""
    first: dict[int, int] = {}
    blocks: dict[int, list[int]] = {}
    for key, at in keys:
        before = first.setdefault(key, at)
        if before != at:
            blocks.setdefault(key, [before]).append(at)
    for block in blocks.values():
        reach = len(block)
        if reach > LARGEST:
            block.sort(key=lambda at: (shapes[at].name.flat, shapes[at].address.key, at))
            reach = WINDOW
        for place, one in enumerate(block):
            for other in block[place + 1 : place + reach]:
                yield one, other


def _lost(
    shapes: Sequence[Shape], pieces: list[list[str]], common: Counter[str], houses: list[list[Hashable]]
) -> Iterator[tuple[int, int]]:
    """Records without a point or without a house, against all that share a rare piece of the name."""
    lost = [at for at, shape in enumerate(shapes) if shape.point is None or not houses[at]]
    rare = [[piece for piece in mine if common[piece] <= RARE][:3] for mine in pieces]
    wanted = {piece for at in lost for piece in rare[at]}
    holders: dict[str, list[int]] = {}
    for at, mine in enumerate(rare):
        for piece in mine:
            if piece in wanted:
                holders.setdefault(piece, []).append(at)
    for at in lost:
        for piece in rare[at]:
            for other in holders[piece]:
                if other != at:
                    yield at, other


def _houses(shape: Shape) -> list[Hashable]:
    """The places that the address names: a house of a street, a compound."""
    address = shape.address
    street = (address.road, address.number) if address.road and address.number else None
    return [place for place in (street, address.place) if place]


def _cells(shape: Shape) -> list[Hashable]:
    """The cells near the point: two points within reach of one another share at least one."""
    if shape.point is None:
        return []
    lon, lat = shape.point
    half = REACH / 2
    cells: list[Hashable] = []
    for row in _steps(lat * METRES, half):
        # The length of a degree is taken at the row, alike for all points that share it.
        east = lon * METRES * cos(radians(row * CELL / METRES))
        cells += [(row, column) for column in _steps(east, half)]
    return cells


def _steps(metres: float, half: float) -> set[int]:
    return {floor((metres - half) / CELL), floor((metres + half) / CELL)}
