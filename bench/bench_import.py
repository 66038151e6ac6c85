"""What an import costs: its time against a bare bulk insert of the very rows that it wrote, and its memory.

    .venv/bin/python bench/bench_import.py                      # SQLite, then PostgreSQL (started for this, durable)
    .venv/bin/python bench/bench_import.py --database sqlite --rows 20000 --rows 200000

Without ``--rows`` the table is Boston's year in the folder that ``JISHI_REAL_DATA`` names (``../shared/data``); with
it, or where that folder is absent, so many made-up rows of the same shape.  ``jishi import matters`` runs in a process
of its own, whose time and resident memory count whole, from its start to its end.  The bare insert has the rows in
memory already and puts them into an empty copy of the same database, same tables, indexes and triggers, in one durable
transaction: prepared statements on SQLite, COPY on PostgreSQL.  Its time is the median of three.
Exit status 1 when a limit is passed.
"""

from __future__ import annotations

import argparse
import csv
import json
import multiprocessing
import os
import random
import shutil
import statistics
import sys
import tempfile
from concurrent.futures import ProcessPoolExecutor
from datetime import datetime, timedelta
from pathlib import Path

from imports import HOUSE, database, run

RATIO, MEMORY_MB = 6.0, 600
REAL = Path(os.environ.get("JISHI_REAL_DATA", HOUSE.parent / "shared" / "data")) / "boston_311_2015"
MAP = HOUSE / "docs" / "maps" / "boston_311.toml"
#: What an import writes, parents before children.
TABLES = ("matters_matter", "matters_text", "matters_clock", "journal_event")
STATION = """
import django
django.setup()
from jishi.stations.actions import create_station, ensure_bureau, save_area
from jishi.stations.models import Area
station = create_station(bureau=ensure_bureau(), code="BOS", name="Boston", time_zone="America/New_York")
for place, code in enumerate("A1 A7 A15 B2 B3 C6 C11 D4 D14 E5 E13 E18".split()):
    west, south = -71.20 + place % 4 * 0.06, 42.20 + place // 4 * 0.07
    east, north = west + 0.06, south + 0.07
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    save_area(Area(station=station, code=code, name=code, polygon={"type": "Polygon", "coordinates": [ring]}))
"""


def make_table(path: Path, rows: int) -> None:
    """A made-up table with Boston's columns, different places, and one open row in six."""
    draw = random.Random(7)
    began = datetime(2015, 1, 1)  # noqa: DTZ001 - the table has local times
    write = "%m/%d/%Y %I:%M:%S %p"
    kinds = ("Street Light Outages", "Graffiti Removal", "Bed Bugs", "Sidewalk Repair", "Animal Found", "Notification")
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(
            ["CASE_ENQUIRY_ID", "OPEN_DT", "TARGET_DT", "CLOSED_DT", "CASE_STATUS", "CLOSURE_CODE", "TYPE", "QUEUE",
             "LOCATION_BLOCK", "police_district", "LATITUDE", "LONGITUDE", "Geocoded_Location", "LOCATION_ZIPCODE"]
        )  # fmt: skip
        for number in range(rows):
            opened = began + timedelta(seconds=number * 31_000_000 // rows)
            closed = opened + timedelta(minutes=draw.randrange(5, 40_000)) if draw.random() > 1 / 6 else None
            lon, lat = f"{draw.uniform(-71.19, -70.99):.4f}", f"{draw.uniform(42.23, 42.40):.4f}"
            table.writerow(
                [101_000_000_000 + number, opened.strftime(write), (opened + timedelta(days=7)).strftime(write),
                 closed.strftime(write) if closed else "", "Closed" if closed else "Open",
                 "CASE_RESOLVED" if closed else "", draw.choice(kinds), "PWDx",
                 f"{draw.randrange(30) * 100} block {draw.choice('ABCDEFGH')}{draw.randrange(400)} St",
                 draw.choice(("A1", "B2", "C-11", "D14", "")), lat, lon, f"({lat}, {lon})", "2118.0"]
            )  # fmt: skip


def measure(engine: str, table: Path, folder: Path) -> bool:
    """Import one table on one engine and say what it cost; whether it kept to the limits."""
    folder.mkdir()
    with database(engine, folder, TABLES) as where:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("JISHI_")}
        environment |= where.environment() | {"DJANGO_SETTINGS_MODULE": "jishi.project.settings"}
        jishi, told = str(Path(sys.executable).parent / "jishi"), folder / "told.json"
        run([jishi, "migrate"], environment, told)
        run([sys.executable, "-c", STATION], environment, told)
        where.keep_empty()
        command = [jishi, "import", "matters", str(table), "--map", str(MAP), "--station", "BOS", "--json"]
        first = run(command, environment, told)
        report = json.loads(told.read_text("utf-8"))
        second = run(command, environment, told)
        again = json.loads(told.read_text("utf-8"))
        verify = run([jishi, "verify", "--json"], environment, told)
        rows = where.rows()
        bare = statistics.median(where.fill(rows) for _ in range(3))
    if report["read"] != report["imported"] + report["already_there"] + report["rejected"] or again["imported"]:
        sys.exit(f"The rows are not accounted for: {report}, {again}")
    ratio = first.seconds / bare
    print(
        f"{where.name}: {report['read']:,} rows, {report['imported']:,} imported in {first.seconds:.1f} s"
        f" ({report['imported'] / first.seconds:,.0f} a second, {first.cpu:.1f} s CPU); bare insert {bare:.2f} s:"
        f" ratio {ratio:.2f} (limit {RATIO:g}), memory {first.memory_mb:.0f} MB (limit {MEMORY_MB})",
        flush=True,
    )
    told_again = (
        f"  again {second.seconds:.1f} s, nothing new; verify {verify.seconds:.1f} s, {verify.memory_mb:.0f} MB"
    )
    print(told_again, flush=True)
    return ratio <= RATIO and max(first.memory_mb, second.memory_mb, verify.memory_mb) <= MEMORY_MB


def main() -> int:
    """Measure what was asked for and say how it stands against the limits."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--rows", type=int, action="append", default=[], help="so many made-up rows; may be repeated")
    given = parser.parse_args()
    engines = ["sqlite", "postgresql"] if given.database == "both" else [given.database]
    folder, kept = Path(tempfile.mkdtemp(prefix="jishi-bench-")), True
    real = REAL / "boston_311_2015.csv.gz"
    try:
        tables = [] if given.rows or not real.is_file() else [real]
        for rows in given.rows or ([] if tables else [116_669]):
            tables.append(folder / f"made_up_{rows}.csv")
            make_table(tables[-1], rows)
        # a child's peak memory begins with its parent's: each measurement has a parent that holds nothing yet
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), max_tasks_per_child=1) as parents:
            for place, table in enumerate(tables):
                for engine in engines:
                    kept &= parents.submit(measure, engine, table, folder / f"{engine}-{place}").result()
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
