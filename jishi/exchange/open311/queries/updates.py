"""The steps that requests took, as the updates extension gives them: each an entry of the journal that shows, in words."""  # noqa: E501

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from jishi.exchange.open311.asked import MOST
from jishi.exchange.open311.queries.requests import SEEN, named, notes_of, open_to_all, status_of, w3c
from jishi.journal.models import Event
from jishi.matters.events import SUBJECT
from jishi.stations.models import Station
from jishi.stations.queries import zone_of

#: The state that each step leads to, where the event does not say it.
_BY_KIND = {"matter.resumed": "handling"}
#: A report is the request itself, and closing follows on an answer without a word.
_KINDS = tuple(kind for kind in SEEN if kind not in ("matter.reported", "matter.closed"))


def updates_at(
    station: Station, since: datetime, until: datetime, numbers: Sequence[str] = (), first: int = 0, size: int = MOST
) -> list[dict[str, Any]]:
    """The steps that requests of a station took in a span of time, the oldest first."""
    matters = named(station, numbers) if numbers else open_to_all().filter(station=station)
    events = Event.objects.filter(
        subject_kind=SUBJECT, kind__in=_KINDS, recorded_at__gte=since, recorded_at__lte=until,
        subject_id__in=matters.order_by().values("pk"),
    )  # fmt: skip
    if not numbers:
        events = events.filter(station_id=station.pk)
    rows = list(
        events.order_by("recorded_at", "pk")[first : first + size].values_list(
            "subject_id", "subject_version", "kind", "recorded_at", "payload"
        )
    )
    told = matters.filter(pk__in={row[0] for row in rows}).values_list("pk", "number", "outcome")
    known = {pk: (number, outcome) for pk, number, outcome in told}
    zone = ZoneInfo(zone_of(station))
    return [_update(known[pk], version, kind, at, json.loads(text), zone) for pk, version, kind, at, text in rows]


def update_id(number: str, version: int) -> str:
    """What an update is called: the request's number and the version that it led to."""
    return f"{number}-{version}"


def _update(
    known: tuple[str, str], version: int, kind: str, at: datetime, payload: Mapping[str, Any], zone: ZoneInfo
) -> dict[str, Any]:
    number, outcome = known
    sets = payload.get("set", {})
    state = sets.get("state") or _BY_KIND.get(kind, "handling")
    return {
        "update_id": update_id(number, version), "service_request_id": number, "status": status_of(state),
        "updated_datetime": w3c(at, zone), "description": _words(kind, state, sets.get("outcome") or outcome),
    }  # fmt: skip


def _words(kind: str, state: str, outcome: str) -> str:
    said = _WORDS.get(kind)
    return said() if said else notes_of(state, outcome)


_WORDS = {
    "matter.merged": lambda: _("The same was reported before; both are answered together"),
    "matter.reopened": lambda: pgettext("request", "Opened again"),
    "matter.disputed": lambda: _("Not mended, says whoever reported it; opened again"),
}
