"""Which categories the law of this house keeps out.  The words are data, in ``catalog/outside_law.toml``."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from functools import cache
from pathlib import Path
from typing import NamedTuple

_FILE = Path(__file__).parent / "catalog" / "outside_law.toml"


class _Law(NamedTuple):
    words: re.Pattern[str]
    meant_otherwise: re.Pattern[str]
    alone: frozenset[str]


def outside_law(category_text: str) -> bool:
    """Whether a category of this name or code is one that Jishi does not keep, such as politics, belief or petition."""
    law = _law()
    text = re.sub(r"[\s_/|,;:.&\\()]+", " ", unicodedata.normalize("NFKC", category_text)).strip().lower()
    return text in law.alone or bool(law.words.search(law.meant_otherwise.sub(" ", text)))


@cache
def _law() -> _Law:
    data = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    zh, en = data["zh"], data["en"]
    return _Law(
        _any_of(zh["words"], en["words"]),
        _any_of(zh["meant_otherwise"], en["meant_otherwise"]),
        frozenset(zh["alone"]) | frozenset(en["alone"]),
    )


def _any_of(chinese: list[str], english: list[str]) -> re.Pattern[str]:
    stems = (re.escape(word).replace(r"\*", r"\w*") for word in english)
    whole = [rf"\b{stem}\b" for stem in stems]
    return re.compile("|".join([*map(re.escape, chinese), *whole]))
