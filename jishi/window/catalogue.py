"""What the form of a report offers, as data: examples, words of danger, and what of others may be shown nearby."""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

from django.utils.translation import get_language


@dataclass(frozen=True, slots=True)
class Offer:
    """The data of ``catalog/report.toml``."""

    danger: Sequence[str]
    nearby: Sequence[str]
    metres: int
    days: int
    kinds: Sequence[str]
    examples: Sequence[tuple[str, str]]

    def example_words(self) -> list[str]:
        """The examples in the language of the reader."""
        place = 1 if (get_language() or "").startswith("en") else 0
        return [each[place] for each in self.examples]

    def danger_in(self, words: str) -> bool:
        """Whether the words sound as if somebody were in danger now."""
        folded = words.lower()
        return any(each in folded for each in self.danger)

    def shows_nearby(self, category: str) -> bool:
        """Whether matters of this category may be shown to others."""
        return any(category == each or category.startswith(f"{each}.") for each in self.nearby)


@cache
def offer() -> Offer:
    """What is offered; the same for every station."""
    text = resources.files("jishi.window").joinpath("catalog", "report.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    return Offer(
        danger=(*data["danger"]["zh"], *data["danger"]["en"]),
        nearby=data["nearby"]["categories"],
        metres=data["nearby"]["metres"],
        days=data["nearby"]["days"],
        kinds=(*data["places"]["kinds"], *data["places"]["also"]),
        examples=[(each["zh"], each["en"]) for each in data["example"]],
    )
