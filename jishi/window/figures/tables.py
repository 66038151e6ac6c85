"""The tables of a quarter, with what would say too much left out.  Pure.

A table is the same cases sorted into groups (areas, or kinds) with their total.  Counts under 5, and as many more as it
takes to keep those from being worked out, are left out by the method of the register's own tables
(``jishi.register.suppression``).  Both tables have the same total: where it cannot be shown in one of them, nothing
of that count is shown in either.  A share, a median or an average is shown where the count that it is of is shown and
is at least ``LEAST_N``; shares of fewer than 100 are given in steps of 5, so that nobody can be counted back from them.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from datetime import date, datetime
from statistics import mean, median
from typing import Any

from jishi.register.suppression import LEAST, MEASURES, Release, Row, suppress
from jishi.window.figures.case import Case

__all__ = ["COUNTS", "LEAST", "LEAST_N", "tables_of"]

#: Of how many at least a share, a median or an average is shown.
LEAST_N = 10
#: The counts of each line.
COUNTS = ("received", "due", "answered", "rated")
#: Shares of fewer than this are given in steps.
EXACT_FROM, STEP = 100, 5

Line = dict[str, Any]
Groups = Mapping[Hashable, Sequence[Case]]


def tables_of(cases: Iterable[Case], areas: Sequence[int], kinds: Sequence[str], now: datetime) -> dict[str, Any]:
    """The line of the whole station, and one for each of its areas and each kind, as they may be shown.

    A line of an area has ``area``, one of a kind ``kind``; both are empty for what has none.
    """
    cases = list(cases)
    tables = {
        "area": _grouped(cases, [*areas, None], lambda case: case.area),
        "kind": _grouped(cases, [*kinds, ""], lambda case: case.kind),
    }
    hidden: dict[str, dict[str, set[Hashable]]] = {"area": {}, "kind": {}}
    shown_whole: set[str] = set()
    for count in COUNTS:
        found = {name: _withheld(groups, count, now) for name, groups in tables.items()}
        if all(whole for _cells, whole in found.values()):
            shown_whole.add(count)
        for name, (cells, _whole) in found.items():
            hidden[name][count] = cells if count in shown_whole else set(tables[name])
    lines = {
        name: [
            {name: group, **_line(some, {count for count in COUNTS if group not in hidden[name][count]}, now)}
            for group, some in groups.items()
        ]
        for name, groups in tables.items()
    }
    return {"all": _line(cases, shown_whole, now), "areas": lines["area"], "kinds": lines["kind"]}


def count_of(cases: Iterable[Case], count: str, now: datetime) -> int:
    """One of the counts of these cases."""
    return sum(1 for case in cases if _COUNTED[count](case, now))


def share(part: int, whole: int) -> int:
    """A share in percent, in steps of 5 where it is one of fewer than 100."""
    step = 1 if whole >= EXACT_FROM else STEP
    return round(100 * part / whole / step) * step


_COUNTED: Mapping[str, Callable[[Case, datetime], bool]] = {
    "received": lambda case, now: True,
    "due": lambda case, now: case.in_time(now) is not None,
    "answered": lambda case, now: case.answered_at is not None,
    "rated": lambda case, now: case.mended is not None,
}


def _grouped(cases: Iterable[Case], order: Iterable[Hashable], key: Callable[[Case], Hashable]) -> Groups:
    groups: dict[Hashable, list[Case]] = {name: [] for name in order}
    for case in cases:
        groups.setdefault(key(case), []).append(case)
    return groups


def _withheld(groups: Groups, count: str, now: datetime) -> tuple[set[Hashable], bool]:
    """The groups whose count is left out, and whether the total may be shown.  Where nothing happened is no secret."""
    names = {str(place): name for place, (name, cases) in enumerate(groups.items()) if cases}
    values = {place: count_of(groups[name], count, now) for place, name in names.items()}
    rows = tuple(Row("all", place, value, 0, 0) for place, value in values.items())
    settled = suppress(Release(date.min, rows)).withheld[MEASURES[0]]
    return {names[place] for place in settled.places}, not settled.station


def _line(cases: Sequence[Case], shown: set[str], now: datetime) -> Line:
    counts = {count: count_of(cases, count, now) if count in shown else None for count in COUNTS}

    def of(count: str) -> int:
        """How many a share is of; 0 where they are too few or not shown."""
        known = counts[count]
        return known if known is not None and known >= LEAST_N else 0

    due, answered, rated = of("due"), of("answered"), of("rated")
    return {
        **counts,
        "in_time": share(sum(case.in_time(now) is True for case in cases), due) if due else None,
        "days": round(median(case.days for case in cases if case.days is not None), 1) if answered else None,
        "reopened": share(sum(case.reopened for case in cases if case.answered_at), answered) if answered else None,
        "response": share(counts["rated"] or 0, answered) if answered and counts["rated"] is not None else None,
        "mended": share(sum(case.mended is True for case in cases), rated) if rated else None,
        "result": _stars([case.result for case in cases]) if rated else None,
        "manner": _stars([case.manner for case in cases]) if rated else None,
    }


def _stars(given: Iterable[int | None]) -> float | None:
    stars = [each for each in given if each is not None]
    return round(mean(stars), 1) if len(stars) >= LEAST_N else None
