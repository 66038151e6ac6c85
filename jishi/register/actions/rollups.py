"""Keeps the sums that totals and cluster tiles are drawn from in step, in the transaction of the change."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from django.db import connection

from jishi.geo import quads
from jishi.register.models import Rollup

#: Level 0 holds the totals by area; the others are squares of the map.
LEVELS = (0, 8, 10, 12, 14, 16)
#: station, level, square, area (level 0 only, else 0), category, grade, freshness
Key = tuple[int, int, int, int, str, int, str]
#: count, and the sums of the points' columns and rows at level 26
Sums = tuple[int, int, int]

_KEY = ("station_id", "level", "quad", "area", "category_id", "grade", "freshness")
_AT_ONCE = 90


def keys_of(row: Mapping[str, Any]) -> list[Key]:
    """The sums that an element with these columns stands in; none unless it is active."""
    if row["status"] != "active":
        return []
    tail = (row["category_id"], row["grade"], row["freshness"])
    found: list[Key] = [(row["station_id"], 0, 0, row["area_id"] or 0, *tail)]
    if row["quad"] is not None:
        found += [
            (row["station_id"], level, row["quad"] >> 2 * (quads.LEVEL - level), 0, *tail) for level in LEVELS[1:]
        ]
    return found


class Deltas:
    """What is to be added to the sums; collected over any number of elements, then written at once."""

    def __init__(self) -> None:
        self._sums: dict[Key, Sums] = {}

    def add(self, row: Mapping[str, Any], sign: int = 1) -> None:
        """Count an element in (``sign`` 1) or out (-1)."""
        x, y = quads.tile_of(row["quad"], quads.LEVEL) if row["quad"] is not None else (0, 0)
        for key in keys_of(row):
            count, sum_x, sum_y = self._sums.get(key, (0, 0, 0))
            self._sums[key] = count + sign, sum_x + sign * x, sum_y + sign * y

    def write(self) -> None:
        """Add the sums to the table, in the order of the keys so that two writers never wait for each other in a circle."""  # noqa: E501
        rows = sorted((key, sums) for key, sums in self._sums.items() if sums != (0, 0, 0))
        self._sums.clear()
        table = Rollup._meta.db_table
        columns = ", ".join((*_KEY, "count", "x", "y"))
        with connection.cursor() as cursor:
            for start in range(0, len(rows), _AT_ONCE):
                part = rows[start : start + _AT_ONCE]
                marks = ", ".join(["(" + ", ".join(["%s"] * 10) + ")"] * len(part))
                cursor.execute(
                    f"INSERT INTO {table} ({columns}) VALUES {marks} ON CONFLICT ({', '.join(_KEY)}) DO UPDATE SET"
                    f" count = {table}.count + excluded.count, x = {table}.x + excluded.x, y = {table}.y + excluded.y",
                    [value for key, sums in part for value in (*key, *sums)],
                )


def sweep_empty() -> int:
    """Take away the rows that count nothing any more."""
    return Rollup.objects.filter(count=0, x=0, y=0).delete()[0]


def recount(elements: Iterable[Mapping[str, Any]]) -> dict[Key, Sums]:
    """The sums of these elements, counted anew."""
    deltas = Deltas()
    for row in elements:
        deltas.add(row)
    return deltas._sums
