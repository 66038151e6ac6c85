"""Elements that may be the one that is about to be registered, or to be merged: of its address, nearby, of its name."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Q

from jishi.geo import coordinates, quads
from jishi.register.catalogue import sorts
from jishi.register.likeness import Record, address_key, pairs_of, street_key
from jishi.register.models import Element
from jishi.register.queries.filters import matching
from jishi.register.queries.scope import Someone, elements_at
from jishi.register.queries.worklist import metres_between

MOST, CANDIDATES = 5, 200
NEAR = 18  # a tile of this level is some 120 m wide in the middle of China


@dataclass(frozen=True, slots=True)
class Likely:
    """An element that may be the same, how likely in per cent, and why (codes of ``likeness.REASONS``)."""

    element: Element
    score: int
    reasons: tuple[str, ...]


def similar(
    user: Someone, station_id: int, *, name: str, address: str = "", category: str = "",
    point: tuple[float, float] | None = None, besides: int | None = None,
) -> list[Likely]:  # fmt: skip
    """At most five standing elements that may be the same, the likeliest first; ``point`` in WGS-84.  Three queries."""
    if not name.strip():
        return []
    found = {row.pk: row for row in _candidates(user, station_id, name, address, point) if row.pk != besides}
    lon, lat = point or (None, None)
    record = Record("new", name, address, lon, lat, category, _family(category))
    others = [
        Record(row.pk, row.name, row.address, row.lon, row.lat, row.category_id, _family(row.category_id))
        for row in found.values()
    ]
    return [
        Likely(found[int(str(pair.b))], round(pair.score * 100), pair.reasons)
        for pair in pairs_of(record, others)[:MOST]
    ]


def around(user: Someone, element: Element) -> list[Element]:
    """Standing elements of its address and nearby, the nearest first: what it is likely linked to."""
    point = None if element.lon is None or element.lat is None else (element.lon, element.lat)
    rows = {row.pk: row for row in _candidates(user, element.station_id, "", element.address, point)}
    rows.pop(element.pk, None)

    def far(row: Element) -> float:
        if point is None or row.lon is None or row.lat is None:
            return float("inf")
        return metres_between(point, (row.lon, row.lat))

    return sorted(rows.values(), key=lambda row: (far(row), row.pk))[:50]


def _candidates(
    user: Someone, station_id: int, name: str, address: str, point: tuple[float, float] | None
) -> Iterable[Element]:
    rows = elements_at(user, station_id).filter(status="active").select_related("category", "area").defer("grams")
    keys = {key for key in (address_key(address), street_key(address)) if key}
    if keys:
        yield from rows.filter(address_key__in=keys)[:CANDIDATES]
    if point is not None and coordinates.is_degrees(*point):
        yield from rows.filter(_near(*point))[:CANDIDATES]
    if name.strip():
        yield from matching(rows, station_id, name)[:CANDIDATES]


def _near(lon: float, lat: float) -> Q:
    """The nine tiles around a point, each a range of codes."""
    x, y = quads.tile_of(quads.quad_of(lon, lat), NEAR)
    found = Q()
    side = (1 << NEAR) - 1
    for column in {max(0, min(side, x + step)) for step in (-1, 0, 1)}:
        for row in {max(0, min(side, y + step)) for step in (-1, 0, 1)}:
            first, end = quads.quads_of(NEAR, column, row)
            found |= Q(quad__gte=first, quad__lt=end)
    return found


def _family(category: str) -> str:
    sort = sorts().get(category)
    return sort.category.family if sort else ""
