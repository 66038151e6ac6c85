"""What the shell shows, by registry: rooms add themselves in ``AppConfig.ready`` so that base knows none of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse


@dataclass(frozen=True)
class NavItem:
    """A room on the rail.  ``roles`` empty: for everybody who is signed in."""

    key: str
    label: Any
    icon: str
    url_name: str
    order: int
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Tool:
    """Something in the top bar: its template reads ``tool``, what ``values`` says of the request; None hides it."""

    key: str
    template: str
    values: Callable[[HttpRequest], Any]
    order: int = 50


_items: dict[str, NavItem] = {}
_tools: dict[str, Tool] = {}
_links: dict[str, str] = {}


def register(item: NavItem) -> None:
    """Put a room on the rail; the same key again replaces it."""
    _items[item.key] = item


def register_link(slot: str, url_name: str) -> None:
    """Say which URL stands behind a slot: ``home``, ``search``, ``report``, ``import`` …"""
    _links[slot] = url_name


def register_tool(tool: Tool) -> None:
    """Put something into the top bar; the same key again replaces it."""
    _tools[tool.key] = tool


def tools_for(request: HttpRequest) -> list[tuple[str, Any]]:
    """The templates of the top bar's tools, in order, each with what it shows."""
    drawn = [(tool.template, tool.values(request)) for tool in sorted(_tools.values(), key=lambda tool: tool.order)]
    return [(template, values) for template, values in drawn if values is not None]


def link(slot: str) -> str:
    """The address behind a slot, or ``""`` where no room has taken it."""
    try:
        return reverse(_links[slot])
    except (KeyError, NoReverseMatch):
        return ""


def items_for(request: HttpRequest) -> list[tuple[NavItem, str]]:
    """The rooms that the roles of the user at the active station allow, in order, each with its address."""
    roles = roles_of(request)
    if roles is None:
        return []
    allowed = [item for item in _items.values() if not item.roles or item.roles & roles]
    found = []
    for item in sorted(allowed, key=lambda item: (item.order, item.key)):
        try:
            found.append((item, reverse(item.url_name)))
        except NoReverseMatch:
            continue
    return found


def roles_of(request: HttpRequest) -> frozenset[str] | None:
    """The roles that the user has at the active station; ``None`` where nobody is signed in."""
    user = getattr(request, "user", None)
    if user is None or not user.is_authenticated:
        return None
    access = getattr(request, "access", None)
    station = getattr(request, "station", None)
    if access is None or station is None:
        return frozenset()
    roles: frozenset[str] = access.roles(station.pk)
    return roles


def may(request: HttpRequest, key: str) -> bool:
    """Whether the rail shows the room ``key`` to this user."""
    return any(item.key == key for item, _ in items_for(request))


def places(request: HttpRequest) -> Sequence[Any]:
    """The stations that the switcher offers: all that the user sees."""
    return getattr(getattr(request, "access", None), "stations", ())
