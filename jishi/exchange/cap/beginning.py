"""What the form of a new alert begins with: what is known of the matter, and what is usual for its category."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from jishi.exchange.cap.codes import Status
from jishi.exchange.cap.content import MOST, Content, content_of
from jishi.exchange.cap.models import Alert
from jishi.exchange.cap.usual import catalogue, usual_for
from jishi.matters.models import Matter


def blank(now: datetime) -> dict[str, Any]:
    """The fields of an alert about nothing that is in Jishi."""
    return {"status": Status.ACTUAL, "certainty": "Observed", "expires": _whole(now)}


def from_matter(matter: Matter, now: datetime) -> dict[str, Any]:
    """The fields of an alert about a matter: its category, grade and area, never its words or its exact place."""
    usual = usual_for(matter.category_id or "")
    grades = catalogue().grades
    urgency, severity = grades.get(matter.grade, grades[0])
    area = matter.area
    name = area.name if area is not None else ""
    return {
        **blank(now), "status": Status.EXERCISE if matter.drill else Status.ACTUAL, "categories": list(usual.cap),
        "responses": list(usual.responses), "urgency": urgency, "severity": severity,
        "event_zh": usual.event_zh, "instruction_zh": usual.instruction_zh,
        "event_en": usual.event_en, "instruction_en": usual.instruction_en,
        "headline_zh": f"{name}{usual.event_zh}" if name else "", "area_zh": name,
        "areas": [area.pk] if area is not None else [],
    }  # fmt: skip


def from_alert(alert: Alert) -> dict[str, Any]:
    """The fields of an alert as it says them, for its update or to write it anew."""
    return fields_of(content_of(alert))


def for_cancel(alert: Alert) -> dict[str, Any]:
    """The fields of a cancellation: what it is about is known, why it is over is not."""
    return {
        "headline_zh": f"解除：{alert.headline_zh}"[: MOST["headline"]],
        "headline_en": f"Over: {alert.headline_en}"[: MOST["headline"]] if alert.headline_en else "",
    }


def fields_of(content: Content) -> dict[str, Any]:
    """The fields of a content."""
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
        "areas": list(content.areas), "lon": circle.lon if circle else None, "lat": circle.lat if circle else None,
        "radius": circle.radius if circle else None,
    }  # fmt: skip


def _whole(now: datetime) -> datetime:
    """When an alert usually ends, on a whole hour."""
    later = now + timedelta(hours=catalogue().hours)
    return later.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
