"""The list of elements: filters from the address line, the same for list, map, export and API."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from django.db import connection
from django.db.models import F, QuerySet, Sum
from django.http import QueryDict

from jishi.base.grams import grams_of, terms_of
from jishi.base.listing import Page, capped_count, page_of
from jishi.register.cadence import STANDINGS
from jishi.register.catalogue import below, sorts
from jishi.register.models import Element, Kind, Rollup, Status
from jishi.register.quality import ISSUES
from jishi.register.queries.scope import Someone, elements_at
from jishi.stations.queries import access_of

PAGE = 50
NO_AREA = 0  # asks for elements that lie in no area
_SHORTEST_BEGINNING = 3


@dataclass(frozen=True)
class Filters:
    """What the list is narrowed to.  ``box`` is west, south, east, north in degrees; ``categories`` holds those below too."""  # noqa: E501

    text: str = ""
    kind: str = ""
    category: str = ""
    area: int | None = None
    freshness: tuple[str, ...] = ()
    grades: tuple[int, ...] = ()
    issue: str = ""
    status: str = Status.ACTIVE
    source: str = ""
    box: tuple[float, float, float, float] | None = None

    @property
    def categories(self) -> tuple[str, ...]:
        """The category asked for and all below it."""
        return tuple(below(self.category)) if self.category else ()

    @property
    def summed(self) -> bool:
        """Whether the level-0 sums can count these rows."""
        return not (self.text or self.issue or self.source or self.box) and self.status == Status.ACTIVE


def read_filters(query: QueryDict) -> Filters:
    """The filters in an address line; what cannot be read is left out."""
    area = query.get("area", "")
    return Filters(
        text=query.get("q", "").strip()[:80],
        kind=_one_of(query.get("kind", ""), Kind.values),
        category=_one_of(query.get("category", ""), list(sorts())),
        area=int(area) if area.isdecimal() and len(area) < 18 else None,
        freshness=tuple(value for value in STANDINGS if value in query.getlist("freshness")),
        grades=tuple(grade for grade in range(5) if str(grade) in query.getlist("grade")),
        issue=_one_of(query.get("issue", ""), list(ISSUES)),
        status=_one_of(query.get("status", ""), Status.values) or Status.ACTIVE,
        source=query.get("source", "").strip()[:40],
        box=read_box(query.get("bbox", "")),
    )


def read_box(text: str) -> tuple[float, float, float, float] | None:
    """West, south, east, north from ``"w,s,e,n"``; None where it cannot be read."""
    try:
        west, south, east, north = (float(part) for part in text.split(","))
    except ValueError:
        return None
    fits = -180 <= west <= east <= 180 and -90 <= south <= north <= 90
    return (west, south, east, north) if fits else None


def rows_of(user: Someone, station_id: int, filters: Filters) -> QuerySet[Element]:
    """The visible elements of a station that the filters leave."""
    rows = elements_at(user, station_id).filter(status=filters.status)
    plain: dict[str, Any] = {
        "kind": filters.kind, "area_id": filters.area or None, "freshness__in": filters.freshness,
        "grade__in": filters.grades, "source": filters.source, "category_id__in": filters.categories,
    }  # fmt: skip
    rows = rows.filter(**{name: value for name, value in plain.items() if value not in (None, "", ())})
    if filters.area == NO_AREA:
        rows = rows.filter(area__isnull=True)
    if filters.issue:
        rows = rows.annotate(bit=F("issues").bitand(ISSUES[filters.issue])).filter(issues__gt=0, bit__gt=0)
    if filters.box:
        west, south, east, north = filters.box
        rows = rows.filter(lon__gte=west, lon__lte=east, lat__gte=south, lat__lte=north)
    return matching(rows, station_id, filters.text) if filters.text else rows


def page_of_elements(user: Someone, station_id: int, filters: Filters, query: QueryDict, size: int = PAGE) -> Page:
    """The page of the list that the address line asks for, with its count, exact to 10,000."""
    rows = rows_of(user, station_id, filters).select_related("category", "area").defer("grams", "attributes")
    order = "due_at" if filters.freshness and "never" not in filters.freshness and query.get("sort") == "due" else "pk"
    found = page_of(rows, order=order, query=query, size=size, counted=False)
    number, capped = count_elements(user, station_id, filters)
    return replace(found, count=number, capped=capped)


def count_elements(user: Someone, station_id: int, filters: Filters) -> tuple[int, bool]:
    """How many elements the filters leave, exact up to 10,000: the number of the list and of the map alike."""
    return capped_count(rows_of(user, station_id, filters))


def matching(rows: QuerySet[Element], station_id: int, text: str) -> QuerySet[Element]:
    """Those of ``rows`` whose number, name or address holds every word of the text; two Chinese characters are enough."""  # noqa: E501
    terms = terms_of(text)
    if not terms:
        return rows.none()
    last = grams_of(text).split()[-1]
    begins = last == terms[-1] and last.isascii() and len(last) >= _SHORTEST_BEGINNING
    if connection.vendor == "postgresql":
        whole = terms[:-1] if begins else terms
        found = rows.extra(where=["string_to_array(register_element.grams, ' ') @> %s::text[]"], params=[whole])
        return found.filter(grams__contains=last) if begins else found
    quoted = [f'"{term}"' for term in terms]
    quoted[-1] += " *" if begins else ""
    match = f'station_id : "{station_id}" AND grams : ({" AND ".join(quoted)})'
    return rows.extra(
        where=["register_element.id IN (SELECT rowid FROM register_search WHERE register_search MATCH %s)"],
        params=[match],
    )


def sums_of(station_id: int, filters: Filters) -> QuerySet[Rollup]:
    """The level-0 sums that the filters leave; only for filters that are ``summed``."""
    rows = Rollup.objects.filter(station_id=station_id, level=0, count__gt=0)
    plain: dict[str, Any] = {
        "category__kind": filters.kind, "area": filters.area, "freshness__in": filters.freshness,
        "grade__in": filters.grades, "category_id__in": filters.categories,
    }  # fmt: skip
    return rows.filter(**{name: value for name, value in plain.items() if value not in (None, "", ())})


def standings_of(user: Someone, station_id: int, filters: Filters) -> dict[str, int] | None:
    """How many of what the filters leave stand how against their cadence; None where only the rows could tell."""
    if not filters.summed or not access_of(user).sees(station_id):
        return None
    rows = sums_of(station_id, replace(filters, freshness=())).values_list("freshness")
    counts = dict(rows.annotate(n=Sum("count")).order_by())
    return {name: counts.get(name, 0) for name in STANDINGS}


def _one_of(value: str, known: list[str]) -> str:
    return value if value in known else ""
