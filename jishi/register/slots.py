"""What rooms above put on the register's pages, by registry: panels of an element's page, tools of the list."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from django.http import HttpRequest
from django.urls import reverse

from jishi.register.models import Element

#: (request, element) → what the panel's template needs; None where it has nothing to say about this element.
Draw = Callable[[HttpRequest, Element], Mapping[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Panel:
    """A panel: its template reads ``panel``, and writes a section with a heading of its own.

    ``where`` is the wide column (``main``), the narrow one (``aside``), or the place of the map (``map``).  A panel
    costs the page its queries, so it asks few.
    """

    key: str
    template: str
    draw: Draw
    order: int = 50
    where: Literal["main", "aside", "map"] = "main"


_panels: dict[str, Panel] = {}


def register(panel: Panel) -> None:
    """Put a panel on the page of every element; the same key again replaces it."""
    _panels[panel.key] = panel


def unregister(key: str) -> None:
    """Take a panel away."""
    _panels.pop(key, None)


def panels_of(request: HttpRequest, element: Element) -> dict[str, list[tuple[str, Mapping[str, Any]]]]:
    """The panels that have something to say, by their column, in order: template and what it needs."""
    found: dict[str, list[tuple[str, Mapping[str, Any]]]] = {"main": [], "aside": [], "map": []}
    for panel in sorted(_panels.values(), key=lambda panel: (panel.order, panel.key)):
        drawn = panel.draw(request, element)
        if drawn is not None:
            found[panel.where].append((panel.template, drawn))
    return found


@dataclass(frozen=True, slots=True)
class Tool:
    """A menu beside the list: links to ``url_name``, each with its own query and the filters of the list.

    Without links it is a button.  ``saves`` where they lead to files; ``verb`` says whom it is shown to.
    """

    key: str
    label: Any
    icon: str
    url_name: str
    links: tuple[tuple[Any, str], ...]
    link_icon: str = "file"
    saves: bool = False
    verb: str = ""
    order: int = 50


_tools: dict[str, Tool] = {}


def register_tool(tool: Tool) -> None:
    """Put a menu beside the list of elements; the same key again replaces it."""
    _tools[tool.key] = tool


def tools_for(asked: str, allowed: Callable[[str], bool]) -> list[tuple[Tool, list[tuple[Any, str]]]]:
    """The menus beside the list that this person may use, in order, each with its links for the filters ``asked``."""
    found = []
    for tool in sorted(_tools.values(), key=lambda tool: (tool.order, tool.key)):
        if not tool.verb or allowed(tool.verb):
            address = reverse(tool.url_name)
            links = [(label, f"{address}?{'&'.join(filter(None, (own, asked)))}") for label, own in tool.links]
            found.append((tool, links or [(tool.label, address)]))
    return found
