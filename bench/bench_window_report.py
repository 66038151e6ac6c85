"""What reporting at the window costs: the whole HTTP request of the public form, against a bare script.

    .venv/bin/python bench/bench_window_report.py                       # SQLite, then PostgreSQL (started for this, durable)
    .venv/bin/python bench/bench_window_report.py --database sqlite --rounds 30

A client sends the form to a server process of its own and reads the page with the receipt: once without a photo, once with
one of 2 MB.  The bare side is recorded from a report of ours: its INSERTs and UPDATEs, with the ids, numbers and keys of
each new report put in, run by ``sqlite3`` or ``psycopg`` alone in one durable transaction; before it the photo is read,
written again by Pillow without EXIF together with a small picture, and both files are flushed to the disk.  It parses no
form, decides nothing, seals nothing, hashes nothing and shows no page.  Both take turns, request by request; the figures
are the medians of what somebody waits.  Exit status 1 when a limit is passed.
"""  # noqa: E501

from __future__ import annotations

import argparse
import http.client
import os
import re
import sqlite3
import statistics
import sys
import time
import uuid
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from secrets import token_hex
from typing import Any
from urllib.parse import urlencode

import psycopg
from databases import ENGINES, Server, on_each, told
from PIL import Image, ImageOps

LIMITS = {"one photo of 2 MB": 1.3, "no photo": 3.0}
#: Where the ids of each table begin, so that no other number is taken for one of them when a report is replayed.
FIRST, STEP = 10_000_000, 10_000_000
REPORT = "/window/XH/report/"
#: From one address so many reports are taken at their word.
PER_ADDRESS = 15
BOUNDARY = "jishi-bench"
_INSERT = re.compile(r'INSERT INTO "?(\w+)"?')


def a_photo() -> bytes:
    """A photo of about 2 MB, as a phone takes it, with EXIF."""
    exif = Image.Exif()
    exif[0x0110] = "Bench"
    for width in range(1200, 100, -50):
        noise = Image.effect_noise((width, width * 3 // 4), 40).resize((4000, 3000), Image.Resampling.BICUBIC)
        photo = Image.merge("RGB", (noise, noise.rotate(180), ImageOps.mirror(noise)))
        out = BytesIO()
        photo.save(out, "JPEG", quality=88, exif=exif)
        if out.tell() <= 2_050_000:
            return out.getvalue()
    raise ValueError("No photo of 2 MB came out.")


def form(stamp: str, photo: bytes) -> tuple[str, bytes]:
    """The body of one report and its kind, as the form's own script sends it."""
    fields = {
        "words": "东门外路灯三天不亮，晚上看不见路",
        "place": "和平里小区东门",
        "other": "public.light",
        "stamp": stamp,
    }
    if not photo:
        return "application/x-www-form-urlencoded", urlencode(fields).encode()
    parts = [
        f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="files"; filename="p.jpg"\r\n'
    parts.append(f"{head}Content-Type: image/jpeg\r\n\r\n".encode() + photo + b"\r\n")
    return f"multipart/form-data; boundary={BOUNDARY}", b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


def a_stamp() -> str:
    """A stamp that was given out a minute ago."""
    from datetime import timedelta

    from django.utils import timezone

    from jishi.window.challenge import new_stamp

    return new_stamp("report", timezone.now() - timedelta(minutes=1))


class Public:
    """Somebody at the form; a new address every few reports, as the loopback network has many."""

    def __init__(self, port: int, photo: bytes) -> None:
        self.port, self.photo, self.sent = port, photo, 0
        self._connection: Any = None

    def report(self) -> float:
        """Send one report and read its receipt; the seconds that took."""
        if self.sent % PER_ADDRESS == 0:
            if self._connection:
                self._connection.close()
            source = (f"127.{os.getpid() % 200 + 1}.{2 if self.photo else 1}.{self.sent // PER_ADDRESS + 1}", 0)
            self._connection = http.client.HTTPConnection("127.0.0.1", self.port, source_address=source)
            self._connection.connect()
        self.sent += 1
        kind, body = form(a_stamp(), self.photo)
        begun = time.perf_counter()
        self._connection.request("POST", REPORT, body, {"Content-Type": kind})
        answer = self._connection.getresponse()
        page = answer.read()
        took = time.perf_counter() - begun
        if answer.status != 201 or b"receipt-code" not in page:
            sys.exit(f"{answer.status}: {page[:2000].decode()}")
        return took


def recorded(photo: bytes) -> list[tuple[str, tuple[Any, ...]]]:
    """The writes of one report of ours, with the count of its address."""
    from django.db import connection
    from django.test import Client

    writes: list[tuple[str, tuple[Any, ...]]] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        if sql.startswith(("INSERT", "UPDATE")):
            writes.append((sql, tuple(params)))
        return execute(sql, params, many, context)

    kind, body = form(a_stamp(), photo)
    with connection.execute_wrapper(note):
        answer = Client(SERVER_NAME="127.0.0.1").post(REPORT, body, content_type=kind)
    if answer.status_code != 201:
        sys.exit(f"Recording: {answer.status_code}")
    return writes


class Bare:
    """The recorded writes, run again by the driver alone, and the photo written again by Pillow alone."""

    def __init__(self, writes: list[tuple[str, tuple[Any, ...]]], photo: bytes, folder: Path) -> None:
        from django.db import connection

        self._photo, self._folder, self._vendor = photo, folder, connection.vendor
        self._address = f"report:{token_hex(8)}"
        settings = connection.settings_dict
        if self._vendor == "sqlite":
            self._connection: Any = sqlite3.connect(settings["NAME"], isolation_level=None, cached_statements=256)
            for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON", "busy_timeout = 10000"):
                self._connection.execute(f"PRAGMA {pragma}")
        else:
            self._connection = psycopg.connect(os.environ["JISHI_DATABASE_URL"], autocommit=True)
        mark = "?" if self._vendor == "sqlite" else "%s"
        self._writes = [(sql.replace("%s", mark), params) for sql, params in writes]
        words = [value for _sql, params in writes for value in params if isinstance(value, str)]
        self._numbers = {value for value in words if value.startswith("XH-")}
        self._files = list(dict.fromkeys(value for value in words if re.fullmatch(r"[0-9a-f]{2}/[0-9a-f]{32}", value)))
        self._first: dict[int, int] = {}
        for _sql, params in writes:
            for value in params:
                if type(value) is int and value >= FIRST:
                    place = value // STEP
                    self._first[place] = min(value, self._first.get(place, value))

    def report(self) -> float:
        """One report; the seconds that took."""
        moved = self._moved()
        begun = time.perf_counter()
        fresh: dict[Any, str] = {number: f"RAW-{uuid.uuid4().hex[:12]}" for number in self._numbers}
        if self._photo:
            fresh |= zip(self._files, self._kept(), strict=True)
        self._connection.execute("BEGIN IMMEDIATE" if self._vendor == "sqlite" else "BEGIN")
        for sql, params in self._writes:
            found = self._connection.execute(sql, [self._of_this_one(value, moved, fresh) for value in params])
            if "RETURNING" in sql:
                found.fetchall()
        self._connection.execute("COMMIT")
        return time.perf_counter() - begun

    def _moved(self) -> dict[int, int]:
        """How far the ids of each table lie from those that were recorded."""
        found = {}
        for place, first in self._first.items():
            table, column = TABLES[place - 1]
            [top] = self._connection.execute(f"SELECT max({column}) FROM {table}").fetchone()
            found[place] = top + 1 - first
        return found

    def _of_this_one(self, value: Any, moved: dict[int, int], fresh: dict[Any, str]) -> Any:
        if type(value) is int and value >= FIRST:
            return value + moved[value // STEP]
        if isinstance(value, str):
            if value in fresh:
                return fresh[value]
            if re.fullmatch(r"window:[0-9a-f]{40}", value):
                return f"window:{token_hex(20)}"
            if re.fullmatch(r"report:[0-9a-f]{16}", value):
                return self._address
            if re.fullmatch(r"[0-9a-f]{32}", value):  # the key of a delivery; a salt may be another one too
                return token_hex(16)
        if isinstance(value, uuid.UUID):
            return uuid.uuid4()
        return value

    def _kept(self) -> list[str]:
        """The photo without EXIF and a small one, on the disk: their names."""
        with Image.open(BytesIO(self._photo)) as image:
            ImageOps.exif_transpose(image, in_place=True)
            bare = image.convert("RGB")
        bare.info = {}
        kept = self._written(bare)
        bare.thumbnail((480, 480))
        return [kept, self._written(bare)]

    def _written(self, image: Image.Image) -> str:
        name = f"{token_hex(1)}/{token_hex(16)}"
        path = self._folder / name
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        out = BytesIO()
        image.save(out, "JPEG", quality=85)
        with path.open("xb") as file:
            file.write(out.getvalue())
            file.flush()
            os.fsync(file.fileno())
        return name

    def close(self) -> None:
        """Let the database go."""
        self._connection.close()


#: The tables that a report writes to, each with the column that numbers its rows, in the order of their ranges of ids.
TABLES: list[tuple[str, str]] = []


def prepare() -> None:
    """A station, and a range of ids of its own for each table that a report writes to."""
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    from jishi.matters.tests import factory

    settings.ALLOWED_HOSTS = ["*"]
    factory.a_station("XH")
    names = {match[1] for sql, _params in recorded(a_photo()) if (match := _INSERT.match(sql))}
    with connection.cursor() as cursor:
        for name in sorted(names - {"matters_numbering"}):
            columns = {each.name for each in connection.introspection.get_table_description(cursor, name)}
            if "id" not in columns:
                continue
            TABLES.append((name, "id"))
            first = len(TABLES) * STEP
            if connection.vendor == "postgresql":
                cursor.execute(f"ALTER SEQUENCE {name}_id_seq RESTART WITH {first}")
            else:
                cursor.execute("UPDATE sqlite_sequence SET seq = %s WHERE name = %s", [first - 1, name])
        TABLES.append(("journal_head", "seq"))
        cursor.execute("UPDATE journal_head SET seq = %s", [len(TABLES) * STEP])


def rows() -> dict[str, int]:
    """How many rows each of the tables holds."""
    from django.db import connection

    with connection.cursor() as cursor:
        found = {}
        for table, _column in TABLES:
            cursor.execute(f"SELECT count(*) FROM {table}")
            found[table] = cursor.fetchone()[0]
    return found


def compared(server: Server, name: str, photo: bytes, rounds: int, blocks: int) -> bool:
    """The figures of reports with or without a photo."""
    from jishi.files.queries import root

    recorded(photo)
    writes = recorded(photo)
    bare, public = Bare(writes, photo, root()), Public(server.port, photo)
    before = rows()
    public.report()
    between = rows()
    bare.report()
    after = rows()
    ours_wrote = {table: between[table] - before[table] for table in before}
    bare_wrote = {table: after[table] - between[table] for table in before}
    if ours_wrote != bare_wrote:
        sys.exit(f"The bare side does not write the same rows: {ours_wrote}, {bare_wrote}")
    for _ in range(5):
        public.report()
        bare.report()
    ours, theirs, cpu = [], [], []
    for _ in range(blocks):
        times: dict[Callable[[], float], list[float]] = {public.report: [], bare.report: []}
        cpu_before = server.cpu()
        for _turn in range(rounds):
            for act, taken in times.items():
                taken.append(act())
        cpu.append((server.cpu() - cpu_before) * 1000 / rounds)
        ours.append(statistics.median(times[public.report]) * 1000)
        theirs.append(statistics.median(times[bare.report]) * 1000)
    bare.close()
    print(f" {name}: {blocks} blocks of {rounds} reports, {sum(bare_wrote.values())} rows each, the same on both sides")
    told("the whole request of the form", min(ours), "ms")
    told("of it CPU of the server", min(cpu), "ms")
    told("the same rows and files by a bare script", min(theirs), "ms")
    ratios = [one / other for one, other in zip(ours, theirs, strict=True)]
    return told("the form against the bare script, median of the blocks", statistics.median(ratios), "", LIMITS[name])


def measure(rounds: int, blocks: int) -> bool:
    """All figures of one database."""
    import django

    django.setup()
    from django.db import connection

    prepare()
    photo = a_photo()
    server = Server()
    try:
        print(f"{connection.vendor}; the photo has {len(photo) / 1e6:.2f} MB, 12 megapixels")
        held = [
            compared(server, "no photo", b"", rounds, blocks),
            compared(server, "one photo of 2 MB", photo, max(5, rounds // 3), blocks),
        ]
        return all(held)
    finally:
        server.end()


def main() -> int:
    """Measure on both databases, or on the one asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=[*ENGINES, "both"], default="both")
    parser.add_argument("--rounds", type=int, default=30)
    parser.add_argument("--blocks", type=int, default=5)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.inside:
        return 0 if measure(given.rounds, given.blocks) else 1
    engines = ENGINES if given.database == "both" else [given.database]
    return on_each(__file__, engines, ["--rounds", str(given.rounds), "--blocks", str(given.blocks)])


if __name__ == "__main__":
    sys.exit(main())
