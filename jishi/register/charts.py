"""A line over time as the points of an SVG path.  Pure; no chart library.

The drawing is 100 wide and 100 high and is stretched to its place, so that words stand beside it and not in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

#: The lower edge of a drawing is the greatest of these shares that lies below everything drawn.
_FLOORS = (0.95, 0.9, 0.8, 0.6, 0.4, 0.2, 0.0)
_LEAST_ROOM = 0.02


@dataclass(frozen=True, slots=True)
class Line:
    """A share over time.  ``path`` and ``filled`` are SVG paths, ``target_y`` the height of the target line."""

    path: str
    filled: str
    target_y: float
    floor: float
    first: date
    last: date
    begins: float
    ends: float

    @property
    def change(self) -> float:
        """By how much the share rose or fell."""
        return self.ends - self.begins


def line(points: Sequence[tuple[date, float | None]], target: float, since: date, until: date) -> Line | None:
    """The line through these shares (0 to 1) from ``since`` to ``until``; None where fewer than two are known."""
    known = [(day, share) for day, share in points if share is not None and since <= day <= until]
    if len(known) < 2:
        return None
    lowest = min(target, *(share for _day, share in known))
    floor = next(edge for edge in _FLOORS if edge <= max(0.0, lowest - _LEAST_ROOM))
    width = max(1, (until - since).days)

    def at(day: date) -> float:
        return round(100 * (day - since).days / width, 2)

    def height(share: float) -> float:
        return round(100 * (1 - (share - floor) / (1 - floor)), 2)

    steps = [f"{at(day)} {height(share)}" for day, share in known]
    path = "M" + "L".join(steps)
    filled = f"{path}L{at(known[-1][0])} 100L{at(known[0][0])} 100Z"
    return Line(path, filled, height(target), floor, known[0][0], known[-1][0], known[0][1], known[-1][1])


def marks(since: date, until: date, most: int) -> list[date]:
    """At most so many days, evenly apart, the last one among them: the rows of the table beside a drawing."""
    whole = max(1, (until - since).days)
    step = max(1, -(-whole // most))
    return [until - timedelta(days=back) for back in range(0, whole + 1, step)][:most]
