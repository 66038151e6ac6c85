"""When the time of a matter's content is over.

It runs from the day on which the matter and all that it was merged with are finally closed: whoever reported a
duplicate is answered from its root, so nothing of either goes before both are closed.  A hold on one of them keeps all.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q

from jishi.journal.models import Event
from jishi.matters import catalogue
from jishi.matters.events import SUBJECT
from jishi.matters.models import Hold, Matter

_CHUNK = 500
_FIELDS = (
    "pk", "station_id", "state", "root_id", "category_id", "channel", "closed_at", "erase_asked_at", "purged_at",
    "held",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Kept:
    """How long one matter's content is kept.

    ``until`` is None while it or one of its duplicates is open.  ``held``: a hold on one of them keeps it.
    """

    station: int
    until: datetime | None
    held: bool
    purged: bool = False

    def over(self, now: datetime) -> bool:
        """Whether its time is over and it is still there."""
        return not self.purged and not self.held and self.until is not None and self.until <= now


@dataclass(frozen=True, slots=True)
class _Row:
    pk: int
    station: int
    state: str
    root: int | None
    category: str | None
    channel: str
    closed_at: datetime | None
    erase_asked_at: datetime | None
    purged_at: datetime | None
    held: bool


def find_over(now: datetime) -> list[tuple[int, int]]:
    """The matters whose time is over, each with its station."""
    return [(pk, each.station) for pk, each in _closed_long(now) if each.over(now)]


def find_held(now: datetime) -> list[tuple[int, int]]:
    """The matters whose time would be over, but which a hold keeps, each with its station."""
    return [(pk, each.station) for pk, each in _closed_long(now) if each.held and replace(each, held=False).over(now)]


def _closed_long(now: datetime) -> Iterable[tuple[int, Kept]]:
    """The matters that were closed at least as long ago as anything is kept, and how long each is."""
    least = min(catalogue.policy().keeps.values())
    closed = Matter.objects.filter(state="closed", purged_at=None, closed_at__lte=now - timedelta(days=least))
    ids = list(closed.values_list("pk", flat=True))
    return kept_of(ids).items()


def still_over(matter_ids: Sequence[int], now: datetime) -> list[int]:
    """Those of these matters whose time is over, they and all that they were merged with locked, in the order of ids
    as merging does."""
    family = sorted(_families(matter_ids))
    list(Matter.objects.select_for_update().filter(pk__in=family).order_by("pk").values_list("pk", flat=True))
    return [pk for pk, each in kept_of(matter_ids).items() if each.over(now)]


def kept_of(matter_ids: Sequence[int]) -> dict[int, Kept]:
    """How long the content of each of these matters is kept; those that are gone are left out."""
    rows = _families(matter_ids)
    groups: dict[int, list[_Row]] = {}
    for row in rows.values():
        groups.setdefault(_final(row, rows), []).append(row)
    came_in = _came_in(row for row in rows.values() if row.channel == "import")
    policy = catalogue.policy()
    found = {}
    for pk in matter_ids:
        if pk not in rows:
            continue
        row = rows[pk]
        family = groups[_final(row, rows)]
        ends = [max(each.closed_at, came_in.get(each.pk, each.closed_at)) for each in family if each.closed_at]
        until = None
        if len(ends) == len(family) and all(each.state == "closed" for each in family):
            days = policy.keep_days(row.category, asked=row.erase_asked_at is not None)
            until = max(ends) + timedelta(days=days)
        found[pk] = Kept(row.station, until, any(each.held for each in family), row.purged_at is not None)
    return found


def _families(matter_ids: Iterable[int]) -> dict[int, _Row]:
    """These matters with all that they were merged into and all that was merged into those."""
    rows: dict[int, _Row] = {}
    wanted = set(matter_ids)
    while wanted:
        new = {row.pk: row for row in _read(wanted)}
        rows |= new
        wanted = {row.root for row in new.values() if row.root} - rows.keys()
    roots = set(rows)
    while roots:
        new = {row.pk: row for row in _read(roots, "root__in") if row.pk not in rows}
        rows |= new
        roots = set(new)
    return rows


def _final(row: _Row, rows: Mapping[int, _Row]) -> int:
    while row.root is not None:
        row = rows[row.root]
    return row.pk


def _read(ids: Iterable[int], by: str = "pk__in") -> Iterator[_Row]:
    held = Exists(Hold.objects.filter(matter=OuterRef("pk"), lifted_at=None))
    for some in _chunks(ids):
        for values in Matter.objects.filter(Q(**{by: some})).annotate(held=held).values_list(*_FIELDS):
            yield _Row(*values)


def _came_in(rows: Iterable[_Row]) -> dict[int, datetime]:
    """When imported matters came into this house: another system's years do not count against them."""
    found: dict[int, datetime] = {}
    for some in _chunks(row.pk for row in rows):
        first = Event.objects.filter(subject_kind=SUBJECT, subject_version=1, subject_id__in=some)
        found.update(first.values_list("subject_id", "recorded_at"))
    return found


def _chunks(ids: Iterable[int]) -> Iterator[list[Any]]:
    every = sorted(ids)
    for start in range(0, len(every), _CHUNK):
        yield every[start : start + _CHUNK]
