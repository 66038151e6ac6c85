"""What the window offers, by registry: doors on a station's home for the public, and pages of the desk behind it.

Each part of the room adds its own, so that home and the desk's tabs know none of them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.urls import reverse

from jishi.base.navigation import roles_of
from jishi.stations.models import Station


@dataclass(frozen=True, slots=True)
class Door:
    """A way on from a station's home.  ``url_name`` takes the station's code, or nothing where ``at_station`` is False.

    ``when`` says whether this station has it; ``main`` makes it the large one.
    """

    code: str
    order: int
    title: Any
    text: Any
    url_name: str
    icon: str
    when: Callable[[Station], bool] = lambda _station: True
    at_station: bool = True
    main: bool = False


@dataclass(frozen=True, slots=True)
class Page:
    """A page of the desk's side under ``/desk/window/``: a tab for ``roles``, with how much waits there."""

    code: str
    order: int
    title: Any
    url_name: str
    roles: frozenset[str]
    waiting: Callable[[HttpRequest], int | None] = lambda _request: None


_doors: dict[str, Door] = {}
_pages: dict[str, Page] = {}


def register_door(door: Door) -> None:
    """Put a door on every station's home; the same code again replaces it."""
    _doors[door.code] = door


def register_page(page: Page) -> None:
    """Put a page among the tabs of the desk's side; the same code again replaces it."""
    _pages[page.code] = page


def doors_of(station: Station) -> list[tuple[Door, str]]:
    """The doors that this station has, in order, each with its address."""
    ordered = sorted(_doors.values(), key=lambda door: (door.order, door.code))
    return [
        (door, reverse(door.url_name, args=[station.code] if door.at_station else []))
        for door in ordered
        if door.when(station)
    ]


def pages_for(request: HttpRequest) -> list[Page]:
    """The pages of the desk's side that this person may open, in order."""
    roles = roles_of(request) or frozenset()
    ordered = sorted(_pages.values(), key=lambda page: (page.order, page.code))
    return [page for page in ordered if page.roles & roles]


def desk_tabs(request: HttpRequest, here: str) -> list[dict[str, Any]]:
    """The tabs over the desk's pages, for ``parts.tabs``."""
    return [
        {"label": page.title, "url": reverse(page.url_name), "current": page.code == here,
         "count": page.waiting(request)}
        for page in pages_for(request)
    ]  # fmt: skip


def desk_roles() -> frozenset[str]:
    """Everybody to whom one page or another is open."""
    return frozenset().union(*(page.roles for page in _pages.values()))
