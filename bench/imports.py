"""What the benchmarks of imports share: databases that can be copied and filled, and timed processes."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple, Protocol
from urllib.parse import urlsplit, urlunsplit

import psycopg
from psycopg.types.string import TextLoader

HOUSE = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(HOUSE))

from scripts import postgres  # noqa: E402  (found by the path above)

DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
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

    def __init__(self, folder: Path, tables: tuple[str, ...]) -> None:
        self._folder, self._tables = folder, tables
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
            for table in self._tables:
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

    def __init__(self, folder: Path, url: str, tables: tuple[str, ...]) -> None:
        self._folder, self._cluster, self._tables = folder, url, tables
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
            connection.adapters.register_loader("jsonb", TextLoader)  # as text, as it goes back in
            for table in self._tables:
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
def database(engine: str, folder: Path, tables: tuple[str, ...]) -> Iterator[Database]:
    """An empty database of one engine; ``tables`` are what an import writes, parents before children."""
    if engine == "sqlite":
        yield Sqlite(folder, tables)
        return
    programs = postgres.server_programs()
    if programs is None:
        sys.exit("PostgreSQL's server programs (initdb, postgres) are not installed.")
    postgres.SETTINGS |= DURABLE
    with postgres.cluster(programs) as url:
        yield Postgres(folder, url, tables)


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
