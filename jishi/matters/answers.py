"""Answers that the desk may begin with, from the catalogue that ships with Jishi: by outcome and category, filled."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from functools import cache
from importlib import resources
from typing import Any, NamedTuple

from django.utils.translation import get_language

#: What each language calls itself.
_IN = {"zh": "中文", "en": "English"}
_PLACEHOLDER = re.compile(r"\{([a-z]+)\}")

#: What stands for a placeholder, by language: ``facts["en"]["place"]``.
Facts = Mapping[str, Mapping[str, str]]


class Template(NamedTuple):
    """An answer to begin with, its placeholders filled."""

    name: str
    text: str


def fitting(outcome: str, category: str, facts: Facts) -> list[Template]:
    """The answers that fit an outcome, those for the category first; in the officer's language and then in the other one.

    A reporter is answered in their language, which need not be the officer's.  A category stands also for those below it.
    """  # noqa: E501
    first, second = ("en", "zh") if (get_language() or "").startswith("en") else ("zh", "en")
    rows = [row for row in _shipped() if row["outcome"] in ("", outcome) and _covers(row, category)]
    rows.sort(key=lambda row: not row.get("categories"))
    own = [Template(row[f"name_{first}"], filled(row[first], facts[first])) for row in rows]
    other = [
        Template(f"{row[f'name_{first}']} · {_IN[second]}", filled(row[second], facts[second])) for row in rows
    ]  # fmt: skip
    return own + other


def filled(text: str, facts: Mapping[str, str]) -> str:
    """The text with what stands for its placeholders; one that is not known stays to be seen, and is filled by hand."""
    return _PLACEHOLDER.sub(lambda found: facts.get(found[1]) or found[0], text)


def _covers(row: Mapping[str, Any], category: str) -> bool:
    wanted = row.get("categories") or ()
    return not wanted or any(category == each or category.startswith(f"{each}.") for each in wanted)


@cache
def _shipped() -> tuple[dict[str, Any], ...]:
    text = resources.files("jishi.matters").joinpath("catalog", "answers.toml").read_text(encoding="utf-8")
    return tuple(tomllib.loads(text)["answer"])
