"""Compares what the journal tells of a matter with the rows that stand for it: all of them, column by column."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from jishi import worktime
from jishi.base.grams import grams_of
from jishi.files.queries import open_file
from jishi.geo import cells
from jishi.journal.models import Event
from jishi.journal.problems import Problem
from jishi.matters import loop, store
from jishi.matters.events import SUBJECT
from jishi.matters.ladder import WITHOUT
from jishi.matters.models import Assignment, Escalation, Evidence, Extension, Matter, Rating, Suspension, Text
from jishi.matters.models import Clock as ClockRow
from jishi.matters.plans import told as plans
from jishi.matters.queries.parties import parties_of_each
from jishi.matters.replay import ClockTold, HopTold, PauseTold, RatingTold, StepTold, Told, place_text, replay
from jishi.matters.terms import Clock
from jishi.privacy import salted_digest
from jishi.stations.models import Station
from jishi.stations.queries import calendar_version, zone_of

_PLACE = ("place_name", "lon", "lat", "datum", "original_unit")
_ROW = (
    "number", "source", "external_id", "content_digest", "channel", "occurred_at", "reported_at", "original_due",
    "flags", "clock_started",
)  # fmt: skip
_BESIDE = ("title", "grams", "cell", *_PLACE)
_STEP = ("cycle", "clock", "due", "percent", "levels", "told", "fired_at")
_RATING = ("cycle", "version", "by", "mended", "result", "manner", "at")
_HOP = ("cycle", "unit", "offered_by", "rule", "offered_at", "accepted_at", "ended_at", "ended_by")


class Around:
    """The rows of a set of matters and all that hangs on them, read in one query a kind."""

    def __init__(self, ids: list[int]) -> None:
        self.zones = {station.pk: zone_of(station) for station in Station.objects.all()}
        self.rows: dict[int, dict[str, Any]] = {
            row["pk"]: row for row in Matter.objects.filter(pk__in=ids).values("pk", *store.COLUMNS, *_ROW, *_BESIDE)
        }
        self.clocks: dict[int, list[ClockTold]] = {}
        self.elsewhere: set[int] = set()
        for matter, station, cycle, stopped, *values in ClockRow.objects.filter(matter__in=ids).values_list(
            "matter", "station", "cycle", "stopped_at", *store.CLOCK
        ):
            self.clocks.setdefault(matter, []).append(ClockTold(cycle, Clock(*values), stopped))
            if station != self.rows[matter]["station_id"]:
                self.elsewhere.add(matter)
        self.escalations: dict[int, list[StepTold]] = {}
        for matter, cycle, clock, due, percent, levels, told, at in Escalation.objects.filter(
            matter__in=ids
        ).values_list("matter", *_STEP):
            step = StepTold(cycle, clock, due, percent, tuple(levels), tuple(told), at)
            self.escalations.setdefault(matter, []).append(step)
        hops = Assignment.objects.filter(matter__in=ids).values_list("matter", *_HOP)
        self.hops = _grouped(hops, HopTold)
        pauses = Suspension.objects.filter(matter__in=ids).values_list(
            "matter", "approver", "since", "until", "ended_at"
        )
        self.pauses = _grouped(pauses, PauseTold)
        extensions = Extension.objects.filter(matter__in=ids).values_list("matter", "approver", "minutes", "at")
        self.extensions = _grouped(extensions, _as_they_are)
        self.ratings = _grouped(Rating.objects.filter(matter__in=ids).values_list("matter", *_RATING), RatingTold)
        self.evidence: dict[int, list[Evidence]] = {}
        for piece in Evidence.objects.filter(matter__in=ids).select_related("attachment"):
            self.evidence.setdefault(piece.matter_id, []).append(piece)
        self.parties = parties_of_each(ids)
        self.plans = plans.rows_of(ids)
        self.texts: dict[int, dict[tuple[int, str], tuple[str, str, str, datetime | None]]] = {}
        for matter, version, kind, *values in Text.objects.filter(matter__in=ids).values_list(
            "matter", "version", "kind", "body", "salt", "digest", "purged_at"
        ):
            self.texts.setdefault(matter, {})[version, kind] = tuple(values)


def compare(matter_id: int, history: Sequence[Event], around: Around) -> Iterator[Problem]:
    """Whatever is not as the events of this matter say; ``around`` must hold its row."""
    row = around.rows[matter_id]
    number = row["number"]
    versions = [event.subject_version for event in history if event.subject_kind == SUBJECT]
    if versions != list(range(1, len(versions) + 1)):
        yield Problem("versions_broken", number, {"versions": versions[:20]})
        return
    told = replay(history)
    yield from _compare_row(number, told, row)
    yield from _compare_place(number, told, row, around.texts.get(matter_id, {}))
    yield from _compare_clocks(
        number, told, around.clocks.get(matter_id, []), around.zones.get(told.state.station, "UTC")
    )
    pairs: tuple[tuple[str, list[Any], list[Any]], ...] = (
        ("assignment_differs", told.hops, around.hops.get(matter_id, [])),
        ("suspension_differs", told.pauses, around.pauses.get(matter_id, [])),
        ("extension_differs", told.extensions, around.extensions.get(matter_id, [])),
        ("rating_differs", list(told.ratings.values()), around.ratings.get(matter_id, [])),
        ("escalation_differs", told.escalations, around.escalations.get(matter_id, [])),
    )
    for code, expected, found in pairs:
        if Counter(expected) != Counter(found):
            yield Problem(code, number)
    if matter_id in around.elsewhere:
        yield Problem("clock_differs", number, {"clock": "station"})
    if told.parties != around.parties[matter_id]:
        yield Problem("parties_differ", number)
    for code, facts in plans.differences(told.plans, around.plans.get(matter_id, plans.RunsTold())):
        yield Problem(code, number, facts)
    yield from _check_owner(number, told.state)
    yield from _check_texts(number, told, around.texts.get(matter_id, {}))
    yield from _check_evidence(number, matter_id, told, around.evidence.get(matter_id, []))


def _compare_row(number: str, told: Told, row: Mapping[str, Any]) -> Iterator[Problem]:
    expected = {name: getattr(told.state, name) for name in store.FIELDS} | told.row
    columns = dict(zip(store.FIELDS, store.COLUMNS, strict=True))
    for name, value in expected.items():
        found = row[columns.get(name, name)]
        if found != value:
            yield Problem("row_differs", number, {"field": name, "row": str(found), "journal": str(value)})


def _compare_place(
    number: str, told: Told, row: Mapping[str, Any], texts: Mapping[tuple[int, str], tuple[Any, ...]]
) -> Iterator[Problem]:
    """The title, the place and what follows from them; after a purge nothing can be said of them any more."""
    titles = [key for key in texts if key[1] == "title"]
    body, _, _, purged_at = texts[max(titles)] if titles else (row["title"], "", "", None)
    if purged_at is None and row["title"] != body:
        yield Problem("row_differs", number, {"field": "title", "row": row["title"], "journal": body})
    salt = texts.get((1, "title"), ("", ""))[1]
    if salt and salted_digest(salt, place_text(*(row[name] for name in _PLACE))) != told.place:
        yield Problem("place_differs", number)
    for name, value in (
        ("grams", grams_of(row["number"], row["title"], row["place_name"])),
        ("cell", None if None in (row["lon"], row["lat"]) else cells.cell_of(row["lon"], row["lat"])),
    ):
        if row[name] != value:
            yield Problem("row_differs", number, {"field": name, "row": str(row[name]), "journal": str(value)})


def _compare_clocks(number: str, told: Told, rows: Sequence[ClockTold], zone: str) -> Iterator[Problem]:
    ours, known = list(told.clocks), list(rows)
    if any(_is_old(each.clock) for each in ours):
        ours, known = [_without_timer(each) for each in ours], [_without_timer(each) for each in known]
    expected, found = Counter(ours), Counter(known)
    for kind in sorted({wrong.clock.kind for wrong in (expected - found) + (found - expected)}):
        yield Problem("clock_differs", number, {"clock": kind})
    for clock in told.state.clocks:
        if not clock.paused and _due(clock, zone) != clock.due:
            yield Problem("due_differs", number, {"clock": clock.kind})


def _is_old(clock: Clock) -> bool:
    """Whether the clock was wound before clocks had ladders; it got one when the database was brought up to date."""
    return not clock.ladder and clock.kind not in WITHOUT


def _without_timer(told: ClockTold) -> ClockTold:
    return replace(told, clock=replace(told.clock, ladder="", timer_at=None, timer_step=0))


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


def _check_texts(
    number: str, told: Told, texts: Mapping[tuple[int, str], tuple[str, str, str, datetime | None]]
) -> Iterator[Problem]:
    for key in sorted(told.words.keys() | texts.keys()):
        facts = {"text": f"{key[1]} v{key[0]}"}
        digest, text = told.words.get(key), texts.get(key)
        if text is None:
            yield Problem("text_missing", number, facts)
            continue
        if digest is None:
            yield Problem("text_unknown", number, facts)
            continue
        body, salt, kept, purged_at = text
        if kept != digest or (purged_at is None and salted_digest(salt, body) != digest):
            yield Problem("text_changed", number, facts)


def _check_evidence(number: str, matter_id: int, told: Told, pieces: Iterable[Evidence]) -> Iterator[Problem]:
    rows = list(pieces)
    if Counter((piece.version, piece.sha256) for piece in rows) != Counter(told.evidence):
        yield Problem("evidence_differs", number)
        return
    for piece in rows:
        kept = piece.attachment
        facts = {"file": f"v{piece.version}"}
        if (kept.sha256, kept.subject_kind, kept.subject_id) != (piece.sha256, SUBJECT, matter_id):
            yield Problem("evidence_differs", number)
        elif kept.purged_at is None:
            stream = open_file(kept)
            if stream is None:
                yield Problem("file_missing", number, facts)
                continue
            with stream:
                if sha256(stream.read()).hexdigest() != piece.sha256:
                    yield Problem("file_changed", number, facts)


def _grouped(rows: Iterable[tuple[Any, ...]], make: Any) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = {}
    for matter, *values in rows:
        found.setdefault(matter, []).append(make(*values))
    return found


def _as_they_are(*values: Any) -> tuple[Any, ...]:
    return values
