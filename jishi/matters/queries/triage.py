"""The backlog: open matters of another system that wait to be taken into the loop."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone

from jishi.base.listing import CAP, Page, page_of
from jishi.matters import catalogue
from jishi.matters.loop import OPEN
from jishi.matters.models import Matter
from jishi.matters.queries.listing import COLUMNS, PAGE
from jishi.matters.queries.scope import Someone, matters_at
from jishi.matters.queries.searching import fetch, where_of

#: So many rows are looked at to say which units the backlog came from.
LOOKED_AT = 20_000
MOST_UNITS = 40


@dataclass(frozen=True, slots=True)
class Asked:
    """Which part of the backlog is asked for."""

    category: str = ""
    unit: str = ""
    late: bool = False


@dataclass(frozen=True, slots=True)
class Progress:
    """How far it is: what is left, what of it is past its original deadline, what was taken in and is still open."""

    left: int
    late: int
    taken: int


def read_backlog(query: QueryDict) -> Asked:
    """The part that an address line asks for."""
    category = query.get("category", "")
    known = category if category in catalogue.categories() else ""
    return Asked(known, query.get("unit", "")[:80], bool(query.get("late")))


def backlog(user: Someone, station_id: int, asked: Asked, query: QueryDict) -> Page:
    """A page of the backlog, what was reported first on top."""
    return page_of(_rows(user, station_id, asked).values(*COLUMNS), order="reported_at", query=query, size=PAGE)


def first_of_backlog(user: Someone, station_id: int, asked: Asked, most: int) -> list[Matter]:
    """The first matters of that part, at most ``most``."""
    return list(_rows(user, station_id, asked).order_by("reported_at", "pk")[:most])


def progress(user: Someone, station_id: int) -> Progress:
    """The counts of the backlog, each exact to 10,000."""
    waiting = matters_at(user, station_id).filter(state="inherited")
    taken = matters_at(user, station_id).filter(state__in=sorted(OPEN - {"inherited"}), channel="import")
    parts = (waiting, waiting.filter(original_due__lt=timezone.now()), taken.exclude(state="closed"))
    sql, params = [], []
    for rows in parts:
        where, values = where_of(rows)
        sql.append(f"(SELECT count(*) FROM (SELECT 1 FROM matters_matter WHERE {where} LIMIT {CAP + 1}) AS found)")
        params += values
    [(left, late, came)] = fetch(f"SELECT {', '.join(sql)}", params)
    return Progress(left, late, came)


def original_units(user: Someone, station_id: int) -> list[tuple[str, int]]:
    """The units that the backlog came from, with how many of each, the most first."""
    where, params = where_of(matters_at(user, station_id).filter(state="inherited"))
    sql = f"""SELECT original_unit, count(*) FROM (
        SELECT original_unit FROM matters_matter WHERE {where} LIMIT {LOOKED_AT}
    ) AS waiting WHERE original_unit <> '' GROUP BY original_unit ORDER BY 2 DESC, 1 LIMIT {MOST_UNITS}"""
    return [(unit, number) for unit, number in fetch(sql, params)]


def _rows(user: Someone, station_id: int, asked: Asked) -> QuerySet[Matter]:
    wanted = Q(state="inherited")
    if asked.category:
        codes = [code for code, row in catalogue.categories().items() if asked.category in (code, row.parent_id)]
        wanted &= Q(category_id__in=codes)
    if asked.unit:
        wanted &= Q(original_unit=asked.unit)
    if asked.late:
        wanted &= Q(original_due__lt=timezone.now())
    return matters_at(user, station_id).filter(wanted)
