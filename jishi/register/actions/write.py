"""The one way in which an element changes: lock, compare, derive, then row, history, sums and journal together."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.db import connection

from jishi.base.errors import Refused
from jishi.journal import actions as journal
from jishi.journal import queries as journal_queries
from jishi.privacy import refuse_personal
from jishi.register.actions.rollups import Deltas
from jishi.register.catalogue import sort_of
from jishi.register.derived import Ground, derived_columns, ground_of
from jishi.register.history import EMPTY, SUBJECT, columns_of, difference, seal_fields, values_of
from jishi.register.models import Change, Element, Numbering
from jishi.register.quality import DUPLICATE
from jishi.stations.models import Staff, Station


@dataclass(frozen=True, slots=True)
class Source:
    """Where something is known from: a list, an authority, a file, and its date.  Empty: seen by the one who writes."""

    name: str = ""
    date: date | None = None

    def __post_init__(self) -> None:
        """Raises ``Refused("personal")``: a list has a name, a person is no source."""
        refuse_personal(self.name, "source")


#: Seen by the one who writes.
SEEN = Source()


@dataclass(frozen=True, slots=True)
class Step:
    """One step of an element's history: what it is, who takes it, when it became true and when it is written."""

    kind: str
    by: Staff | None
    at: datetime
    now: datetime
    source: Source = SEEN
    key: str | None = None


def next_numbers(station: Station, count: int = 1) -> list[str]:
    """The next numbers of the station's register, such as ``XH-E-000123``."""
    table = Numbering._meta.db_table
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO {table} (station_id, last) VALUES (%s, %s) ON CONFLICT (station_id)"
            f" DO UPDATE SET last = {table}.last + excluded.last RETURNING last",
            [station.pk, count],
        )
        last = int(cursor.fetchone()[0])
    return [f"{station.code}-E-{number:06d}" for number in range(last - count + 1, last + 1)]


def lock_element(element: Element | int, version: int | None = None) -> Element:
    """The row, locked until the transaction ends.  Raises ``Refused("not_found" | "stale")``."""
    key = element if isinstance(element, int) else element.pk
    found = Element.objects.select_for_update(of=("self",)).select_related("station").filter(pk=key).first()
    if found is None:
        raise Refused("not_found")
    refuse_stale(found, version)
    return found


def refuse_stale(element: Element, version: int | None) -> None:
    """Raises ``Refused("stale")`` with both versions where the row is not the one that was seen."""
    if version is not None and element.version != version:
        raise Refused("stale", yours=version, current=element.version)


def write_new(station: Station, values: Mapping[str, Any], step: Step, ground: Ground | None = None) -> Element:
    """Write a new element with these tracked values.  Inside a transaction."""
    [number] = next_numbers(station)
    derived = derived_columns(
        ground or ground_of(station.pk), sort_of(values["category"]), number, values, None, step.now
    )
    values = {**values, "area": derived["area_id"]}
    element = Element.objects.create(
        station=station, number=number, created_at=step.at, changed_at=step.now, **{**columns_of(values), **derived}
    )
    deltas = Deltas()
    deltas.add(_row(element))
    deltas.write()
    _record(element, difference({**EMPTY, "attributes": {}}, values), step)
    return element


def write_step(element: Element, values: Mapping[str, Any], step: Step, verified_at: datetime | None = None) -> bool:
    """Write the tracked ``values`` onto a locked row; ``verified_at`` where the step verifies it.

    Returns False, and writes nothing, when nothing differs and nothing was verified.
    """
    before = values_of(element)
    after = {**before, **values}
    moved = (before["lon"], before["lat"]) != (after["lon"], after["lat"])
    if moved and "area" not in values:
        after["area"] = None
    ground = ground_of(element.station_id)
    seen = max(filter(None, (element.verified_at, verified_at)), default=None)
    kept = element.issues & DUPLICATE
    derived = derived_columns(ground, sort_of(after["category"]), element.number, after, seen, step.now, kept)
    after["area"] = derived["area_id"]
    changed = difference(before, after)
    if not changed and verified_at is None:
        return False
    deltas = Deltas()
    deltas.add(_row(element), -1)
    columns = {**columns_of(after), **derived, "verified_at": seen}
    for name, value in columns.items():
        setattr(element, name, value)
    element.version += 1
    element.changed_at = step.now if changed else element.changed_at
    element.save(update_fields=[*columns, "version", "changed_at"])
    deltas.add(_row(element))
    deltas.write()
    _record(element, changed, step)
    return True


def done_before(by: Staff | None, key: str | None) -> int | None:
    """The id of the element that the same person's same key wrote before, or None."""
    scoped = journal.scoped_key(by.pk if by else None, key)
    event = journal_queries.event_with_key(scoped) if scoped else None
    if event is None:
        return None
    if event.subject_kind != SUBJECT:
        raise Refused("key_reused")
    return event.subject_id


def done_to(element: Element, by: Staff | None, key: str | None) -> bool:
    """Whether this key was used on this element before.  Raises ``Refused("key_reused")`` where it was on another."""
    done = done_before(by, key)
    if done is not None and done != element.pk:
        raise Refused("key_reused")
    return done is not None


def _record(element: Element, fields: dict[str, list[Any]], step: Step) -> None:
    """Add the step to the element's history, and an event that seals it to the station's journal."""
    salt, digest = seal_fields(fields)
    Change.objects.create(
        element=element, version=element.version, kind=step.kind, fields=fields, at=step.at, recorded_at=step.now,
        by=step.by, source=step.source.name[:80], source_date=step.source.date, salt=salt, digest=digest,
    )  # fmt: skip
    actor = step.by.pk if step.by else None
    draft = journal.Draft(
        (SUBJECT, element.pk, element.version), f"element.{step.kind}", actor, step.at, {"fields": digest},
        journal.scoped_key(actor, step.key),
    )  # fmt: skip
    journal.append(element.station_id, [draft], step.now)


def _row(element: Element) -> dict[str, Any]:
    names = ("station_id", "status", "area_id", "category_id", "grade", "freshness", "quad")
    return {name: getattr(element, name) for name in names}
