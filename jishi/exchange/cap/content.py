"""What somebody writes of an alert, and what is held of it before it is kept."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from jishi.base.errors import Refused
from jishi.exchange.cap import codes
from jishi.exchange.cap.document import one_line, plain
from jishi.exchange.cap.models import Alert
from jishi.privacy import refuse_personal
from jishi.register.dwellings import names_a_flat
from jishi.stations.models import Area

#: An alert that stands longer is forgotten by those who gave it out: an update makes it last.
LONGEST = timedelta(days=7)
LEAST_RADIUS, MOST_RADIUS = 50, 50_000
MOST: Mapping[str, int] = {"event": 60, "headline": 160, "description": 2000, "instruction": 1000, "area": 200}
_OF_MANY_LINES = ("description", "instruction")
_NEEDED = ("event", "headline", "description", "area")


@dataclass(frozen=True, slots=True)
class Words:
    """What an alert says in one language."""

    event: str = ""
    headline: str = ""
    description: str = ""
    instruction: str = ""
    area: str = ""


@dataclass(frozen=True, slots=True)
class Round:
    """A circle on the ground, in WGS-84; the radius is in metres."""

    lon: float
    lat: float
    radius: int


@dataclass(frozen=True, slots=True)
class Content:
    """All that somebody writes of an alert.  ``en`` counts where it has a headline or a
    description; else the alert is in Chinese alone."""

    zh: Words
    categories: tuple[str, ...]
    urgency: str
    severity: str
    certainty: str
    expires: datetime
    en: Words = Words()
    responses: tuple[str, ...] = ()
    onset: datetime | None = None
    areas: tuple[int, ...] = ()
    circle: Round | None = None
    status: str = codes.Status.ACTUAL


def content_of(alert: Alert) -> Content:
    """What an alert says now."""
    words = {
        language: Words(**{name: getattr(alert, f"{name}_{language}") for name in MOST}) for language in ("zh", "en")
    }
    circle = None
    if alert.lon is not None and alert.lat is not None and alert.radius is not None:
        circle = Round(alert.lon, alert.lat, alert.radius)
    return Content(
        words["zh"], tuple(alert.categories), alert.urgency, alert.severity, alert.certainty, alert.expires,
        words["en"], tuple(alert.responses), alert.onset, tuple(sorted(area.pk for area in alert.areas.all())), circle,
        alert.status,
    )  # fmt: skip


def columns_of(content: Content) -> dict[str, Any]:
    """The columns of an alert that says this; its areas stand in a table of their own."""
    circle = content.circle
    texts = {
        f"{name}_{language}": getattr(words, name)
        for language, words in (("zh", content.zh), ("en", content.en))
        for name in MOST
    }
    return {
        **texts, "status": content.status, "categories": list(content.categories),
        "responses": list(content.responses), "urgency": content.urgency, "severity": content.severity,
        "certainty": content.certainty, "onset": content.onset, "expires": content.expires,
        "lon": circle.lon if circle else None, "lat": circle.lat if circle else None,
        "radius": circle.radius if circle else None,
    }  # fmt: skip


def checked(content: Content, station_id: int, now: datetime) -> Content:
    """The content, its words made clean.

    Raises ``Refused``, with the field that needs another look: ``personal``, ``missing``, ``too_long``, ``flat``,
    ``alert_code``, ``alert_past``, ``alert_before_onset``, ``alert_too_long``, ``alert_circle``, ``area_elsewhere``.
    """
    for field, given, known in (
        ("status", [content.status], codes.Status.values), ("categories", content.categories, codes.CATEGORIES),
        ("responses", content.responses, codes.RESPONSES), ("urgency", [content.urgency], codes.URGENCY),
        ("severity", [content.severity], codes.SEVERITY), ("certainty", [content.certainty], codes.CERTAINTY),
    ):  # fmt: skip
        _among(field, given, known)
    if not content.categories:
        raise Refused("missing", field="categories")
    check_times(content.onset, content.expires, now)
    _check_places(content, station_id)
    english = bool(content.en.headline or content.en.description)
    return replace(
        content,
        zh=_clean(content.zh, "zh"),
        en=_clean(content.en if content.en.area else replace(content.en, area=content.zh.area), "en")
        if english
        else Words(),
        onset=content.onset.replace(microsecond=0) if content.onset else None,
        expires=content.expires.replace(microsecond=0),
    )


def check_times(onset: datetime | None, expires: datetime, now: datetime) -> None:
    """Raises ``Refused("alert_past" | "alert_before_onset" | "alert_too_long")``."""
    if expires <= now:
        raise Refused("alert_past", field="expires")
    if onset is not None and expires <= onset:
        raise Refused("alert_before_onset", field="expires")
    if expires > now + LONGEST:
        raise Refused("alert_too_long", field="expires", days=LONGEST.days)


def _among(field: str, given: Iterable[str], known: Iterable[str]) -> None:
    for value in given:
        if value not in known:
            raise Refused("alert_code", field=field, value=str(value)[:20])


def _check_places(content: Content, station_id: int) -> None:
    if Area.objects.filter(pk__in=content.areas, station_id=station_id).count() != len(set(content.areas)):
        raise Refused("area_elsewhere", field="areas")
    circle = content.circle
    if circle is None:
        return
    if not (-180 <= circle.lon <= 180 and -90 <= circle.lat <= 90):
        raise Refused("alert_circle", field="point", least=LEAST_RADIUS, most=MOST_RADIUS)
    if not LEAST_RADIUS <= circle.radius <= MOST_RADIUS:
        raise Refused("alert_circle", field="radius", least=LEAST_RADIUS, most=MOST_RADIUS)


def _clean(words: Words, language: str) -> Words:
    found = {}
    for name, most in MOST.items():
        field = f"{name}_{language}"
        text = (plain if name in _OF_MANY_LINES else one_line)(getattr(words, name))
        refuse_personal(text, field)
        if len(text) > most:
            raise Refused("too_long", field=field, most=most)
        if not text and name in _NEEDED:
            raise Refused("missing", field=field)
        found[name] = text
    if names_a_flat("place.residential", found["area"]):
        raise Refused("flat", field=f"area_{language}")
    return Words(**found)
