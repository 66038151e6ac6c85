"""Deliveries a second through one worker to a local webhook, against a bare loop of the same posts and the same writes.

    .venv/bin/python bench/bench_deliveries.py                   # SQLite, then PostgreSQL (started for this, durable)
    .venv/bin/python bench/bench_deliveries.py --database sqlite --number 500

One worker drains deliveries of as many matters: claim the jobs, claim the delivery, write the message, sign it, send
it, mark it, end the job.  The bare loop signs and sends bodies of the same shape over a kept connection by the same
library, and makes the same durable writes (jobs taken 25 at a time; for each a claim, a mark, an ended job, each a
statement alone) by ``sqlite3`` or ``psycopg``: it reads one list, looks nothing up, guards nothing, knows no language.
Blocks of both take turns, and each pair gives a share; the middle one counts, since the machine has moods.
Exit status 1 when ours reaches less than the share asked for.
"""

from __future__ import annotations

import argparse
import base64
import json
import os
import sqlite3
import sys
import threading
import time
import uuid
from datetime import UTC, datetime
from statistics import median
from typing import Any

import psycopg
import urllib3
from databases import ENGINES, on_each, told
from receiver import Started
from standardwebhooks import Webhook
from telling import prepare, tell_many, waiting

SHARE, BATCH = 0.6, 25
SECRET = "whsec_" + base64.b64encode(bytes(32)).decode()
BODY: dict[str, Any] = {
    "type": "matter.offered", "timestamp": "2026-03-04T02:00:00+00:00",
    "data": {"number": "", "category": "", "place": "", "grade": 0, "clock": {"due": None, "owed": ""},
             "link": "http://127.0.0.1:8000/", "station": "XH", "thread": "matter:1"},
}  # fmt: skip


def post_of(thread: str) -> tuple[bytes, dict[str, str]]:
    """A body of the same shape for one matter, with a key of its own and a signature that holds."""
    data = {**BODY["data"], "thread": thread}
    body = json.dumps({**BODY, "data": data}, ensure_ascii=False, separators=(",", ":"))
    key, now = str(uuid.uuid4()), datetime.now(UTC)
    signature = Webhook(SECRET).sign(key, now, body)
    return body.encode(), {
        "Content-Type": "application/json", "User-Agent": "Jishi", "webhook-id": key,
        "webhook-timestamp": str(int(now.timestamp())), "webhook-signature": signature,
    }  # fmt: skip


class Bare:
    """The loop that is hard to beat."""

    def __init__(self, url: str) -> None:
        from django.db import connection

        settings = connection.settings_dict
        self._sqlite = connection.vendor == "sqlite"
        if self._sqlite:
            self._connection: Any = sqlite3.connect(settings["NAME"], isolation_level=None, cached_statements=256)
            for pragma in ("journal_mode = WAL", "synchronous = FULL"):
                self._connection.execute(f"PRAGMA {pragma}")
        else:
            self._connection = psycopg.connect(os.environ["JISHI_DATABASE_URL"], autocommit=True)
        self._pool = urllib3.PoolManager(num_pools=4, maxsize=4, retries=False)
        self._url = url

    def run(self) -> float:
        """Send and write for every delivery that waits; the seconds that it took."""
        begun = time.perf_counter()
        rows = self._ask("SELECT id, thread FROM notify_delivery WHERE state = 'queued' ORDER BY id")
        for start in range(0, len(rows), BATCH):
            some = rows[start : start + BATCH]
            marks = ", ".join(["%s"] * len(some))
            keys = [f"drain:{thread}" for _pk, thread in some]
            self._write("UPDATE jobs_job SET state = 'leased', fence = fence + 1, attempts = attempts + 1,"
                        f" lease_until = due WHERE dedupe_key IN ({marks})", *keys)  # fmt: skip
            for (pk, thread), key in zip(some, keys, strict=True):
                self._write("UPDATE notify_delivery SET attempts = attempts + 1, due = due, error = ''"
                            " WHERE id = %s AND attempts = 0 AND state = 'queued'", pk)  # fmt: skip
                body, headers = post_of(thread)
                answer = self._pool.urlopen("POST", self._url, body=body, headers=headers, redirect=False)
                assert answer.status == 204
                self._write("UPDATE notify_delivery SET state = 'sent', sent_at = due WHERE id = %s"
                            " AND state = 'queued'", pk)  # fmt: skip
                self._write("DELETE FROM jobs_job WHERE dedupe_key = %s", key)
        return time.perf_counter() - begun

    def _write(self, sql: str, *values: Any) -> None:
        self._connection.execute(sql.replace("%s", "?") if self._sqlite else sql, values)

    def _ask(self, sql: str) -> list[Any]:
        found: list[Any] = self._connection.execute(sql).fetchall()
        return found

    def close(self) -> None:
        """Let the database go."""
        self._connection.close()


def drained() -> float:
    """One worker of the network's lane, until nothing waits; the seconds until the last delivery was marked."""
    from django.db.models import Max, Q
    from django.utils import timezone

    from jishi.jobs.registry import NET
    from jishi.jobs.worker import Worker
    from jishi.notify.models import Delivery

    stop, begun = threading.Event(), timezone.now()
    worker = threading.Thread(target=Worker(stop, NET, poll=0.05).run, daemon=True)
    worker.start()
    while waiting():
        time.sleep(0.05)
    stop.set()
    worker.join()
    last = Delivery.objects.aggregate(last=Max("sent_at", filter=~Q(channel="app")))["last"]
    return float((last - begun).total_seconds())


def measure(number: int, blocks: int) -> bool:
    """All figures of one database."""
    import django

    django.setup()
    from django.db import connection

    receiver = Started()
    house, _people = prepare(receiver.url)
    bare, ours, theirs, first = Bare(receiver.url), [], [], 1
    for _block in range(blocks):
        for side in (ours, theirs):
            tell_many(house, number, first)
            first += number
            before = receiver.counts()
            side.append(number / (drained() if side is ours else bare.run()))
            after = receiver.counts()
            if (after["calls"] - before["calls"], after["keys"] - before["keys"], waiting()) != (number, number, False):
                sys.exit(f"Not every delivery arrived once: {before}, {after}")
    bare.close()
    receiver.end()
    print(f"{connection.vendor}: {blocks} blocks of {number} deliveries, each of a matter of its own")
    told("through one worker, the best block", max(ours), "/s")
    told("the bare loop, the best block", max(theirs), "/s")
    share = median(mine / other for mine, other in zip(ours, theirs, strict=True))
    print(
        f"  {'share of the bare loop':<66} {share:9.2f}      "
        f"at least {SHARE:g}  {'ok' if share >= SHARE else 'TOO LITTLE'}"
    )
    return share >= SHARE


def main() -> int:
    """Measure on both databases, or on the one asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=[*ENGINES, "both"], default="both")
    parser.add_argument("--number", type=int, default=1_000)
    parser.add_argument("--blocks", type=int, default=7)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    os.environ["JISHI_WEBHOOK_PRIVATE"] = "127.0.0.0/8"
    if given.inside:
        return 0 if measure(given.number, given.blocks) else 1
    engines = ENGINES if given.database == "both" else [given.database]
    return on_each(__file__, engines, ["--number", str(given.number), "--blocks", str(given.blocks)])


if __name__ == "__main__":
    sys.exit(main())
