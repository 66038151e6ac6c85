"""The matter page: where it stands, whose it is, how long is left, and all that happened.

The number of queries does not depend on how much happened.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.models import Q
from django.http import Http404

from jishi.journal import queries as journal
from jishi.matters import catalogue, labels, loop, store, timeline
from jishi.matters.actions import actor_of
from jishi.matters.events import SUBJECT
from jishi.matters.models import Evidence, Link, Text
from jishi.matters.queries.parties import PartyRow, parties_of
from jishi.matters.queries.scope import visible_matters
from jishi.stations.models import Staff

_ROW = (
    "id", "number", "title", "place_name", "area__name", "station__name", "station__bureau_id", "responsible_unit__name",  # noqa: E501
    "unit__name", "assignee__name", "agency__name", "element__number", "element__name", "clock_started", "lon", "lat",
    "datum", "channel", "source", "external_id", "occurred_at", "reported_at", "original_due", "original_unit",
    "flags", "published", "purged_at", *store.COLUMNS,
)  # fmt: skip
#: The tables whose names the sentences need.
_NAMED = {
    "units": "stations_unit",
    "staff": "stations_staff",
    "agencies": "stations_agency",
    "stations": "stations_station",
    "elements": "register_element",
}


class Piece(NamedTuple):
    """One file of evidence, and whether it has a small picture."""

    id: int
    version: int
    media_type: str
    size: int
    thumbnail: bool
    purged: bool


class Neighbour(NamedTuple):
    """Another matter that this one has to do with.  ``how`` is ``root``, ``duplicate`` or ``related``."""

    number: str
    title: str
    state: str
    how: str


@dataclass(slots=True)
class MatterPage:
    """Everything that the page shows.  ``row`` holds the columns of the matter and the names that it points to."""

    row: Mapping[str, Any]
    state: loop.State
    actor: loop.Actor
    verbs: list[str]
    entries: list[timeline.Entry]
    names: timeline.Names
    parties: list[PartyRow] = field(default_factory=list)
    evidence: list[Piece] = field(default_factory=list)
    neighbours: list[Neighbour] = field(default_factory=list)

    @property
    def number(self) -> str:
        """The matter's number."""
        return str(self.row["number"])

    @property
    def stage(self) -> int:
        """Which of the five stages it is in, from 1."""
        return list(loop.STAGES).index(loop.STAGE_OF[self.state.state]) + 1

    @property
    def clock_kind(self) -> str:
        """The clock that runs now; empty when it is closed."""
        return "resume" if self.state.state == "suspended" else loop.CLOCK_OF.get(self.state.state, "")

    @property
    def answer_due(self) -> datetime | None:
        """When the reporter is to have an answer, where that runs beside another clock."""
        clock = self.state.clock("answer")
        if clock is None or clock.paused or self.clock_kind == "answer":
            return None
        return clock.due


def matter_page(user: Staff, number: str) -> MatterPage:
    """One matter with its history.  Raises ``Http404`` where this person sees no matter of this number."""
    row = visible_matters(user).filter(number=number).values(*_ROW).first()
    if row is None:
        raise Http404(number)
    matter_id = row["id"]
    state = store.state_of((row[name] for name in store.COLUMNS), store.running_clocks(matter_id))
    events = [(raw, timeline.payload_of(raw)) for raw in _events(matter_id)]
    wanted = timeline.pointed_to((raw.actor_id, payload) for raw, payload in events)
    proposed = catalogue.proposed_unit(state.station, state.category) if state.state == "assessed" else None
    wanted["units"] |= {unit for unit in (state.responsible_unit, proposed) if unit}
    neighbours, numbers = _neighbours(user, matter_id, state.root, wanted.pop("matters"))
    names = names_of(wanted, numbers)
    entries = timeline.tell(events, names)
    evidence = _evidence(matter_id)
    _attach(entries, _words(matter_id), evidence)
    actor = actor_of(user, state.station)
    verbs = [] if row["purged_at"] else labels.in_order(state.state, state.asked, loop.allowed(state, actor))
    return MatterPage(
        row, state, actor, verbs, entries, names,
        parties_of(matter_id), evidence, neighbours,
    )  # fmt: skip


def history(user: Staff, matter_id: int, after: int) -> list[timeline.Entry]:
    """What happened to a matter after the version that somebody saw, oldest first."""
    events = [(raw, timeline.payload_of(raw)) for raw in _events(matter_id)]
    wanted = timeline.pointed_to((raw.actor_id, payload) for raw, payload in events)
    _rows, numbers = _neighbours(user, matter_id, None, wanted.pop("matters"))
    entries = timeline.tell(events, names_of(wanted, numbers))
    return [entry for entry in entries if entry.version > after]


def _events(matter_id: int) -> list[timeline.Raw]:
    rows = journal.events_of(SUBJECT, matter_id).values_list(
        "subject_version", "kind", "actor_id", "occurred_at", "recorded_at", "payload"
    )
    return [timeline.Raw(row[0], row[1].partition(".")[2], *row[2:]) for row in rows]


def names_of(wanted: Mapping[str, Iterable[int]], matters: Mapping[int, str] | None = None) -> timeline.Names:
    """The names behind ids of units, staff, agencies and stations, in one query."""
    parts, params = [], []
    for kind, table in _NAMED.items():
        ids = sorted(wanted.get(kind, ()))
        if ids:
            marks = ", ".join(["%s"] * len(ids))
            parts.append(f"SELECT '{kind}', id, name FROM {table} WHERE id IN ({marks})")
            params += ids
    found: dict[str, dict[int, str]] = {kind: {} for kind in _NAMED}
    if parts:
        with connection.cursor() as cursor:
            cursor.execute(" UNION ALL ".join(parts), params)
            for kind, pk, name in cursor.fetchall():
                found[kind][pk] = name
    categories = {code: category.name for code, category in catalogue.categories().items()}
    return timeline.Names(**found, matters=matters or {}, categories=categories)


def _neighbours(
    user: Staff, matter_id: int, root: int | None, told: Iterable[int]
) -> tuple[list[Neighbour], dict[int, str]]:
    """The matters that this one has to do with, and the numbers of those that its events name."""
    links = Link.objects.filter(Q(from_matter=matter_id) | Q(to_matter=matter_id)).values_list(
        "from_matter", "to_matter"
    )
    related = {one if other == matter_id else other for one, other in links}
    ids = {*related, *told, *([root] if root else [])}
    rows = (
        visible_matters(user)
        .filter(Q(pk__in=ids) | Q(root=matter_id))
        .order_by("pk")
        .values_list("pk", "number", "title", "state", "root_id")[:60]
    )
    neighbours, numbers = [], {}
    for pk, number, title, state, its_root in rows:
        numbers[pk] = number
        how = "root" if pk == root else "duplicate" if its_root == matter_id else "related" if pk in related else ""
        if how:
            neighbours.append(Neighbour(number, title, state, how))
    return neighbours, numbers


def _words(matter_id: int) -> Sequence[tuple[int, str, str]]:
    """The words of a matter: version, kind, body.  The title stands in the heading, except where it changed."""
    rows = Text.objects.filter(matter_id=matter_id).order_by("version", "pk").values_list("version", "kind", "body")
    return [row for row in rows if not (row[1] == "title" and row[0] == 1)]


def _evidence(matter_id: int) -> list[Piece]:
    rows = (
        Evidence.objects.filter(matter_id=matter_id)
        .order_by("version", "pk")
        .values_list(
            "pk",
            "version",
            "attachment__media_type",
            "attachment__size",
            "attachment__thumbnail",
            "attachment__purged_at",
        )
    )
    return [Piece(*row[:4], thumbnail=bool(row[4]) and row[5] is None, purged=row[5] is not None) for row in rows]


def _attach(entries: list[timeline.Entry], words: Sequence[tuple[int, str, str]], evidence: list[Piece]) -> None:
    by_version = {entry.version: entry for entry in entries}
    for version, kind, body in words:
        if version in by_version:
            by_version[version].words.append(timeline.Said(kind, body))
    for piece in evidence:
        if piece.version in by_version:
            by_version[piece.version].evidence.append(piece)
