"""The register's own layer of the map: its elements, by freshness, category or grade."""

from __future__ import annotations

from typing import Any

from django.http import Http404
from django.utils.translation import get_language, pgettext_lazy

from jishi.register import labels
from jishi.register.catalogue import sorts
from jishi.register.layers import Letter, MapLayer, Mark, Way, register
from jishi.register.queries.scope import visible_elements
from jishi.register.tiles import element_cells, elements_tile
from jishi.stations.models import Staff

FRESHNESS = (
    Mark("fresh", labels.FRESHNESS["fresh"], "circle", "accent"),
    Mark("due", labels.FRESHNESS["due"], "half", "yellow"),
    Mark("overdue", labels.FRESHNESS["overdue"], "triangle", "red"),
    Mark("never", labels.FRESHNESS["never"], "ring", "quiet"),
)
KINDS = (
    Mark("place", labels.KINDS["place"], "square", "accent"),
    Mark("organisation", labels.KINDS["organisation"], "diamond", "blue"),
    Mark("thing", labels.KINDS["thing"], "circle", "ink"),
)
#: The grades everywhere: the shapes of ``icons.svg``.
GRADES = (
    Mark(1, labels.GRADES[1], "triangle", "red"),
    Mark(2, labels.GRADES[2], "diamond", "orange"),
    Mark(3, labels.GRADES[3], "square", "yellow"),
    Mark(4, labels.GRADES[4], "circle", "blue"),
    Mark(0, labels.GRADES[0], "ring", "quiet"),
)


def letters() -> list[Letter]:
    """A letter for each category: a character of its Chinese name, or two letters of its English one, each once."""
    found: dict[str, Letter] = {}
    english = (get_language() or "").startswith("en")
    for code, sort in sorts().items():
        name = sort.category.name
        choices = _english(name) if english else [sign for sign in name if sign.isalpha()]
        mark = next((each for each in choices if each not in found), choices[0] if choices else "·")
        found[mark if mark not in found else code] = Letter(code, name, mark)
    return list(found.values())


def _english(name: str) -> list[str]:
    words = [word for word in name.replace("-", " ").split() if word.isalpha()]
    first = words[0].capitalize() if words else ""
    joined = ["".join(word[0].upper() for word in words[:2])] if len(words) > 1 else []
    return [*joined, first[:2], *(first[0] + sign for sign in first[2:])]


def ways() -> list[Way]:
    """How the points are told apart; freshness first."""
    return [
        Way("freshness", pgettext_lazy("map", "By freshness"), "f", FRESHNESS),
        Way("category", pgettext_lazy("map", "By category"), "k", KINDS, "c", letters()),
        Way("grade", pgettext_lazy("map", "By grade"), "g", GRADES),
    ]


def element_card(user: Staff, key: int) -> tuple[str, dict[str, Any]]:
    """What stands at a point."""
    found = visible_elements(user).select_related("category", "area").filter(pk=key).first()
    if found is None:
        raise Http404(key)
    return "register/_map_card.html", {"element": found, "freshness": labels.FRESHNESS[found.freshness]}


register(
    MapLayer(
        key="elements", label=pgettext_lazy("map", "Elements"), order=10, tile=elements_tile, card=element_card,
        ways=ways, cells=element_cells, cells_label=pgettext_lazy("map", "Elements per hexagon"),
        alarm=pgettext_lazy("map", "of them overdue"), filtered=True,
    )
)  # fmt: skip
