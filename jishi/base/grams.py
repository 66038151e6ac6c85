"""Search by number, title and place: pairs of neighbouring characters, so that two Chinese characters are enough.

Neither SQLite's trigrams nor PostgreSQL's words find a word of two characters.  Each text is cut into runs of letters
and digits (kept whole, with their beginnings by the index's prefix search) and into pairs of Chinese characters.
"""

from __future__ import annotations

import re
import unicodedata

_RUN = re.compile(r"[a-z0-9]+|[\u3400-\u9fff\uf900-\ufaff]+")


def grams_of(*texts: str) -> str:
    """The search terms of some texts, with spaces between, each once, in order of appearance."""
    found: dict[str, None] = {}
    for text in texts:
        for run in _RUN.findall(unicodedata.normalize("NFKC", text).lower()):
            for gram in _cut(run):
                found[gram] = None
    return " ".join(found)


def terms_of(query: str) -> list[str]:
    """The terms that a match must all have; at most 12.  A single Chinese character gives a term of one."""
    return grams_of(query).split()[:12]


def _cut(run: str) -> list[str]:
    if run[0].isascii() or len(run) == 1:
        return [run]
    return [run[place : place + 2] for place in range(len(run) - 1)]
