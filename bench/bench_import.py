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
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from contextlib import closing, contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, NamedTuple, Protocol
from urllib.parse import urlsplit, urlunsplit

import psycopg

HOUSE = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(HOUSE))

from scripts import postgres  # noqa: E402  (found by the path above)

RATIO, MEMORY_MB = 6.0, 600
REAL = Path(os.environ.get("JISHI_REAL_DATA", HOUSE.parent / "shared" / "data")) / "boston_311_2015"
MAP = HOUSE / "docs" / "maps" / "boston_311.toml"
#: What an import writes, parents before children.
TABLES = ("matters_matter", "matters_text", "matters_clock", "journal_event")
DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
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
Rows = dict[str, tuple[list[str], list[tuple[Any, ...]]]]


class Spent(NamedTuple):
    """What one process took."""

    seconds: float
    cpu: float
    memory_mb: float


class Database(Protocol):
    """A database of one engine that can be copied, read and filled."""

    name: str

    def environment(self) -> dict[str, str]:
        """What makes ``jishi`` use it."""

    def keep_empty(self) -> None:
        """Remember how it is now."""

    def rows(self) -> Rows:
        """What an import wrote: columns and rows of each table."""

    def fill(self, rows: Rows) -> float:
        """Put the rows into a copy of what was remembered; the seconds this took."""


class Sqlite:
    """SQLite in a folder of its own."""

    name = "SQLite"

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file, self._empty = folder / "jishi.sqlite3", folder / "empty.sqlite3"

    def environment(self) -> dict[str, str]:
        """What makes ``jishi`` use it."""
        return {"JISHI_DATA_DIR": str(self._folder)}

    def keep_empty(self) -> None:
        """Remember how it is now."""
        with closing(sqlite3.connect(self._file)) as from_, closing(sqlite3.connect(self._empty)) as to:
            from_.backup(to)

    def rows(self) -> Rows:
        """What an import wrote."""
        found: Rows = {}
        with closing(sqlite3.connect(self._file)) as connection:
            for table in TABLES:
                cursor = connection.execute(f"SELECT * FROM {table} ORDER BY id")
                found[table] = [column[0] for column in cursor.description], cursor.fetchall()
        return found

    def fill(self, rows: Rows) -> float:
        """Put the rows into a copy of what was remembered."""
        copy = self._folder / "copy.sqlite3"
        shutil.copy(self._empty, copy)
        with closing(sqlite3.connect(copy, isolation_level=None)) as connection:
            for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
                connection.execute(f"PRAGMA {pragma}")
            began = time.perf_counter()
            connection.execute("BEGIN IMMEDIATE")
            for table, (columns, values) in rows.items():
                marks = ", ".join("?" * len(columns))
                connection.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})", values)
            connection.execute("COMMIT")
            return time.perf_counter() - began


class Postgres:
    """A PostgreSQL database in a cluster of this run."""

    name = "PostgreSQL"

    def __init__(self, folder: Path, url: str) -> None:
        self._folder, self._cluster = folder, url
        self._run("CREATE DATABASE jishi_import")

    def environment(self) -> dict[str, str]:
        """What makes ``jishi`` use it."""
        return {"JISHI_DATA_DIR": str(self._folder), "JISHI_DATABASE_URL": self._url("jishi_import")}

    def keep_empty(self) -> None:
        """Remember how it is now."""
        self._run("CREATE DATABASE jishi_empty TEMPLATE jishi_import")

    def rows(self) -> Rows:
        """What an import wrote."""
        found: Rows = {}
        with psycopg.connect(self._url("jishi_import")) as connection:
            for table in TABLES:
                cursor = connection.execute(f"SELECT * FROM {table} ORDER BY id")
                found[table] = [column.name for column in cursor.description or ()], cursor.fetchall()
        return found

    def fill(self, rows: Rows) -> float:
        """Put the rows into a copy of what was remembered."""
        self._run("DROP DATABASE IF EXISTS jishi_copy")
        self._run("CREATE DATABASE jishi_copy TEMPLATE jishi_empty")
        with psycopg.connect(self._url("jishi_copy")) as connection:
            began = time.perf_counter()
            for table, (columns, values) in rows.items():
                with connection.cursor().copy(f"COPY {table} ({', '.join(columns)}) FROM STDIN") as copy:
                    for row in values:
                        copy.write_row(row)
            connection.commit()
            return time.perf_counter() - began

    def _url(self, name: str) -> str:
        return urlunsplit(urlsplit(self._cluster)._replace(path=f"/{name}"))

    def _run(self, statement: str) -> None:
        with psycopg.connect(self._cluster, autocommit=True) as connection:
            connection.execute(statement)


@contextmanager
def database(engine: str, folder: Path) -> Iterator[Database]:
    """An empty database of one engine."""
    if engine == "sqlite":
        yield Sqlite(folder)
        return
    programs = postgres.server_programs()
    if programs is None:
        sys.exit("PostgreSQL's server programs (initdb, postgres) are not installed.")
    postgres.SETTINGS |= DURABLE
    with postgres.cluster(programs) as url:
        yield Postgres(folder, url)


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


def run(command: list[str], environment: dict[str, str], output: Path) -> Spent:
    """Run a process to its end; leaves this one when it fails."""
    began = time.perf_counter()
    with output.open("wb") as stream:
        process = subprocess.Popen(command, stdout=stream, stderr=subprocess.DEVNULL, env=environment, cwd=HOUSE)
        _, status, used = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        sys.exit(f"{' '.join(command[:4])} ended with status {process.returncode}.")
    return Spent(time.perf_counter() - began, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def measure(engine: str, table: Path, folder: Path) -> bool:
    """Import one table on one engine and say what it cost; whether it kept to the limits."""
    folder.mkdir()
    with database(engine, folder) as where:
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
