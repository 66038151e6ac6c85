"""Elements by where they lie: in a box, in a polygon, the nearest; found by ranges of Morton codes on a plain index."""

from __future__ import annotations

from collections.abc import Iterable
from math import cos, radians, sqrt

import shapely
from django.db.models import F, Q, QuerySet

from jishi.geo import covers, quads
from jishi.geo.polygons import KM_PER_DEGREE, Shape
from jishi.register.models import Element, Status
from jishi.register.queries.filters import Filters, rows_of
from jishi.register.queries.scope import Someone

NEAREST_FROM = 18


def on_map(rows: QuerySet[Element], filters: Filters) -> QuerySet[Element]:
    """The rows that have a point.  The index by code holds those that stand, which SQLite sees in the words alone."""
    if filters.status != Status.ACTIVE:
        return rows.filter(quad__isnull=False)
    return rows.extra(where=["register_element.status = 'active'", "register_element.quad IS NOT NULL"])


def in_ranges(ranges: Iterable[covers.Range]) -> Q:
    """The condition that a code lies in one of the ranges."""
    found = Q(pk__in=())
    for first, behind in ranges:
        found |= Q(quad__gte=first, quad__lt=behind)
    return found


def in_box(rows: QuerySet[Element], box: covers.Box) -> QuerySet[Element]:
    """Those of ``rows`` that lie in a box of degrees."""
    west, south, east, north = box
    near = rows.filter(in_ranges(covers.of_box(box)))
    return near.filter(lon__gte=west, lon__lte=east, lat__gte=south, lat__lte=north)


def ids_inside(user: Someone, station_id: int, filters: Filters, polygon: Shape) -> list[int]:
    """The ids of the visible elements in the polygon or on its edge that the filters leave, in order."""
    whole, cut = covers.of_polygon(polygon)
    rows = on_map(rows_of(user, station_id, filters), filters).order_by()
    found = list(rows.filter(in_ranges(whole)).values_list("pk", flat=True)) if whole else []
    near = list(rows.filter(in_ranges(cut)).values_list("pk", "lon", "lat")) if cut else []
    if near:
        keys, lons, lats = zip(*near, strict=True)
        inside = shapely.intersects_xy(polygon, lons, lats)
        found += [key for key, lies in zip(keys, inside, strict=True) if lies]
    return sorted(found)


def nearest(
    user: Someone, station_id: int, filters: Filters, lon: float, lat: float, most: int = 10
) -> list[tuple[int, float]]:
    """The visible elements nearest to a point, each with its distance in metres, the nearest first.

    Nine squares around the point hold all that is nearer than the width of one; they grow until they hold enough.
    """
    quad, narrow, metre = quads.quad_of(lon, lat), cos(radians(lat)), KM_PER_DEGREE * 1000
    east, north = (F("lon") - lon) * narrow, F("lat") - lat
    rows = on_map(rows_of(user, station_id, filters), filters).annotate(away=east * east + north * north)
    for z in range(NEAREST_FROM, 0, -2):
        near = rows.filter(in_ranges(covers.around(quad, z))).order_by("away", "pk").values_list("pk", "away")[:most]
        found = [(key, sqrt(away) * metre) for key, away in near]
        if len(found) == most and found[-1][1] <= 360 / (1 << z) * narrow * metre:
            return found
    return [(key, sqrt(away) * metre) for key, away in rows.order_by("away", "pk").values_list("pk", "away")[:most]]
