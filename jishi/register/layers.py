"""The layers of the map, by registry: a room above adds its own in ``AppConfig.ready``; the register knows none of them."""  # noqa: E501

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict

from jishi.geo.mvt import Layer
from jishi.stations.models import Staff

#: (user, station, address line, zoom, column, row) → the layer of that tile
Tile = Callable[[Staff, int, QueryDict, int, int, int], Layer]
#: (user, key of the point) → template and context; ``Http404`` where it is not theirs to see
Card = Callable[[Staff, int], tuple[str, dict[str, Any]]]
#: (user, station, address line, resolution) → H3 cell and count
Cells = Callable[[Staff, int, QueryDict, int], Iterable[tuple[int, int]]]


@dataclass(frozen=True, slots=True)
class Mark:
    """How one value of a point is drawn: shape and colour each say it alone.  ``colour`` is a design token."""

    value: str | int
    label: Any
    shape: str
    colour: str


@dataclass(frozen=True, slots=True)
class Letter:
    """The letter inside a mark, by another value of the point."""

    value: str | int
    label: Any
    letter: Any


@dataclass(frozen=True, slots=True)
class Way:
    """One way to tell the points of a layer apart."""

    key: str
    label: Any
    by: str
    marks: Sequence[Mark]
    letter_by: str = ""
    letters: Sequence[Letter] = ()

    def described(self) -> dict[str, Any]:
        """As the page tells it to its map."""
        found: dict[str, Any] = {"key": self.key, "label": str(self.label), "by": self.by}
        found["marks"] = [
            {"value": mark.value, "label": str(mark.label), "shape": mark.shape, "colour": mark.colour}
            for mark in self.marks
        ]
        if self.letter_by:
            found["letterBy"] = self.letter_by
            found["letters"] = [
                {"value": each.value, "label": str(each.label), "letter": str(each.letter)} for each in self.letters
            ]
        return found


@dataclass(frozen=True)
class MapLayer:
    """One layer of points: how a tile, a card and the hexagons of its counts are made, and how its points look.

    ``ways`` is asked for each page, in the reader's language.  ``filtered``: whether the filters of the list hold.
    """

    key: str
    label: Any
    order: int
    tile: Tile
    card: Card
    ways: Callable[[], Sequence[Way]]
    cells: Cells | None = None
    cells_label: Any = ""
    alarm: Any = ""
    on: bool = True
    filtered: bool = False


_layers: dict[str, MapLayer] = {}


def register(layer: MapLayer) -> None:
    """Put a layer on the map; the same key again replaces it."""
    _layers[layer.key] = layer


def layers() -> list[MapLayer]:
    """All layers, in order."""
    return sorted(_layers.values(), key=lambda layer: (layer.order, layer.key))


def layer(key: str) -> MapLayer | None:
    """The layer of this key."""
    return _layers.get(key)
