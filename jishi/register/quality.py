"""What is wrong with an element's data, as bits of one column, and the scores that follow.  Pure.

Completeness counts what is missing, accuracy what contradicts.  Each bit is a filter of the list, so that every point
of a score leads to its rows.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

MISSING_ATTRIBUTE = 1
NO_POINT = 2
NO_ADDRESS = 4
OUTSIDE = 8
AREA_DENIED = 16
DUPLICATE = 32
BAD_ATTRIBUTE = 64

#: The names that stand in addresses and reports.
ISSUES: Mapping[str, int] = {
    "missing_attribute": MISSING_ATTRIBUTE,
    "no_point": NO_POINT,
    "no_address": NO_ADDRESS,
    "outside": OUTSIDE,
    "area_denied": AREA_DENIED,
    "duplicate": DUPLICATE,
    "bad_attribute": BAD_ATTRIBUTE,
}
COMPLETENESS = ("missing_attribute", "no_point", "no_address")
ACCURACY = ("outside", "area_denied", "duplicate", "bad_attribute")


@dataclass(frozen=True, slots=True)
class Facts:
    """What is looked at: whether there is a point and an address, the area given and the one around the point."""

    has_point: bool
    has_address: bool
    area: int | None
    area_around: int | None
    station_has_outlines: bool
    missing: bool
    bad: bool


def issues_of(facts: Facts) -> int:
    """The bits of an element; ``DUPLICATE`` is set by whoever finds the pair."""
    bits = MISSING_ATTRIBUTE * facts.missing | BAD_ATTRIBUTE * facts.bad
    bits |= NO_ADDRESS * (not facts.has_address)
    if not facts.has_point:
        return bits | NO_POINT
    if facts.station_has_outlines and facts.area_around is None:
        return bits | OUTSIDE
    if facts.area is not None and facts.area_around is not None and facts.area != facts.area_around:
        return bits | AREA_DENIED
    return bits


@dataclass(frozen=True, slots=True)
class Score:
    """How complete and how accurate a set of elements is, from 0 to 1, and how often each issue comes up."""

    total: int
    completeness: float | None
    accuracy: float | None
    counts: Mapping[str, int]


def score(total: int, counted: Iterable[tuple[int, int]]) -> Score:
    """The score of ``total`` elements, of which ``counted`` are (bits, how many) with issues.

    Each of the three questions of completeness and the four of accuracy weighs the same; a score is the share of
    answers that are in order.
    """
    counts = dict.fromkeys(ISSUES, 0)
    for bits, number in counted:
        for name, bit in ISSUES.items():
            if bits & bit:
                counts[name] += number

    def in_order(names: tuple[str, ...]) -> float | None:
        return 1 - sum(counts[name] for name in names) / (total * len(names)) if total else None

    return Score(total, in_order(COMPLETENESS), in_order(ACCURACY), counts)


def names_of(bits: int) -> list[str]:
    """The names of the bits that are set."""
    return [name for name, bit in ISSUES.items() if bits & bit]
