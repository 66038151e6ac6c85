"""The attacker of published counts: a linear programme of its own, that is known to be able to win."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
from scipy.optimize import linprog

from jishi.register.suppression import LEAST, MEASURES, Published, Release, Row, Withheld

PARTS = {"residents": ("long_term", "temporary")}
SHOWN = (*MEASURES, "residents")


def a_release(month: int, areas: dict[str, dict[str, tuple[int, int, int]]]) -> Release:
    """A release of so many households, long-term and temporary by area and place."""
    rows = (Row(area, place, *counts) for area, places in areas.items() for place, counts in places.items())
    return Release(date(2026, month, 1), tuple(rows))


def naively(release: Release) -> Published:
    """What must not be done: withhold the small cells and nothing else."""
    withheld = {}
    for name in MEASURES:
        totals = release.totals[name]
        withheld[name] = Withheld(
            frozenset(row.place for row in release.rows if getattr(row, name) < LEAST),
            frozenset(area for area, total in totals.items() if total < LEAST),
            sum(totals.values()) < LEAST,
        )
    return Published(release, withheld)


class Attacker:
    """Holds every line shown, every sum, and (if told) which values did not change from one date to the next."""

    def __init__(self, published: Sequence[Published], *, told: bool = True) -> None:
        self.names: dict[tuple, int] = {}
        self.fixed: dict[int, int] = {}
        self.sums: list[tuple[int, list[int]]] = []
        self.cells: dict[tuple, int] = {}
        self.truth: dict[tuple, int] = {}
        latest: dict[tuple[str, str], tuple[int, int]] = {}
        for number, one in enumerate(published):
            counts = {row.place: row for row in one.release.rows}
            for line in one.lines():
                for name in MEASURES:
                    key = (name, line.area, line.place, number)
                    if line.place is not None:
                        value = getattr(counts[line.place], name)
                        before = latest.get((name, line.place))
                        since = before[1] if told and before and before[0] == value else number
                        latest[name, line.place] = (value, since)
                        key = (name, line.place, since)
                    self._read(number, line, name, key)
                self._read(number, line, "residents", ("residents", line.area, line.place, number))
            self._add_up(number, one)
        self._solve = self._programme()

    def _read(self, number, line, name, key) -> None:
        at = self.cells[number, name, line.area, line.place] = self.names.setdefault(key, len(self.names))
        if getattr(line, name) is not None:
            assert self.fixed.setdefault(at, getattr(line, name)) == getattr(line, name)

    def _add_up(self, number: int, one: Published) -> None:
        lines = [(line.area, line.place) for line in one.lines()]
        for name in SHOWN:
            for area, place in lines:
                whole = self.cells[number, name, area, place]
                if place is None:
                    below = [
                        (a, p) for a, p in lines if (p is None and a is not None if area is None else a == area and p)
                    ]
                    self.sums.append((whole, [self.cells[number, name, *inner] for inner in below]))
                if name in PARTS:
                    self.sums.append((whole, [self.cells[number, part, area, place] for part in PARTS[name]]))
            inside = [(row.area, row.place, _count(row, name)) for row in one.release.rows]
            for area, place in lines:
                self.truth[number, name, area, place] = sum(
                    value for a, p, value in inside if area in (None, a) and place in (None, p)
                )

    def _programme(self):
        matrix = np.zeros((len(self.sums), len(self.names)))
        for row, (whole, parts) in enumerate(self.sums):
            matrix[row, whole] -= 1
            np.add.at(matrix[row], parts, 1)
        limits = [(self.fixed.get(at, 0), self.fixed.get(at)) for at in range(len(self.names))]

        def solve(at: int, sign: int) -> float:
            cost = np.zeros(len(self.names))
            cost[at] = sign
            found = linprog(cost, A_eq=matrix, b_eq=np.zeros(len(matrix)), bounds=limits, method="highs")
            if found.status == 3:  # no bound at all
                return float("inf")
            assert found.success, found.message
            return sign * found.fun

        return solve

    def bounds(self, cell: tuple) -> tuple[float, float]:
        """The least and the most that a cell (date, measure, area, place) may be."""
        at = self.cells[cell]
        return self._solve(at, 1), self._solve(at, -1)

    def withheld(self) -> list[tuple]:
        return [cell for cell, at in self.cells.items() if at not in self.fixed]

    def wins(self) -> dict[tuple, tuple[float, float]]:
        """The cells that are bounded too tightly: a small one within 0 to 4, another one closer than four apart."""
        won, known = {}, {}
        for cell in self.withheld():
            at = self.cells[cell]
            low, high = known[at] = known.get(at) or self.bounds(cell)
            single = cell[3] is not None and cell[1] in MEASURES
            tight = low > 1e-6 or high < 4 - 1e-6 if single or self.truth[cell] < LEAST else high - low < 4 - 1e-6
            if tight:
                won[cell] = (low, high)
        return won


def _count(row: Row, name: str) -> int:
    return sum(getattr(row, part) for part in PARTS.get(name, (name,)))


PAIR = {"甲": {"one": (3, 8, 9), "two": (20, 40, 9)}, "乙": {"three": (30, 60, 9)}}


def test_wins_against_primary_suppression_alone():
    attacker = Attacker([naively(a_release(1, PAIR))])
    assert attacker.withheld() == [(0, "households", "甲", "one")]
    assert attacker.wins() == {(0, "households", "甲", "one"): (3, 3)}


def test_wins_by_the_difference_of_two_dates():
    """Each date alone is safe; the one building that changed gives the other date's value away."""
    first = a_release(1, {"甲": {"one": (20, 9, 9), "two": (3, 9, 9), "three": (2, 9, 9), "four": (9, 9, 9)}})
    then = a_release(2, {"甲": {"one": (1, 9, 9), "two": (3, 9, 9), "three": (2, 9, 9), "four": (9, 9, 9)}})
    hide = [frozenset({"two", "three"}), frozenset({"one", "two", "three"})]
    nothing = Withheld(frozenset(), frozenset(), False)
    published = [
        Published(release, dict.fromkeys(MEASURES, nothing) | {"households": Withheld(places, frozenset(), False)})
        for release, places in zip([first, then], hide, strict=True)
    ]
    assert not Attacker(published[:1]).wins()
    assert not Attacker(published[1:]).wins()
    assert Attacker(published).wins() == {(1, "households", "甲", "one"): (1, 1)}
    assert not Attacker(published, told=False).wins()


def test_wins_where_a_whole_area_is_shown_as_one_building():
    one = {"甲": {"one": (3, 9, 9)}, "乙": {"two": (20, 9, 9)}}
    assert (0, "households", "甲", "one") in Attacker([naively(a_release(1, one))]).wins()
