"""Vector tiles of points (Mapbox Vector Tile 2), written for speed: 10,000 points in about a millisecond. Pure.

A point's place in its tile is a Morton code of 24 bits (see :mod:`jishi.geo.quads`), so that it is a shift of the code
that the database holds.  Points come as columns, and what several have in common is written once.  Numbers are varints
of a fixed width, padded where they are small, which every reader takes: the features of a layer are then rows of bytes
of one length, and NumPy writes them all at once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from jishi.geo.quads import LEVEL, tile_of

STEP_BITS = 12
EXTENT = 1 << STEP_BITS

Value = int | str


@dataclass(frozen=True, slots=True)
class Layer:
    """One layer of a tile: its name, the names of the values, the combinations of values that occur, and the points.

    ``ids``, ``places`` and ``which`` are columns of the same length; ``which`` says which combination a point has.
    """

    name: str
    keys: Sequence[str]
    combinations: Sequence[tuple[Value, ...]] = ()
    ids: Sequence[int] | Any = ()
    places: Sequence[int] | Any = ()
    which: Sequence[int] | Any = ()


def layer_of(name: str, keys: Sequence[str], points: Iterable[tuple[int, int, tuple[Value, ...]]]) -> Layer:
    """A layer from points of id, place and values."""
    known: dict[tuple[Value, ...], int] = {}
    rows = [(key, place, known.setdefault(values, len(known))) for key, place, values in points]
    return Layer(name, keys, list(known), *zip(*rows, strict=True)) if rows else Layer(name, keys)


def place_of(quad: int, z: int) -> int:
    """Where in its tile at level ``z`` a code of level 26 lies."""
    bits = 2 * (LEVEL - z)
    code, spare = quad & (1 << bits) - 1, bits - 2 * STEP_BITS
    return code >> spare if spare > 0 else code << -spare


def encode(layers: Iterable[Layer]) -> bytes:
    """The tile as bytes; a layer without points is left out, as the format asks."""
    return b"".join(_field(3, _layer(layer)) for layer in layers)


def _layer(layer: Layer) -> bytes:
    import numpy as np

    ids = np.asarray(layer.ids, dtype=np.int64)
    places = np.asarray(layer.places, dtype=np.int64)
    if not ids.size:
        return b""
    wide = 4 if int(ids.max()) < 1 << 28 else 8
    pool: dict[Value, int] = {}
    heads = _heads(layer.combinations, pool, wide + len(_MOVE) + 4)
    begin = heads.shape[1]
    rows = np.empty((ids.size, begin + wide + len(_MOVE) + 4), dtype=np.uint8)
    rows[:, :begin] = heads[np.asarray(layer.which, dtype=np.int64)]
    near, far = _steps()
    for place in range(wide):
        rows[:, begin + place] = ids >> 7 * place & 127 | (128 if place < wide - 1 else 0)
    rows[:, -4 - len(_MOVE) : -4] = np.frombuffer(_MOVE, dtype=np.uint8)
    rows[:, -4:] = (near[places & 4095] | far[places >> 12]).astype("<u4").view(np.uint8).reshape(-1, 4)
    names = b"".join(b"\x1a" + _sized(name.encode()) for name in layer.keys)
    values = b"".join(_field(4, _value(value)) for value in pool)
    head = _field(1, layer.name.encode())
    return head + rows.tobytes() + names + values + b"\x28" + _varint(EXTENT) + b"\x78\x02"


def _heads(combinations: Sequence[tuple[Value, ...]], pool: dict[Value, int], after: int) -> Any:
    """A feature of each combination up to its id: length, values, kind (a point).  ``after`` bytes follow."""
    import numpy as np

    numbers = [[pool.setdefault(value, len(pool)) for value in each] for each in combinations]
    width = len(_varint(max(len(pool) - 1, 0)))
    heads = []
    for each in numbers:
        pairs = b"".join(_varint(key) + _varint(number, width) for key, number in enumerate(each))
        tags = _field(2, pairs) + b"\x18\x01\x08"
        heads.append(b"\x12" + _varint(len(tags) + after) + tags)
    return np.frombuffer(b"".join(heads), dtype=np.uint8).reshape(len(heads), -1)


def _value(value: Value) -> bytes:
    if isinstance(value, str):
        return b"\x0a" + _sized(value.encode())
    return b"\x30" + _varint(value << 1 if value >= 0 else ~(value << 1))


def _field(number: int, content: bytes) -> bytes:
    return bytes([number << 3 | 2]) + _sized(content) if content else b""


def _sized(content: bytes) -> bytes:
    return _varint(len(content)) + content


def _varint(number: int, width: int = 1) -> bytes:
    """A number in as few bytes as it takes, and at least ``width``."""
    found = bytearray()
    while number > 127 or len(found) < width - 1:
        found.append(number & 127 | 128)
        number >>= 7
    found.append(number)
    return bytes(found)


_MOVE = b"\x22\x05\x09"  # the geometry: five bytes, of which the first says to move to one point


@cache
def _steps() -> tuple[Any, Any]:
    """The low and the high halves of all places as the steps to them.

    A step of 12 bits is a varint of two bytes: the six low bits stand in the first, the six high ones in the second.
    """
    import numpy as np

    pairs = [tile_of(code, LEVEL) for code in range(4096)]
    near = np.array([x << 1 | 128 | (y << 1 | 128) << 16 for x, y in pairs], dtype=np.uint32)
    return near, np.array([x << 8 | y << 24 for x, y in pairs], dtype=np.uint32)
