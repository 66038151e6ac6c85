"""An alert as the document that is given out, or that would be."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from django.conf import settings

from jishi.exchange.cap.codes import UNSENT, Status
from jishi.exchange.cap.document import Circle, Info, Message, Reference, write
from jishi.exchange.cap.models import Alert
from jishi.exchange.cap.outlines import rings_of
from jishi.stations.models import Station
from jishi.stations.queries import zone_of

#: What a draft calls itself, should it get out: not to be acted on.
DRAFT = "Draft"
_DRILL = "演习，不是真实险情。Exercise only, no real emergency."
_USUAL_ADDRESS = "http://127.0.0.1:8000"


def home() -> str:
    """The address of the installation, as the operator says it."""
    return str(getattr(settings.ENV, "url", _USUAL_ADDRESS)).rstrip("/")


def sender_of(station: Station) -> str:
    """Who a station's alerts come from: its code at the host of the installation."""
    return f"{station.code}@{urlsplit(home()).hostname or 'localhost'}"


def earlier(alert: Alert) -> list[Alert]:
    """The messages of an alert's chain that went out before it, oldest first."""
    if alert.root_id is None:
        return []
    chain = Alert.objects.filter(root=alert.root_id) | Alert.objects.filter(pk=alert.root_id)
    return list(chain.exclude(state__in=UNSENT).exclude(pk=alert.pk).order_by("sent", "pk"))


def document_of(alert: Alert, station: Station, before: Sequence[Alert], *, sent: datetime, status: str) -> bytes:
    """The XML of an alert as of a moment."""
    infos = [_info(alert, "zh", "zh-CN"), *([_info(alert, "en", "en-US")] if alert.headline_en else [])]
    circle = None
    if alert.lat is not None and alert.lon is not None and alert.radius is not None:
        circle = Circle(alert.lat, alert.lon, alert.radius / 1000)
    return write(
        Message(
            identifier=alert.identifier, sender=alert.sender or sender_of(station), sender_name=station.name,
            sent=sent, status=status, msg_type=alert.msg_type, categories=alert.categories,
            responses=alert.responses, urgency=alert.urgency, severity=alert.severity, certainty=alert.certainty,
            effective=sent, expires=alert.expires, onset=alert.onset, infos=infos, zone=ZoneInfo(zone_of(station)),
            note=_DRILL if alert.status == Status.EXERCISE else "",
            references=[Reference(each.sender, each.identifier, each.sent) for each in before if each.sent],
            polygons=rings_of(area.polygon for area in alert.areas.order_by("code") if area.polygon is not None),
            circle=circle,
        )
    )  # fmt: skip


def preview(alert: Alert, now: datetime) -> bytes:
    """The XML that a draft would become, marked as a draft."""
    return document_of(alert, alert.station, earlier(alert), sent=now.replace(microsecond=0), status=DRAFT)


def _info(alert: Alert, mark: str, language: str) -> Info:
    said = {
        name: getattr(alert, f"{name}_{mark}") for name in ("event", "headline", "description", "instruction", "area")
    }
    return Info(language, **said)
