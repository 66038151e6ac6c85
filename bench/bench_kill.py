"""Random ``kill -9`` of workers while deliveries go out: what is lost, and what a receiver would take for new.

    .venv/bin/python bench/bench_kill.py                     # 20,000 deliveries, 100 kills, each database (minutes)
    .venv/bin/python bench/bench_kill.py --database sqlite --number 2000 --kills 10

Some workers of the network's lane drain deliveries to a local webhook, five of each matter.  At random moments spread
over the whole run one of them is killed and another one started.  In the end every delivery must have arrived, every
key that the receiver saw must be one of ours, and the first calls of each matter must have come in order; what came
twice came with the same key.  Leases and claims last as long as in earnest, so the end of a run waits for them.
Exit status 1 when one is lost, or comes as new, or overtakes another.
"""

from __future__ import annotations

import argparse
import os
import random
import signal
import subprocess
import sys
import time

from databases import ENGINES, on_each, told
from receiver import Started, digest_of
from telling import prepare, tell_many, waiting

EACH = 5
#: Forks a worker for each line that it reads: a process of its own, without a second to load.
NURSERY = """
import os, sys, threading, django; django.setup()
from jishi.jobs.registry import NET
from jishi.jobs.worker import Worker
for line in sys.stdin:
    child = os.fork()
    if child == 0:
        Worker(threading.Event(), NET, poll=0.05).run()
    print(child, flush=True)
"""


class Workers:
    """Workers that are killed and followed by others."""

    def __init__(self, number: int) -> None:
        self._nursery = subprocess.Popen(
            [sys.executable, "-c", NURSERY], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        self._alive = [self._begun() for _each in range(number)]

    def kill_one(self) -> None:
        """End one at once, whatever it is doing, and begin another."""
        place = random.randrange(len(self._alive))
        os.kill(self._alive[place], signal.SIGKILL)
        self._alive[place] = self._begun()

    def end(self) -> None:
        """End all of them."""
        for pid in self._alive:
            os.kill(pid, signal.SIGKILL)
        assert self._nursery.stdin is not None
        self._nursery.stdin.close()
        self._nursery.wait(timeout=10)

    def _begun(self) -> int:
        assert self._nursery.stdin is not None
        assert self._nursery.stdout is not None
        self._nursery.stdin.write("begin\n")
        self._nursery.stdin.flush()
        return int(self._nursery.stdout.readline())


def run(receiver: Started, workers: Workers, number: int, kills: int) -> int:
    """Kill while the deliveries go out, at random moments spread over the run; how many were killed."""
    moments = sorted(random.uniform(0, number * 0.98) for _each in range(kills))
    killed = 0
    while waiting():
        arrived = receiver.counts()["keys"]
        while killed < kills and arrived >= moments[killed]:
            time.sleep(random.uniform(0, 0.05))
            workers.kill_one()
            killed += 1
        time.sleep(0.02)
    return killed


def measure(number: int, kills: int, hands: int) -> bool:
    """One run on one database."""
    import django

    django.setup()
    from django.db import connection

    from jishi.notify.models import Delivery

    receiver = Started()
    house, _people = prepare(receiver.url)
    tell_many(house, number, each=EACH)
    ours = digest_of(str(key) for key in Delivery.objects.values_list("key", flat=True))
    workers = Workers(hands)
    begun = time.perf_counter()
    killed = run(receiver, workers, number, kills)
    seconds = time.perf_counter() - begun
    workers.end()
    found = receiver.counts(whole=True)
    receiver.end()
    print(f"{connection.vendor}: {number} deliveries, {killed} of {hands} workers killed, {seconds:.0f} s")
    told("came twice, with the same key", found["calls"] - found["keys"], "")
    return all([
        killed == kills,
        told("lost", number - found["keys"], "", 0),
        told("came as new", 0 if found["digest"] == ours else 1, "", 0),
        told("overtook an earlier one of the same matter", found["disordered"], "", 0),
    ])  # fmt: skip


def main() -> int:
    """Run on both databases, or on the one asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=[*ENGINES, "both"], default="both")
    parser.add_argument("--number", type=int, default=20_000)
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--workers", type=int, default=3)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    os.environ["JISHI_WEBHOOK_PRIVATE"] = "127.0.0.0/8"
    if given.inside:
        return 0 if measure(given.number, given.kills, given.workers) else 1
    engines = ENGINES if given.database == "both" else [given.database]
    arguments = ["--number", str(given.number), "--kills", str(given.kills), "--workers", str(given.workers)]
    return on_each(__file__, engines, arguments)


if __name__ == "__main__":
    sys.exit(main())
