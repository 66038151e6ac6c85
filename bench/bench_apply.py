"""What a command costs: a matter's round of 8 commands through ``apply``, against raw SQL that writes the same rows.

    .venv/bin/python bench/bench_apply.py                       # SQLite, then PostgreSQL (started for this, durable)
    .venv/bin/python bench/bench_apply.py --database sqlite --rounds 200

The raw side is recorded from a round of ours: its INSERTs and UPDATEs, with the ids, numbers and keys of each new round
put in, run by ``sqlite3`` or ``psycopg`` alone in eight durable transactions.  It reads nothing, decides nothing and
hashes nothing.  Blocks of both take turns; the figure is CPU time of this process, the best block of each.
Exit status 1 when a limit is passed.
"""

from __future__ import annotations

import argparse
import os
import sqlite3
import sys
import time
import uuid
from collections import Counter
from collections.abc import Callable, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
from databases import ENGINES, on_each, told

RATIO, STATEMENTS = 8.0, 10
VERBS = ("report", "assess", "push", "accept", "log", "submit", "check", "answer")
GIVEN_BY = {"accept": "officer", "log": "officer", "submit": "officer", "check": "checker"}
FIELDS: dict[str, dict[str, Any]] = {
    "assess": {"category": "dispute.rent", "grade": 3},
    "log": {"text": "已到现场，正在协调"},
    "submit": {"outcome": "fixed", "text": "已处理完毕"},
    "check": {"result": "pass"},
    "answer": {"text": "已告知报告人"},
}
#: Where ids and places in the chain begin, so that no other number is taken for one of them when a round is replayed.
FIRST_MATTER, FIRST_SEQ = 1_000_000, 5_000_000
TABLES = ("matters_matter", "matters_clock", "matters_assignment", "matters_text", "journal_event")

Statement = tuple[str, Sequence[Any]]
Round = list[list[Statement]]


def our_round(house: Any, tell: Callable[[str], None] = lambda verb: None) -> int:
    """Eight commands by those who give them, each with a key and the version that they saw; returns the matter."""
    from jishi.matters import commands
    from jishi.matters.actions import Place, apply, report_matter

    key = uuid.uuid4().hex
    tell("report")
    place = Place("和平里3号楼", house.area.pk, 116.42, 39.95)
    done = report_matter(house.station, by=house.desk, title="楼道堆物", place=place, key=f"{key}report")
    for verb in VERBS[1:]:
        tell(verb)
        fields = {"unit": house.patrol.pk} if verb == "push" else FIELDS.get(verb, {})
        by = house.people[GIVEN_BY.get(verb, "desk")]
        done = apply(done.matter_id, commands.BY_VERB[verb](**fields), by=by, version=done.version, key=key + verb)
    return done.matter_id


def record(house: Any) -> tuple[Round, Counter[str]]:
    """The writes of one round, a list for each command, and how many statements each command took in all."""
    from django.db import connection

    writes: Round = []
    counts: Counter[str] = Counter()

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        counts[VERBS[len(writes) - 1]] += not sql.startswith("BEGIN")
        if sql.startswith(("INSERT", "UPDATE")):
            writes[-1].append((sql, tuple(params)))
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        our_round(house, lambda verb: writes.append([]))
    return writes, counts


class Raw:
    """The recorded writes, run again by the driver alone, each time for a new matter."""

    def __init__(self, writes: Round) -> None:
        from django.db import connection

        self._writes = writes
        self._vendor = connection.vendor
        settings = connection.settings_dict
        if self._vendor == "sqlite":
            self._connection: Any = sqlite3.connect(settings["NAME"], isolation_level=None, cached_statements=256)
            for pragma in ("journal_mode = WAL", "synchronous = FULL", "foreign_keys = ON"):
                self._connection.execute(f"PRAGMA {pragma}")
            self._writes = [[(sql.replace("%s", "?"), params) for sql, params in each] for each in writes]
        else:
            self._connection = psycopg.connect(os.environ["JISHI_DATABASE_URL"], autocommit=True)
        values = [value for each in writes for _, params in each for value in params]
        self._matter = next(value for value in values if _is_matter(value))
        self._seq = min(value for value in values if _is_seq(value))
        self._next = 0

    def take_up(self) -> None:
        """Go on where the chain stands now."""
        self._next = self._connection.execute("SELECT seq FROM journal_head").fetchone()[0] + 1

    def round(self) -> None:
        """One matter, eight durable transactions."""
        matter, key = 0, uuid.uuid4().hex
        number = f"RAW-{self._next}"
        for command in self._writes:
            self._connection.execute("BEGIN IMMEDIATE" if self._vendor == "sqlite" else "BEGIN")
            for sql, params in command:
                values = [self._of_this_round(value, matter, key) for value in params]
                if sql.startswith('INSERT INTO "matters_matter"'):
                    values = [number if isinstance(value, str) and value.startswith("XH-") else value
                              for value in values]  # fmt: skip
                    matter = self._connection.execute(sql, values).fetchone()[0]
                else:
                    self._connection.execute(sql, values)
            self._connection.execute("COMMIT")
        self._next += len(VERBS)

    def _of_this_round(self, value: Any, matter: int, key: str) -> Any:
        if _is_matter(value):
            return matter
        if _is_seq(value):
            return self._next + value - self._seq
        if isinstance(value, str) and value.endswith(VERBS) and ":" in value:
            return key + value[-12:]
        return value

    def close(self) -> None:
        """Let the database go."""
        self._connection.close()


def _is_matter(value: Any) -> bool:
    return isinstance(value, int) and FIRST_MATTER <= value < FIRST_SEQ


def _is_seq(value: Any) -> bool:
    return isinstance(value, int) and value >= FIRST_SEQ


def prepare() -> Any:
    """A station whose ids and chain begin high."""
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    from jishi.matters.tests import factory

    house = factory.a_station()
    our_round(house)
    with connection.cursor() as cursor:
        cursor.execute("UPDATE journal_head SET seq = %s", [FIRST_SEQ])
        if connection.vendor == "postgresql":
            cursor.execute(f"ALTER SEQUENCE matters_matter_id_seq RESTART WITH {FIRST_MATTER}")
        else:
            cursor.execute("UPDATE sqlite_sequence SET seq = %s WHERE name = 'matters_matter'", [FIRST_MATTER - 1])
    return house


def rows() -> dict[str, int]:
    """How many rows each table that a round writes to holds."""
    from django.db import connection

    with connection.cursor() as cursor:
        found = {}
        for table in TABLES:
            cursor.execute(f"SELECT count(*) FROM {table}")
            found[table] = cursor.fetchone()[0]
    return found


@contextmanager
def written() -> Any:
    """How many bytes of write-ahead log come into being in the block: the list that it gives holds the number after."""
    from django.db import connection

    def ask(sql: str, *params: Any) -> Any:
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            return cursor.fetchall() if cursor.description else None

    found: list[int] = []
    if connection.vendor == "postgresql":
        ask("CHECKPOINT")
        [[before]] = ask("SELECT pg_current_wal_lsn()")
        yield found
        [[after]] = ask("SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), %s)", before)
        found.append(int(after))
        return
    ask("PRAGMA wal_autocheckpoint = 0")
    ask("PRAGMA wal_checkpoint(TRUNCATE)")
    yield found
    found.append(Path(f"{connection.settings_dict['NAME']}-wal").stat().st_size)


def cpu_ms(rounds: int, work: Callable[[], object]) -> float:
    """CPU milliseconds of this process that one command takes."""
    before = time.process_time()
    for _ in range(rounds):
        work()
    return (time.process_time() - before) * 1000 / (rounds * len(VERBS))


def measure(rounds: int, blocks: int) -> bool:
    """All figures of one database."""
    import django

    django.setup()
    from django.db import connection

    house = prepare()
    our_round(house)
    writes, counts = record(house)
    raw = Raw(writes)
    before = rows()
    our_round(house)
    between = rows()
    raw.take_up()
    raw.round()
    ours_wrote = {table: between[table] - before[table] for table in TABLES}
    raw_wrote = {table: number - between[table] for table, number in rows().items()}
    if ours_wrote != raw_wrote:
        sys.exit(f"The raw side does not write the same rows: {ours_wrote}, {raw_wrote}")
    ours, bare = [], []
    for _ in range(blocks):
        ours.append(cpu_ms(rounds, lambda: our_round(house)))
        raw.take_up()
        bare.append(cpu_ms(rounds, raw.round))
    with written() as bytes_written:
        for _ in range(rounds):
            our_round(house)
    raw.close()
    print(f"{connection.vendor}: {blocks} blocks of {rounds} rounds of {len(VERBS)} commands")
    print(f"  statements: {', '.join(f'{verb} {counts[verb]}' for verb in VERBS)}")
    print(f"  rows of a round, the same on both sides: {sum(raw_wrote.values())}")
    told("a command through apply, CPU", min(ours), "ms")
    told("the same rows by raw SQL, CPU", min(bare), "ms")
    told("write-ahead log of a command", bytes_written[0] / (rounds * len(VERBS)) / 1024, "KiB")
    return all([
        told("apply against raw SQL", min(ours) / min(bare), "", RATIO),
        told("most statements of a command, BEGIN and COMMIT aside", max(counts.values()), "", STATEMENTS),
    ])  # fmt: skip


def main() -> int:
    """Measure on both databases, or on the one asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=[*ENGINES, "both"], default="both")
    parser.add_argument("--rounds", type=int, default=50)
    parser.add_argument("--blocks", type=int, default=5)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.inside:
        return 0 if measure(given.rounds, given.blocks) else 1
    engines = ENGINES if given.database == "both" else [given.database]
    return on_each(__file__, engines, ["--rounds", str(given.rounds), "--blocks", str(given.blocks)])


if __name__ == "__main__":
    sys.exit(main())
