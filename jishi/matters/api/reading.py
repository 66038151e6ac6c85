"""Reading through the API: the list, one matter, what happened, the catalogue."""

from __future__ import annotations

import base64
import binascii
import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from ninja import Query, Router

from jishi.base.errors import Refused
from jishi.base.rest import answer, bad_cursor, iso, refuse_unknown
from jishi.journal.models import Event
from jishi.matters import catalogue
from jishi.matters.api import shapes
from jishi.matters.events import SUBJECT
from jishi.matters.loop import STAGE_OF, STAGES, STATES
from jishi.matters.models import Matter, Text
from jishi.matters.queries import Filters, visible_matters
from jishi.matters.queries.listing import legs_of, walk
from jishi.stations import queries as stations
from jishi.stations.bearer import reader_of, station_asked
from jishi.stations.models import Agency, Area, Station, Unit

router = Router(tags=["matters"])

#: Field of an answer → where it comes from.
LISTED: Mapping[str, str] = {
    "number": "number", "version": "version", "station": "station__code", "title": "title", "place": "place_name",
    "area": "area__code", "category": "category_id", "grade": "grade", "state": "state", "outcome": "outcome",
    "cycle": "cycle", "responsible_unit": "responsible_unit__code", "unit": "unit__code", "agency": "agency__code",
    "next_due": "next_due", "reported_at": "reported_at", "occurred_at": "occurred_at", "closed_at": "closed_at",
    "returned": "returned", "reworked": "reworked", "reopened": "reopened", "agency_state": "agency_state",
    "urgent": "urgent", "followers": "followers",
}  # fmt: skip
DETAILED: Mapping[str, str] = {
    **LISTED, "channel": "channel", "source": "source", "external_id": "external_id", "duplicate_of": "root__number",
    "assignee": "assignee__username", "suspended_until": "suspended_until", "asked": "asked",
    "asked_minutes": "asked_minutes", "asked_until": "asked_until", "extended": "extended",
    "original_due": "original_due",
    "original_unit": "original_unit", "lon": "lon", "lat": "lat",
}  # fmt: skip

#: The fields of a state that an event may show, and the table of those that are ids.
SHOWN = (
    "station", "state", "outcome", "category", "grade", "area", "responsible_unit", "unit", "agency", "next_due",
    "suspended_until", "cycle", "returned", "reworked", "reopened", "closed_at", "agency_state",
    "asked", "asked_minutes", "asked_until", "extended", "urgent", "followers",
)  # fmt: skip
CODED: Mapping[str, type[Model]] = {
    "station": Station, "area": Area, "responsible_unit": Unit, "unit": Unit, "agency": Agency,
}  # fmt: skip
FACTS: Mapping[str, type] = {"task": str, "result": str, "channel": str, "rule": str, "minutes": int}
EVENT = (
    "station_id", "seq", "subject_id", "subject_version", "kind", "actor_id", "occurred_at", "recorded_at", "payload",
    "hash",
)  # fmt: skip


@router.get("/matters", response=shapes.Matters, summary="List matters")
def list_matters(request: HttpRequest, asked: Query[shapes.Asked]) -> HttpResponse:
    """The matters of one station, the last reported first.  A category stands for all below it too.

    Dates are days in the zone of the station.  For what changed since you last looked, follow ``/events``.
    """
    refuse_unknown(request, shapes.Asked.model_fields)
    user, station, now = reader_of(request), station_asked(request, asked.station), timezone.now()
    edge = _read_cursor(asked.cursor) if asked.cursor else None
    filters = _filters(station, asked)
    if filters is None:
        return answer({"items": [], "next": None})
    with timezone.override(stations.zone_of(station)):
        legs = legs_of(user, station.pk, filters, now)
    ids = walk([legs], "reported_at", edge, True, asked.limit + 1)
    found = {
        row[0]: row for row in Matter.objects.filter(pk__in=ids[: asked.limit]).values_list("pk", *LISTED.values())
    }
    rows = [found[pk] for pk in ids if pk in found]
    items = [_matter(LISTED, row[1:]) for row in rows]
    more = len(ids) > asked.limit and bool(rows)
    return answer({"items": items, "next": _write_cursor(rows[-1]) if more else None})


@router.get("/matters/{number}", response=shapes.MatterDetail, summary="Read one matter")
def read_matter(request: HttpRequest, number: str) -> HttpResponse:
    """With its version in ``ETag``: give it back in ``If-Match`` with a command, or in ``If-None-Match`` to read only changes."""  # noqa: E501
    row = _one(request, number, "pk", *DETAILED.values())
    pk, version = row[0], row[2]
    tag = f'"{version}"'
    if tag in request.headers.get("If-None-Match", ""):
        return HttpResponse(status=304, headers={"ETag": tag})
    told = (
        Text.objects.filter(matter_id=pk, kind=Text.Kind.DESCRIPTION)
        .order_by("-version")
        .values_list("body", flat=True)
    )
    return answer({**_matter(DETAILED, row[1:]), "description": next(iter(told[:1]), "")}, ETag=tag)


@router.get("/matters/{number}/events", response=shapes.Events, summary="What happened to a matter")
def list_matter_events(request: HttpRequest, number: str, asked: Query[shapes.AskedEvents]) -> HttpResponse:
    """Its events above the version ``after``, oldest first."""
    refuse_unknown(request, shapes.AskedEvents.model_fields)
    [matter_id] = _one(request, number, "pk")
    rows = Event.objects.filter(subject_kind=SUBJECT, subject_id=matter_id, subject_version__gt=asked.after)
    return _events(rows.order_by("subject_version"), asked.limit, EVENT.index("subject_version"))


@router.get("/events", response=shapes.Events, summary="Follow a station's journal")
def list_events(request: HttpRequest, asked: Query[shapes.AskedFeed]) -> HttpResponse:
    """All that happened to matters at a station, oldest first: ask again with the last ``seq`` as ``after``."""
    refuse_unknown(request, shapes.AskedFeed.model_fields)
    station = station_asked(request, asked.station)
    rows = Event.objects.filter(station_id=station.pk, seq__gt=asked.after, subject_kind=SUBJECT)
    return _events(rows.order_by("seq"), asked.limit, EVENT.index("seq"))


@router.get("/categories", response=shapes.Categories, summary="The catalogue of categories")
def list_categories(request: HttpRequest) -> HttpResponse:
    """What matters may be about."""
    refuse_unknown(request, {})
    names = ("code", "parent_id", "name_zh", "name_en", "hazard", "needs_photo", "grade", "active")
    keys = shapes.CategoryRow.model_fields
    rows = catalogue.categories().values()
    return answer({"items": [dict(zip(keys, (getattr(row, name) for name in names), strict=True)) for row in rows]})


def matter_for(request: HttpRequest, number: str) -> tuple[int, int]:
    """The id and the station's id of a matter that the reader sees.  Raises ``Refused("not_found")``."""
    pk, station = _one(request, number, "pk", "station_id")
    return pk, station


def _one(request: HttpRequest, number: str, *columns: str) -> Any:
    if not number.isprintable() or len(number) > 40:
        raise Refused("not_found")
    for row in visible_matters(reader_of(request)).filter(number=number).values_list(*columns)[:1]:
        return row
    raise Refused("not_found")


def _filters(station: Station, asked: shapes.Asked) -> Filters | None:
    """The filters of the list screen for what was asked; None where no state can be left."""
    states = set(STATES)
    if asked.state:
        states &= set(asked.state)
    if asked.stage:
        states &= {state for stage in asked.stage for state in STAGES[stage]}
    if not states:
        return None
    if asked.category is not None and asked.category not in catalogue.categories():
        raise Refused("unknown_category", category=asked.category, field="category")
    return Filters(
        states=tuple(state for state in STATES if state in states) if len(states) < len(STATES) else (),
        grades=tuple(sorted(set(asked.grade))),
        category=asked.category or "",
        area=coded(Area, station.pk, asked.area, "area_elsewhere", "area"),
        unit=coded(Unit, station.pk, asked.unit, "unit_elsewhere", "unit"),
        open=asked.open,
        overdue=asked.overdue,
        since=asked.reported_since,
        until=asked.reported_until,
        sort="newest",
    )


def coded(kind: type[Area] | type[Unit], station_id: int, code: str | None, refusal: str, field: str) -> int | None:
    """The id behind the code of an area or unit of a station.  Raises ``Refused`` with the code ``refusal``."""
    if code is None:
        return None
    rows: QuerySet[Any] = kind._default_manager.filter(station_id=station_id, code=code)
    for pk in rows.values_list("pk", flat=True)[:1]:
        return int(pk)
    raise Refused(refusal, field=field, **{field: code})


def _matter(names: Iterable[str], row: Sequence[Any]) -> dict[str, Any]:
    values = {
        name: iso(value) if isinstance(value, datetime) else value for name, value in zip(names, row, strict=True)
    }
    values["stage"] = STAGE_OF[str(values["state"])]
    return values


def _events(rows: QuerySet[Event], limit: int, position: int) -> HttpResponse:
    """One page of events, with every id in them replaced by its code."""
    found = list(rows.values_list(*EVENT)[: limit + 1])
    more, found = len(found) > limit, found[:limit]
    payloads = [json.loads(row[EVENT.index("payload")]) for row in found]
    sets = [{name: value for name, value in payload.get("set", {}).items() if name in SHOWN} for payload in payloads]
    numbers = dict(Matter.objects.filter(pk__in={row[2] for row in found}).values_list("pk", "number"))
    codes = _codes([*sets, *({"station": row[0]} for row in found)])
    items = []
    for row, changed, payload in zip(found, sets, payloads, strict=True):
        station, seq, matter, version, kind, actor, occurred, recorded, _payload, seal = row
        items.append({
            "matter": numbers.get(matter, ""), "version": version, "station": codes[Station].get(station), "seq": seq,
            "event": kind.partition(".")[2], "by": _who(actor, payload), "occurred_at": iso(occurred),
            "recorded_at": iso(recorded), "set": {name: _shown(name, value, codes) for name, value in changed.items()},
            "facts": _facts(payload), "hash": seal,
        })  # fmt: skip
    return answer({"items": items, "next": found[-1][position] if more else None})


def _codes(sets: Iterable[Mapping[str, Any]]) -> dict[type[Model], dict[int, str]]:
    wanted: dict[type[Model], set[int]] = {kind: set() for kind in CODED.values()}
    for values in sets:
        for name, kind in CODED.items():
            if values.get(name) is not None:
                wanted[kind].add(values[name])
    return {
        kind: dict(kind._default_manager.filter(pk__in=ids).values_list("pk", "code")) if ids else {}
        for kind, ids in wanted.items()
    }


def _shown(name: str, value: Any, codes: Mapping[type[Model], Mapping[int, str]]) -> Any:
    return codes[CODED[name]].get(value) if name in CODED and value is not None else value


def _facts(payload: Mapping[str, Any]) -> dict[str, Any]:
    facts = payload.get("facts", {})
    return {name: facts[name] for name, kind in FACTS.items() if isinstance(facts.get(name), kind)}


def _who(actor: int | None, payload: Mapping[str, Any]) -> str:
    if actor is not None:
        return "staff"
    facts = payload.get("facts", {})
    return "public" if "public" in facts else "agency" if "agency" in facts else "system"


def _write_cursor(row: Sequence[Any]) -> str:
    reported = row[1 + list(LISTED).index("reported_at")]
    return base64.urlsafe_b64encode(f"{reported.astimezone(UTC).isoformat()} {row[0]}".encode()).decode().rstrip("=")


def _read_cursor(text: str) -> tuple[datetime, int]:
    try:
        moment, _space, key = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode().partition(" ")
        edge = datetime.fromisoformat(moment).astimezone(UTC), int(key)
    except (binascii.Error, ValueError, OverflowError) as error:
        raise bad_cursor() from error
    if not 0 < edge[1] < 2**63:
        raise bad_cursor()
    return edge
