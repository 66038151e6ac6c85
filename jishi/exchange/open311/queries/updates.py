"""The steps that requests took, as the updates extension gives them: each an entry of the journal that shows, in words."""  # noqa: E501

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from jishi.exchange.open311.asked import MOST
from jishi.exchange.open311.queries.requests import SEEN, joined, named, notes_of, open_to_all, status_of, w3c
from jishi.journal.models import Event
from jishi.matters.events import SUBJECT
from jishi.matters.models import Matter
from jishi.stations.models import Station
from jishi.stations.queries import zone_of

_MERGED, _EVER = "matter.merged", datetime.min.replace(tzinfo=UTC)
#: The state that each step leads to, where the event does not say it.
_BY_KIND = {"matter.resumed": "handling"}
#: A report is the request itself, and closing follows on an answer without a word.
_KINDS = tuple(kind for kind in SEEN if kind not in ("matter.reported", "matter.closed"))


def updates_at(
    station: Station, since: datetime, until: datetime, numbers: Sequence[str] = (), first: int = 0, size: int = MOST
) -> list[dict[str, Any]]:
    """The steps that requests of a station took in a span of time, the oldest first.

    To a request that was merged belong the steps that what it was merged into took from then on.
    """
    matters = named(station, numbers) if numbers else open_to_all().filter(station=station)
    events = Event.objects.filter(subject_kind=SUBJECT, kind__in=_KINDS, recorded_at__gte=since, recorded_at__lte=until)
    own = events.filter(subject_id__in=matters.order_by().values("pk"))
    if not numbers:
        own = own.filter(station_id=station.pk)
    steps = [
        (at, pk, subject)
        for at, pk, subject in own.order_by("recorded_at", "pk").values_list("recorded_at", "pk", "subject_id")[
            : first + size
        ]
    ]
    for top, below in _answered_together(matters, events).items():
        news = events.filter(subject_id=top).values_list("recorded_at", "pk")
        steps += [(at, pk, request) for at, pk in news for request, merged in below if at > merged]
    steps = sorted(steps)[first : first + size]
    told = Event.objects.in_bulk({pk for _at, pk, _request in steps})
    named_here = {request for _at, _pk, request in steps} | {event.subject_id for event in told.values()}
    known = {row[0]: row[1:] for row in Matter.objects.filter(pk__in=named_here).values_list("pk", "number", "outcome")}
    zone = ZoneInfo(zone_of(station))
    return [_update(known[request][0], known[told[pk].subject_id], told[pk], zone) for _at, pk, request in steps]


def update_id(number: str, subject: str, version: int) -> str:
    """What an update is called: the request's number and the version that it led to; where the request was merged, with
    the number of the matter from which it is answered between them."""
    return f"{number}-{version}" if number == subject else f"{number}-{subject}-{version}"


def _answered_together(matters: QuerySet[Matter], events: QuerySet[Event]) -> dict[int, list[tuple[int, datetime]]]:
    """The requests that are answered from each matter that took one of these steps, each with since when."""
    tops = events.filter(subject_id__in=Matter.objects.filter(root__isnull=False).values("root"))
    level = [(pk, pk, _EVER) for pk in tops.order_by().values_list("subject_id", flat=True).distinct()]
    found: list[tuple[int, int, datetime]] = []
    while level:
        below = list(Matter.objects.filter(root__in={pk for _top, pk, _since in level}).values_list("pk", "root"))
        merged = _merged_at(pk for pk, _root in below)
        level = [
            (top, pk, max(since, merged.get(pk, _EVER)))
            for pk, root in below
            for top, above, since in level
            if above == root
        ]
        found += level
    shown = set(matters.filter(pk__in={pk for _top, pk, _since in found}).values_list("pk", flat=True))
    by_top: dict[int, list[tuple[int, datetime]]] = {}
    for top, pk, since in found:
        if pk in shown:
            by_top.setdefault(top, []).append((pk, since))
    return by_top


def _merged_at(ids: Iterable[int]) -> dict[int, datetime]:
    """When each of these was merged last."""
    rows = Event.objects.filter(subject_kind=SUBJECT, subject_id__in=list(ids), kind=_MERGED)
    return dict(rows.values_list("subject_id").annotate(last=Max("recorded_at")).order_by())


def _update(number: str, subject: tuple[str, str], event: Event, zone: ZoneInfo) -> dict[str, Any]:
    own, outcome = subject
    version, kind, at = event.subject_version, event.kind, event.recorded_at
    payload: Mapping[str, Any] = json.loads(event.payload)
    sets = payload.get("set", {})
    state = sets.get("state") or _BY_KIND.get(kind, "handling")
    return {
        "update_id": update_id(number, own, version), "service_request_id": number,
        "status": "open" if kind == _MERGED else status_of(state),
        "updated_datetime": w3c(at, zone), "description": _words(kind, state, sets.get("outcome") or outcome),
    }  # fmt: skip


def _words(kind: str, state: str, outcome: str) -> str:
    said = _WORDS.get(kind)
    return said() if said else notes_of(state, outcome)


_WORDS: Mapping[str, Callable[[], str]] = {
    _MERGED: joined,
    "matter.reopened": lambda: pgettext("request", "Opened again"),
    "matter.disputed": lambda: _("Not mended, says whoever reported it; opened again"),
}
