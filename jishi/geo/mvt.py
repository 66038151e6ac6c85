"""Vector tiles of points (Mapbox Vector Tile 2), written for speed: a tile of 10,000 points in some milliseconds. Pure.

A point's place in its tile is a Morton code of 24 bits (see :mod:`jishi.geo.quads`), so that it is a shift of the code
that the database holds.  Numbers are written as varints of a fixed width, padded where they are small, which every
reader takes: a feature is then what its values say, encoded once for each combination of them, and three look-ups.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from jishi.geo.quads import LEVEL, tile_of

STEP_BITS = 12
EXTENT = 1 << STEP_BITS

Value = int | str
#: An id, the place inside the tile, and one value for each key of the layer.
Point = tuple[int, int, tuple[Value, ...]]


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of a tile: its name, the names of the values, and its points."""

    name: str
    keys: Sequence[str]
    points: Iterable[Point]


def place_of(quad: int, z: int) -> int:
    """Where in its tile at level ``z`` a code of level 26 lies."""
    bits = 2 * (LEVEL - z)
    code, spare = quad & (1 << bits) - 1, bits - 2 * STEP_BITS
    return code >> spare if spare > 0 else code << -spare


def encode(layers: Iterable[Layer]) -> bytes:
    """The tile as bytes; a layer without points is left out, as the format asks."""
    return b"".join(_field(3, _layer(layer)) for layer in layers)


def _layer(layer: Layer) -> bytes:
    values: dict[Value, int] = {}
    heads: dict[tuple[Value, ...], bytes] = {}
    features: list[bytes] = []
    for key, place, properties in layer.points:
        head = heads.get(properties)
        if head is None:
            head = heads[properties] = _head(properties, values)
        step = (_NEAR[place & 4095] | _FAR[place >> 12]).to_bytes(4, "little")
        if key < _MOST_KEY:
            features.append(head + _LOW[key & 16383] + _HIGH[key >> 14] + step)
        else:
            features.append(_field(2, _tags(properties, values) + b"\x08" + _varint(key) + _MOVE + step))
    if not features:
        return b""
    names = b"".join(b"\x1a" + _sized(name.encode()) for name in layer.keys)
    pool = b"".join(_field(4, _value(value)) for value in values)
    return b"".join((_field(1, layer.name.encode()), *features, names, pool, b"\x28", _varint(EXTENT), b"\x78\x02"))


def _head(properties: tuple[Value, ...], values: dict[Value, int]) -> bytes:
    """A feature up to its id: field, length, tags, kind.  What follows has a fixed length."""
    tags = _tags(properties, values) + b"\x08"
    return b"\x12" + _varint(len(tags) + _AFTER) + tags


def _tags(properties: tuple[Value, ...], values: dict[Value, int]) -> bytes:
    pairs = (_varint(key) + _varint(values.setdefault(value, len(values))) for key, value in enumerate(properties))
    return _field(2, b"".join(pairs)) + b"\x18\x01"


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
_AFTER = 4 + len(_MOVE) + 4
_MOST_KEY = 1 << 28
_LOW = [bytes([number & 127 | 128, number >> 7 | 128]) for number in range(1 << 14)]
_HIGH = [bytes([number & 127 | 128, number >> 7]) + _MOVE for number in range(1 << 14)]
# A step of 12 bits is a varint of two bytes: the six low bits stand in the first, the six high ones in the second.
_PAIRS = [tile_of(code, LEVEL) for code in range(4096)]
_NEAR = [x << 1 | 128 | (y << 1 | 128) << 16 for x, y in _PAIRS]
_FAR = [x << 8 | y << 24 for x, y in _PAIRS]
