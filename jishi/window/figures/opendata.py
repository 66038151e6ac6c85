"""The open data of a quarter: a line for each matter, from which no small group can be picked out.  Pure.

A line keeps its area and its category only where at least 5 of the quarter share both; and where some of an area or a
category lose theirs, at least 5 of them do, so that they cannot be worked out by subtracting what is left from a total.
What lost its area loses its cell too, and a cell stays only where 5 lines share it.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from jishi.window.figures.case import Case
from jishi.window.figures.tables import LEAST

#: The columns of the file, in order.
COLUMNS = (
    "quarter", "category", "area", "reported_month", "answered_month", "days_to_answer", "answered_in_time", "outcome",
    "reopened", "cell",
)  # fmt: skip
Pair = tuple[Any, Any]


def rows_of(
    cases: Sequence[Case], quarter: str, areas: Mapping[int | None, str], hidden: Iterable[tuple[str, Any]], zone: str,
    now: datetime,
) -> list[list[Any]]:  # fmt: skip
    """The lines, sorted so that their order says nothing of when something was reported.

    ``areas`` are the codes by id; ``hidden`` the areas (``("area", 3)``) and kinds (``("kind", "fire")``) whose
    number of matters the tables leave out.
    """
    gone = set(hidden)
    open_pairs = open_pairs_of(
        Counter((case.area, case.category) for case in cases),
        lambda pair: ("area", pair[0]) in gone or ("kind", _above(cases, pair[1])) in gone,
    )
    kept = [case for case in cases if (case.area, case.category) in open_pairs]
    cells = Counter(case.cell for case in kept)
    where = ZoneInfo(zone)
    lines = []
    for case in cases:
        whole = (case.area, case.category) in open_pairs
        shown_cell = whole and case.cell is not None and cells[case.cell] >= LEAST
        in_time = case.in_time(now)
        lines.append(
            [
                quarter, case.category if whole else "", areas.get(case.area, "") if whole else "",
                _month(case.reported_at, where), _month(case.answered_at, where),
                None if case.days is None else int(case.days), "" if in_time is None else "yes" if in_time else "no",
                case.outcome, "yes" if case.reopened else "no", f"{case.cell:x}" if shown_cell else "",
            ]
        )  # fmt: skip
    return sorted(lines, key=lambda line: [str(value) for value in line])


def open_pairs_of(counts: Mapping[Pair, int], closed: Any) -> set[Pair]:
    """The (area, category) pairs that lines may keep: large enough, and none that would give another one away."""
    open_pairs = {pair for pair, count in counts.items() if count >= LEAST and not closed(pair)}
    while more := _one_more(counts, open_pairs):
        open_pairs.discard(more)
    return open_pairs


def _one_more(counts: Mapping[Pair, int], open_pairs: set[Pair]) -> Pair | None:
    """The smallest pair to close in the first area or category where what is closed is between 1 and 4."""
    for side in (0, 1):
        for name in sorted({pair[side] for pair in counts}, key=str):
            here = [pair for pair in counts if pair[side] == name]
            closed = sum(counts[pair] for pair in here if pair not in open_pairs)
            left = [pair for pair in here if pair in open_pairs]
            if 0 < closed < LEAST and left:
                return min(left, key=lambda pair: (counts[pair], str(pair)))
    return None


def _above(cases: Sequence[Case], category: str) -> str:
    return next(case.kind for case in cases if case.category == category)


def _month(at: datetime | None, zone: ZoneInfo) -> str:
    return f"{at.astimezone(zone):%Y-%m}" if at else ""
