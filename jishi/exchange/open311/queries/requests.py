"""What everybody may know of the requests of a station: category, area, times, a point snapped to a cell, the status.

There is nothing in it of whoever reported, no word of theirs, and no exact place; a description and a photo are those
that the desk published.  Shown are matters that the public
itself brought, in categories that are offered; never a drill.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Max, Q, QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from jishi.exchange.open311.asked import Asked
from jishi.exchange.open311.queries.services import Offer, offers
from jishi.geo import cells
from jishi.journal.models import Event
from jishi.matters import catalogue
from jishi.matters.events import SUBJECT
from jishi.matters.models import Category, Clock, Matter, MatterState, Outcome
from jishi.matters.queries.published import NOTHING, Published, published_of
from jishi.stations.models import Station
from jishi.stations.queries import zone_of
from jishi.window.models import Held

#: How a matter that a client of Open311 reported came in.
CHANNEL = "open311"
#: By these ways the public itself reports.
CHANNELS = (CHANNEL, "window", "counter")
#: What stands for a category that is not offered.
OTHER = "other"
#: Answered, or ended without an answer of its own.
CLOSED = ("answered", "closed")
#: What happens to a matter that whoever waits for it sees.
SEEN = tuple(
    f"matter.{kind}"
    for kind in ("reported", "assessed", "pushed", "accepted", "suspended", "resumed", "submitted", "checked",
                 "declined", "withdrawn", "merged", "unmerged", "referred", "answered", "reopened", "disputed",
                 "closed")
)  # fmt: skip
_ROW = (
    "pk", "number", "state", "outcome", "category_id", "reported_at", "closed_at", "area__name", "cell",
    "station_id", "published", "root",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Subject:
    """The matter from which a request is answered, and how it stands."""

    pk: int
    state: str
    outcome: str


def open_to_all() -> QuerySet[Matter]:
    """The matters that everybody may know of.  Every read without an account starts here."""
    offered = Q(category__in=list(offers())) | Q(channel=CHANNEL, category__isnull=False)
    return Matter.objects.filter(offered, drill=False, channel__in=CHANNELS)


def named(station: Station | None, numbers: Iterable[str]) -> QuerySet[Matter]:
    """Those of these numbers that everybody may know of.  One that was handed to another station keeps its number, and
    is still found where it was reported."""
    rows = open_to_all().filter(number__in=list(numbers))
    if station is not None:
        rows = rows.filter(Q(station=station) | Q(number__startswith=f"{station.code}-"))
    return rows


def requests_at(station: Station, asked: Asked) -> list[dict[str, Any]]:
    """A page of the requests of a station, the newest first; where some are named, these, whatever else is asked."""
    if asked.numbers:
        rows = named(station, asked.numbers)
    else:
        rows = open_to_all().filter(station=station, reported_at__gte=asked.since, reported_at__lte=asked.until)
        if asked.services:
            rows = rows.filter(category__in=asked.services)
        if len(asked.statuses) == 1:
            roots = rows.filter(root__isnull=False).values_list("pk", "root")
            merged = subjects_of({pk: root for pk, root in roots if root is not None})
            waiting = [pk for pk, subject in merged.items() if status_of(subject.state) == "open"]
            closed = Q(state__in=CLOSED) & ~Q(pk__in=waiting)
            rows = rows.filter(closed if asked.statuses[0] == "closed" else ~closed)
    rows = rows.order_by("-reported_at", "-pk")[asked.first : asked.first + asked.size]
    return shown(rows)


def shown(matters: QuerySet[Matter]) -> list[dict[str, Any]]:
    """These matters as the standard writes them, in few queries however many they are."""
    rows, offered = list(matters.values(*_ROW)), offers()
    ids = [row["pk"] for row in rows]
    merged = subjects_of({row["pk"]: row["root"] for row in rows if row["root"] is not None})
    subjects = [subject.pk for subject in merged.values()]
    touched, due = _touched([*ids, *subjects]), _due([*ids, *subjects])
    stations = Station.objects.in_bulk({row["station_id"] for row in rows})
    public = published_of([row["pk"] for row in rows if row["published"]])
    return [
        _shown(row, merged.get(row["pk"]), stations[row["station_id"]], _category(row["category_id"], offered), touched,
               due, public.get(row["pk"], NOTHING))
        for row in rows
    ]  # fmt: skip


def one_request(station: Station | None, number: str) -> dict[str, Any] | None:
    """One request by its number; None where there is none that everybody may know of."""
    return next(iter(shown(named(station, [number.replace("\0", "")]))), None)


def behind_token(station: Station | None, token: str) -> dict[str, str] | None:
    """The number of the report that a token stands for, or the token alone while the desk looks through it.

    None where there is none, and where the desk did not take it in.
    """
    token = token.replace("\0", "")
    number = named(station, [token]).values_list("number", flat=True).first()
    if number is not None:
        return {"service_request_id": number, "token": token}
    held = Held.objects.filter(number=token, channel=CHANNEL, state=Held.State.WAITING)
    if station is not None:
        held = held.filter(station=station)
    return {"token": token} if held.exists() else None


def subjects_of(roots: Mapping[int, int]) -> dict[int, Subject]:
    """From which matter each of these merged ones is answered, by what it was merged into, at whatever remove."""
    found: dict[int, Subject] = {}
    while roots:
        rows = Matter.objects.filter(pk__in=set(roots.values())).values_list("pk", "state", "outcome", "root")
        known = {pk: (Subject(pk, state, outcome), root) for pk, state, outcome, root in rows}
        found |= {pk: known[root][0] for pk, root in roots.items()}
        roots = {pk: above for pk, root in roots.items() if (above := known[root][1]) is not None}
    return found


def joined() -> str:
    """What a request is told that was merged into another."""
    return _("The same was reported before; both are answered together")


def status_of(state: str) -> str:
    """Open or closed: closed is what was answered, since whoever reported it knows by then what came of it."""
    return "closed" if state in CLOSED else "open"


def notes_of(state: str, outcome: str) -> str:
    """How far it is, and what came of it, in the reader's language."""
    if state in CLOSED:
        came = str(Outcome(outcome).label) if outcome else ""
        return _("Answered: %(outcome)s") % {"outcome": came} if came else str(MatterState(state).label)
    return _NOTES.get(state, lambda: _("Received"))()


def point_of(cell: int | None) -> tuple[float | None, float | None]:
    """Latitude and longitude of the middle of a cell: where it is, to a few blocks."""
    if cell is None:
        return None, None
    lon, lat = cells.centre(cell)
    return round(lat, 5), round(lon, 5)


def w3c(moment: datetime, zone: ZoneInfo) -> str:
    """A time as the standard writes it: to the second, with the offset of the station's zone."""
    return moment.astimezone(zone).replace(microsecond=0).isoformat()


def _category(code: str, offered: Mapping[str, Offer]) -> Category:
    """What everybody reads of a category: one that is not offered, which the desk gave later, is not said."""
    known = catalogue.categories()
    return known[code if code in offered or OTHER not in known else OTHER]


def _shown(
    row: Mapping[str, Any],
    merged: Subject | None,
    station: Station,
    category: Category,
    touched: Mapping[int, datetime],
    due_at: Mapping[int, datetime],
    public: Published,
) -> dict[str, Any]:
    zone = ZoneInfo(zone_of(station))
    lat, lon = point_of(row["cell"])
    subject = merged or Subject(row["pk"], row["state"], row["outcome"])
    closed, due = status_of(subject.state) == "closed", due_at.get(subject.pk)
    notes = notes_of(subject.state, subject.outcome)
    moments = [
        touched.get(row["pk"]) or row["closed_at"] or row["reported_at"],
        *filter(None, (touched.get(subject.pk),)),
        *filter(None, (public.at,)),
        *(each.at for each in public.photos),
    ]
    photo = public.photos[0].token if public.photos else ""
    return {
        "service_request_id": row["number"], "status": "closed" if closed else "open",
        "status_notes": f"{joined()} · {notes}" if merged and not closed else notes, "service_name": category.name,
        "service_code": category.code, "description": public.text or None, "agency_responsible": station.name,
        "service_notice": None, "requested_datetime": w3c(row["reported_at"], zone),
        "updated_datetime": w3c(max(moments), zone),
        "expected_datetime": w3c(due, zone) if due is not None and not closed else None,
        "address": row["area__name"], "address_id": None, "zipcode": None, "lat": lat, "long": lon,
        "media_url": reverse("matters:published_photo", args=[photo]) if photo else None,
    }  # fmt: skip


def _touched(ids: Iterable[int]) -> dict[int, datetime]:
    """When each of these matters last took a step that shows."""
    rows = Event.objects.filter(subject_kind=SUBJECT, subject_id__in=list(ids), kind__in=SEEN)
    return dict(rows.values_list("subject_id").annotate(last=Max("recorded_at")).order_by())


def _due(ids: Iterable[int]) -> dict[int, datetime]:
    """By when each of these matters is to be answered."""
    rows = Clock.objects.filter(matter__in=list(ids), kind="answer", stopped_at=None, paused=False)
    return dict(rows.values_list("matter", "due"))


_NOTES = {
    "assessed": lambda: _("Looked at; whoever handles it is being asked"),
    "pushed": lambda: _("Looked at; whoever handles it is being asked"),
    "handling": lambda: pgettext("request", "Being handled"),
    "suspended": lambda: _("Has to wait; the station has set a date"),
    "submitted": lambda: _("Handled; the station checks it"),
    "checked": lambda: _("Checked; the answer is being written"),
}
