"""Very many elements, put into the tables directly: rows and their sums, without history or journal.

The ground grows with the number, as a bureau does over a station: some 1,700 to a square kilometre, three in four of
them in neighbourhoods, on streets, the rest anywhere.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from math import cos, radians, sqrt
from typing import Any

#: The ground lies around the middle of a tile of zoom 14, so that even a small one fills a tile.
TILE = (14, 13405, 6325)
PER_SQUARE_KM = 1_700
PER_NEIGHBOURHOOD = 400
STREET = 0.0008
CHUNK = 20_000
COLUMNS = (
    "id", "station_id", "number", "category_id", "kind", "name", "address", "address_key", "grams", "area_id", "lon",
    "lat", "cell", "quad", "datum", "attributes", "grade", "reasons", "status", "source", "external_id",
    "content_digest", "verified_at", "due_at", "flips_at", "freshness", "issues", "version", "created_at", "changed_at",
)  # fmt: skip


def ground_of(rows: int) -> tuple[float, float, float, float]:
    """West, south, east and north of the ground of so many elements."""
    from jishi.geo import quads

    z, x, y = TILE
    lon, lat = quads.degrees_of((x + 0.5) / (1 << z), (y + 0.5) / (1 << z))
    half = sqrt(rows / PER_SQUARE_KM) / 111.32 / 2
    return lon - half / cos(radians(lat)), lat - half, lon + half / cos(radians(lat)), lat + half


def fill(station: int, rows: int, areas: list[int] | None = None) -> None:
    """Put ``rows`` elements of a station into empty tables."""
    from django.db import connection, transaction

    from jishi.base.bulk import insert
    from jishi.register.actions.rollups import Deltas
    from jishi.register.catalogue import sorts

    kinds = {code: sort.category.kind for code, sort in sorts().items() if sort.category.parent_id}
    sums = Deltas()
    with transaction.atomic():
        made: list[tuple[Any, ...]] = []
        for row in _rows(station, rows, kinds, areas or [None]):
            sums.add(dict(zip(COLUMNS, row, strict=True)))
            made.append(row)
            if len(made) == CHUNK:
                insert("register_element", COLUMNS, made)
                made = []
        insert("register_element", COLUMNS, made)
        sums.write()
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")


def _rows(station: int, rows: int, kinds: dict[str, str], areas: list[Any]) -> Iterator[tuple[Any, ...]]:
    from jishi.geo import cells, quads

    dice = random.Random(rows)
    west, south, east, north = ground_of(rows)
    centres = [(dice.uniform(west, east), dice.uniform(south, north)) for _ in range(max(4, rows // PER_NEIGHBOURHOOD))]
    codes = list(kinds)
    now = datetime.now(UTC).replace(microsecond=0)
    for place in range(rows):
        lon, lat = dice.uniform(west, east), dice.uniform(south, north)
        if place % 4:
            middle = dice.choice(centres)
            lon, lat = dice.gauss(middle[0], 0.003), dice.gauss(middle[1], 0.0024)
            if place % 2:
                lon = round(lon / STREET) * STREET + dice.uniform(-1e-4, 1e-4)
            lon, lat = min(max(lon, west), east), min(max(lat, south), north)
        code = codes[int(len(codes) * dice.random() ** 2)]
        freshness = dice.choices(("fresh", "due", "overdue", "never"), (70, 10, 14, 6))[0]
        verified = None if freshness == "never" else now - timedelta(days=dice.randrange(1, 300))
        yield (
            place + 1, station, f"XH-E-{place + 1:07d}", code, kinds[code], f"第{place + 1}处",
            f"和平里{place % 400}号", "", "", areas[place % len(areas)], lon, lat, cells.cell_of(lon, lat),
            quads.quad_of(lon, lat), "wgs84", "{}",
            dice.choices((0, 1, 2, 3, 4), (60, 4, 8, 14, 14))[0], "[]", "active", "jishi", None, "", verified,
            verified and verified + timedelta(days=180), None, freshness, 0, 1, now, now,
        )  # fmt: skip
