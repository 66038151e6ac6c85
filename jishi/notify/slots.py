"""What channels put on the page where people say how they are told, by registry."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest


@dataclass(frozen=True, slots=True)
class Panel:
    """A panel of the page: its template reads ``panel``, and writes a section with a heading of its own.

    ``draw`` gives what the template needs; None where there is nothing to say to this reader.
    """

    key: str
    template: str
    draw: Callable[[HttpRequest], Mapping[str, Any] | None]
    order: int = 50


_panels: dict[str, Panel] = {}


def register(panel: Panel) -> None:
    """Put a panel on the page; the same key again replaces it."""
    _panels[panel.key] = panel


def panels_for(request: HttpRequest) -> list[tuple[str, Mapping[str, Any]]]:
    """The panels for this reader, in order: template and what it needs."""
    drawn = [(each.template, each.draw(request)) for each in sorted(_panels.values(), key=lambda each: each.order)]
    return [(template, values) for template, values in drawn if values is not None]
