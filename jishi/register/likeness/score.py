"""How likely two records are one thing: weights of agreement and of contradiction, added up and squashed to 0..1.

A weight is a log of odds: what a finding says for (or against) one thing rather than two neighbours in the register.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable
from dataclasses import dataclass, field
from math import cos, exp, hypot, log, radians

from rapidfuzz.distance import OSA, Indel

from .addresses import Address, read
from .names import TELLING, Name, read_name

REASONS = (
    "same_name", "similar_name", "same_address", "similar_address", "same_spot", "near", "same_category",
    "linked_category",
)  # fmt: skip
METRES = 111_320.0  # of one degree of latitude
ALIKE = 0.6  # names less alike than this are different names
COMMON = 3  # a name held by more records than this says less the more hold it
FAR = -9.0


@dataclass(frozen=True, slots=True)
class Record:
    """What is compared of an element.  ``family`` groups the categories that may name one thing."""

    id: Hashable
    name: str = ""
    address: str = ""
    lon: float | None = None
    lat: float | None = None
    category: str = ""
    family: str = ""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two records that may be one thing: ``score`` from 0 to 1, ``reasons`` out of :data:`REASONS`."""

    a: Hashable
    b: Hashable
    score: float
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Shape:
    """A record made ready for comparing."""

    record: Record
    name: Name = field(default_factory=Name)
    address: Address = field(default_factory=Address)
    point: tuple[float, float] | None = None


def shape_of(record: Record) -> Shape:
    """Take the name and the address of a record apart, once."""
    point = None if record.lon is None or record.lat is None else (record.lon, record.lat)
    return Shape(record, read_name(record.name), read(record.address), point)


def compare(one: Shape, other: Shape, holders: int = 2, *, plain: bool = False) -> tuple[float, tuple[str, ...]]:
    """The score of a pair and its reasons.

    ``holders`` is how many records bear the name; ``plain`` says that the name tells no two things at one address apart
    (hydrant, lift), so that bearing the same one is no sign.
    """
    name, name_reason = _name(one.name, other.name, plain)
    if name <= FAR:
        return 0.0, ()
    place, place_reason = _address(one.address, other.address)
    if place > 0 and _fits_inside(one.address, other.address) < 0:
        place += _fits_inside(one.address, other.address)
        place_reason = "similar_address" if place > 0 else ""
    far, far_reason = _distance(one.point, other.point)
    if name > 0 and holders > COMMON and place < 2:
        name -= log(holders / 2)
    kind, kind_reason = _category(one.record, other.record)
    total = name + place + far + kind - 5
    found = (name_reason, place_reason, far_reason, kind_reason)
    return 1 / (1 + exp(-total)), tuple(reason for reason in found if reason)


def _name(one: Name, other: Name, plain: bool) -> tuple[float, str]:
    if not one.flat or not other.flat or plain:
        return -3.0, ""
    if one.flat == other.flat:
        return 6.0, "same_name"
    if _neighbours(one, other):
        return FAR, ""
    alike = Indel.normalized_similarity(one.flat, other.flat)
    if min(len(one.flat), len(other.flat)) >= 3:
        # the same signs in another order, or one of them other
        alike = max(alike, 0.95 * Indel.normalized_similarity(one.bag, other.bag))
    same_brand = one.core == other.core and len(one.core) >= 2
    if same_brand:
        alike = max(alike, 0.9)
    weight = min((14 if alike >= ALIKE else 28) * (alike - ALIKE), 5.5)
    # Left out words are a shorter form, one sign changed may be a slip, but two changed signs are another name,
    # however long the trade behind it that both share.
    changed = 0 if same_brand else _changed(one.bag, other.bag)
    if changed:
        weight = min(weight, 2.5) - 4 * (changed - 1)
    if one.numbers != other.numbers:
        weight -= 3
    return max(weight, -8.0), "similar_name" if weight > 0 else ""


def _neighbours(one: Name, other: Name) -> bool:
    """Whether two names say that they are two things: another number, another gate, another branch."""
    if one.numbers != other.numbers and one.numbers and other.numbers:
        return True
    if one.counted != other.counted and _contrary(dict(one.counted), dict(other.counted)):
        return True
    if one.branch and other.branch and one.core == other.core:
        if Indel.normalized_similarity(one.branch, other.branch) < 0.5:
            return True
    return _telling(one.flat, other.flat) or _turned(one.bag, other.bag)


def _contrary(one: dict[str, str], other: dict[str, str]) -> bool:
    return any(other.get(what, number) != number for what, number in one.items())


def _changed(one: str, other: str) -> int:
    """How many signs stand in the place of others; an English word counts for two, unless it is but a slip."""
    if " " not in one and " " not in other:
        shared = (len(one) + len(other) - Indel.distance(one, other)) // 2
        return min(len(one), len(other)) - shared
    mine, theirs = Counter(one.split()), Counter(other.split())
    left, right = list((mine - theirs).elements()), list((theirs - mine).elements())
    changed = 0
    for word in left:
        near = next((found for found in right if _slip(word, found)), None)
        if near is not None:
            right.remove(near)
        else:
            changed += 1
    return 2 * min(changed, len(right))


def _telling(one: str, other: str) -> bool:
    """Whether two names part at a sign that tells neighbours apart: 东门 and 西门."""
    if len(one) != len(other):
        return False
    parted = [(a, b) for a, b in zip(one, other, strict=True) if a != b]
    return len(parted) <= 2 and any(a in signs and b in signs for a, b in parted for signs in TELLING)


def _slip(one: str, other: str) -> bool:
    """Whether two English words may be one: a letter wrong, or the one cut short."""
    short, long = sorted((one, other), key=len)
    if len(long) < 3 or long[0].isdigit():
        return False
    cut_short = len(short) >= 3 and long.startswith(short)
    return cut_short or OSA.distance(short, long) <= 1 or Indel.normalized_similarity(short, long) >= 0.75


def _turned(one: str, other: str) -> bool:
    """The same of two names whose parts stand in another order."""
    mine, theirs = Counter(one), Counter(other)
    left, right = set(mine - theirs), set(theirs - mine)
    if len(left) > 2 or len(right) > 2:
        return False
    return any(left & signs and right & signs for signs in TELLING)


def _address(one: Address, other: Address) -> tuple[float, str]:
    if one.region and other.region and one.region != other.region:
        # of a misspelt city, a piece may have been left standing before the district
        short, long = sorted((one.region, other.region), key=len)
        if not long.endswith(short) and (OSA.distance(short, long) > 1 or _telling(short, long)):
            return -4.0, ""
    same_place = bool(one.place) and one.place == other.place
    if one.road and other.road:
        road = _road(one, other)
        if road < 0.6:
            return -3.0, ""
        if one.number and one.number == other.number:
            return (3.5, "same_address") if road == 1 else (1.5, "similar_address")
        if same_place:
            return 1.0, "similar_address"
        if not one.number or not other.number:
            return (0.5, "similar_address") if road == 1 else (0.0, "")
        return (-2.5 if OSA.distance(one.number, other.number) == 1 else -3.0), ""
    if one.place and other.place:
        alike = Indel.normalized_similarity(one.place, other.place)
        return (2.5, "similar_address") if alike == 1 else (1.0, "similar_address") if alike >= 0.7 else (-1.0, "")
    return 0.0, ""


def _road(one: Address, other: Address) -> float:
    """How alike two streets are, from 0 to 1."""
    if (one.kind and other.kind and one.kind != other.kind) or _telling(one.road, other.road):
        return 0.0
    if one.road == other.road:
        return 1.0
    short, long = sorted((one.road, other.road), key=len)
    if len(short) >= 3 and long.endswith(short):
        # a misspelt district was left standing before the street
        return 0.9
    return Indel.normalized_similarity(short, long)


def _fits_inside(one: Address, other: Address) -> float:
    """What the parts within the house say against the pair: nothing while one of them is silent."""
    weight = 0.0
    for a, b, cost in ((one.building, other.building, 3.0), (one.entrance, other.entrance, 1.5),
                       (one.room, other.room, 4.0), (one.floor, other.floor, 1.0)):  # fmt: skip
        if a and b and a != b:
            weight -= cost
    return weight


def _distance(one: tuple[float, float] | None, other: tuple[float, float] | None) -> tuple[float, str]:
    if one is None or other is None:
        return 0.0, ""
    metres = distance(one, other)
    for limit, weight, reason in ((5, 2.0, "same_spot"), (60, 1.5, "near"), (100, 0.5, "near"), (200, -1.0, ""),
                                  (500, -2.5, ""), (2000, -5.0, "")):  # fmt: skip
        if metres <= limit:
            return weight, reason
    return -8.0, ""


def distance(one: tuple[float, float], other: tuple[float, float]) -> float:
    """Metres between two points, as on a plane: right to a part in a thousand as far as one district goes."""
    north = (one[1] - other[1]) * METRES
    east = ((one[0] - other[0] + 180) % 360 - 180) * METRES * cos(radians((one[1] + other[1]) / 2))
    return hypot(north, east)


def _category(one: Record, other: Record) -> tuple[float, str]:
    if not one.category or not other.category:
        return 0.0, ""
    if one.category == other.category:
        return 0.5, "same_category"
    if one.family and one.family == other.family:
        return 0.0, "linked_category"
    return -4.5, ""
