"""The attacker: which worlds agree with everything that was shown, and is each withheld cell still open in them?

Unknowns with the same equations are exchangeable, so a bunch of them is one variable, their sum: the programme's size
depends on how many dates there were, hardly on how many buildings.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from jishi.register.suppression.tables import LEAST

World = npt.NDArray[np.float64]
NEARLY = 1e-6


@dataclass(frozen=True, slots=True)
class Bunch:
    """Withheld values that stand in the same shown totals, and the groups that must be able to be zero together."""

    equations: frozenset[Hashable]
    groups: frozenset[Hashable]
    count: int
    total: int


@dataclass(frozen=True, slots=True)
class Goal:
    """The sum of some columns that some world must reach: 0, or the most that the mark stands for."""

    columns: tuple[int, ...]
    value: int

    def met_in(self, world: World) -> bool:
        reached = float(world[list(self.columns)].sum())
        return reached >= self.value - NEARLY if self.value else reached <= NEARLY


def stay_open(bunches: Iterable[Bunch]) -> bool:
    """Whether each withheld value may be anything from 0 to 4 at least, and each group all zero, for all one can tell.

    Each world found settles every goal that it meets.  A world counts only in whole numbers, so an attacker who knows
    that people come in whole numbers learns no more than one who does not.
    """
    known = [bunch for bunch in bunches if bunch.equations]
    open_goals = _goals(known)
    world: World | None = np.array([bunch.total for bunch in known], dtype=np.float64)
    programme = None
    while world is not None:
        open_goals = [goal for goal in open_goals if not goal.met_in(world)]
        if not open_goals:
            return True
        programme = programme or _Programme(known)
        world = programme.reach(open_goals[0])
    return False


def _goals(bunches: list[Bunch]) -> list[Goal]:
    """What the attacker must not be able to rule out."""
    alike: dict[frozenset[Hashable], list[int]] = {}
    groups: dict[Hashable, list[int]] = {}
    for column, bunch in enumerate(bunches):
        alike.setdefault(bunch.equations, []).append(column)
        for group in bunch.groups:
            groups.setdefault(group, []).append(column)
    goals = [Goal(tuple(columns), LEAST - 1) for columns in alike.values()]
    # One of several that are alike may be zero in any world, since another can hold its share.
    goals += [Goal(tuple(columns), 0) for columns in alike.values() if sum(bunches[at].count for at in columns) == 1]
    return goals + [Goal(tuple(columns), 0) for columns in groups.values()]


class _Programme:
    """Non-negative unknowns under the shown totals, as scipy wants them."""

    def __init__(self, bunches: list[Bunch]) -> None:
        from scipy.sparse import coo_array  # only here: it takes longer to load than the rest of the room

        numbers: dict[Hashable, int] = {}
        at = [(numbers.setdefault(one, len(numbers)), column) for column, b in enumerate(bunches) for one in b.equations]
        rows, columns = zip(*at, strict=True)
        self.matrix = coo_array((np.ones(len(at)), (rows, columns)), shape=(len(numbers), len(bunches))).tocsr()
        self.shown = self.matrix @ np.array([bunch.total for bunch in bunches], dtype=np.float64)

    def reach(self, goal: Goal) -> World | None:
        """A world in whole numbers that meets the goal, if the programme finds one."""
        from scipy.optimize import linprog

        cost = np.zeros(self.matrix.shape[1])
        cost[list(goal.columns)] = -1 if goal.value else 1
        found = linprog(cost, A_eq=self.matrix, b_eq=self.shown, bounds=(0, None), method="highs-ds")
        if not found.success:
            return None
        world: World = np.rint(found.x)
        whole = np.abs(world - found.x).max() < NEARLY and np.array_equal(self.matrix @ world, self.shown)
        return world if whole and goal.met_in(world) else None
