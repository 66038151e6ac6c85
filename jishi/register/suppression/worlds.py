"""The attacker: which worlds agree with everything that was shown, and is each withheld cell still open in them?

Unknowns with the same equations are exchangeable, so a bunch of them is one variable, their sum: the programme's size
depends on how many dates there were, hardly on how many buildings.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from jishi.register.suppression.tables import LEAST

if TYPE_CHECKING:
    import numpy as np
    import numpy.typing as npt

    World = npt.NDArray[np.float64]
NODES = 1000
"""How far one programme is searched; a world not found by then counts as none, and the total is withheld."""


@dataclass(frozen=True, slots=True)
class Bunch:
    """Withheld values that stand in the same shown totals and in the same groups.

    A group of ``zero`` must be able to be zero together; one of ``more`` to be more than it is, by 4 at least.
    """

    equations: frozenset[Hashable]
    zero: frozenset[Hashable]
    more: frozenset[Hashable]
    count: int
    total: int


@dataclass(frozen=True, slots=True)
class Goal:
    """The sum of some columns that some world must reach: 0, or the most that the mark stands for."""

    columns: tuple[int, ...]
    value: int

    def met_in(self, world: World) -> bool:
        reached = float(world[list(self.columns)].sum())
        return reached >= self.value if self.value else reached == 0


def stay_open(bunches: Iterable[Bunch]) -> bool:
    """Whether each withheld value may be 0, and 4 or more, and each group what it must, for all that one can tell.

    Each world found settles every goal that it meets.  Worlds are in whole numbers: an attacker who knows that people
    are counted so learns no more than one who does not.
    """
    import numpy as np

    bunches = list(bunches)
    known = [bunch for bunch in bunches if bunch.equations]
    open_goals = [*_goals(known), *_rises(bunches).values()]
    world: World | None = np.array([bunch.total for bunch in known], dtype=np.float64)
    programme = None
    while world is not None:
        open_goals = [goal for goal in open_goals if not goal.met_in(world)]
        if not open_goals:
            return True
        programme = programme or _Programme(known)
        world = programme.reach(open_goals[0])
    return False


def able_to_rise(bunches: Iterable[Bunch]) -> set[Hashable]:
    """The groups of ``more`` that can still be more than they are."""
    bunches = list(bunches)
    rises = _rises(bunches)
    free = {group for bunch in bunches for group in bunch.more} - rises.keys()
    if not rises:
        return free
    programme = _Programme([bunch for bunch in bunches if bunch.equations])
    return free | {group for group, goal in rises.items() if programme.reach(goal) is not None}


def _rises(bunches: list[Bunch]) -> dict[Hashable, Goal]:
    """What each group of ``more`` must reach; one with a value that stands in no shown total can be anything."""
    free = {group for bunch in bunches if not bunch.equations for group in bunch.more}
    known = [bunch for bunch in bunches if bunch.equations]
    columns: dict[Hashable, list[int]] = {}
    for column, bunch in enumerate(known):
        for group in bunch.more - free:
            columns.setdefault(group, []).append(column)
    return {
        group: Goal(tuple(inside), sum(known[column].total for column in inside) + LEAST - 1)
        for group, inside in columns.items()
    }


def _goals(bunches: list[Bunch]) -> list[Goal]:
    """What the attacker must not be able to rule out."""
    alike: dict[frozenset[Hashable], list[int]] = {}
    zero: dict[Hashable, list[int]] = {}
    for column, bunch in enumerate(bunches):
        alike.setdefault(bunch.equations, []).append(column)
        for group in bunch.zero:
            zero.setdefault(group, []).append(column)
    goals = [Goal(tuple(columns), LEAST - 1) for columns in alike.values()]
    # One of several that are alike may be zero in any world, since another can hold its share.
    goals += [Goal(tuple(columns), 0) for columns in alike.values() if sum(bunches[at].count for at in columns) == 1]
    return goals + [Goal(tuple(columns), 0) for columns in zero.values()]


class _Programme:
    """Non-negative unknowns under the shown totals, as scipy wants them."""

    def __init__(self, bunches: list[Bunch]) -> None:
        import numpy as np
        from scipy.sparse import coo_array  # only here: it takes longer to load than the rest of the room

        numbers: dict[Hashable, int] = {}
        at = [
            (numbers.setdefault(one, len(numbers)), column) for column, b in enumerate(bunches) for one in b.equations
        ]
        rows, columns = zip(*at, strict=True)
        self.matrix = coo_array((np.ones(len(at)), (rows, columns)), shape=(len(numbers), len(bunches))).tocsr()
        self.shown = self.matrix @ np.array([bunch.total for bunch in bunches], dtype=np.float64)

    def reach(self, goal: Goal) -> World | None:
        """A world in whole numbers that meets the goal, if there is one (and it is found within the nodes given)."""
        import numpy as np
        from scipy.optimize import Bounds, LinearConstraint, milp

        inside = np.zeros(self.matrix.shape[1])
        inside[list(goal.columns)] = 1
        wanted = LinearConstraint(inside[np.newaxis], *((goal.value, np.inf) if goal.value else (0, 0)))
        shown = LinearConstraint(self.matrix, self.shown, self.shown)
        # The first world will do: the gap to the best one does not matter.
        options = {"node_limit": NODES, "mip_rel_gap": 1e9}
        found = milp(
            -inside, integrality=np.ones_like(inside), bounds=Bounds(0), constraints=[shown, wanted], options=options
        )
        if found.x is None:
            return None
        world: World = np.rint(found.x)
        return world if np.array_equal(self.matrix @ world, self.shown) and goal.met_in(world) else None
