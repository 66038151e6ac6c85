"""What it is about: the catalogue's words found in the text.  Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from jishi.matters.paste.found import Found, Span


class Kind(NamedTuple):
    """A category with the words that point to it."""

    code: str
    words: tuple[str, ...]


class _Hit(NamedTuple):
    code: str
    word: str
    span: Span


def read_category(text: str, kinds: Iterable[Kind]) -> Found | None:
    """The category whose longest word stands in the text; among equals more words win, then the first."""
    hits = list(_hits(text, kinds))
    if not hits:
        return None
    weight: dict[str, int] = {}
    for code, word in {(hit.code, hit.word) for hit in hits}:
        weight[code] = weight.get(code, 0) + _length(word)
    best = max(hits, key=lambda hit: (_length(hit.word), weight[hit.code], -hit.span.start))
    return Found(best.code, best.span, "category_word", best.word)


def _hits(text: str, kinds: Iterable[Kind]) -> Iterable[_Hit]:
    folded = text.lower()
    for kind in kinds:
        for word in kind.words:
            wanted = word.lower()
            if wanted.isascii():
                match = re.search(rf"\b{re.escape(wanted)}s?\b", folded)
                span = Span(*match.span()) if match else None
            else:
                place = folded.find(wanted)
                span = Span(place, place + len(wanted)) if place >= 0 else None
            if span:
                yield _Hit(kind.code, word, span)


def _length(word: str) -> int:
    """How much a word says: a Chinese character says about as much as three letters."""
    return len(word) if word.isascii() else 3 * len(word)
