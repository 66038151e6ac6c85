"""What is hashed and how: SHA-256 over the previous hash and a canonical JSON list of the event's fields."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

#: The hash before the first event of a chain.
GENESIS = "0" * 64

_encode = json.JSONEncoder(sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode


def canonical(payload: Mapping[str, Any]) -> str:
    """The one JSON text of ``payload``: keys sorted, no spaces, UTF-8."""
    return _encode(payload)


def instant(moment: datetime) -> str:
    """``moment`` as UTC with microseconds, the same on every database."""
    return moment.astimezone(UTC).replace(tzinfo=None).isoformat(timespec="microseconds") + "Z"


def event_hash(
    prev_hash: str,
    station_id: int,
    seq: int,
    subject: tuple[str, int, int],
    kind: str,
    actor_id: int | None,
    occurred_at: datetime,
    recorded_at: datetime,
    payload: str,
    key: str | None,
    digest: str | None,
) -> str:
    """The hash of one event, as 64 hexadecimal digits.  ``subject`` is kind, id and version."""
    fields = [
        prev_hash,
        station_id,
        seq,
        *subject,
        kind,
        actor_id,
        instant(occurred_at),
        instant(recorded_at),
        payload,
        key,
        digest,
    ]
    return sha256(_encode(fields).encode()).hexdigest()
