"""Every read of alerts: those of the stations that a person sees, and what everybody may read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Max, Q, QuerySet
from django.http import Http404

from jishi.exchange.cap.codes import LIVE, UNSENT, State, Status
from jishi.exchange.cap.models import Alert
from jishi.stations.models import Staff, Station
from jishi.stations.queries import access_of

#: So many entries the feed has at most.
IN_FEED = 200


def visible_alerts(user: Staff) -> QuerySet[Alert]:
    """The alerts of the stations that this person sees, without their documents."""
    rows = Alert.objects.filter(station__in=access_of(user).station_ids)
    return rows.defer("document").select_related("station", "drafted_by", "approved_by", "replaces", "matter")


def get_alert(user: Staff, pk: int) -> Alert:
    """One alert.  Raises ``Http404`` where there is none that this person sees."""
    found = visible_alerts(user).filter(pk=pk).first()
    if found is None:
        raise Http404(pk)
    return found


def waiting_at(user: Staff, station: Station) -> list[Alert]:
    """The drafts of a station, the oldest first: it has waited longest."""
    return list(visible_alerts(user).filter(station=station, state=State.DRAFTED).order_by("drafted_at", "pk"))


def to_approve(user: Staff, station: Station) -> list[int]:
    """The drafts of a station that wait for this person's word: who wrote one cannot approve it."""
    rows = visible_alerts(user).filter(station=station, state=State.DRAFTED).exclude(drafted_by=user)
    return list(rows.order_by("drafted_at", "pk").values_list("pk", flat=True))


def live_at(user: Staff, station: Station, now: datetime) -> list[Alert]:
    """What is in force at a station, drills too, the newest first."""
    rows = visible_alerts(user).filter(station=station, state__in=LIVE, expires__gt=now)
    return list(rows.order_by("-sent", "-pk"))


def past_at(user: Staff, station: Station, now: datetime) -> QuerySet[Alert]:
    """All that was in force, or was dropped."""
    over = Q(state__in=LIVE, expires__lte=now)
    return visible_alerts(user).filter(station=station).filter(~Q(state__in=[State.DRAFTED, *LIVE]) | over)


def chain_of(user: Staff, alert: Alert) -> list[Alert]:
    """The messages of an alert's chain, the alert among them, oldest first."""
    root = alert.root_id or alert.pk
    return list(visible_alerts(user).filter(Q(pk=root) | Q(root=root)).order_by("drafted_at", "pk"))


def of_matter(user: Staff, matter_id: int) -> list[Alert]:
    """The alerts about a matter, the newest first."""
    rows = visible_alerts(user).filter(matter=matter_id).exclude(state=State.DROPPED)
    return list(rows.order_by("-drafted_at", "-pk")[:10])


def follower_of(alert: Alert) -> int | None:
    """The draft that waits to follow an alert, by its id."""
    return Alert.objects.filter(replaces=alert.pk, state=State.DRAFTED).values_list("pk", flat=True).first()


@dataclass(frozen=True, slots=True)
class Feed:
    """What everybody may read now; ``changed`` is when that last changed, None where nothing was ever given out."""

    station: Station | None
    rows: Sequence[Mapping[str, Any]]
    changed: datetime | None


_IN_FEED = (
    "identifier", "sender", "sent", "status", "msg_type", "categories", "urgency", "severity", "certainty",
    "effective", "onset", "expires", "event_zh", "headline_zh", "description_zh", "area_zh", "sha256", "station__name",
    "station__time_zone",
)  # fmt: skip


def feed_at(now: datetime, code: str | None = None) -> Feed:
    """The feed as of a moment: what is in force, the newest first; of all stations, or of one.

    Drills are not in it, nor what was followed by another message or has ended by its time.  Raises ``Http404`` for a
    station that there is not: an empty feed would say that all is well there.
    """
    station = None
    given_out = Alert.objects.filter(status=Status.ACTUAL, sent__isnull=False)
    if code is not None:
        station = Station.objects.filter(code=code).first()
        if station is None:
            raise Http404(code)
        given_out = given_out.filter(station=station)
    rows = given_out.filter(state=State.PUBLISHED, expires__gt=now).order_by("-sent", "-pk")
    moments = given_out.order_by().aggregate(sent=Max("sent"), over=Max("expires", filter=Q(expires__lte=now)))
    changed = max((each for each in moments.values() if each is not None), default=None)
    return Feed(station, list(rows.values(*_IN_FEED)[:IN_FEED]), changed)


def given_out(identifier: str) -> tuple[bytes, str, datetime]:
    """A document that was given out, whatever followed it: its bytes, their hash, its moment.  Raises ``Http404``."""
    rows = Alert.objects.filter(identifier=identifier, status=Status.ACTUAL).exclude(state__in=UNSENT)
    for document, sha256, sent in rows.values_list("document", "sha256", "sent"):
        if document is not None and sent is not None:
            return bytes(document), sha256, sent
    raise Http404(identifier)


def kept_document(alert: Alert) -> bytes | None:
    """The bytes that an alert was given out as, or kept as where it is a drill; None for a draft."""
    document = Alert.objects.values_list("document", flat=True).get(pk=alert.pk)
    return bytes(document) if document is not None else None
