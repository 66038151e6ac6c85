"""The street map of the fictional district, as files that the map draws as its ground."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from jishi.demo import words
from jishi.demo.district import HIGH, SOUTH, WEST, WIDE
from jishi.demo.town import XY, Line, Lot, degrees, town

Feature = dict[str, Any]


def write_basemap(folder: Path) -> list[Path]:
    """Write the sheets into a folder; one that holds a map already is left as it is."""
    if folder.exists() and any(folder.iterdir()):
        return []
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for name, features in sheets().items():
        path = folder / f"{name}.geojson"
        content = {"type": "FeatureCollection", "features": features}
        path.write_text(json.dumps(content, ensure_ascii=False, separators=(",", ":")), encoding="utf-8")
        written.append(path)
    return written


def sheets() -> dict[str, list[Feature]]:
    """The features of each sheet, by its name."""
    ground = town()
    streets = [
        _feature("LineString", _thinned(part), name=street.name, kind="road", kind_detail=street.kind)
        for street in ground.streets
        for part in street.parts
    ]
    buildings = [
        _feature("MultiPolygon", [[_footprint(lot)] for lot in block.lots], name=block.name, kind="building")
        for block in ground.blocks
        if block.lots
    ]
    water = [
        _feature("Polygon", [_closed(ground.river)], name=words.RIVER, kind="water"),
        _feature("Polygon", [_closed(ground.lake)], name=words.LAKE, kind="water"),
    ]
    parks = [_feature("Polygon", [_closed(ground.bank)], kind="green")]
    parks += [
        _feature("Polygon", [_box(block.at, block.size)], name=f"{block.name}公园", kind="green")
        for block in ground.blocks
        if block.use == "park"
    ]
    labels = [
        _feature("Point", [round(WEST + (column + 0.5) * WIDE, 5), round(SOUTH + (row + 0.5) * HIGH, 5)], name=name,
                 kind="label")
        for name, column, row in _areas()
    ]  # fmt: skip
    return {"buildings": buildings, "labels": labels, "parks": parks, "roads": streets, "water": water}


def _areas() -> Iterable[tuple[str, int, int]]:
    for place, names in enumerate(words.AREAS):
        for number, name in enumerate(names):
            yield name, place % 2 * 3 + number % 3, place // 2 * 2 + number // 3


def _feature(shape: str, coordinates: Any, **properties: str) -> Feature:
    return {"type": "Feature", "properties": properties, "geometry": {"type": shape, "coordinates": coordinates}}


def _at(at: XY) -> list[float]:
    lon, lat = degrees(at)
    return [round(lon, 5), round(lat, 5)]


def _thinned(line: Line) -> list[list[float]]:
    """Every third point and the last one: the bends are wide."""
    return [_at(at) for at in (*line[:-1:3], line[-1])]


def _closed(line: Iterable[XY]) -> list[list[float]]:
    ring = [_at(at) for at in line]
    return ring if ring[0] == ring[-1] else [*ring, ring[0]]


def _footprint(lot: Lot) -> list[list[float]]:
    return _box(lot.at, (lot.wide, lot.deep))


def _box(at: XY, size: XY) -> list[list[float]]:
    (x, y), (wide, high) = at, (size[0] / 2, size[1] / 2)
    return _closed([(x - wide, y - high), (x + wide, y - high), (x + wide, y + high), (x - wide, y + high)])
