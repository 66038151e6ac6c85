"""Writes a past that is known whole: elements as they stand at its end, then their steps, batch by batch.

What a demo, a benchmark or a former system knows has all its moments and people already.  It takes the ways of a list
that comes in: rows, history, verifications and sums in bulk, and one event that seals each batch.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction

from jishi.base import bulk
from jishi.journal import actions as journal
from jishi.register.actions.bulk import BATCH, batch_digest
from jishi.register.actions.rollups import Deltas
from jishi.register.actions.write import next_numbers
from jishi.register.catalogue import sort_of
from jishi.register.derived import derived_columns, ground_of
from jishi.register.history import columns_of, seal_fields
from jishi.register.models import Change, Element, Verification
from jishi.stations.models import Station

_CHANGE = (
    "id", "element_id", "version", "kind", "fields", "at", "recorded_at", "by_id", "source", "source_date", "salt",
    "digest", "batch",
)  # fmt: skip
_VERIFICATION = ("element_id", "at", "by_id", "result", "source", "lon", "lat", "accuracy")


@dataclass(slots=True)
class PastStep:
    """One step of an element's past; ``result`` is what a verification found, ``lon`` and ``lat`` where from."""

    kind: str
    at: datetime
    fields: dict[str, list[Any]]
    by: int | None = None
    source: str = ""
    source_date: date | None = None
    result: str = ""
    lon: float | None = None
    lat: float | None = None
    accuracy: int | None = None


@dataclass(slots=True)
class Past:
    """An element: its tracked values and attributes as they stand at the end, and the steps that led there."""

    values: dict[str, Any]
    steps: list[PastStep] = field(default_factory=list)
    id: int = 0
    number: str = ""

    @property
    def verified_at(self) -> datetime | None:
        """When it was last verified."""
        return max((step.at for step in self.steps if step.kind == "verified"), default=None)


@transaction.atomic
def write_elements(station: Station, pasts: Sequence[Past], now: datetime) -> None:
    """Write the rows and the sums as of ``now``; each past is given its id and its number.

    The history is owed: every step is to be given to :func:`write_steps` next.
    """
    ground, deltas = ground_of(station.pk), Deltas()
    ids = bulk.reserve_ids(Element._meta.db_table, len(pasts))
    rows, names = [], list[str]()
    for pk, number, past in zip(ids, next_numbers(station, len(pasts)), pasts, strict=True):
        past.id, past.number = pk, number
        seen, sort = past.verified_at, sort_of(past.values["category"])
        columns = {**columns_of(past.values), **derived_columns(ground, sort, number, past.values, seen, now)}
        deltas.add({"station_id": station.pk, **columns})
        columns |= {
            "id": pk, "station_id": station.pk, "number": number, "version": len(past.steps), "verified_at": seen,
            "content_digest": "", "created_at": past.steps[0].at,
            "changed_at": max(step.at for step in past.steps if step.fields),
            "attributes": json.dumps(columns["attributes"]), "reasons": json.dumps(columns["reasons"]),
        }  # fmt: skip
        names = names or list(columns)
        rows.append([columns[name] for name in names])
    bulk.insert(Element._meta.db_table, names, rows)
    deltas.write()


@transaction.atomic
def write_steps(station: Station, steps: Iterable[tuple[Past, int]], now: datetime) -> int:
    """Write these versions of pasts that stand already, and seal them with one event; returns how many."""
    chosen = sorted(steps, key=lambda pair: (pair[0].id, pair[1]))
    if not chosen:
        return 0
    ids = bulk.reserve_ids(Change._meta.db_table, len(chosen))
    changes: list[list[Any]] = []
    verifications: list[list[Any]] = []
    digests: list[str] = []
    for pk, (past, version) in zip(ids, chosen, strict=True):
        step = past.steps[version - 1]
        salt, digest = seal_fields(step.fields)
        digests.append(digest)
        changes.append(
            [pk, past.id, version, step.kind, json.dumps(step.fields), step.at, step.at, step.by, step.source,
             step.source_date, salt, digest, ids[0]]
        )  # fmt: skip
        if step.kind == "verified":
            verifications.append(
                [past.id, step.at, step.by, step.result, step.source, step.lon, step.lat, step.accuracy]
            )
    bulk.insert(Change._meta.db_table, _CHANGE, changes)
    bulk.insert(Verification._meta.db_table, _VERIFICATION, verifications)
    payload = {"count": len(changes), "digest": batch_digest(digests)}
    draft = journal.Draft((BATCH, ids[0], 1), "register.imported", None, now, payload)
    journal.append(station.pk, [draft], now)
    return len(changes)
