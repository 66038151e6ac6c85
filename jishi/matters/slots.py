"""What rooms above put on a matter's page and on the desk, by registry."""

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


@dataclass(frozen=True, slots=True)
class Note:
    """What waits for somebody beside matters: a sentence, where it is seen to, and the words that lead there."""

    text: str
    url: str
    verb: str


_panels: dict[str, Panel] = {}
_notes: dict[str, Callable[[HttpRequest], Note | None]] = {}


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


def register_note(key: str, draw: Callable[[HttpRequest], Note | None]) -> None:
    """Put a note on the desk of whom it concerns, None where it does not; the same key again replaces it."""
    _notes[key] = draw


def notes_for(request: HttpRequest) -> list[Note]:
    """The notes on the desk of the one who asks."""
    drawn = (draw(request) for _key, draw in sorted(_notes.items()))
    return [note for note in drawn if note is not None]
