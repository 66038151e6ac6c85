"""The map with very many elements: tiles against the same with few, and against PostGIS on the same rows.

``python bench/bench_tiles.py [--database sqlite|postgresql|both] [--rows N] [--only tiles|postgis]``

Tiles: the 95th percentile over the tiles that a walk asks for (from the whole ground down to the houses at ten spots of
it, with steps to the side), with 1,000,000 elements against 10,000 (SQLite: 200,000 against 10,000).  Both walk over
the same zooms; each tile is asked for through Django, packed as a browser gets it, the best of three counts.

Against PostGIS (Debian's postgresql-15-postgis-3, for this benchmark alone): a tile of nearly 10,000 points by
``ST_AsMVT``, and a box, the ten nearest and the polygon of an area by GiST, over the same rows on the same server; they
have a column of geometry besides.  Ours are the queries that the screens use; both hand over the same ids.
"""

from __future__ import annotations

import argparse
import gzip
import json
import os
import random
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from databases import ENGINES, HOUSE, durable, told

SMALL = 10_000
LARGE = {"sqlite": 200_000, "postgresql": 1_000_000}
RATIO, OF_POSTGIS, GIST_RATIO, BYTES = 2, 0.5, 2, 200_000
ZOOMS = range(9, 18)
SPOTS = 10
MEMORY = {"shared_buffers": "512MB", "max_parallel_workers_per_gather": "0"}
Ask = Callable[..., Any]


def walk(rows: int) -> list[tuple[int, int, int]]:
    """The tiles of a walk that hold ground: at each spot and zoom a screen of 1440 x 900, then one to the east."""
    from many_elements import ground_of

    from jishi.geo import quads

    west, south, east, north = ground_of(rows)
    dice = random.Random(1)
    found: list[tuple[int, int, int]] = []
    corners = quads.quad_of(west, north), quads.quad_of(east, south)
    for _ in range(SPOTS):
        lon, lat = dice.uniform(west, east), dice.uniform(south, north)
        for z in ZOOMS:
            column, row = quads.tile_of(quads.quad_of(lon, lat), z)
            (left, top), (right, bottom) = (quads.tile_of(corner, z) for corner in corners)
            columns = range(max(left, column - 1), min(right, column + 3) + 1)
            rows_shown = range(max(top, row - 1), min(bottom, row + 1) + 1)
            found += [(z, x, y) for x in columns for y in rows_shown]
    return list(dict.fromkeys(found))


def best(ask: Ask, times: int = 3) -> float:
    """The quickest of some runs in milliseconds."""
    taken = []
    for _ in range(times):
        began = time.perf_counter()
        ask()
        taken.append((time.perf_counter() - began) * 1000)
    return min(taken)


def prepare(rows: int) -> tuple[Any, Any]:
    """An installation with so many elements: its station, and a desk officer's browser."""
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.test import Client

    settings.ALLOWED_HOSTS = ["testserver"]
    call_command("migrate", verbosity=0)
    from many_elements import fill

    from jishi.register.tests.factory import a_ground

    ground = a_ground()
    fill(ground.station.pk, rows)
    client = Client(headers={"Accept-Encoding": "gzip"})
    client.force_login(ground.desk)
    return ground, client


def measure(rows: int) -> dict[str, Any]:
    """The times and the sizes of the tiles of the walk over so many elements."""
    began = time.monotonic()
    _ground, client = prepare(rows)
    filled = time.monotonic() - began
    times, sizes, points = [], [], []
    for z, x, y in walk(rows):
        address = f"/register/tiles/{z}/{x}/{y}.mvt"
        answer = client.get(address)
        if answer.status_code != 200:
            sys.exit(f"{address} answered {answer.status_code}")
        sizes.append(len(answer.content))
        times.append(best(lambda address=address: client.get(address)))
        points.append((z, times[-1]))
    deep = {z: statistics.median(taken for level, taken in points if level == z) for z in ZOOMS}
    quantiles = statistics.quantiles(times, n=20)
    return {"filled": filled, "p50": statistics.median(times), "p95": quantiles[-1], "size": max(sizes), "deep": deep}


def postgis(rows: int) -> bool:
    """Our tile and our three queries against PostGIS; whether each kept to its limit."""
    ground, _client = prepare(rows)
    from django.db import connection

    with connection.cursor() as cursor:
        try:
            cursor.execute("CREATE EXTENSION postgis")
        except Exception as error:  # noqa: BLE001 - not installed, or not to be had here
            print(f"  left out: PostGIS cannot be had ({str(error).splitlines()[0]})", flush=True)
            return True
        cursor.execute("ALTER TABLE register_element ADD COLUMN place geometry(Point, 4326)")
        cursor.execute("UPDATE register_element SET place = ST_SetSRID(ST_MakePoint(lon, lat), 4326)")
        cursor.execute("CREATE INDEX ON register_element USING gist (place)")
        cursor.execute("VACUUM FULL register_element")
        cursor.execute("VACUUM ANALYZE register_element")
    kept = full_tile(ground)
    return queries(ground, rows) and kept


def full_tile(ground: Any) -> bool:
    """The fullest tile of single points, by both."""
    from django.db import connection
    from django.http import QueryDict

    from jishi.geo import mvt, quads
    from jishi.register import tiles

    z, level = tiles.SINGLE_FROM, 2 * (quads.LEVEL - tiles.SINGLE_FROM)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT quad >> %s AS tile, count(*) FROM register_element GROUP BY 1 HAVING count(*) <= %s"
            " ORDER BY 2 DESC LIMIT 1",
            [level, tiles.MOST],
        )
        code, count = cursor.fetchone()
    x, y = quads.tile_of(code << level, z)
    sql = (
        "SELECT ST_AsMVT(t, 'elements', 4096, 'shape', 'id') FROM (SELECT id, category_id AS c, kind AS k,"
        " freshness AS f, grade AS g, ST_AsMVTGeom(ST_Transform(place, 3857), ST_TileEnvelope(%s, %s, %s), 4096, 0,"
        " false) AS shape FROM register_element WHERE station_id = %s AND status = 'active'"
        " AND place && ST_Transform(ST_TileEnvelope(%s, %s, %s), 4326)) t"
    )

    def theirs() -> bytes:
        with connection.cursor() as cursor:
            cursor.execute(sql, [z, x, y, ground.station.pk, z, x, y])
            return bytes(cursor.fetchone()[0])

    def ours() -> bytes:
        return mvt.encode([tiles.elements_tile(ground.desk, ground.station.pk, QueryDict(), z, x, y)])

    mine, peer = best(ours, 9), best(theirs, 9)
    size = len(gzip.compress(ours(), 4))
    kept = told(f"tile of {count:,} points ({mine:.1f} ms, PostGIS {peer:.1f} ms)", mine / peer, "", OF_POSTGIS)
    return told("  its size, gzipped", size / 1000, "kB", BYTES / 1000) and kept


def asked(sql: str, *values: Any) -> list[int]:
    """The ids that a statement finds, in order."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return sorted(row[0] for row in cursor.fetchall())


def box_of(lon: float, lat: float) -> tuple[float, float, float, float]:
    """A box of about a square kilometre around a point."""
    return lon - 0.006, lat - 0.004, lon + 0.006, lat + 0.004


def area_of(lon: float, lat: float) -> dict[str, Any]:
    """The outline of an area around a point."""
    corners = [(0.012, 0.0), (0.007, 0.008), (-0.004, 0.009), (-0.011, 0.003), (-0.007, -0.008), (0.005, -0.007)]
    ring = [[lon + right, lat + up] for right, up in corners]
    return {"type": "Polygon", "coordinates": [[*ring, ring[0]]]}


def medians(name: str, mine: Ask, theirs: Ask, spots: list[tuple[float, float]]) -> bool:
    """The medians of both over the spots, and whether they find the same."""
    found, peer, ids = [], [], []
    for spot in spots:
        one, other = mine(*spot), theirs(*spot)
        # nearest in degrees is not nearest on the ground; boxes and areas must agree to the id
        if name != "ten nearest" and one != other:
            sys.exit(f"{name} at {spot}: {len(one)} ids, PostGIS {len(other)}")
        ids.append(len(one))
        found.append(best(lambda spot=spot: mine(*spot)))
        peer.append(best(lambda spot=spot: theirs(*spot)))
    quick, slow = statistics.median(peer), statistics.median(found)
    what = f"{name} of {statistics.median(ids):,.0f} ids ({slow:.2f} ms, PostGIS {quick:.2f} ms)"
    return told(what, slow / quick, "", GIST_RATIO)


def queries(ground: Any, rows: int) -> bool:
    """A box, the ten nearest, the polygon of an area: the same ids from both, and the times."""
    from many_elements import ground_of

    from jishi.geo.polygons import parse
    from jishi.register.models import Element
    from jishi.register.queries import Filters
    from jishi.register.queries.places import ids_inside, in_box, nearest, on_map

    west, south, east, north = ground_of(rows)
    dice = random.Random(2)
    spots = [(dice.uniform(west + 0.02, east - 0.02), dice.uniform(south + 0.02, north - 0.02)) for _ in range(20)]
    station, desk, everything = ground.station.pk, ground.desk, Filters()
    select = "SELECT id FROM register_element WHERE station_id = %s AND status = 'active'"

    def our_box(lon: float, lat: float) -> list[int]:
        rows = on_map(Element.objects.filter(station=station), everything)
        return sorted(in_box(rows.order_by(), box_of(lon, lat)).values_list("pk", flat=True))

    def their_box(lon: float, lat: float) -> list[int]:
        where = "ST_Intersects(place, ST_MakeEnvelope(%s, %s, %s, %s, 4326))"
        return asked(f"{select} AND {where}", station, *box_of(lon, lat))

    def our_nearest(lon: float, lat: float) -> list[int]:
        return sorted(key for key, _metres in nearest(desk, station, everything, lon, lat))

    def their_nearest(lon: float, lat: float) -> list[int]:
        order = "ORDER BY place <-> ST_SetSRID(ST_MakePoint(%s, %s), 4326) LIMIT 10"
        return asked(f"{select} {order}", station, lon, lat)

    def our_area(lon: float, lat: float) -> list[int]:
        return ids_inside(desk, station, everything, parse(area_of(lon, lat)))

    def their_area(lon: float, lat: float) -> list[int]:
        where = "ST_Intersects(place, ST_SetSRID(ST_GeomFromGeoJSON(%s), 4326))"
        return asked(f"{select} AND {where}", station, json.dumps(area_of(lon, lat)))

    sides = (("box", our_box, their_box), ("ten nearest", our_nearest, their_nearest), ("area", our_area, their_area))
    held = [medians(name, mine, theirs, spots) for name, mine, theirs in sides]
    return all(held)


def inside(environment: dict[str, str], *words: str) -> subprocess.CompletedProcess[str]:
    """Run a part of this in a process of its own, over a database of its own."""
    command = [sys.executable, __file__, *words]
    return subprocess.run(command, env=environment, cwd=HOUSE, check=False, text=True, stdout=subprocess.PIPE)


def compare(engine: str, rows: int) -> bool:
    """Tiles with many elements against tiles with few."""
    found = []
    for count in (SMALL, rows):
        with durable(engine, **MEMORY) as environment:
            done = inside(environment, "--measure", str(count))
            if done.returncode:
                return False
            found.append(json.loads(done.stdout.splitlines()[-1]))
    few, lots = found
    print(f"{engine}: {rows:,} elements (filled in {lots['filled']:.0f} s) against {SMALL:,}", flush=True)
    for z in ZOOMS:
        print(f"    zoom {z}: median {few['deep'][str(z)]:.1f} and {lots['deep'][str(z)]:.1f} ms", flush=True)
    kept = told(f"tile, 95th percentile ({few['p95']:.1f}, {lots['p95']:.1f} ms)", lots["p95"] / few["p95"], "", RATIO)
    return told("largest tile, gzipped", lots["size"] / 1000, "kB", BYTES / 1000) and kept


def main() -> int:
    """Measure on both databases, or on the one asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=[*ENGINES, "both"], default="both")
    parser.add_argument("--rows", type=int, default=0)
    parser.add_argument("--only", choices=["tiles", "postgis"])
    parser.add_argument("--measure", type=int, default=0, help=argparse.SUPPRESS)
    parser.add_argument("--postgis", type=int, default=0, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure or given.postgis:
        sys.path[:0] = [str(HOUSE), str(Path(__file__).parent)]
        os.chdir(HOUSE)
        if given.postgis:
            return 0 if postgis(given.postgis) else 1
        print(json.dumps(measure(given.measure)), flush=True)
        return 0
    kept = True
    engines = ENGINES if given.database == "both" else [given.database]
    for engine in engines if given.only != "postgis" else []:
        kept &= compare(engine, given.rows or LARGE[engine])
    if "postgresql" in engines and given.only != "tiles":
        rows = given.rows or LARGE["postgresql"]
        print(f"PostGIS, the same {rows:,} rows", flush=True)
        with durable("postgresql", **MEMORY) as environment:
            done = inside(environment, "--postgis", str(rows))
            print(done.stdout, end="", flush=True)
            kept &= done.returncode == 0
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
