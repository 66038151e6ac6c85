"""What a timer costs: due steps of ladders found and taken, against raw SQL that writes the same rows.

    .venv/bin/python bench/bench_timers.py                       # 10,000 due among 1,000,000 clocks, both databases
    .venv/bin/python bench/bench_timers.py --database sqlite --clocks 100000 --due 2000

Two stations; each transaction takes 100 timers of one.  Blocks of ours and of the raw side take turns, each at timers
of its own.  The raw side is recorded from ours in a transaction that is taken back, and run by ``sqlite3`` or
``psycopg`` alone: it reads nothing, decides nothing and hashes nothing.  The figure is CPU time of this process, the
best block of each.  Finding is one look for the next hundred, against the bare query by the driver, both also where
there are 10,000 clocks alone.  Exit status 1 when a limit is passed.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from unittest.mock import patch

import psycopg
from databases import ENGINES, on_each, told
from many import without_search

RATIO, FIND, GROWTH = 8.0, 2.0, 1.5
FEW, LOOKS = 10_000, 200
TABLES = ("matters_escalation", "journal_event", "notify_notice", "notify_delivery")
BARE = "SELECT matter_id FROM matters_clock WHERE station_id = %s AND timer_at <= %s ORDER BY timer_at LIMIT 100"
MEMORY = {"shared_buffers": "1GB", "maintenance_work_mem": "512MB", "max_wal_size": "4GB"}

Statement = tuple[str, Any, bool]


class Ground:
    """Two stations with as many open matters as are asked for, two clocks each."""

    def __init__(self) -> None:
        from django.core.management import call_command

        call_command("migrate", verbosity=0)
        from jishi.matters.tests import factory

        self.now = datetime.now(UTC).replace(microsecond=0)
        begun = self.now - timedelta(hours=1)
        bureau = factory.a_bureau()
        houses = [factory.a_station(code, bureau=bureau) for code in ("XH", "YJ")]
        self.models = [factory.a_matter(house, "handling", grade=2, now=begun) for house in houses]
        self.stations = [house.station.pk for house in houses]
        self._last = max(model.pk for model in self.models)

    def add(self, clocks: int, due: int) -> None:
        """So many clocks more, so many of which have a step that is due."""
        from django.db import connection, transaction

        each, of_them = clocks // 2 // len(self.stations), due // len(self.stations)
        with transaction.atomic(), connection.cursor() as cursor:
            without_search(cursor)
            for model in self.models:
                first, last = self._last + 1, self._last + each
                self._copy(cursor, "matters_matter", f"id = {model.pk}", first, last,
                           {"id": "i", "number": f"'{model.number}-' || i"})  # fmt: skip
                for kind, wait in (("handle", 24), ("answer", 60)):
                    ready = of_them if kind == "handle" else 0
                    ago = f"CASE WHEN i < {first + ready} THEN -86401 - i % 500 ELSE -i % 39600 END"
                    begun = _moment(self.now, ago)
                    hours = {"started": 0, "due": 2 * wait, "timer_at": wait}
                    moments = {name: _later(begun, after) for name, after in hours.items()}
                    self._copy(cursor, "matters_clock", f"matter_id = {model.pk} AND kind = '{kind}'"
                               " AND stopped_at IS NULL", first, last, {"matter_id": "i", **moments})  # fmt: skip
                self._last = last
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE" if connection.vendor == "postgresql" else "ANALYZE")

    def _copy(self, cursor: Any, table: str, where: str, first: int, last: int, values: dict[str, str]) -> None:
        """Copies of one row, numbered by ``i``, in which these columns differ."""
        from django.db import connection

        columns = [each.name for each in connection.introspection.get_table_description(cursor, table)]
        columns = [name for name in columns if name in values or name != "id"]
        named = ", ".join(f"{values[name]} AS {name}" if name in values else name for name in columns)
        quoted = ", ".join(f'"{name}"' for name in columns)
        cursor.execute(
            f"WITH RECURSIVE numbers(i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM numbers WHERE i < {last})"
            f" INSERT INTO {table} ({quoted}) SELECT {named}"
            f" FROM numbers, (SELECT * FROM {table} WHERE {where}) AS model"
        )


def _moment(now: datetime, seconds: str) -> str:
    """So many seconds from now, as an expression of SQL."""
    from django.db import connection

    if connection.vendor == "postgresql":
        return f"TIMESTAMPTZ '{now.isoformat()}' + make_interval(secs => {seconds})"
    return f"datetime('{now:%Y-%m-%d %H:%M:%S}', ({seconds}) || ' seconds')"


def _later(moment: str, hours: int) -> str:
    from django.db import connection

    if connection.vendor == "postgresql":
        return f"{moment} + interval '{hours} hours'"
    return f"datetime({moment}, '+{hours} hours')"


class Raw:
    """The writes of our next transaction, noted while it is taken back, and run by the driver alone."""

    def __init__(self) -> None:
        from django.db import connection

        self._sqlite = connection.vendor == "sqlite"
        if self._sqlite:
            name = connection.settings_dict["NAME"]
            self._connection: Any = sqlite3.connect(name, isolation_level=None, cached_statements=256)
            for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
                self._connection.execute(f"PRAGMA {pragma}")
        else:
            self._connection = psycopg.connect(os.environ["JISHI_DATABASE_URL"], autocommit=True)

    def note(self, work: Callable[[], object]) -> list[Statement]:
        """What ``work`` would write now.  The ids that it was given are given again.

        No COPY is used meanwhile, which could not be noted.
        """
        from django.db import connection, transaction

        from jishi.journal import actions as journal

        writes: list[Statement] = []

        def keep(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
            if sql.startswith(("INSERT", "UPDATE", "DELETE")):
                rows = [tuple(row) for row in params] if many else tuple(params)
                writes.append((sql.replace("%s", "?") if self._sqlite else sql, rows, many))
                params = rows
            return execute(sql, params, many, context)

        before = self.ask("SELECT max(id) FROM notify_notice")[0][0] or 0
        with transaction.atomic(), connection.execute_wrapper(keep), patch.object(journal, "_MANY", sys.maxsize):
            work()
            transaction.set_rollback(True)
        if not self._sqlite:
            self.ask(f"SELECT setval('notify_notice_id_seq', {before + 1}, false)")
        return writes

    def run(self, writes: Sequence[Statement]) -> None:
        """One durable transaction."""
        cursor = self._connection.cursor()
        cursor.execute("BEGIN IMMEDIATE" if self._sqlite else "BEGIN")
        for sql, params, many in writes:
            (cursor.executemany if many else cursor.execute)(sql, params)
            if cursor.description:
                cursor.fetchall()
        cursor.execute("COMMIT")

    def ask(self, sql: str, *values: Any) -> list[Any]:
        """A plain question."""
        found: list[Any] = self._connection.execute(sql.replace("%s", "?") if self._sqlite else sql, values).fetchall()
        return found

    def rows(self) -> Counter[str]:
        """How many rows each table that a timer writes to holds."""
        return Counter({table: self.ask(f"SELECT count(*) FROM {table}")[0][0] for table in TABLES})

    def close(self) -> None:
        """Let the database go."""
        self._connection.close()


def find(ground: Ground, raw: Raw) -> tuple[float, float]:
    """Milliseconds of one look for the next hundred: ours, and the bare query; the quickest of each, taken in turn."""
    from django.db import connection

    from jishi.matters import store

    ours, bare = [], []
    moment = connection.ops.adapt_datetimefield_value(ground.now)
    for _look in range(LOOKS):
        for station in ground.stations:
            begun = time.perf_counter()
            mine = store.due_next(station, ground.now, 100)
            half = time.perf_counter()
            theirs = [row[0] for row in raw.ask(BARE, station, moment)]
            ours.append(half - begun)
            bare.append(time.perf_counter() - half)
            if mine != theirs or len(mine) != 100:
                sys.exit("The two looks did not find the same hundred.")
    return min(ours) * 1000, min(bare) * 1000


def take(ground: Ground, raw: Raw, blocks: int, times: int) -> tuple[float, float]:
    """CPU milliseconds of one timer, ours and the raw side's, in blocks of so many transactions of a hundred."""
    from jishi.matters.actions import timing

    def one(turn: int) -> int:
        return timing.fire_some(ground.stations[turn % 2], ground.now)

    ours, bare = [], []
    for _block in range(blocks):
        before, spent = raw.rows(), 0.0
        for turn in range(times):
            begun = time.process_time()
            if one(turn) != timing.BATCH:
                sys.exit("There were not enough timers.")
            spent += time.process_time() - begun
        ours.append(spent)
        between, spent = raw.rows(), 0.0
        for turn in range(times):
            writes = raw.note(lambda turn=turn: one(turn))
            begun = time.process_time()
            raw.run(writes)
            spent += time.process_time() - begun
        bare.append(spent)
        if between - before != raw.rows() - between:
            sys.exit(f"The raw side does not write the same rows: {between - before}, {raw.rows() - between}")
    each = 1000 / (times * timing.BATCH)
    return min(ours) * each, min(bare) * each


def measure(clocks: int, due: int, blocks: int) -> bool:
    """All figures of one database."""
    import django

    django.setup()
    from django.db import connection

    ground, raw = Ground(), Raw()
    ground.add(FEW, FEW // 5)
    looked_few, bare_few = find(ground, raw)
    fired_few, _bare = take(ground, raw, 2, 4)
    begun = time.monotonic()
    ground.add(clocks - FEW, due)
    print(f"{connection.vendor}: {due:,} due among {clocks:,} clocks, filled in {time.monotonic() - begun:.0f} s")
    looked, bare_look = find(ground, raw)
    fired, bare_fired = take(ground, raw, blocks, due // 200 // blocks)
    left = timed(ground)
    raw.close()
    told("a look for the next hundred", looked, "ms")
    told("the bare query", bare_look, "ms")
    told(f"a look where there are {FEW:,} clocks", looked_few, "ms")
    told("a timer found, taken, written down and told, CPU", fired, "ms")
    told("the same rows by raw SQL, CPU", bare_fired, "ms")
    told(f"a timer where there are {FEW:,} clocks, CPU", fired_few, "ms")
    told(f"a look against one among {FEW:,}", looked / looked_few, "")
    told("all that was still due, timers a second", left, "/s")
    growth = looked / looked_few / (bare_look / bare_few)
    return all([
        told("a look against the bare query", looked / bare_look, "", FIND),
        told("its growth against that of the bare query", growth, "", GROWTH),
        told("a timer against raw SQL", fired / bare_fired, "", RATIO),
        told(f"a timer against one among {FEW:,}", fired / fired_few, "", GROWTH),
    ])  # fmt: skip


def timed(ground: Ground) -> float:
    """Fire what is left, as the worker does each minute; how many a second."""
    from jishi.matters.actions import timing

    begun = time.perf_counter()
    fired = timing.fire_due(ground.now)
    return fired / (time.perf_counter() - begun)


def main() -> int:
    """Measure on both databases, or on the one asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=[*ENGINES, "both"], default="both")
    parser.add_argument("--clocks", type=int, default=1_000_000)
    parser.add_argument("--due", type=int, default=10_000)
    parser.add_argument("--blocks", type=int, default=5)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.inside:
        return 0 if measure(given.clocks, given.due, given.blocks) else 1
    engines = ENGINES if given.database == "both" else [given.database]
    arguments = ["--clocks", str(given.clocks), "--due", str(given.due), "--blocks", str(given.blocks)]
    return on_each(__file__, engines, arguments, **MEMORY)


if __name__ == "__main__":
    sys.exit(main())
