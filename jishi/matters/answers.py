"""Answers that the desk may begin with, from the catalogue that ships with Jishi."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import NamedTuple

from django.utils.translation import get_language

#: What each language calls itself.
_IN = {"zh": "中文", "en": "English"}


class Template(NamedTuple):
    """An answer to begin with; ``{number}`` in ``text`` stands for the matter's number."""

    name: str
    text: str


def for_outcome(outcome: str) -> list[Template]:
    """The answers that fit an outcome, in the officer's language first and then in the other one.

    A reporter is answered in their language, which need not be the officer's.
    """
    first, second = ("en", "zh") if (get_language() or "").startswith("en") else ("zh", "en")
    rows = [row for row in _shipped() if row["outcome"] in ("", outcome)]
    own = [Template(row[f"name_{first}"], row[first]) for row in rows]
    return own + [Template(f"{row[f'name_{first}']} · {_IN[second]}", row[second]) for row in rows]


@cache
def _shipped() -> tuple[dict[str, str], ...]:
    text = resources.files("jishi.matters").joinpath("catalog", "answers.toml").read_text(encoding="utf-8")
    return tuple(tomllib.loads(text)["answer"])
