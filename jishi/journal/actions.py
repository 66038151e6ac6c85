"""Writing the journal.  Always inside the transaction of the change that it records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

from django.db import connection

from jishi.base.moments import stored
from jishi.base.sql import run
from jishi.journal.chain import GENESIS, canonical, event_hash


@dataclass(frozen=True, slots=True)
class Draft:
    """An event that is about to be written.  ``subject`` is kind, id and the version that the event leads to."""

    subject: tuple[str, int, int]
    kind: str
    actor_id: int | None
    occurred_at: datetime
    payload: Mapping[str, Any]
    key: str | None = None
    digest: str | None = None


@dataclass(frozen=True, slots=True)
class Position:
    """A place in a station's chain."""

    station_id: int
    seq: int
    hash: str


def scoped_key(actor: int | str | None, key: str | None) -> str | None:
    """A client's key, made its own: two people may use the same one.  Hashed, as the journal keeps no words."""
    if not key:
        return None
    return f"{'system' if actor is None else actor}:{sha256(key.encode()).hexdigest()[:40]}"


_COLUMNS = (
    "station_id, seq, subject_kind, subject_id, subject_version, kind, actor_id, occurred_at, recorded_at, payload,"
    " idempotency_key, command_digest, prev_hash, hash"
)
_ROW = "(" + ", ".join(["%s"] * 14) + ")"
_ROWS_AT_ONCE = 500
#: From here on COPY is quicker on PostgreSQL than a statement with a mark for every value.
_MANY = 50


def lock_head(station_id: int) -> Position:
    """Take the station's turn to append, until the transaction ends, and say where its chain stands."""
    lock = " FOR UPDATE" if connection.vendor == "postgresql" else ""
    select = f"SELECT seq, hash FROM journal_head WHERE station_id = %s{lock}"
    rows = run(select, [station_id])
    if not rows:
        run(
            "INSERT INTO journal_head (station_id, seq, hash) VALUES (%s, 0, %s) ON CONFLICT DO NOTHING",
            [station_id, GENESIS],
        )
        rows = run(select, [station_id])
    return Position(station_id, *rows[0])


def append(
    station_id: int, drafts: Sequence[Draft], recorded_at: datetime, *, head: Position | None = None
) -> Position:
    """Append ``drafts`` to the station's chain, in order, and return where the chain stands now.

    Three statements for up to 500 events: lock the head (left out when ``head`` was locked before), insert, move the
    head.  The caller must be inside a transaction.
    """
    head = head or lock_head(station_id)
    seq, prev = head.seq, head.hash
    recorded = stored(recorded_at)
    values: list[Any] = []
    for draft in drafts:
        seq += 1
        payload = canonical(draft.payload)
        now = event_hash(
            prev, station_id, seq, draft.subject, draft.kind, draft.actor_id, draft.occurred_at, recorded_at,
            payload, draft.key, draft.digest,
        )  # fmt: skip
        values += [
            station_id, seq, *draft.subject, draft.kind, draft.actor_id, stored(draft.occurred_at), recorded,
            payload, draft.key, draft.digest, prev, now,
        ]  # fmt: skip
        prev = now
        if len(values) >= 14 * _ROWS_AT_ONCE:
            _insert(values)
            values = []
    if values:
        _insert(values)
    run("UPDATE journal_head SET seq = %s, hash = %s WHERE station_id = %s", [seq, prev, station_id])
    return Position(station_id, seq, prev)


def _insert(values: list[Any]) -> None:
    if connection.vendor == "postgresql" and len(values) >= 14 * _MANY:
        with connection.cursor() as cursor, cursor.copy(f"COPY journal_event ({_COLUMNS}) FROM STDIN") as copy:
            for start in range(0, len(values), 14):
                copy.write_row(values[start : start + 14])
        return
    rows = ", ".join([_ROW] * (len(values) // 14))
    run(f"INSERT INTO journal_event ({_COLUMNS}) VALUES {rows}", values)
