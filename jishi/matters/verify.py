"""``jishi verify``: every chain walked again, every matter and every element built again and compared with its row."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from heapq import merge
from itertools import groupby, islice

from django.db import connection, transaction

from jishi.base.errors import Refused
from jishi.journal import queries as journal
from jishi.journal.models import Event
from jishi.journal.problems import Problem
from jishi.matters.compare import Around, compare
from jishi.matters.events import LADDER, SUBJECT
from jishi.matters.keeping import verify as keeping
from jishi.matters.models import Link, Matter
from jishi.matters.plans import verify as plans
from jishi.register import verify as register
from jishi.stations.models import Station

_CHUNK = 500


@dataclass
class Report:
    """What was looked at and what was wrong."""

    events: int = 0
    matters: int = 0
    elements: int = 0
    stations: int = 0
    problems: list[Problem] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether nothing was wrong."""
        return not self.problems


Kept = Mapping[str, tuple[int, str]]


def verify(kept: Kept | None = None, *, most: int = 100) -> Report:
    """Look at everything; stop after ``most`` problems.  ``kept`` maps station codes to heads written down earlier."""
    report = Report()
    with _one_moment():
        for problem in islice(_problems(report, kept or {}), most):
            report.problems.append(problem)
    return report


def read_heads(text: str) -> dict[str, tuple[int, str]]:
    """Read what ``jishi head`` wrote: one line a station, with its code, the last number and its hash.

    Raises ``Refused("bad_head_file")``.
    """
    heads: dict[str, tuple[int, str]] = {}
    for line in text.splitlines():
        if not line.strip():
            continue
        parts = line.split()
        if len(parts) != 3 or not parts[1].isdecimal() or len(parts[2]) != 64:
            raise Refused("bad_head_file", line=line[:80])
        heads[parts[0]] = (int(parts[1]), parts[2])
    if not heads:
        raise Refused("bad_head_file", line="")
    return heads


def write_heads() -> str:
    """One line a station: its code, the number of its last event and that event's hash."""
    codes = dict(Station.objects.values_list("pk", "code"))
    lines = [f"{codes.get(pk, pk)} {seq} {digest}" for pk, (seq, digest) in journal.heads().items() if seq]
    return "\n".join(sorted(lines)) + "\n" if lines else ""


def _problems(report: Report, kept: Kept) -> Iterator[Problem]:
    codes = dict(Station.objects.values_list("pk", "code"))
    by_code = {code: pk for pk, code in codes.items()}
    for code in kept:
        if code not in by_code:
            yield Problem("station_missing", code)
    for station_id in journal.station_ids():
        report.stations += 1
        code = codes.get(station_id, str(station_id))
        for flaw in journal.flaws(station_id, kept.get(code)):
            yield Problem(flaw.code, f"{code}/{flaw.seq}", {"kind": flaw.facts} if flaw.facts else {})
    for station_id, code in codes.items():
        if code in kept and station_id not in journal.heads():
            yield Problem("tail_cut", f"{code}/1")
    yield from _matters(report)
    yield from plans.problems()
    yield from keeping.problems()
    report.elements = register.counted_elements()
    yield from register.problems()


def _matters(report: Report) -> Iterator[Problem]:
    seen = 0
    for rows in _chunks(_histories(), _CHUNK):
        around = Around([matter_id for matter_id, _ in rows])
        for matter_id, history in rows:
            report.events += len(history)
            if matter_id not in around.rows:
                yield Problem("matter_missing", str(matter_id), {"event": f"{history[0].station_id}/{history[0].seq}"})
                continue
            seen += 1
            yield from compare(matter_id, history, around)
    report.matters = Matter.objects.count()
    if seen != report.matters:
        known = Event.objects.filter(subject_kind=SUBJECT).values("subject_id")
        for number in Matter.objects.exclude(pk__in=known).values_list("number", flat=True)[:_CHUNK]:
            yield Problem("matter_without_events", number)
    for number in Link.objects.values_list("from_matter__number", flat=True)[:_CHUNK]:
        yield Problem("link_differs", number)


def _histories() -> Iterator[tuple[int, list[Event]]]:
    of_kind = [
        Event.objects.filter(subject_kind=kind)
        .order_by("subject_id", "subject_version", "id")
        .iterator(chunk_size=2000)
        for kind in (SUBJECT, LADDER)
    ]
    events = merge(*of_kind, key=lambda event: (event.subject_id, event.subject_version, event.pk))
    for matter_id, group in groupby(events, key=lambda event: event.subject_id):
        yield matter_id, list(group)


@contextmanager
def _one_moment() -> Iterator[None]:
    """Read everything as of one moment, without a lock: others may work on while the ledger is being looked at."""
    if connection.in_atomic_block:
        yield
    elif connection.vendor == "postgresql":
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
            yield
    else:
        with connection.cursor() as cursor:
            cursor.execute("BEGIN DEFERRED")  # not through Django, whose transactions take the turn to write
            try:
                yield
            finally:
                cursor.execute("ROLLBACK")


def _chunks(items: Iterable[tuple[int, list[Event]]], size: int) -> Iterator[list[tuple[int, list[Event]]]]:
    batch: list[tuple[int, list[Event]]] = []
    for item in items:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
