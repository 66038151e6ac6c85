"""The register's part of ``jishi verify``: every element built again from its history, and every sum counted anew.

Each change is sealed in its station's chain: by an event of its own, or, where it came in with many others, by the one
event of its batch, whose digest is the SHA-256 over the digests of all its changes, one a line, by element and version.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby
from typing import Any, TypeVar

from django.db.models import QuerySet

from jishi.geo import cells, quads
from jishi.journal.models import Event
from jishi.journal.problems import Problem
from jishi.register.actions.bulk import BATCH, batch_digest
from jishi.register.actions.rollups import LEVELS, Key, Sums
from jishi.register.history import SUBJECT, digest_of, replay, values_of
from jishi.register.models import Change, Element, Rollup
from jishi.stations.models import Station

IMPORTED = "register.imported"
_CHUNK = 1_000
Item = TypeVar("Item")


def problems() -> Iterator[Problem]:
    """Everything about the register that is not as its history and the journal say."""
    yield from _elements()
    yield from _batches()
    yield from _sums()


def _elements() -> Iterator[Problem]:
    after = 0
    while True:
        rows = list(Element.objects.filter(pk__gt=after).order_by("pk")[:_CHUNK])
        last = rows[-1].pk if len(rows) == _CHUNK else None
        yield from _chunk(rows, after, last)
        if last is None:
            return
        after = last


def _chunk(rows: list[Element], after: int, last: int | None) -> Iterator[Problem]:
    """Hold the elements after one id, up to another, against their changes and their events."""
    changes = _between(Change.objects.all(), "element_id", after, last).order_by("element_id", "version")
    events = _between(Event.objects.filter(subject_kind=SUBJECT), "subject_id", after, last)
    events = events.filter(kind__startswith="element.").order_by("subject_id", "subject_version", "id")
    held = {pk: list(found) for pk, found in groupby(changes.iterator(2_000), lambda row: row.element_id)}
    told = {pk: list(found) for pk, found in groupby(events.iterator(2_000), lambda row: row.subject_id)}
    for element in rows:
        yield from _element(element, held.get(element.pk, []), told.pop(element.pk, []))
    for pk, left in told.items():
        yield Problem("element_missing", str(pk), {"event": f"{left[0].station_id}/{left[0].seq}"})


def _between(rows: QuerySet[Any], name: str, after: int, last: int | None) -> QuerySet[Any]:
    rows = rows.filter(**{f"{name}__gt": after})
    return rows if last is None else rows.filter(**{f"{name}__lte": last})


def _element(element: Element, changes: list[Change], events: list[Event]) -> Iterator[Problem]:
    number = element.number
    versions = [change.version for change in changes]
    if versions != list(range(1, element.version + 1)):
        yield Problem("history_broken", number, {"versions": versions[:20], "version": element.version})
        return
    sealed = {event.subject_version: event for event in events}
    for change in changes:
        yield from _change(number, element.station_id, change, sealed.pop(change.version, None))
    for version in sealed:
        yield Problem("history_broken", number, {"versions": [version], "version": element.version})
    kept, stands = replay(change.fields for change in changes), values_of(element)
    for name, value in stands.items():
        if kept[name] != value:
            yield Problem("element_differs", number, {"field": name, "row": str(value), "journal": str(kept[name])})
    seen = max((change.at for change in changes if change.kind == "verified"), default=None)
    if seen != element.verified_at:
        yield Problem("verified_differs", number, {"row": _said(element.verified_at), "journal": _said(seen)})
    if element.lon is not None and element.lat is not None:
        place = quads.quad_of(element.lon, element.lat), cells.cell_of(element.lon, element.lat)
        if (element.quad, element.cell) != place:
            yield Problem("point_differs", number)


def _change(number: str, station_id: int, change: Change, event: Event | None) -> Iterator[Problem]:
    facts = {"version": change.version}
    if digest_of(change.salt, change.fields) != change.digest:
        yield Problem("change_edited", number, facts)
    elif event is None:
        if change.batch is None:
            yield Problem("change_unsealed", number, facts)
    elif (
        event.kind != f"element.{change.kind}"
        or event.station_id != station_id
        or json.loads(event.payload).get("fields") != change.digest
        or (event.actor_id, event.occurred_at) != (change.by_id, change.at)
    ):
        yield Problem("change_edited", number, facts)


def _batches() -> Iterator[Problem]:
    """Hold each batch against its one event."""
    events = {event.subject_id: event for event in Event.objects.filter(subject_kind=BATCH, kind=IMPORTED)}
    rows = Change.objects.filter(batch__isnull=False).order_by("batch", "element_id", "version")
    pairs = rows.values_list("batch", "digest", "element__station_id").iterator(5_000)
    for batch, group in groupby(pairs, lambda row: row[0]):
        event = events.pop(batch, None)
        if event is None:
            yield Problem("batch_unsealed", str(batch))
            continue
        count, stations = _Count(), set[int]()
        digest = batch_digest(count.each(_noting(stations, *row[1:]) for row in group))
        said = json.loads(event.payload)
        if (said.get("count"), said.get("digest")) != (count.n, digest) or stations != {event.station_id}:
            yield Problem("batch_differs", str(batch), {"count": count.n, "said": said.get("count")})
    for batch, event in events.items():
        if json.loads(event.payload).get("count"):
            yield Problem("batch_missing", str(batch), {"event": f"{event.station_id}/{event.seq}"})


class _Count:
    """Counts what goes by."""

    def __init__(self) -> None:
        self.n = 0

    def each(self, items: Iterable[Item]) -> Iterator[Item]:
        """The items, one counted after the other."""
        for item in items:
            self.n += 1
            yield item


def _noting(stations: set[int], digest: str, station_id: int) -> str:
    stations.add(station_id)
    return digest


def _sums() -> Iterator[Problem]:
    """Hold the sums of each station against its elements: a level at a time, square by square."""
    for station_id, code in Station.objects.order_by("pk").values_list("pk", "code"):
        for level in LEVELS:
            kept = _kept(station_id, level)
            counted = _counted(station_id, level)
            for square, (left, right) in _side_by_side(kept, counted):
                if left != right:
                    yield Problem("sum_differs", f"{code} {level}/{square}")


Square = dict[Key, Sums]


def _kept(station_id: int, level: int) -> Iterator[tuple[int, Square]]:
    names = ("quad", "area", "category_id", "grade", "freshness", "count", "x", "y")
    rows = Rollup.objects.filter(station=station_id, level=level).exclude(count=0, x=0, y=0).order_by("quad")
    for square, group in groupby(rows.values_list(*names).iterator(5_000), lambda row: row[0]):
        yield square, {(station_id, level, *row[:5]): row[5:] for row in group}


def _counted(station_id: int, level: int) -> Iterator[tuple[int, Square]]:
    rows = Element.objects.filter(station=station_id, status="active")
    if level:
        rows = rows.filter(quad__isnull=False)
    shift = 2 * (quads.LEVEL - level)
    # At level 0 there is one square, and elements without a point stand in it too.
    columns = ("quad", "area_id", "category_id", "grade", "freshness")
    found = rows.order_by("quad").values_list(*columns).iterator(5_000)
    for square, group in groupby(found, lambda row: row[0] >> shift if level else 0):
        sums: dict[Key, list[int]] = {}
        for quad, area, category, grade, freshness in group:
            key = (station_id, level, square, 0 if level else area or 0, category, grade, freshness)
            x, y = quads.tile_of(quad, quads.LEVEL) if quad is not None else (0, 0)
            row = sums.setdefault(key, [0, 0, 0])
            row[0], row[1], row[2] = row[0] + 1, row[1] + x, row[2] + y
        yield square, {key: (count, x, y) for key, (count, x, y) in sums.items()}


def _side_by_side(
    left: Iterator[tuple[int, Square]], right: Iterator[tuple[int, Square]]
) -> Iterator[tuple[int, tuple[Square, Square]]]:
    """Two runs of squares in order, joined; an empty one where a side has none."""
    one, other = next(left, None), next(right, None)
    while one is not None or other is not None:
        square = min(pair[0] for pair in (one, other) if pair is not None)
        mine = one[1] if one is not None and one[0] == square else {}
        theirs = other[1] if other is not None and other[0] == square else {}
        yield square, (mine, theirs)
        one = next(left, None) if one is not None and one[0] == square else one
        other = next(right, None) if other is not None and other[0] == square else other


def _said(at: datetime | None) -> str:
    return at.isoformat() if at else "-"


def counted_elements() -> int:
    """How many elements are looked at."""
    return Element.objects.count()
