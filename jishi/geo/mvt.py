"""Vector tiles of points (Mapbox Vector Tile 2), written for speed: 10,000 points in about a millisecond. Pure.

A point's place in its tile is a Morton code of 24 bits (see :mod:`jishi.geo.quads`), so that it is a shift of the code
that the database holds.  Points come in groups that have all values in common.  Numbers are written as varints of a
fixed width, padded where they are small, which every reader takes: the features of a group are then rows of bytes of
one length, and NumPy writes them all at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from jishi.geo.quads import LEVEL, tile_of

STEP_BITS = 12
EXTENT = 1 << STEP_BITS

Value = int | str


@dataclass(frozen=True, slots=True)
class Group:
    """Points with the same values, one for each key of the layer: the id and the place of each."""

    values: tuple[Value, ...]
    keys: Sequence[int] | Any
    places: Sequence[int] | Any


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of a tile: its name, the names of the values, and its points."""

    name: str
    keys: Sequence[str]
    groups: Iterable[Group]


def grouped(points: Iterable[tuple[int, int, tuple[Value, ...]]]) -> list[Group]:
    """Points of id, place and values, by their values."""
    found: dict[tuple[Value, ...], tuple[list[int], list[int]]] = {}
    for key, place, values in points:
        keys, places = found.setdefault(values, ([], []))
        keys.append(key)
        places.append(place)
    return [Group(values, *columns) for values, columns in found.items()]


def place_of(quad: int, z: int) -> int:
    """Where in its tile at level ``z`` a code of level 26 lies."""
    bits = 2 * (LEVEL - z)
    code, spare = quad & (1 << bits) - 1, bits - 2 * STEP_BITS
    return code >> spare if spare > 0 else code << -spare


def encode(layers: Iterable[Layer]) -> bytes:
    """The tile as bytes; a layer without points is left out, as the format asks."""
    return b"".join(_field(3, _layer(layer)) for layer in layers)


def _layer(layer: Layer) -> bytes:
    pool: dict[Value, int] = {}
    features = b"".join(_features(group, pool) for group in layer.groups)
    if not features:
        return b""
    names = b"".join(b"\x1a" + _sized(name.encode()) for name in layer.keys)
    values = b"".join(_field(4, _value(value)) for value in pool)
    return _field(1, layer.name.encode()) + features + names + values + b"\x28" + _varint(EXTENT) + b"\x78\x02"


def _features(group: Group, pool: dict[Value, int]) -> bytes:
    keys = np.asarray(group.keys, dtype=np.int64)
    places = np.asarray(group.places, dtype=np.int64)
    if not keys.size:
        return b""
    wide = 4 if int(keys.max()) < 1 << 28 else 8
    pairs = (_varint(key) + _varint(pool.setdefault(value, len(pool))) for key, value in enumerate(group.values))
    tags = _field(2, b"".join(pairs)) + b"\x18\x01\x08"  # the values; a point; then the id
    head = b"\x12" + _varint(len(tags) + wide + len(_MOVE) + 4) + tags
    rows = np.empty((keys.size, len(head) + wide + len(_MOVE) + 4), dtype=np.uint8)
    rows[:, : len(head)] = np.frombuffer(head, dtype=np.uint8)
    for place in range(wide):
        more = 128 if place < wide - 1 else 0
        rows[:, len(head) + place] = keys >> 7 * place & 127 | more
    rows[:, -4 - len(_MOVE) : -4] = np.frombuffer(_MOVE, dtype=np.uint8)
    rows[:, -4:] = (_NEAR[places & 4095] | _FAR[places >> 12]).astype("<u4").view(np.uint8).reshape(-1, 4)
    return rows.tobytes()


def _value(value: Value) -> bytes:
    if isinstance(value, str):
        return b"\x0a" + _sized(value.encode())
    return b"\x30" + _varint(value << 1 if value >= 0 else ~(value << 1))


def _field(number: int, content: bytes) -> bytes:
    return bytes([number << 3 | 2]) + _sized(content) if content else b""


def _sized(content: bytes) -> bytes:
    return _varint(len(content)) + content


def _varint(number: int) -> bytes:
    found = bytearray()
    while number > 127:
        found.append(number & 127 | 128)
        number >>= 7
    found.append(number)
    return bytes(found)


_MOVE = b"\x22\x05\x09"  # the geometry: five bytes, of which the first says to move to one point
# A step of 12 bits is a varint of two bytes: the six low bits stand in the first, the six high ones in the second.
_PAIRS = [tile_of(code, LEVEL) for code in range(4096)]
_NEAR = np.array([x << 1 | 128 | (y << 1 | 128) << 16 for x, y in _PAIRS], dtype=np.uint32)
_FAR = np.array([x << 8 | y << 24 for x, y in _PAIRS], dtype=np.uint32)
