"""Writes a batch of mapped rows: matters, their titles, the clocks of the open ones, parties, and the journal."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from jishi.base import bulk
from jishi.base.grams import grams_of
from jishi.exchange.mapping import MatterMap
from jishi.exchange.rows import Mapped
from jishi.journal import actions as journal
from jishi.journal.chain import instant
from jishi.matters import catalogue, events, loop, store
from jishi.matters.actions.parties import PartyInput, add_parties
from jishi.matters.actions.report import next_number
from jishi.matters.replay import place_text
from jishi.matters.terms import Rules
from jishi.privacy import salted_digest, salted_hash
from jishi.stations.models import Staff, Station
from jishi.stations.queries import zone_of

CHANNEL = "import"
_MATTER = (
    "id", "station_id", "number", "source", "external_id", "content_digest", "channel", "title", "place_name", "grams",
    "area_id", "lon", "lat", "cell", "datum", "state", "outcome", "version", "cycle", "category_id", "grade", "hazard",
    "needs_photo", "responsible_unit_id", "next_due", "clock_started", "unit_id", "returned", "reworked", "reopened",
    "occurred_at", "reported_at", "closed_at", "original_due", "original_unit", "flags",
)  # fmt: skip
_TEXT = ("matter_id", "version", "kind", "body", "salt", "digest")


class Writer:
    """Writes batches of one import, all as of the same moment."""

    def __init__(self, station: Station, map_: MatterMap, by: Staff | None, now: datetime) -> None:
        self._station = station
        self._source = map_.source
        self._datum = map_.coordinates.datum
        self._actor = by.pk if by else None
        self._now = now
        self._zone = ZoneInfo(zone_of(station))
        self._rules: Rules | None = None

    def write(self, rows: list[Mapped], head: journal.Position) -> int:
        """Write the rows, which are all new, and their events; returns how many have a party."""
        ids = bulk.reserve_ids("matters_matter", len(rows))
        numbers = self._numbers(rows)
        matters: list[tuple[Any, ...]] = []
        texts: list[tuple[Any, ...]] = []
        clocks: list[list[Any]] = []
        drafts: list[journal.Draft] = []
        people: list[tuple[int, Mapped]] = []
        for pk, number, row in zip(ids, numbers, rows, strict=True):
            event = self._event(row)
            matters.append(self._matter(pk, number, row, event))
            extra = {"number": number, **self._extra(row)}
            digests: dict[str, str] = {}
            for kind, body in (("title", row.title), ("description", row.text)):
                if body:
                    salt, digests[kind] = salted_hash(body)
                    texts.append((pk, 1, kind, body, salt, digests[kind]))
                    if kind == "title":
                        where = place_text(row.place, row.lon, row.lat, self._datum, row.unit_words)
                        extra["place"] = salted_digest(salt, where)
            extra["words"] = digests
            clocks += [store.clock_values(pk, self._station.pk, 1, clock) for clock in event.start]
            if row.party_name or row.party_contact:
                people.append((pk, row))
                extra["parties"] = 1
            payload = events.encode(event, extra)
            drafts.append(journal.Draft((events.SUBJECT, pk, 1), "matter.imported", self._actor, self._now, payload))
        bulk.insert("matters_matter", _MATTER, matters)
        bulk.insert("matters_text", _TEXT, texts)
        bulk.insert("matters_clock", store.NEW_CLOCK, clocks)
        for pk, row in people:
            add_parties(pk, [PartyInput(name=row.party_name, contact=row.party_contact)])
        journal.append(self._station.pk, drafts, self._now, head=head)
        return len(people)

    def _event(self, row: Mapped) -> loop.Event:
        if self._rules is None:
            self._rules = catalogue.rules_of(self._station.pk)
        state = "closed" if row.closed else "inherited"
        return loop.imported(
            state, row.outcome, row.category, row.grade, row.area, row.unit, self._now, self._rules, row.closed_at
        )

    def _numbers(self, rows: list[Mapped]) -> list[str]:
        """A number for each row from the numbering of the year it was reported in, in the order of the file."""
        years = [row.reported_at.astimezone(self._zone).year for row in rows]
        taken: dict[int, tuple[str, int, int]] = {}
        for year in dict.fromkeys(years):
            at = next(row.reported_at for row, its in zip(rows, years, strict=True) if its == year)
            stem, _, first = next_number(self._station, at, years.count(year)).rpartition("-")
            taken[year] = (stem, int(first), len(first))
        numbers = []
        for year in years:
            stem, number, width = taken[year]
            numbers.append(f"{stem}-{number:0{width}d}")
            taken[year] = (stem, number + 1, width)
        return numbers

    def _matter(self, pk: int, number: str, row: Mapped, event: loop.Event) -> tuple[Any, ...]:
        set_ = event.set
        started = event.start[0].started if event.start else None
        return (
            pk, self._station.pk, number, self._source, row.external_id, row.digest, CHANNEL, row.title, row.place,
            grams_of(number, row.title, row.place), row.area, row.lon, row.lat, row.cell, self._datum, set_["state"],
            set_.get("outcome", ""), 1, 1, row.category, row.grade, False, False, set_.get("responsible_unit"),
            set_.get("next_due"), started, set_.get("unit"), 0, 0, 0, row.occurred_at, row.reported_at, row.closed_at,
            row.due_at, row.unit_words, row.bits,
        )  # fmt: skip

    def _extra(self, row: Mapped) -> dict[str, Any]:
        """What the event says beside the loop's own values: where it came from and how it was marked."""
        extra: dict[str, Any] = {
            "source": self._source,
            "external_id": row.external_id,
            "content": row.digest,
            "reported_at": instant(row.reported_at),
        }
        if row.occurred_at != row.reported_at:
            extra["occurred_at"] = instant(row.occurred_at)
        if row.due_at is not None:
            extra["original_due"] = instant(row.due_at)
        if row.flags:
            extra["flags"] = row.bits
        return extra
