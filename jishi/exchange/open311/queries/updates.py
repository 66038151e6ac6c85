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
from jishi.privacy import keyed_hash
from jishi.stations.models import Station
from jishi.stations.queries import zone_of

_PURPOSE = "exchange.open311.update"
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
    others = _answered_together(matters, events)
    # however the two are mixed, so many of their own stand before the page
    before = max(0, first - len(others))
    rows = own.order_by("recorded_at", "pk").values_list("recorded_at", "pk", "subject_id")[before : first + size]
    steps = sorted([*rows, *others])[first - before : first - before + size]
    told = Event.objects.in_bulk({pk for _at, pk, _request in steps})
    named_here = {request for _at, _pk, request in steps} | {event.subject_id for event in told.values()}
    rows_of = Matter.objects.filter(pk__in=named_here).values_list("pk", "number", "outcome")
    known = {pk: (number, outcome) for pk, number, outcome in rows_of}
    zone = ZoneInfo(zone_of(station))
    return [
        _update(request, known[request][0], known[told[pk].subject_id][1], told[pk], zone) for _at, pk, request in steps
    ]


def update_id(request: int, number: str, subject: int, version: int) -> str:
    """What an update is called: the number of the request and the version that it led to.

    Of the matter from which a merged request is answered nothing is said, since not everybody may know of it: a keyed
    hash stands for it and its version.
    """
    if request == subject:
        return f"{number}-{version}"
    return f"{number}-{keyed_hash(_PURPOSE, f'{number} {subject} {version}')[:16]}"


def _answered_together(matters: QuerySet[Matter], events: QuerySet[Event]) -> list[tuple[datetime, int, int]]:
    """The moment and number of each of these events of what a request was merged into, at whatever remove, since then;
    with that request."""
    merged = matters.order_by().filter(root__isnull=False)
    above = _merged_in_turn(merged)
    news: dict[int, set[tuple[datetime, int]]] = {}
    direct, farther = merged.values("root"), set(above.values())
    for rows in (events.filter(subject_id__in=direct), events.filter(subject_id__in=farther)):
        for subject, at, pk in rows.values_list("subject_id", "recorded_at", "pk"):
            news.setdefault(subject, set()).add((at, pk))
    if not news:
        return []
    requests = _roots_of(merged.filter(root__in=news.keys() | above.keys()))
    root_of = requests | above
    merged_at = _merged_at(root_of)
    found = []
    for request in requests:
        here, since = request, _EVER
        while (root := root_of.get(here)) is not None:
            since = max(since, merged_at.get(here, _EVER))
            found += [(at, pk, request) for at, pk in news.get(root, ()) if at > since]
            here = root
    return found


def _merged_in_turn(merged: QuerySet[Matter]) -> dict[int, int]:
    """Those matters above these merged ones that were merged themselves, each with what it was merged into."""
    found = more = _roots_of(Matter.objects.filter(pk__in=merged.values("root")))
    while unread := set(more.values()) - found.keys():
        more = _roots_of(Matter.objects.filter(pk__in=unread))
        found = found | more
    return found


def _roots_of(matters: QuerySet[Matter]) -> dict[int, int]:
    """What those of these matters that were merged were merged into."""
    rows = matters.filter(root__isnull=False).values_list("pk", "root")
    return {pk: root for pk, root in rows if root is not None}


def _merged_at(ids: Iterable[int]) -> dict[int, datetime]:
    """When each of these was merged last."""
    rows = Event.objects.filter(subject_kind=SUBJECT, subject_id__in=list(ids), kind=_MERGED)
    return dict(rows.values_list("subject_id").annotate(last=Max("recorded_at")).order_by())


def _update(request: int, number: str, outcome: str, event: Event, zone: ZoneInfo) -> dict[str, Any]:
    version, kind, at = event.subject_version, event.kind, event.recorded_at
    payload: Mapping[str, Any] = json.loads(event.payload)
    sets = payload.get("set", {})
    state = sets.get("state") or _BY_KIND.get(kind, "handling")
    return {
        "update_id": update_id(request, number, event.subject_id, version), "service_request_id": number,
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
