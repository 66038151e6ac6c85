"""The collections: elements by kind, and areas.  Every read begins with what the reader sees."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import shapely
from django.db.models import Max, Min, Q, QuerySet
from shapely.geometry import shape

from jishi.base.listing import capped_count
from jishi.base.rest import iso
from jishi.exchange.exports.rows import feature_of, read_rows
from jishi.exchange.ogc.asked import PAGE, PROPERTIES, Asked, write_cursor
from jishi.register.catalogue import below
from jishi.register.models import Element
from jishi.register.queries import visible_elements
from jishi.register.queries.places import in_box
from jishi.stations.models import Area, Staff
from jishi.stations.queries import areas_of

Feature = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Page:
    """Some features; ``matched`` is None where there are too many to count, ``next`` the cursor of the page behind."""

    features: list[Feature]
    matched: int | None
    next: str = ""


@dataclass(frozen=True, slots=True)
class Extent:
    """Where and when the features of a collection lie; None where there are none."""

    box: tuple[float, float, float, float] | None
    span: tuple[datetime, datetime] | None


@dataclass(frozen=True, slots=True)
class Collection:
    """A collection: its id is in its address, ``known`` are the parameters of its items."""

    id: str
    title: str
    description: str
    known: tuple[str, ...]
    page: Callable[[Staff, Asked], Page]
    feature: Callable[[Staff, str], Feature | None]
    extent: Callable[[Staff], Extent]


def _elements(kind: str, title: str, words: str) -> Collection:
    """The collection of the standing elements of one kind."""

    def standing(user: Staff) -> QuerySet[Element]:
        return visible_elements(user).filter(status="active", kind=kind)

    def page(user: Staff, asked: Asked) -> Page:
        rows = _narrowed(standing(user), asked)
        found = read_rows(rows.filter(pk__gt=asked.after), asked.limit + 1)
        number, capped = capped_count(rows)
        more, found = len(found) > asked.limit, found[: asked.limit]
        return Page(
            [feature_of(row) for row in found],
            None if capped else number,
            write_cursor(found[-1]["pk"]) if more else "",
        )

    def feature(user: Staff, number: str) -> Feature | None:
        return next(map(feature_of, read_rows(standing(user).filter(number=number), 1)), None)

    def extent(user: Staff) -> Extent:
        told = standing(user).aggregate(
            w=Min("lon"), s=Min("lat"), e=Max("lon"), n=Max("lat"), first=Min("changed_at"), last=Max("changed_at")
        )
        box = None if told["w"] is None else (told["w"], told["s"], told["e"], told["n"])
        return Extent(box, None if told["first"] is None else (told["first"], told["last"]))

    return Collection(f"{kind}s", title, words, PAGE + PROPERTIES, page, feature, extent)


def _narrowed(rows: QuerySet[Element], asked: Asked) -> QuerySet[Element]:
    plain: Mapping[str, Any] = {
        "category__in": sorted({code for each in asked.categories for code in below(each)}),
        "freshness__in": asked.freshness, "grade__in": asked.grades, "area__code": asked.area,
        "station__code": asked.station,
    }  # fmt: skip
    rows = rows.filter(**{name: value for name, value in plain.items() if value not in ((), [], "")})
    if asked.span is not None:
        first, last = asked.span
        rows = rows.filter(changed_at__gte=first) if first else rows
        rows = rows.filter(changed_at__lte=last) if last else rows
    if len(asked.boxes) == 1:
        return in_box(rows, asked.boxes[0])
    sides = Q()
    for west, south, east, north in asked.boxes:
        sides |= Q(lon__range=(west, east), lat__range=(south, north))
    return rows.filter(sides) if asked.boxes else rows


def _area_page(user: Staff, asked: Asked) -> Page:
    """Areas are few: all are read, and those that touch the box are kept."""
    found = [area for area in _areas(user) if not asked.station or area.station.code == asked.station]
    if asked.boxes:
        around = shapely.union_all([shapely.box(*box) for box in asked.boxes])
        found = [area for area in found if area.polygon and shape(area.polygon).intersects(around)]
    rest = [area for area in found if area.pk > asked.after]
    shown = rest[: asked.limit]
    return Page(
        [_area_feature(area) for area in shown],
        len(found),
        write_cursor(shown[-1].pk) if len(rest) > len(shown) else "",
    )


def _area_of(user: Staff, feature_id: str) -> Feature | None:
    return next((_area_feature(area) for area in _areas(user) if _area_id(area) == feature_id), None)


def _area_extent(user: Staff) -> Extent:
    boxes = [(area.west, area.south, area.east, area.north) for area in _areas(user) if area.west is not None]
    if not boxes:
        return Extent(None, None)
    west, south, east, north = zip(*boxes, strict=True)
    return Extent((min(west), min(south), max(east), max(north)), None)


def _areas(user: Staff) -> Iterable[Area]:
    return areas_of(user).defer(None).select_related("station").order_by("pk")


def _area_id(area: Area) -> str:
    return f"{area.station.code}.{area.code}"


def _area_feature(area: Area) -> Feature:
    told = {"station": area.station.code, "code": area.code, "name": area.name}
    return {"type": "Feature", "id": _area_id(area), "geometry": area.polygon, "properties": told}


COLLECTIONS: Mapping[str, Collection] = {
    each.id: each
    for each in (
        _elements("place", "Places 场所", "Buildings, compounds, schools, markets and other places"),
        _elements("organisation", "Organisations 单位", "Key-industry units, managers and other organisations"),
        _elements("thing", "Things 设施", "Hydrants, gas valves, lifts and other things"),
        Collection(
            "areas", "Areas 片区", "The areas of the stations, with their outlines", (*PAGE, "station"), _area_page,
            _area_of, _area_extent,
        ),
    )
}  # fmt: skip


def interval_of(extent: Extent) -> list[list[str | None]]:
    """The temporal extent as the standard writes it."""
    return [[iso(extent.span[0]), iso(extent.span[1])]] if extent.span else [[None, None]]
