"""``jishi verify``: every chain walked again, every matter built again from its events and compared with its row."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from jishi import worktime
from jishi.base.errors import Refused
from jishi.journal import queries as journal
from jishi.journal.models import Event
from jishi.matters import loop, store
from jishi.matters.events import SUBJECT, rebuild
from jishi.matters.models import Assignment, Matter, Suspension, Text
from jishi.matters.models import Clock as ClockRow
from jishi.matters.terms import Clock
from jishi.privacy import salted_digest
from jishi.stations.models import Station
from jishi.stations.queries import calendar_version, zone_of

_CHUNK = 500


@dataclass(frozen=True, slots=True)
class Problem:
    """Something that is not as the journal says.  ``where`` is a station's place in the chain or a matter's number."""

    code: str
    where: str
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass
class Report:
    """What was looked at and what was wrong."""

    events: int = 0
    matters: int = 0
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
    for problem in _problems(report, kept or {}):
        report.problems.append(problem)
        if len(report.problems) >= most:
            break
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


def _matters(report: Report) -> Iterator[Problem]:
    seen = 0
    for rows in _chunks(_histories(), _CHUNK):
        ids = [matter_id for matter_id, _ in rows]
        found = {
            row[0]: row[1:] for row in Matter.objects.filter(pk__in=ids).values_list("pk", "number", *store.COLUMNS)
        }
        around = _Around(ids)
        for matter_id, history in rows:
            report.events += len(history)
            row = found.get(matter_id)
            if row is None:
                yield Problem("matter_missing", str(matter_id), {"event": f"{history[0].station_id}/{history[0].seq}"})
                continue
            seen += 1
            yield from _compare(matter_id, row[0], row[1:], history, around)
    report.matters = Matter.objects.count()
    if seen != report.matters:
        known = Event.objects.filter(subject_kind=SUBJECT).values("subject_id")
        for number in Matter.objects.exclude(pk__in=known).values_list("number", flat=True)[:_CHUNK]:
            yield Problem("matter_without_events", number)


def _histories() -> Iterator[tuple[int, list[Event]]]:
    events = Event.objects.filter(subject_kind=SUBJECT).order_by("subject_id", "subject_version", "id")
    for matter_id, group in groupby(events.iterator(chunk_size=2000), key=lambda event: event.subject_id):
        yield matter_id, list(group)


class _Around:
    """The rows that hang on a set of matters, read in one query a kind."""

    def __init__(self, ids: list[int]) -> None:
        self.zones = {station.pk: zone_of(station) for station in Station.objects.all()}
        self.clocks: dict[int, list[Clock]] = {}
        names = ("kind", "term", "mode", "started", "due", "policy", "calendar", "worked", "paused")
        for matter_id, *values in ClockRow.objects.filter(matter__in=ids, stopped_at=None).values_list(
            "matter", *names
        ):
            self.clocks.setdefault(matter_id, []).append(Clock(**dict(zip(names, values, strict=True))))
        self.offered = dict(Assignment.objects.filter(matter__in=ids, ended_at=None).values_list("matter", "unit"))
        self.suspended = dict(Suspension.objects.filter(matter__in=ids, ended_at=None).values_list("matter", "until"))
        self.texts: dict[tuple[int, int, str], tuple[str, str, str, datetime | None]] = {}
        for row in Text.objects.filter(matter__in=ids).values_list(
            "matter", "version", "kind", "body", "salt", "digest", "purged_at"
        ):
            self.texts[row[:3]] = row[3:]


def _compare(
    matter_id: int, number: str, row: tuple[Any, ...], history: list[Event], around: _Around
) -> Iterator[Problem]:
    versions = [event.subject_version for event in history]
    if versions != list(range(1, len(history) + 1)):
        yield Problem("versions_broken", number, {"versions": versions[:20]})
        return
    payloads = [(event.kind, json.loads(event.payload)) for event in history]
    state = rebuild(history[0].station_id, payloads)
    stored = store.state_of(row, ())
    for name in store.FIELDS:
        if getattr(state, name) != getattr(stored, name):
            facts = {"field": name, "row": str(getattr(stored, name)), "journal": str(getattr(state, name))}
            yield Problem("row_differs", number, facts)
    yield from _compare_clocks(number, state, around.clocks.get(matter_id, []), around.zones.get(state.station, "UTC"))
    offered = around.offered.get(matter_id)
    expected = state.unit if state.state in ("pushed", "handling", "suspended", "submitted") else None
    if offered != expected:
        yield Problem("assignment_differs", number, {"row": offered, "journal": expected})
    if around.suspended.get(matter_id) != state.suspended_until:
        yield Problem("suspension_differs", number)
    yield from _check_owner(number, state)
    for version, (_, payload) in enumerate(payloads, 1):
        for kind, digest in payload.get("facts", {}).get("words", {}).items():
            yield from _check_text(number, matter_id, version, kind, digest, around)


def _compare_clocks(number: str, state: loop.State, rows: Iterable[Clock], zone: str) -> Iterator[Problem]:
    running = {clock.kind: clock for clock in rows}
    for clock in state.clocks:
        if running.pop(clock.kind, None) != clock:
            yield Problem("clock_differs", number, {"clock": clock.kind})
        elif not clock.paused and _due(clock, zone) != clock.due:
            yield Problem("due_differs", number, {"clock": clock.kind})
    for kind in running:
        yield Problem("clock_differs", number, {"clock": kind})


def _due(clock: Clock, zone: str) -> datetime:
    left = clock.term - clock.worked
    if left <= 0:
        return clock.started
    return worktime.add(calendar_version(clock.calendar, zone), clock.started, left, clock.mode)


def _check_owner(number: str, state: loop.State) -> Iterator[Problem]:
    if state.state == "closed":
        return
    kind = loop.CLOCK_OF.get(state.state)
    clock = state.clock(kind) if kind else None
    due = state.suspended_until if state.state == "suspended" else clock.due if clock else None
    if state.next_due != due:
        yield Problem("deadline_differs", number, {"row": str(state.next_due), "clock": str(due)})
    if state.responsible_unit is None or (
        loop.OWNER[state.state] == "unit" and state.state != "inherited" and state.responsible_unit != state.unit
    ):
        yield Problem("owner_differs", number)


def _check_text(
    number: str, matter_id: int, version: int, kind: str, digest: str, around: _Around
) -> Iterator[Problem]:
    text = around.texts.get((matter_id, version, kind))
    facts = {"text": f"{kind} v{version}"}
    if text is None:
        yield Problem("text_missing", number, facts)
        return
    body, salt, kept, purged_at = text
    if kept != digest or (purged_at is None and salted_digest(salt, body) != digest):
        yield Problem("text_changed", number, facts)


def _chunks(items: Iterable[tuple[int, list[Event]]], size: int) -> Iterator[list[tuple[int, list[Event]]]]:
    batch: list[tuple[int, list[Event]]] = []
    for item in items:
        batch.append(item)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch
