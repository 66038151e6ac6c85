"""The questions of the survey, as data.  Pure but for the reader's language."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache
from importlib import resources

from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

#: The answers, from the worst to the best.
ANSWERS = ((5, _("very safe")), (4, _("safe")), (3, _("so so")), (2, _("unsafe")), (1, _("very unsafe")))
#: The same where the question asks for trust.
TRUST = ((5, _("quite sure")), (4, _("I think so")), (3, _("so so")), (2, _("hardly")), (1, _("not at all")))
GOOD_FROM = 4


@dataclass(frozen=True, slots=True)
class Question:
    """One question; ``short`` heads its column in a table, ``trust`` says that its answers are about trust."""

    code: str
    zh: str
    en: str
    short_zh: str
    short_en: str
    trust: bool = False

    @property
    def text(self) -> str:
        """The question in the reader's language."""
        return self.en if (get_language() or "").startswith("en") else self.zh

    @property
    def short(self) -> str:
        """What the question is about, in a word or two."""
        return self.short_en if (get_language() or "").startswith("en") else self.short_zh

    @property
    def answers(self) -> tuple[tuple[int, object], ...]:
        """What may be answered, with its words."""
        return TRUST if self.trust else ANSWERS


@dataclass(frozen=True, slots=True)
class Edition:
    """The questions that are asked now; ``least`` is how many answers it takes before anything is shown."""

    number: int
    least: int
    questions: tuple[Question, ...]


@cache
def edition() -> Edition:
    """What ``catalog/survey.toml`` asks."""
    text = resources.files("jishi.window").joinpath("catalog", "survey.toml").read_text(encoding="utf-8")
    data = tomllib.loads(text)
    return Edition(data["edition"], data["least"], tuple(Question(**each) for each in data["question"]))
