"""Writes what a list says of many elements: rows, history, verifications, sums, and one event that seals them all."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from django.db import transaction

from jishi.base import bulk
from jishi.journal import actions as journal
from jishi.journal.chain import canonical
from jishi.privacy import salted_hash
from jishi.register import catalogue
from jishi.register.actions.contacts import purge_contacts
from jishi.register.actions.rollups import Deltas
from jishi.register.actions.write import next_numbers
from jishi.register.derived import Ground, derived_columns, ground_of
from jishi.register.folding import UNCHANGED, Folded, Said, Setting, Stand, Step, fold, mark_of, nothing
from jishi.register.history import columns_of, values_of
from jishi.register.models import Change, Element, Verification
from jishi.register.quality import DUPLICATE
from jishi.register.roles import require
from jishi.stations.models import Staff, Station
from jishi.stations.queries import zone_of

BATCH = "register_batch"
_TRACKED = (
    "category_id", "name", "address", "area_id", "lon", "lat", "datum", "attributes", "grade", "reasons", "status",
    "merged_into_id", "source", "external_id",
)  # fmt: skip
_DERIVED = ("cell", "quad", "kind", "address_key", "grams", "issues", "due_at", "flips_at", "freshness")
_KEPT = ("content_digest", "verified_at", "version", "changed_at")
_NEW = ("id", "station_id", "number", "created_at", *_TRACKED, *_DERIVED, *_KEPT)
_CHANGE = (
    "id", "element_id", "version", "kind", "fields", "at", "recorded_at", "by_id", "source", "source_date", "salt",
    "digest", "batch",
)  # fmt: skip
_VERIFICATION = ("element_id", "at", "by_id", "result", "source")
_SUMMED = ("status", "area_id", "category_id", "grade", "freshness", "quad")


@dataclass(slots=True)
class Entry:
    """What a list says of one element: its number there, the rows in the order of their moments, and what a new one
    takes that the first row does not say."""

    external_id: str
    rows: list[Said]
    fallback: Mapping[str, Any]


@dataclass(slots=True)
class Outcome:
    """What became of each row of an entry; ``merged`` where the element was merged into another and is left alone."""

    rows: list[str]
    verified: int = 0
    merged: bool = False


class Lister:
    """Writes one list into a station's register, a batch of entries at a time, all as of the same moment."""

    def __init__(self, station: Station, source: str, *, by: Staff | None, now: datetime) -> None:
        require(by, station.pk, "import")
        self._station = station
        self._source = source
        self._by = by.pk if by else None
        self._now = now
        self._zone = ZoneInfo(zone_of(station))
        self._ground: Ground = _remembering(ground_of(station.pk))
        sorts = catalogue.sorts()
        self._sorts = sorts
        codes = {code: frozenset(sort.schema["properties"]) for code, sort in sorts.items()}
        self._setting = Setting(now, codes, self._ground.area_at)

    def look(self, entries: Sequence[Entry]) -> list[Outcome]:
        """What would become of the rows; nothing is written."""
        known = {element.external_id: element for element in self._elements(entries)}
        return [outcome for _, _, outcome in self._fold(entries, known)]

    @transaction.atomic
    def write(self, entries: Sequence[Entry]) -> list[Outcome]:
        """Write what the rows say, all of it or nothing."""
        next_numbers(self._station, 0)  # its row lock makes two lists of one station queue
        known = {element.external_id: element for element in self._elements(entries, lock=True)}
        folds = self._fold(entries, known)
        made = [folded for element, folded, _ in folds if element is None and folded is not None]
        ids = bulk.reserve_ids(Element._meta.db_table, len(made))
        numbers = next_numbers(self._station, len(made)) if made else []
        batch = _Batch(self)
        for pk, number, new in zip(ids, numbers, made, strict=True):
            batch.create(pk, number, new)
        for element, folded, _ in folds:
            if element is not None and folded is not None:
                batch.update(element, folded)
        batch.write()
        return [outcome for _, _, outcome in folds]

    def _elements(self, entries: Sequence[Entry], *, lock: bool = False) -> list[Element]:
        """The elements that are there, by their numbers in the list, locked in the order of their ids.

        Looked up first and read by id then: ordered by id in one step, PostgreSQL walks the whole station instead.
        """
        ids = [entry.external_id for entry in entries]
        listed = Element.objects.filter(
            station=self._station, source=self._source, external_id__isnull=False, external_id__in=ids
        )
        found = list(listed.order_by().values_list("pk", flat=True))
        rows = Element.objects.filter(pk__in=found).order_by("pk")
        return list(rows.select_for_update(of=("self",)) if lock else rows) if found else []

    def _fold(
        self, entries: Sequence[Entry], known: Mapping[str | None, Element]
    ) -> list[tuple[Element | None, Folded | None, Outcome]]:
        stands = self._stands(entries, known)
        done: list[tuple[Element | None, Folded | None, Outcome]] = []
        for entry in entries:
            element = known.get(entry.external_id)
            if element is not None and element.status == "merged":
                done.append((element, None, Outcome([UNCHANGED] * len(entry.rows), merged=True)))
                continue
            stand = stands.get(entry.external_id) or nothing(self._source, entry.external_id)
            folded = fold(stand, entry.rows, entry.fallback, self._setting)
            verified = sum(step.kind == "verified" for step in folded.steps)
            done.append((element, folded, Outcome(folded.outcomes, verified)))
        return done

    def _stands(self, entries: Sequence[Entry], known: Mapping[str | None, Element]) -> dict[str, Stand]:
        """How the elements stand that are there, with what this list said of them before."""
        if not known:
            return {}
        seen: dict[int, set[datetime]] = {}
        pks = [element.pk for element in known.values()]
        told = Verification.objects.filter(element__in=pks, source=self._source, part=None)
        for pk, at in told.values_list("element", "at"):
            seen.setdefault(pk, set()).add(at)
        new = [
            element.pk
            for entry in entries
            if (element := known.get(entry.external_id)) is not None
            and any(mark_of(said) != element.content_digest for said in entry.rows)
        ]
        said: dict[int, dict[str, Any]] = {}
        steps = Change.objects.filter(element__in=new, source=self._source).order_by("element", "version")
        for pk, fields in steps.values_list("element", "fields"):
            said.setdefault(pk, {}).update((name, after) for name, (_, after) in fields.items())
        return {
            str(element.external_id): Stand(
                values_of(element), element.version, element.verified_at, element.content_digest,
                said.get(element.pk, {}), seen.get(element.pk, set()),
            )
            for element in known.values()
        }  # fmt: skip


class _Batch:
    """The rows of one batch, collected and then written in the order in which the register takes its locks."""

    def __init__(self, lister: Lister) -> None:
        self._of = lister
        self._new: list[list[Any]] = []
        self._changed: list[list[Any]] = []
        self._marked: list[list[Any]] = []
        self._steps: list[tuple[int, Step]] = []
        self._closed: list[int] = []
        self._deltas = Deltas()

    def create(self, pk: int, number: str, folded: Folded) -> None:
        """Take in a new element."""
        of, stand = self._of, folded.stand
        columns = self._columns(number, folded, 0)
        self._deltas.add({"station_id": of._station.pk, **columns})
        self._steps += [(pk, step) for step in folded.steps]
        head = [pk, of._station.pk, number, folded.steps[0].at]
        values = [columns[name] for name in (*_TRACKED, *_DERIVED)]
        self._new.append([*head, *values, stand.mark, stand.verified_at, stand.version, of._now])

    def update(self, element: Element, folded: Folded) -> None:
        """Take in what is new of an element."""
        of, stand = self._of, folded.stand
        if not folded.steps:
            if stand.mark != element.content_digest:
                self._marked.append([stand.mark, element.pk])
            return
        columns = self._columns(element.number, folded, element.issues & DUPLICATE)
        before = {name: getattr(element, name) for name in _SUMMED}
        if any(before[name] != columns[name] for name in _SUMMED):
            self._deltas.add({"station_id": of._station.pk, **before}, -1)
            self._deltas.add({"station_id": of._station.pk, **columns})
        self._steps += [(element.pk, step) for step in folded.steps]
        if element.status == "active" and stand.values["status"] == "closed":
            self._closed.append(element.pk)
        values = [columns[name] for name in (*_TRACKED, *_DERIVED)]
        changed_at = of._now if any(step.fields for step in folded.steps) else element.changed_at
        self._changed.append([*values, stand.mark, stand.verified_at, stand.version, changed_at, element.pk])

    def write(self) -> None:
        """Write everything; the journal comes last, as in every other step of the register."""
        bulk.insert(Element._meta.db_table, _NEW, self._new)
        bulk.update(Element._meta.db_table, (*_TRACKED, *_DERIVED, *_KEPT), self._changed)
        bulk.update(Element._meta.db_table, ("content_digest",), self._marked)
        for pk in self._closed:
            purge_contacts(pk, self._of._now)
        self._deltas.write()
        if self._steps:
            self._record()

    def _columns(self, number: str, folded: Folded, kept_issues: int) -> dict[str, Any]:
        """The tracked and derived columns as the database takes them."""
        of, stand = self._of, folded.stand
        sort = of._sorts[stand.values["category"]]
        derived = derived_columns(of._ground, sort, number, stand.values, stand.verified_at, of._now, kept_issues)
        columns = {**columns_of(stand.values), **derived}
        columns["attributes"] = canonical(columns["attributes"])
        columns["reasons"] = json.dumps(columns["reasons"]) if columns["reasons"] else "[]"
        return columns

    def _record(self) -> None:
        """Write the history and the verifications, and one event that seals the batch."""
        of = self._of
        self._steps.sort(key=lambda pair: (pair[0], pair[1].version))
        ids = bulk.reserve_ids(Change._meta.db_table, len(self._steps))
        changes: list[list[Any]] = []
        verifications: list[list[Any]] = []
        digests: list[str] = []
        for pk, (element, step) in zip(ids, self._steps, strict=True):
            fields = canonical(step.fields)  # the very text that is sealed is what is kept
            salt, digest = salted_hash(fields)
            digests.append(digest)
            told = step.at.astimezone(of._zone).date().isoformat() if step.at != of._now else None
            changes.append(
                [pk, element, step.version, step.kind, fields, step.at, of._now, of._by, of._source,
                 told, salt, digest, ids[0]]
            )  # fmt: skip
            if step.verified:
                verifications.append([element, step.at, of._by, step.verified, of._source])
        bulk.insert(Change._meta.db_table, _CHANGE, changes)
        bulk.insert(Verification._meta.db_table, _VERIFICATION, verifications)
        payload = {"count": len(changes), "digest": batch_digest(digests), "source": of._source}
        draft = journal.Draft((BATCH, ids[0], 1), "register.imported", of._by, of._now, payload)
        journal.append(of._station.pk, [draft], of._now)


def _remembering(ground: Ground) -> Ground:
    """The ground, asked once for each point: a fold and the columns that follow from it ask for the same."""
    return replace(ground, area_at=lru_cache(maxsize=8_192)(ground.area_at))


def batch_digest(digests: Iterable[str]) -> str:
    """What the journal keeps of a batch: the hash over the digests of its changes, by element and version."""
    return sha256("\n".join(digests).encode()).hexdigest()
