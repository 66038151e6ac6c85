"""What a draft begins with: the codes and the words that are usual for a category of matters, as data."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any


@dataclass(frozen=True, slots=True)
class Usual:
    """The codes and words for a category, with all below it."""

    cap: tuple[str, ...]
    responses: tuple[str, ...]
    event_zh: str
    event_en: str
    instruction_zh: str
    instruction_en: str


@dataclass(frozen=True, slots=True)
class Catalogue:
    """``by_category`` by code; ``grades`` are urgency and severity by grade; ``hours`` is how long an alert stands."""

    by_category: Mapping[str, Usual]
    grades: Mapping[int, tuple[str, str]]
    hours: int


@cache
def catalogue() -> Catalogue:
    """What ships with Jishi."""
    text = (resources.files("jishi.exchange") / "catalog" / "alerts.toml").read_text(encoding="utf-8")
    data: dict[str, Any] = tomllib.loads(text)
    found = {
        row.pop("category"): Usual(tuple(row.pop("cap")), tuple(row.pop("responses")), **row) for row in data["usual"]
    }
    grades = {int(grade): (row["urgency"], row["severity"]) for grade, row in data["grades"].items()}
    return Catalogue(found, grades, data["hours"])


def usual_for(category: str) -> Usual:
    """What is usual for a category: its own, else that of the nearest one above it, else that of ``other``."""
    known = catalogue().by_category
    while category:
        if category in known:
            return known[category]
        category = category.rpartition(".")[0]
    return known["other"]
