"""Whether pages stay fast: desk, list, page and search with very many matters, against the same with 10,000.

    .venv/bin/python bench/bench_scale.py                        # 1,000,000 against 10,000, SQLite, then PostgreSQL
    .venv/bin/python bench/bench_scale.py --database sqlite --rows 200000

Two databases of one engine stand side by side, each with a process that asks for whole pages in turn: through the
middleware, with session and templates, as the browser gets them.  Each page is asked for on both sides in turn; the
figure is the quickest of all its times.  Filters and words hit 0.01 %, 1 % and 20 % of the rows, and at least 70 rows,
so that pages of both sides are full and differ in what lies behind them alone.  Exit status 1 when a limit is passed.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

import psycopg
from databases import ENGINES, HOUSE, durable, told
from many import CHANNELS, SHARES, UNITS, WORDS, fill

RATIO, SMALL, LARGE, TIMES = 1.5, 10_000, 1_000_000, 12
NAMES = {"rare": "0.01 %", "some": "1 %", "many": "20 %"}
MEMORY = {"shared_buffers": "1GB", "maintenance_work_mem": "512MB", "max_wal_size": "4GB"}


class Side:
    """One database, in a process of its own that measures when it is told to."""

    def __init__(self, environment: dict[str, str], rows: int) -> None:
        command = [sys.executable, __file__, "--inside", "--rows", str(rows)]
        self._process = subprocess.Popen(
            command, env=environment, cwd=HOUSE, text=True, stdin=subprocess.PIPE, stdout=subprocess.PIPE
        )

    def ask(self, name: str) -> list[float]:
        """Measure one page: milliseconds and statements."""
        assert self._process.stdin
        self._process.stdin.write(f"{name}\n")
        self._process.stdin.flush()
        return self.hear()

    def hear(self) -> Any:
        """What it says next."""
        assert self._process.stdout
        line = self._process.stdout.readline()
        if not line:
            sys.exit("A side of the measurement ended early.")
        return json.loads(line)

    def end(self) -> None:
        """Let the process go."""
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()


def pages(made: dict[str, Any], number: str) -> dict[str, tuple[str, str]]:
    """What is measured: its name, who asks, and the address."""
    listed = "/matters/?"
    found = {"list, all": ("desk", listed), "list, the last page": ("desk", f"{listed}at=last"),
             "desk, of the desk officer": ("desk", "/"), "one matter": ("desk", f"/matters/{number}/")}  # fmt: skip
    for name in SHARES:
        hits, area, category = NAMES[name], made["areas"][name], made["categories"][name]
        found |= {
            f"desk, of an officer whose unit has {hits}": (UNITS[name], "/"),
            f"list, an area with {hits}": ("desk", listed + urlencode({"area": area})),
            f"list, a category with {hits}": ("desk", listed + urlencode({"category": category})),
            f"list, a unit with {hits}, open": (
                "desk", listed + urlencode({"unit": made["units"][name], "open": 1})),
            f"list, a channel with {hits}": ("desk", listed + urlencode({"channel": CHANNELS[name]})),
            f"search, a word with {hits}": ("desk", listed + urlencode({"q": WORDS[name]})),
            f"search, a word with {hits}, in an area": (
                "desk", listed + urlencode({"q": WORDS[name], "area": made["areas"]["rest"]})),
        }  # fmt: skip
    return found


def serve(rows: int) -> None:
    """Fill the database, say what there is to measure, then measure the page that each line names."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection
    from django.test import Client

    call_command("migrate", verbosity=0)
    from django.conf import settings

    settings.ALLOWED_HOSTS = ["testserver"]
    from jishi.matters.tests import factory

    house = factory.a_station()
    made = fill(house, rows)
    made["units"] = {name: house.units[kind].pk for name, kind in UNITS.items()}
    clients = {"desk": Client()}
    clients["desk"].force_login(house.desk)
    for kind in UNITS.values():
        clients[kind] = Client()
        person = factory.staff("officer", house, unit=house.units[kind])
        clients[kind].force_login(person)
    number = factory.a_matter(house, "handling").number
    asked = pages(made, number)
    counts: list[str] = []

    def get(who: str, address: str) -> None:
        answer = clients[who].get(address)
        if answer.status_code != 200:
            sys.exit(f"{address} answered {answer.status_code}")

    print(json.dumps(list(asked)), flush=True)
    for line in sys.stdin:
        who, address = asked[line.strip()]
        counts.clear()
        with connection.execute_wrapper(lambda run, sql, *rest: (counts.append(sql), run(sql, *rest))[1]):
            get(who, address)
        times = []
        for _ in range(TIMES):
            began = time.perf_counter()
            get(who, address)
            times.append((time.perf_counter() - began) * 1000)
        print(json.dumps([min(times), len(counts)]), flush=True)


def compare(engine: str, small: dict[str, str], large: dict[str, str], rows: int, blocks: int) -> bool:
    """Measure both sides in turn; whether each page kept to the limit."""
    began = time.monotonic()
    few, lots = Side(small, SMALL), Side(large, rows)
    names = few.hear()
    lots.hear()
    print(f"{engine}: {rows:,} matters against {SMALL:,}, filled in {time.monotonic() - began:.0f} s", flush=True)
    found: dict[str, list[tuple[list[float], list[float]]]] = {name: [] for name in names}
    for name in names * (blocks + 1):
        found[name].append((few.ask(name), lots.ask(name)))
    few.end()
    lots.end()
    kept = True
    for name, (_, *blocks_of) in found.items():
        quick, slow = (min(block[side][0] for block in blocks_of) for side in (0, 1))
        before, after = (int(blocks_of[-1][side][1]) for side in (0, 1))
        statements = f"{after} statements" if before == after else f"{before} and {after} statements"
        kept &= before == after
        kept &= told(f"{name} ({quick:.1f}, {slow:.1f} ms, {statements})", slow / quick, "", RATIO)
    return kept


def run(engine: str, rows: int, blocks: int) -> bool:
    """Two databases of one engine."""
    with durable(engine, **MEMORY) as environment:
        if engine == "sqlite":
            with durable(engine) as other:
                return compare(engine, other, environment, rows, blocks)
        url = environment["JISHI_DATABASE_URL"]
        with psycopg.connect(url, autocommit=True) as connection:
            connection.execute("CREATE DATABASE jishi_small")
        folder = Path(environment["JISHI_DATA_DIR"]) / "small"
        small = urlunsplit(urlsplit(url)._replace(path="/jishi_small"))
        other = {**environment, "JISHI_DATABASE_URL": small, "JISHI_DATA_DIR": str(folder)}
        return compare(engine, other, environment, rows, blocks)


def main() -> int:
    """Measure on both databases, or on the one asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=[*ENGINES, "both"], default="both")
    parser.add_argument("--rows", type=int, default=LARGE)
    parser.add_argument("--blocks", type=int, default=4)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.inside:
        sys.path.insert(0, str(HOUSE))
        os.chdir(HOUSE)
        serve(given.rows)
        return 0
    kept = True
    for engine in ENGINES if given.database == "both" else [given.database]:
        kept &= run(engine, given.rows, given.blocks)
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
