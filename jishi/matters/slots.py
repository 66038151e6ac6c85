"""What rooms above put on a matter's page, by registry."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.http import HttpRequest

from jishi.matters.queries.page import MatterPage

#: (request, page) → what the panel's template needs; None where it has nothing to say about this matter.
Draw = Callable[[HttpRequest, MatterPage], Mapping[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Panel:
    """A panel: its template reads ``panel``, and writes a section with a heading of its own."""

    key: str
    template: str
    draw: Draw
    order: int = 50
    where: Literal["main", "aside"] = "aside"


_panels: dict[str, Panel] = {}


def register(panel: Panel) -> None:
    """Put a panel on the page of every matter; the same key again replaces it."""
    _panels[panel.key] = panel


def panels_of(request: HttpRequest, page: MatterPage) -> dict[str, list[tuple[str, Mapping[str, Any]]]]:
    """The panels that have something to say, by their column, in order: template and what it needs."""
    found: dict[str, list[tuple[str, Mapping[str, Any]]]] = {"main": [], "aside": []}
    for panel in sorted(_panels.values(), key=lambda panel: (panel.order, panel.key)):
        drawn = panel.draw(request, page)
        if drawn is not None:
            found[panel.where].append((panel.template, drawn))
    return found
