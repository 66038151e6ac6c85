"""What other parts put on the board of a plan at work, by registry."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from jishi.matters.models import PlanRun

#: (request, run) → what the panel's template needs; None where it has nothing to say about this run.
Draw = Callable[[HttpRequest, PlanRun], Mapping[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Panel:
    """A panel under the head of the board: its template reads ``panel``, and writes a section with a heading of its own."""  # noqa: E501

    key: str
    template: str
    draw: Draw
    order: int = 50


_panels: dict[str, Panel] = {}


def register(panel: Panel) -> None:
    """Put a panel on the board of every run; the same key again replaces it."""
    _panels[panel.key] = panel


def panels_of(request: HttpRequest, run: PlanRun) -> list[tuple[str, Mapping[str, Any]]]:
    """The panels that have something to say about this run, in order: template and what it needs."""
    found = []
    for panel in sorted(_panels.values(), key=lambda panel: (panel.order, panel.key)):
        drawn = panel.draw(request, run)
        if drawn is not None:
            found.append((panel.template, drawn))
    return found
