"""An alert as its page shows it: in both languages as the public reads it, and what its codes mean."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise

from jishi.exchange.cap import codes
from jishi.exchange.cap.content import MOST
from jishi.exchange.cap.models import Alert


@dataclass(frozen=True, slots=True)
class Version:
    """What the public reads in one language; ``lang`` is that of the words."""

    lang: str
    label: str
    event: str
    headline: str
    description: str
    instruction: str
    area: str


@dataclass(frozen=True, slots=True)
class Level:
    """One of the three codes by which receivers decide how loud they are."""

    label: str | Promise
    code: str
    meaning: str | Promise


def versions(alert: Alert) -> list[Version]:
    """The alert in Chinese, and in English where it has English words."""
    found = []
    for mark, lang, label in (("zh", "zh-CN", "中文"), ("en", "en", "English")):
        if getattr(alert, f"headline_{mark}"):
            found.append(Version(lang, label, **{name: getattr(alert, f"{name}_{mark}") for name in MOST}))
    return found


def levels(alert: Alert) -> list[Level]:
    """Urgency, severity and certainty of an alert."""
    return [Level(label, code := getattr(alert, name), words[code]) for label, name, words in codes.LEVELS]


def meanings() -> list[tuple[str | Promise, list[Level]]]:
    """All codes of the three, with what they mean."""
    return [
        (label, [Level("", code, meaning) for code, meaning in words.items()]) for label, _name, words in codes.LEVELS
    ]


def kinds(alert: Alert) -> list[str | Promise]:
    """The kinds of what is happening."""
    return [codes.CATEGORIES[code] for code in alert.categories]


def responses(alert: Alert) -> list[str | Promise]:
    """What people are to do."""
    return [codes.RESPONSES[code] for code in alert.responses]


def outlines(alert: Alert) -> list[tuple[str, bool]]:
    """The areas whose outline goes out, by name, and whether there is one."""
    rows = alert.areas.order_by("code").values_list("name", "west")
    return [(name, west is not None) for name, west in rows]
