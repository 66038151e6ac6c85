"""Tiles of the map: elements one by one where one is near enough to tell them apart, sums of squares above.

A tile is one range of Morton codes (``geo.quads``), so that an index led by the station finds it.  Far away it is drawn
from the kept sums; where a filter asks for what the sums do not know, the squares are counted from the rows.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import connection
from django.db.models import Avg, Count, F, Q, QuerySet, Sum
from django.http import QueryDict

from jishi.geo import cells, mvt, quads
from jishi.register.cadence import OVERDUE, STANDINGS
from jishi.register.catalogue import forget, sorts
from jishi.register.models import Element, Rollup
from jishi.register.queries.filters import Filters, read_filters, rows_of
from jishi.register.queries.places import on_map
from jishi.stations.models import Staff
from jishi.stations.queries import access_of

SINGLE_FROM = 14
DEEPEST = 20
MOST = 10_000
#: The levels at which sums are kept (``actions.rollups``), the coarsest first.
COARSEST, FINEST = 8, 16
SINGLE_KEYS = ("c", "k", "f", "g")
CLUSTER_KEYS = ("n", "o")

#: How many, how many of them overdue, and the column and row of their middle at level 26.
Square = tuple[int, int, int, int]
#: Ids, codes, and marks: the category's place in the catalogue, the standing and the grade, in one number.
Columns = tuple[Any, Any, Any]


def elements_tile(user: Staff, station_id: int, query: QueryDict, z: int, x: int, y: int) -> mvt.Layer:
    """The elements of a tile that the filters leave: the same as in the list, those with a point."""
    filters = read_filters(query)
    first, behind = quads.quads_of(z, x, y)
    rows = on_map(rows_of(user, station_id, filters), filters).filter(quad__gte=first, quad__lt=behind).order_by()
    if z >= SINGLE_FROM:
        layer = singles(rows, z)
        if layer is not None:
            return layer
    if z < SINGLE_FROM and filters.summed and filters.area is None:
        squares = _kept(user, station_id, filters, z, first, behind)
    else:
        squares = _counted(rows, z)
    return clusters("elements", squares, z)


def singles(rows: QuerySet[Element], z: int) -> mvt.Layer | None:
    """The rows as points of a tile at level ``z``; None where they are too many."""
    import numpy as np

    # all that is read stands in the index by code, so that no row of the table is looked at
    found: Any = rows.values_list("id", "quad", "category_id", "freshness", "grade")[: MOST + 1]
    kinds = {code: sort.category.kind for code, sort in sorts().items()}
    known = list(kinds)
    ids, codes, marks = _packed(found, known) if connection.vendor == "postgresql" else _read(found, known)
    if len(ids) > MOST:
        return None
    if len(ids) and marks.max() >= len(known) << 5:
        forget()  # a category that was added a moment ago
        return singles(rows, z)
    bits = 2 * (quads.LEVEL - z)
    mask, spare = (1 << bits) - 1, bits - 2 * mvt.STEP_BITS
    combinations, which = np.unique(marks, return_inverse=True)
    values = [
        (known[mark >> 5], kinds[known[mark >> 5]], STANDINGS[mark >> 3 & 3], mark & 7)
        for mark in combinations.tolist()
    ]
    return mvt.Layer("elements", SINGLE_KEYS, values, ids, (codes & mask) >> max(0, spare) << max(0, -spare), which)


def _packed(rows: Any, known: list[str]) -> Columns:
    """Let PostgreSQL put together all rows as one string of bytes: ten thousand rows come as one."""
    import numpy as np

    sql, params = rows.query.sql_with_params()
    standing = " ".join(f"WHEN '{name}' THEN {place}" for place, name in enumerate(STANDINGS))
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT string_agg(int8send(id) || int8send(quad) || int4send("
            f"((coalesce(place, %s + 1) - 1)::int << 5) + (CASE f {standing} END << 3) + g), ''::bytea)"
            f" FROM ({sql}) AS found (id, quad, c, f, g)"
            " LEFT JOIN unnest(%s::text[]) WITH ORDINALITY AS known (code, place) ON known.code = c",
            [len(known), *params, known],
        )
        (content,) = cursor.fetchone()
    table = np.frombuffer(content or b"", dtype=[("id", ">i8"), ("quad", ">i8"), ("mark", ">i4")])
    return table["id"].astype(np.int64), table["quad"].astype(np.int64), table["mark"].astype(np.int64)


def _read(rows: Any, known: list[str]) -> Columns:
    import numpy as np

    places = {code: place << 5 for place, code in enumerate(known)}
    standing = {name: place << 3 for place, name in enumerate(STANDINGS)}
    new = len(known) << 5
    table = [(key, quad, places.get(code, new) + standing[f] + grade) for key, quad, code, f, grade in rows]
    columns = np.array(table, dtype=np.int64).reshape(-1, 3)
    return columns[:, 0], columns[:, 1], columns[:, 2]


def clusters(name: str, squares: Iterable[Square], z: int) -> mvt.Layer:
    """Sums of squares as points of a tile at level ``z``, each where the middle of its elements lies."""
    points = (
        (key, mvt.place_of(quads.interleave(x, y), z), (count, alarming))
        for key, (count, alarming, x, y) in enumerate(squares, start=1)
    )
    return mvt.layer_of(name, CLUSTER_KEYS, points)


def level_of(z: int) -> int:
    """The level of the squares that a tile at ``z`` is cut into: even, 4 or 8 to a side, where sums are kept."""
    return max(COARSEST, min(FINEST, z + 2 + z % 2))


def _kept(user: Staff, station_id: int, filters: Filters, z: int, first: int, behind: int) -> list[Square]:
    if not access_of(user).sees(station_id):
        return []
    level = level_of(z)
    shift = 2 * (quads.LEVEL - level)
    rows = Rollup.objects.filter(station_id=station_id, level=level, quad__gte=first >> shift, quad__lt=behind >> shift)
    if filters.kind:
        rows = rows.filter(category__kind=filters.kind)
    if filters.category:
        rows = rows.filter(category_id__in=filters.categories)
    if filters.freshness:
        rows = rows.filter(freshness__in=filters.freshness)
    if filters.grades:
        rows = rows.filter(grade__in=filters.grades)
    summed = rows.order_by().values("quad").annotate(
        n=Sum("count"), o=Sum("count", filter=Q(freshness=OVERDUE), default=0), sx=Sum("x"), sy=Sum("y")
    )  # fmt: skip
    return [(n, o, int(sx) // n, int(sy) // n) for n, o, sx, sy in summed.values_list("n", "o", "sx", "sy") if n > 0]


def _counted(rows: QuerySet[Element], z: int) -> list[Square]:
    """The squares counted from the rows, at most 64 to a tile."""
    shift = 2 * (quads.LEVEL - min(quads.LEVEL, z + 3))
    square = F("quad").bitrightshift(shift)
    found = rows.annotate(square=square).values("square").annotate(
        n=Count("pk"), o=Count("pk", filter=Q(freshness=OVERDUE)), lon_middle=Avg("lon"), lat_middle=Avg("lat")
    )  # fmt: skip
    middles = found.values_list("n", "o", "lon_middle", "lat_middle")
    return [(n, o, *quads.tile_of(quads.quad_of(lon, lat), quads.LEVEL)) for n, o, lon, lat in middles]


def element_cells(user: Staff, station_id: int, query: QueryDict, resolution: int) -> list[tuple[int, int]]:
    """The H3 cells of a resolution with how many elements lie in each."""
    rows = rows_of(user, station_id, read_filters(query)).filter(cell__isnull=False)
    return cell_counts(rows, resolution)


def cell_counts(rows: QuerySet[Any], resolution: int) -> list[tuple[int, int]]:
    """How many of the rows lie in each cell of a resolution, counted by the database."""
    fine: Any = rows.order_by().values("cell").annotate(n=Count("pk")).values_list("cell", "n")
    found: dict[int, int] = {}
    for cell, count in fine:
        coarse = cells.parent(cell, resolution) if resolution < cells.RESOLUTION else cell
        found[coarse] = found.get(coarse, 0) + count
    return sorted(found.items())
