"""200 reports a minute at the window, three in ten with a photo, beside 20 staff at work: what is lost, and how long it takes.

    .venv/bin/python bench/bench_window_load.py                 # ten minutes on the embedded default, and about three before
    .venv/bin/python bench/bench_window_load.py --minutes 2

``jishi serve`` as it comes, with its worker and the demo in its database, behind the headers of a proxy.  Each report is
a whole visit of the form from an address of its own: page and assets, the look beside the form, the work for the stamp
(or, without scripts, two steps and the time that they take), then the sending, which alone is timed; one in twenty comes
from one carrier's address and one in forty looks like a machine's.  The photo is one of 2 MB and 12 megapixels, as it
comes from a browser without scripts; ours makes it smaller before.  They come at random moments, whether or not those
before are done.  The staff read desk, lists and matters, and give the commands that they are offered.

The same visits, one after the other on the idle server, are timed before and after, for the machine has moods.
Exit status 1 when a report is lost, when the 99th percentile under load is more than ten times that of the same kind of
report alone, when an answer is the server's fault, or when `jishi verify` finds fault.
"""  # noqa: E501

from __future__ import annotations

import argparse
import itertools
import os
import random
import subprocess
import sys
import time
from collections import Counter
from concurrent.futures import Future, ProcessPoolExecutor, ThreadPoolExecutor
from pathlib import Path

from bench_stream import percentile
from bench_window_report import a_photo
from databases import HOUSE, Server, on_each, told
from public_side import Sent, Told, Worker, visit, worked

RATIO = 10.0
PHOTOS = 0.3
PASSWORD = "bench-2026-window-load"
#: Who is at work, by role.
STAFF = {"desk": 8, "officer": 9, "checker": 2, "chief": 1}
#: Seconds between two doings of one of them, in the mean.
PAUSE = 8.0
KINDS = {False: "no photo", True: "one photo"}


def prepare() -> None:
    """The demo's station, and twenty people of its own."""
    from django.contrib.auth.hashers import make_password
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    from jishi.demo.actions import make_demo
    from jishi.matters.tests.factory import WORKS_IN
    from jishi.stations.models import Staff, Station
    from jishi.stations.tests.people import Seat, seated

    make_demo(seed=7, size="small")
    station = Station.objects.get(code="XH")
    units = {unit.kind: unit for unit in station.units.all()}
    people = seated(
        Seat(f"{role}-{place}", f"同事{role}{place}", role, station, units[WORKS_IN[role]])
        for role, number in STAFF.items()
        for place in range(number)
    )
    Staff.objects.filter(pk__in=[each.pk for each in people]).update(password=make_password(PASSWORD))


class Public:
    """All who report, one after the other or as they come."""

    def __init__(self, port: int, told: Told, minder: ProcessPoolExecutor) -> None:
        self._port, self._told, self._minder = port, told, minder
        self._photo = a_photo()
        self._serial = itertools.count(1)
        self.sent: list[Sent] = []

    def alone(self, number: int) -> list[Sent]:
        """So many reports of each kind, each when the one before is done."""
        found = [self._one(bool(place % 2)) for place in range(number * 2)]
        self.sent += found
        return found

    def as_they_come(self, rate: float, seconds: float) -> list[Sent]:
        """``rate`` reports a minute at random moments for so long."""
        dice = random.Random(5)
        moments = sorted(dice.uniform(0, seconds) for _each in range(round(rate * seconds / 60)))
        begun, coming = time.monotonic(), list[Future[Sent]]()
        with ThreadPoolExecutor(256) as hands:
            for moment in moments:
                time.sleep(max(0, begun + moment - time.monotonic()))
                coming.append(hands.submit(self._one, dice.random() < PHOTOS))
        found = [each.result() for each in coming]
        self.sent += found
        return found

    def _one(self, photo: bool) -> Sent:
        return visit(self._port, next(self._serial), self._photo if photo else b"", self._told, self._work)

    def _work(self, stamp: str, bits: int) -> str:
        return self._minder.submit(worked, stamp, bits).result()


def lost(sent: list[Sent]) -> bool:
    """Look every receipt up: is its report in the loop or held, does it open, is its photo kept?"""
    from django.utils import timezone

    from jishi.base.errors import Refused
    from jishi.files.models import Attachment
    from jishi.window.queries.receipts import open_receipt

    gone = shut = bare = held = 0
    for each in sent:
        if not each.number:
            gone += 1
            print(f"  no receipt: {each.why}")
            continue
        try:
            opened = open_receipt(each.number, each.secret, now=timezone.now())
        except Refused:
            shut += 1
            continue
        waiting = opened.receipt.held if opened.matter is None else None
        held += waiting is not None
        subject = ("held", waiting.pk) if waiting else ("matter", opened.matter.pk)  # type: ignore[union-attr]
        kept = Attachment.objects.filter(subject_kind=subject[0], subject_id=subject[1], purged_at=None).count()
        bare += kept != each.photo
    told("reports sent, in all", len(sent), "")
    told("of them held", held, "")
    return all([
        told("without a receipt", gone, "", 0),
        told("with a receipt that leads to no report", shut, "", 0),
        told("with a photo that is not kept", bare, "", 0),
    ])  # fmt: skip


def measure(minutes: float, rate: float, number: int) -> bool:
    """Alone, under load, alone again; then look everything up."""
    import django

    django.setup()
    prepare()
    heard = Told()
    server = Server(worker=True)
    with ProcessPoolExecutor(1) as minder:
        public = Public(server.port, heard, minder)
        alone = public.alone(number)
        staff = [
            Worker(server.port, f"{role}-{place}", role, PASSWORD, heard, PAUSE)
            for role, many in STAFF.items()
            for place in range(many)
        ]
        for each in staff:
            each.start()
        loaded = public.as_they_come(rate, minutes * 60)
        for each in staff:
            each.ended.set()
        for each in staff:
            each.join()
        alone += public.alone(number)
    server.end()
    print(f"{len(loaded)} reports in {minutes:g} minutes beside {len(staff)} staff; alone {len(alone)}")
    given: Counter[str] = sum((each.given for each in staff), start=Counter())
    print(f"  given by the staff: {dict(given)}")
    times = [second * 1000 for each in staff for second in each.times]
    told("a page or a command of the staff, middle", percentile(times, 0.5), "ms")
    told("a page or a command of the staff, 99th percentile", percentile(times, 0.99), "ms")
    held = [compared(name, photo, alone, loaded) for photo, name in KINDS.items()]
    held += [told("answers that were the server's fault (5xx)", heard.failed, "", 0)]
    held += [told("requests without an answer", len(heard.broken), "", 0)]
    print("".join(f"  {each}\n" for each in heard.broken[:10]), end="")
    print(f"  statuses: {dict(sorted(heard.statuses.items()))}")
    held += [lost(public.sent)]
    jishi = Path(sys.executable).parent / "jishi"
    held += [told("jishi verify", subprocess.run([jishi, "verify"], cwd=HOUSE, check=False).returncode, "", 0)]
    return all(held)


def compared(name: str, photo: bool, alone: list[Sent], loaded: list[Sent]) -> bool:
    """The figures of one kind of report, alone and under load."""
    quiet, busy = ([each.seconds * 1000 for each in found if each.photo is photo] for found in (alone, loaded))
    for where, times in ((f"alone, of {len(quiet)}", quiet), (f"under load, of {len(busy)}", busy)):
        told(f"{name}, {where}: middle", percentile(times, 0.5), "ms")
        told(f"{name}, {where}: 99th percentile", percentile(times, 0.99), "ms")
    ratio = percentile(busy, 0.99) / percentile(quiet, 0.99)
    return told(f"{name}: 99th percentile under load by that alone", ratio, "", RATIO)


def main() -> int:
    """Measure on the embedded default."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--rate", type=float, default=200, help="reports a minute")
    parser.add_argument("--alone", type=int, default=60, help="reports of each kind before, and again after")
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    os.environ["JISHI_SECURE"] = "true"  # so that the proxy's word on an address is taken
    if given.inside:
        return 0 if measure(given.minutes, given.rate, given.alone) else 1
    arguments = ["--minutes", str(given.minutes), "--rate", str(given.rate), "--alone", str(given.alone)]
    return on_each(__file__, ["sqlite"], arguments)


if __name__ == "__main__":
    sys.exit(main())
