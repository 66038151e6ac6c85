"""Which categories the words of a report point to, and by which of them."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from jishi.matters import catalogue
from jishi.matters.models import Category
from jishi.matters.paste.kinds import Kind, read_category

MOST = 3


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A category, and the word of the reporter's that points to it."""

    code: str
    name: str
    word: str


def suggested(words: str) -> list[Suggestion]:
    """The likeliest categories, the best first; none where no word of the catalogue is found."""
    rows = catalogue.categories()
    kinds = [Kind(row.code, tuple(row.words)) for row in rows.values() if row.active]
    found: list[Suggestion] = []
    while len(found) < MOST:
        best = read_category(words, kinds)
        if best is None:
            break
        code = str(best.value)
        found.append(Suggestion(code, rows[code].name, best.word))
        kinds = [kind for kind in kinds if kind.code != code]
    return found


def category_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """All categories in use, under the name of the one that they belong to."""
    below: dict[str | None, list[Category]] = defaultdict(list)
    for row in catalogue.categories().values():
        if row.active:
            below[row.parent_id].append(row)
    return [(top.name, [(each.code, each.name) for each in (*below[top.code], top)]) for top in below[None]]


def is_open(code: str) -> bool:
    """Whether a category of this code is in use."""
    row = catalogue.categories().get(code)
    return row is not None and row.active
