"""The page of a handover, made of what its snapshot keeps: the live one and the frozen one read the same way."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from jishi.journal.models import Event
from jishi.matters import catalogue, timeline
from jishi.matters.handover.draft import Scope, Snapshot
from jishi.matters.models import Handover, MatterState, Text
from jishi.matters.queries.page import names_of
from jishi.matters.queries.scope import visible_matters
from jishi.stations.models import Staff

_ROW = ("id", "number", "title", "place_name")


@dataclass(frozen=True, slots=True)
class Item:
    """A matter on the page.  ``number`` is empty where the reader does not see it any more."""

    id: int
    number: str
    title: str
    place: str
    state: str
    grade: int = 0
    unit: str = ""
    who: str = ""
    due: datetime | None = None
    started: datetime | None = None
    why: str = ""
    chosen: bool = False
    moved: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Change:
    """A matter whose state changed: what happened last, and whether it came in during the shift."""

    number: str
    title: str
    sentence: str
    at: datetime
    fresh: bool


@dataclass(frozen=True, slots=True)
class Sheet:
    """The page: what changed by the state that it led to, what is red, what is due next, what moves."""

    since: datetime
    until: datetime
    unit: str
    counts: Mapping[str, int]
    changed: list[tuple[str, list[Change]]] = field(default_factory=list)
    red: list[Item] = field(default_factory=list)
    due: list[Item] = field(default_factory=list)
    moves: list[Item] = field(default_factory=list)

    @property
    def quiet(self) -> bool:
        """Whether there is nothing to say but that there is nothing."""
        return not (self.changed or self.red or self.due or self.moves)


def unit_name(scope: Scope) -> str:
    """What is handed over, by its name."""
    ground = catalogue.ground(scope.station)
    return ground.unit_names.get(scope.unit, "") if scope.unit else _("Whole station")


def sheet_of(reader: Staff, handover: Handover) -> Sheet:
    """A page that was signed, as it was then."""
    scope = Scope(handover.station_id, handover.unit_id)
    return read(reader, scope, handover.snapshot, handover.since, handover.until)


def read(reader: Staff, scope: Scope, snapshot: Snapshot, since: datetime, until: datetime) -> Sheet:
    """The page that a snapshot stands for, in the reader's language: four queries."""
    listed = ("red", "due", "moves")
    events = _events(scope.station, [row[1] for row in snapshot["changed"]])
    told = {seq: timeline.payload_of(raw) for seq, raw in events.items()}
    wanted = timeline.pointed_to((raw.actor_id, told[seq]) for seq, raw in events.items())
    wanted["staff"] |= {row[3] for name in listed for row in snapshot[name] if row[3]}
    ids = {row[0] for name in ("changed", *listed) for row in snapshot[name]} | wanted.pop("matters")
    matters = {row["id"]: row for row in visible_matters(reader).filter(pk__in=ids).values(*_ROW)}
    names = names_of(wanted, {pk: row["number"] for pk, row in matters.items()})
    notes = _notes(snapshot.get("notes", ()))
    results = dict(snapshot.get("given", ()))

    def item(row: Sequence[Any]) -> Item:
        pk, state, unit, assignee, grade, due, started, *why = row
        known = matters.get(pk, {})
        return Item(
            pk, known.get("number", ""), known.get("title", ""), known.get("place_name", ""),
            str(MatterState(state).label), grade, catalogue.ground(scope.station).unit_names.get(unit or 0, ""),
            names.staff.get(assignee or 0, ""), _moment(due), _moment(started),
            why=str(results.get(pk, "") or (why[0] if why else "")), chosen=pk in snapshot.get("chosen", ()),
            moved=results.get(pk) == "", note=notes.get(pk, ""),
        )  # fmt: skip

    changes: dict[str, list[Change]] = {}
    for pk, seq, state, fresh in snapshot["changed"]:
        if seq in events and pk in matters:
            raw = events[seq]
            sentence = _sentence(raw, told[seq], names)
            row = matters[pk]
            change = Change(row["number"], row["title"], sentence, raw.occurred_at, fresh)
            changes.setdefault(state, []).append(change)
    return Sheet(
        since,
        until,
        unit_name(scope),
        snapshot["counts"],
        [(str(state.label), changes[state.value]) for state in MatterState if state.value in changes],
        *([item(row) for row in snapshot[name]] for name in listed),
    )


def _sentence(raw: timeline.Raw, payload: timeline.Payload, names: timeline.Names) -> str:
    who = names.staff.get(raw.actor_id, "?") if raw.actor_id else _("The system")
    told = timeline.Told(who, payload.get("set", {}), payload.get("facts", {}), names)
    return timeline.sentence_of(raw.kind, told)


def _events(station_id: int, places: Iterable[int]) -> dict[int, timeline.Raw]:
    """The events at these places of a station's chain."""
    rows = Event.objects.filter(station_id=station_id, seq__in=list(places)).values_list(
        "seq", "subject_version", "kind", "actor_id", "occurred_at", "recorded_at", "payload"
    )
    return {row[0]: timeline.Raw(row[1], row[2].partition(".")[2], *row[3:]) for row in rows}


def _notes(places: Iterable[Sequence[int]]) -> dict[int, str]:
    """The words for single matters, which stand with the matter; those that were purged are left out."""
    wanted = {(pk, version) for pk, version in places}
    if not wanted:
        return {}
    rows = Text.objects.filter(
        matter__in={pk for pk, _version in wanted}, version__in={version for _pk, version in wanted}, kind="text"
    ).values_list("matter_id", "version", "body")
    return {pk: body for pk, version, body in rows if (pk, version) in wanted}


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
