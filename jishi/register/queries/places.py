"""Elements by where they lie: in a box, in a polygon, the nearest; found by ranges of Morton codes on a plain index."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain
from math import cos, radians, sqrt
from typing import TYPE_CHECKING, Any

from django.db import connection
from django.db.models import Q, QuerySet

from jishi.geo import covers, quads
from jishi.geo.polygons import KM_PER_DEGREE
from jishi.register.models import Element, Status
from jishi.register.queries.filters import Filters, rows_of
from jishi.register.queries.scope import Someone
from jishi.stations.queries import access_of

if TYPE_CHECKING:
    from jishi.geo.polygons import Shape

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
    import shapely

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

    Four squares around the point hold all that is nearer than half the width of one; they grow until they hold enough.
    """
    if not access_of(user).sees(station_id):
        return []
    quad, narrow, metre = quads.quad_of(lon, lat), cos(radians(lat)), KM_PER_DEGREE * 1000
    narrowed, params = "status = 'active'", tuple[Any, ...]()
    if filters != Filters():
        inner, params = rows_of(user, station_id, filters).order_by().values("pk").query.sql_with_params()
        narrowed = f"id IN ({inner})"
    for z in range(NEAREST_FROM, -1, -2):
        ranges = covers.around(quad, z)
        held = " OR ".join(["quad >= %s AND quad < %s"] * len(ranges))
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT id, (lon - %s) * (lon - %s) * %s + (lat - %s) * (lat - %s) AS away FROM register_element"
                f" WHERE station_id = %s AND {narrowed} AND ({held}) ORDER BY away, id LIMIT %s",
                [lon, lon, narrow * narrow, lat, lat, station_id, *params, *chain(*ranges), most],
            )
            found = [(key, sqrt(away) * metre) for key, away in cursor.fetchall()]
        if z == 0 or (len(found) == most and found[-1][1] <= 180 / (1 << z) * narrow * metre):
            return found
    return []
