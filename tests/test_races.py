"""Real processes at once, and one killed in the middle: one wins, all or nothing, and the ledger stays whole."""

from __future__ import annotations

import json
import os
import signal
import sys
import time

from tests.support.installations import Installation

SETUP = """
import django; django.setup()
from jishi.matters.tests.factory import a_station, a_matter
house = a_station()
matter = a_matter(house, "assessed")
print(matter.pk, matter.version, house.desk.pk, house.patrol.pk)
"""

PUSH = """
import sys, time, django; django.setup()
from jishi.base.errors import Refused
from jishi.matters import commands
from jishi.matters.actions import apply
from jishi.stations.models import Staff
matter, version, desk, unit, start = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]), float(sys.argv[5])
by = Staff.objects.get(pk=desk)
time.sleep(max(0, start - time.time()))
try:
    print("done", apply(matter, commands.Push(unit=unit), by=by, version=version).version)
except Refused as refused:
    print(refused.status, refused.code, refused.facts)
"""  # noqa: E501

REPORTS = """
import sys, django; django.setup()
from jishi.matters.actions import report_matter
from jishi.stations.models import Staff, Station
by = Staff.objects.get(pk=int(sys.argv[1])); station = Station.objects.get()
for number in range(100_000):
    report_matter(station, by=by, title=f"t{number}", description="d")
    print(number, flush=True)
"""

COUNTS = """
import json, django; django.setup()
from jishi.matters.models import Matter, Text, Clock
from jishi.journal.models import Event
print(json.dumps([Matter.objects.count(), Event.objects.filter(kind="matter.reported").count(),
                  Text.objects.filter(kind="description").count(), Clock.objects.filter(kind="assess").count()]))
"""

STAMPS = """
import django; django.setup()
from jishi.matters.tests.factory import a_station
from jishi.window.tests.public import a_stamp
a_station("XH")
print(*(a_stamp() for _ in range(8)))
"""

SENDS = """
import sys, time, django; django.setup()
from django.conf import settings
from jishi.window.tests.public import receipt_in, send
settings.ALLOWED_HOSTS = ["*"]
start = float(sys.argv[1])
for turn, stamp in enumerate(sys.argv[2:]):
    time.sleep(max(0, start + turn / 5 - time.time()))
    print(*receipt_in(send(stamp=stamp).content.decode()))
"""


def test_two_processes_race_for_one_matter_and_one_wins(fresh_installation: Installation) -> None:
    matter, version, desk, unit = fresh_installation.python(SETUP).stdout.split()
    start = str(time.time() + 3)
    racers = [
        fresh_installation.start(sys.executable, "-c", PUSH, matter, version, desk, unit, start) for _ in range(2)
    ]
    answers = sorted(racer.communicate(timeout=60)[0].strip() for racer in racers)
    assert answers[0].startswith("409 stale"), answers
    assert f"'current': {int(version) + 1}" in answers[0]
    assert answers[1] == f"done {int(version) + 1}"
    assert json.loads(fresh_installation.jishi("verify", "--json").stdout)["ok"]


def test_a_command_killed_in_the_middle_leaves_all_or_nothing(fresh_installation: Installation) -> None:
    _, _, desk, _ = fresh_installation.python(SETUP).stdout.split()
    for more in (0.0, 0.011, 0.023):
        process = fresh_installation.start(sys.executable, "-c", REPORTS, desk)
        assert process.stdout is not None
        for _ in range(5):
            assert process.stdout.readline()
        time.sleep(more)
        os.kill(process.pid, signal.SIGKILL)
        process.communicate(timeout=30)
    matters, events, texts, clocks = json.loads(fresh_installation.python(COUNTS).stdout)
    assert matters == events == clocks
    assert matters >= 16
    assert texts == matters - 1
    assert json.loads(fresh_installation.jishi("verify", "--json").stdout)["ok"]


def test_verify_is_clean_while_others_work(fresh_installation: Installation) -> None:
    _, _, desk, _ = fresh_installation.python(SETUP).stdout.split()
    worker = fresh_installation.start(sys.executable, "-c", REPORTS, desk)
    assert worker.stdout is not None
    try:
        assert worker.stdout.readline().strip() == "0"
        for _ in range(2):
            report = json.loads(fresh_installation.jishi("verify", "--json", check=False).stdout)
            assert report["problems"] == []
            assert report["matters"] > 1
        assert worker.poll() is None
    finally:
        worker.kill()
        worker.communicate()


def test_a_report_that_is_sent_twice_at_once_is_one_with_one_receipt(fresh_installation: Installation) -> None:
    stamps = fresh_installation.python(STAMPS).stdout.split()
    start = str(time.time() + 3)
    racers = [fresh_installation.start(sys.executable, "-c", SENDS, start, *stamps) for _ in range(2)]
    one, other = (racer.communicate(timeout=60)[0].splitlines() for racer in racers)
    assert one == other
    assert len(set(one)) == len(stamps)
    matters, events, *_more = json.loads(fresh_installation.python(COUNTS).stdout)
    assert matters == events == len(stamps)
    assert json.loads(fresh_installation.jishi("verify", "--json").stdout)["ok"]
