"""What an import into the register costs: against a bare bulk insert of the very rows that it wrote, and its memory.

    .venv/bin/python bench/bench_register_import.py                      # 1,000,000 elements, SQLite, then PostgreSQL
    .venv/bin/python bench/bench_register_import.py --database sqlite --rows 10000 --rows 100000

The elements are made up: hydrants and shops over a district of 24 areas, each with a name, an address, a point in
GCJ-02 and attributes, in no order of their numbers.  ``jishi import register`` runs in a process of its own, whose time
and resident memory count whole.  The bare insert has the rows in memory already and puts them into an empty copy of the
same database, same tables, indexes and triggers, in one durable transaction: prepared statements on SQLite, COPY on
PostgreSQL.  Its time is the median of three.  Several ``--rows`` print how the time of a row grows.  Exit status 1 when
the limit is passed.
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
from pathlib import Path

from imports import database, run

RATIO = 6.0
#: What an import writes, parents before children.
TABLES = (
    "register_element", "register_change", "register_verification", "register_rollup", "journal_event",
)  # fmt: skip
WEST, SOUTH, WIDE, HIGH = 117.0, 37.0, 0.02, 0.02
STATION = f"""
import django
django.setup()
from jishi.stations.actions import create_station, ensure_bureau, save_area
from jishi.stations.models import Area
station = create_station(bureau=ensure_bureau(), code="XH", name="新华派出所", time_zone="Asia/Shanghai")
for place in range(24):
    west, south = {WEST} + place % 6 * {WIDE}, {SOUTH} + place // 6 * {HIGH}
    east, north = west + {WIDE}, south + {HIGH}
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    outline = {{"type": "Polygon", "coordinates": [ring]}}
    save_area(Area(station=station, code=f"A{{place}}", name=f"第{{place}}社区", polygon=outline))
"""
MAP = """
source = "list"
key = "编号"
newest_by = "更新日期"
[time]
zone = "Asia/Shanghai"
[coordinates]
datum = "gcj02"
[fields]
name = "名称"
address = "地址"
lon = "经度"
lat = "纬度"
attributes.state = "状态"
attributes.type = "形式"
attributes.hours = "营业时间"
[fields.category]
column = "类别"
values = { "消火栓" = "thing.hydrant", "店铺" = "place.shop" }
"""


def make_table(path: Path, rows: int) -> None:
    """A made-up list, its numbers in no order."""
    draw = random.Random(7)
    numbers = list(range(rows))
    draw.shuffle(numbers)
    with path.open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["编号", "更新日期", "类别", "名称", "地址", "经度", "纬度", "状态", "形式", "营业时间"])
        for number in numbers:
            lon, lat = draw.uniform(WEST + 0.006, WEST + 6 * WIDE), draw.uniform(SOUTH + 0.001, SOUTH + 4 * HIGH)
            street, house = draw.randrange(600), draw.randrange(1, 400)
            address = f"第{street}大街{house}号"
            day = f"2026-0{draw.randrange(1, 9)}-{draw.randrange(1, 28):02d}"
            if draw.random() < 0.5:
                line = ["消火栓", f"{address}消火栓{number % 9}", address, lon, lat, "完好", "地上式", ""]
            else:
                line = ["店铺", f"第{number}便利店", address, lon, lat, "", "", "08:00-22:00"]
            table.writerow([f"N{number:07d}", day, *line])


def measure(engine: str, table: Path, folder: Path) -> tuple[float, float]:
    """Import one table on one engine and say what it cost: its ratio to the bare insert, its microseconds a row."""
    folder.mkdir()
    map_ = folder / "map.toml"
    map_.write_text(MAP, encoding="utf-8")
    with database(engine, folder, TABLES) as where:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("JISHI_")}
        environment |= where.environment() | {"DJANGO_SETTINGS_MODULE": "jishi.project.settings"}
        jishi, told = str(Path(sys.executable).parent / "jishi"), folder / "told.json"
        run([jishi, "migrate"], environment, told)
        run([sys.executable, "-c", STATION], environment, told)
        where.keep_empty()
        command = [jishi, "import", "register", str(table), "--map", str(map_), "--station", "XH", "--json"]
        first = run(command, environment, told)
        report = json.loads(told.read_text("utf-8"))
        second = run(command, environment, told)
        again = json.loads(told.read_text("utf-8"))
        rows = where.rows()
        bare = statistics.median(where.fill(rows) for _ in range(3))
    if report["created"] != report["read"] or again["unchanged"] != again["read"]:
        sys.exit(f"The rows are not accounted for: {report}, {again}")
    ratio, each = first.seconds / bare, first.seconds / report["read"] * 1e6
    print(
        f"{where.name}: {report['read']:,} elements in {first.seconds:.1f} s ({each:.0f} µs each,"
        f" {first.cpu:.1f} s CPU); bare insert {bare:.2f} s: ratio {ratio:.2f} (limit {RATIO:g}),"
        f" memory {first.memory_mb:.0f} MB; again {second.seconds:.1f} s, nothing new, {second.memory_mb:.0f} MB",
        flush=True,
    )
    return ratio, each


def main() -> int:
    """Measure what was asked for and say how it stands against the limit."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=["sqlite", "postgresql", "both"], default="both")
    parser.add_argument("--rows", type=int, action="append", default=[], help="so many elements; may be repeated")
    given = parser.parse_args()
    engines = ["sqlite", "postgresql"] if given.database == "both" else [given.database]
    folder, kept = Path(tempfile.mkdtemp(prefix="jishi-bench-")), True
    try:
        # a child's peak memory begins with its parent's: each measurement has a parent that holds nothing yet
        with ProcessPoolExecutor(1, multiprocessing.get_context("spawn"), max_tasks_per_child=1) as parents:
            for engine in engines:
                cost: dict[int, float] = {}
                for rows in given.rows or [1_000_000]:
                    table = folder / f"made_up_{rows}.csv"
                    if not table.exists():
                        make_table(table, rows)
                    ratio, cost[rows] = parents.submit(measure, engine, table, folder / f"{engine}-{rows}").result()
                    kept &= ratio <= RATIO
                    shutil.rmtree(folder / f"{engine}-{rows}")
                if len(cost) > 1:
                    least, most = min(cost), max(cost)
                    growth = cost[most] / cost[least]
                    print(f"  an element at {most:,} costs {growth:.2f} times one at {least:,}", flush=True)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    return 0 if kept else 1


if __name__ == "__main__":
    sys.exit(main())
