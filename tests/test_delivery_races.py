"""Two workers at once, and one killed in the middle: nothing is lost, nothing is sent by both, order is kept."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections import defaultdict
from pathlib import Path

from tests.support.installations import Installation

THREADS, EACH = 12, 6

SETUP = """
import sys, django; django.setup()
from django.db import transaction
from django.utils import timezone
from jishi.notify import kinds
from jishi.notify.actions import tell
from jishi.notify.models import Endpoint
from jishi.stations.actions import create_bureau, create_station
station = create_station(bureau=create_bureau(code="PA", name="平安分局"), code="XH", name="新华派出所")
Endpoint.objects.create(bureau=station.bureau, station=station, kind="webhook", label="x")
for number in range(int(sys.argv[2])):
    kinds.register(kinds.Kind(f"test.n{number}", "m", "mine", lambda notices: {}))
    for subject in range(int(sys.argv[1])):
        with transaction.atomic():
            tell(f"test.n{number}", station=station.pk, subject=("matter", subject), to=[], now=timezone.now())
"""

WORK = """
import os, sys, threading, time, django; django.setup()
from datetime import timedelta
from jishi.jobs.worker import Worker
from jishi.notify import channels, draining, kinds
from jishi.notify.models import Delivery
draining.IN_FLIGHT = timedelta(seconds=2)
write = lambda notices: {notice.pk: kinds.Message("t", "/") for notice in notices}
kinds.register(*(kinds.Kind(f"test.n{number}", "m", "mine", write) for number in range(10)))
log = open(sys.argv[1], "a", buffering=1)
def send(delivery, parcel):
    log.write(f"begin {parcel.key} {parcel.thread} {delivery.pk}\\n")
    time.sleep(0.02)
    log.write(f"end {parcel.key} {parcel.thread} {delivery.pk}\\n")
    return "ok"
channels.send = send
stop = threading.Event()
def watch():
    while Delivery.objects.filter(state="queued").exists():
        time.sleep(0.1)
    stop.set()
threading.Thread(target=watch, daemon=True).start()
Worker(stop, "net", poll=0.1, lease=timedelta(seconds=2)).run()
print("ended")
"""


def workers(installation: Installation, log: Path, number: int) -> list[subprocess.Popen[str]]:
    """So many workers, all alive."""
    return [installation.start(sys.executable, "-c", WORK, str(log)) for _each in range(number)]


def sent(log: Path) -> list[list[str]]:
    """What the workers wrote down, in order: begin or end, the key, the thread, the delivery."""
    return [line.split() for line in log.read_text().splitlines()] if log.exists() else []


def ended(log: Path) -> dict[str, list[int]]:
    """The deliveries that arrived, by thread, each the first time it did."""
    found: dict[str, list[int]] = defaultdict(list)
    for what, _key, thread, delivery in sent(log):
        if what == "end" and int(delivery) not in found[thread]:
            found[thread].append(int(delivery))
    return found


def in_order(log: Path) -> bool:
    """Whether every delivery of every thread arrived, each thread in its order."""
    arrived = ended(log)
    return len(arrived) == THREADS and all(len(got) == EACH and got == sorted(got) for got in arrived.values())


def test_two_workers_send_each_once_and_in_order(fresh_installation: Installation, tmp_path: Path) -> None:
    log = tmp_path / "sent"
    fresh_installation.python(SETUP, str(THREADS), str(EACH))
    for worker in workers(fresh_installation, log, 2):
        assert "ended" in worker.communicate(timeout=100)[0]
    keys = [key for what, key, _thread, _delivery in sent(log) if what == "begin"]
    assert len(keys) == len(set(keys)) == THREADS * EACH
    assert in_order(log)


def test_a_worker_that_is_killed_loses_nothing(fresh_installation: Installation, tmp_path: Path) -> None:
    """What was on its way is sent again with its key, never while another sends it, and nothing overtakes it."""
    log = tmp_path / "sent"
    fresh_installation.python(SETUP, str(THREADS), str(EACH))
    killed, other = workers(fresh_installation, log, 2)
    for _attempt in range(600):
        if len(sent(log)) > 20:
            break
        time.sleep(0.05)
    os.kill(killed.pid, signal.SIGKILL)
    killed.communicate(timeout=30)
    assert "ended" in other.communicate(timeout=100)[0]
    assert in_order(log)
    begun = [key for what, key, _thread, _delivery in sent(log) if what == "begin"]
    assert THREADS * EACH <= len(begun) <= THREADS * EACH + 3
