"""The list of matters: one page of rows at the same cost wherever it stands, and every row for an export.

A page is read in legs.  Where a filter has several values (the categories below one, a set of states), each value is a
leg that walks its own index in order and stops after a page; the legs are merged.  No database then sorts a fifth of
all matters to show fifty.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db import connection
from django.db.models import QuerySet
from django.http import QueryDict

from jishi.base.listing import CAP, Page, page_of
from jishi.base.moments import stored
from jishi.matters.loop import OPEN, STATES
from jishi.matters.models import Matter
from jishi.matters.queries.filters import Filters, rows_of
from jishi.matters.queries.scope import Someone
from jishi.matters.queries.searching import NOTHING, count_matching, fetch, ids_matching, where_of

PAGE = 50
EXPORT_CHUNK = 2_000

#: The columns of a row, as the list, the desk and the export read them.
COLUMNS = (
    "id", "number", "version", "station_id", "state", "outcome", "cycle", "grade", "category_id", "title",
    "place_name", "area_id", "responsible_unit_id", "unit_id", "assignee_id", "assignee__name", "submitter_id",
    "agency_id", "open_tasks", "run", "next_due", "clock_started", "suspended_until", "mended", "returned", "reworked",
    "reopened", "asked", "urgent", "reported_at", "closed_at", "channel", "source", "original_due", "original_unit",
)  # fmt: skip

Row = dict[str, Any]

#: The states of an open matter, in the order of the loop.
OPEN_STATES = tuple(state for state in STATES if state in OPEN)

#: The indexes that hold a part of the matters.  SQLite takes one only where its condition stands there word for word.
_OPEN = " AND NOT (state = 'closed')"
_PART_OF = {
    "matter_open_by_due": _OPEN,
    "matter_unit_by_due": _OPEN,
    "matter_unit_newest": _OPEN,
    "matter_assignee_by_due": _OPEN,
    "matter_asked": " AND asked > ''",
    "matter_came_back": f"{_OPEN} AND (returned > 0 OR reworked > 0 OR reopened > 0)",
}


@dataclass(frozen=True, slots=True)
class Legs:
    """How rows are walked: the condition all legs share, the column and the values that part them, and their index."""

    where: str
    params: tuple[Any, ...]
    column: str = ""
    values: tuple[Any, ...] = ()
    index: str = ""


def page(
    user: Someone, station_id: int, filters: Filters, query: QueryDict, now: dt.datetime, size: int = PAGE
) -> Page:
    """The page of the list that the address line asks for, with its count, exact to 10,000."""
    rows = rows_of(user, station_id, filters, now)

    def take(_rows: Any, column: str, edge: tuple[Any, Any] | None, descending: bool, count: int) -> list[Row]:
        return _take(user, station_id, filters, now, edge, descending, count)

    found = page_of(rows, order=filters.order, query=query, size=size, counted=False, take=take)
    if filters.text:
        number, capped = count_matching(rows, filters.text, [station_id], filters.narrowed)
    else:
        number, capped = count_legs([legs_of(user, station_id, filters, now)])
    return replace(found, count=number, capped=capped)


def every_row(user: Someone, station_id: int, filters: Filters, now: dt.datetime, most: int) -> Iterator[Row]:
    """All rows that the filters leave, at most ``most``, in the order of the list, read in chunks."""
    edge: tuple[Any, Any] | None = None
    column = filters.order.removeprefix("-")
    while most > 0:
        size = min(EXPORT_CHUNK, most)
        rows = _take(user, station_id, filters, now, edge, filters.order.startswith("-"), size)
        yield from rows
        if len(rows) < size:
            return
        most -= size
        edge = (rows[-1]["id" if column == "pk" else column], rows[-1]["id"])


def legs_of(user: Someone, station_id: int, filters: Filters, now: dt.datetime) -> Legs:
    """The legs for these filters: the one index that parts the rows best and keeps their order."""
    column, values, index, rest = _parted(filters)
    where, params = where_of(rows_of(user, station_id, rest, now))
    return Legs(where, tuple(params), column, values, index)


def count_legs(several: Sequence[Legs], cap: int = CAP) -> tuple[int, bool]:
    """How many rows the legs hold together, exact up to ``cap``."""
    number = int(fetch(*sql_of_count(several, cap))[0][0])
    return (cap, True) if number > cap else (number, False)


def sql_of_count(several: Sequence[Legs], cap: int) -> tuple[str, list[Any]]:
    """The query that counts the rows of the legs; each leg stops one above ``cap``."""
    parts: list[str] = []
    params: list[Any] = []
    for legs in several:
        for condition, more in _conditions(legs):
            rows = f"SELECT 1 FROM {_table(legs)} WHERE {condition} LIMIT {cap + 1}"
            parts.append(f"(SELECT count(*) FROM ({rows}) AS leg)")
            params += more
    return f"SELECT {' + '.join(parts) or '0'}", params


def walk(several: Sequence[Legs], order: str, edge: tuple[Any, Any] | None, descending: bool, size: int) -> list[int]:
    """The ids of at most ``size`` rows of the legs beyond ``edge``, merged in the order of the column ``order``."""
    sign, way = ("<", "DESC") if descending else (">", "ASC")
    beyond, edge_params = "", []
    if edge is not None:
        beyond, edge_params = f" AND ({order}, id) {sign} (%s, %s)", [_plain(edge[0]), edge[1]]
    parts: list[str] = []
    params: list[Any] = []
    for legs in several:
        for condition, more in _conditions(legs):
            parts.append(
                f"SELECT id, {order} AS edge FROM {_table(legs)} WHERE {condition}{beyond}"
                f" ORDER BY {order} {way}, id {way} LIMIT {size}"
            )
            params += [*more, *edge_params]
    union = " UNION ALL ".join(f"SELECT id, edge FROM ({part}) AS leg{place}" for place, part in enumerate(parts))
    found = fetch(f"SELECT id FROM ({union}) AS legs ORDER BY edge {way}, id {way} LIMIT {size}", params)
    return [row[0] for row in found]


def rows_by_id(ids: Sequence[int]) -> list[Row]:
    """The rows of these ids, in their order."""
    found = {row["id"]: row for row in Matter.objects.filter(pk__in=ids).values(*COLUMNS)}
    return [found[pk] for pk in ids if pk in found]


def _take(
    user: Someone,
    station_id: int,
    filters: Filters,
    now: dt.datetime,
    edge: tuple[Any, Any] | None,
    descending: bool,
    size: int,
) -> list[Row]:
    if filters.text:
        rows: QuerySet[Matter] = rows_of(user, station_id, filters, now)
        beyond = edge[1] if edge else None
        ids = ids_matching(rows, filters.text, [station_id], size, beyond=beyond, newest=descending)
    else:
        legs = legs_of(user, station_id, filters, now)
        ids = walk([legs], filters.order.removeprefix("-"), edge, descending, size)
    return rows_by_id(ids)


def _parted(filters: Filters) -> tuple[str, tuple[Any, ...], str, Filters]:
    """The column, its values and the index that part the rows, and the filters that are left to each leg."""
    if filters.element:
        return "", (), "matter_by_element", filters
    if filters.open_only:
        index = "matter_by_state" if filters.sort == "newest" else "matter_open_by_due"
        if filters.back:
            index = "matter_came_back"
        elif filters.mine:
            index = "matter_assignee_by_due"
        elif filters.unit is not None:
            index = "matter_unit_newest" if filters.sort == "newest" else "matter_unit_by_due"
        return "state", filters.states or OPEN_STATES, index, replace(filters, states=(), open=False)
    if filters.category:
        return "category_id", filters.categories, "matter_by_category", replace(filters, category="")
    if filters.area:
        return "", (), "matter_by_area", filters
    if filters.states:
        return "state", filters.states, "matter_by_state", replace(filters, states=())
    if filters.grades:
        return "grade", filters.grades, "matter_by_grade", replace(filters, grades=())
    if filters.channel or filters.source:
        return "", (), "matter_by_channel" if filters.channel else "matter_by_source", filters
    return "", (), "matter_newest", filters


def _conditions(legs: Legs) -> Iterator[tuple[str, list[Any]]]:
    where = legs.where + _PART_OF.get(legs.index, "")
    if not legs.column:
        yield where, [*legs.params]
    for value in legs.values:
        yield f"{where} AND {legs.column} = %s", [*legs.params, value]


def _table(legs: Legs) -> str:
    """The matters; SQLite keeps no statistics to choose by, so it is told which index to walk, where there are rows."""
    told = connection.vendor == "sqlite" and legs.index and legs.where != NOTHING
    return f"matters_matter INDEXED BY {legs.index}" if told else "matters_matter"


def _plain(value: Any) -> Any:
    return stored(value) if isinstance(value, dt.datetime) else value
