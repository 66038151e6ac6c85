"""What the rows of a table are set against: a catalogue, the station's units and areas, its outline and its zone."""

from __future__ import annotations

from collections.abc import Iterable

from jishi.exchange.points import Ground
from jishi.exchange.sources import normal
from jishi.matters import catalogue as matters
from jishi.register import catalogue as register
from jishi.stations import queries as stations
from jishi.stations.models import Area, Station, Unit


def matters_ground(station: Station) -> Ground:
    """What matters are set against."""
    matters.forget()
    matters.ground(station.pk)
    found = matters.categories().items()
    return _ground(station, [(code, one.name_zh, one.name_en) for code, one in found if one.active])


def register_ground(station: Station) -> Ground:
    """What elements are set against."""
    register.forget()
    found = ((code, sort.category) for code, sort in register.sorts().items())
    return _ground(station, [(code, one.name_zh, one.name_en) for code, one in found if one.active])


def _ground(station: Station, named: list[tuple[str, str, str]]) -> Ground:
    categories = {normal(word): code for code, zh, en in named for word in (en, zh, code)}
    return Ground(
        zone=stations.zone_of(station),
        categories=categories,
        names={code: zh for code, zh, _ in named},
        units=_by_word(Unit.objects.filter(station=station, active=True).values_list("pk", "code", "name")),
        areas=_by_word(Area.objects.filter(station=station).values_list("pk", "code", "name")),
        area_at=lambda lon, lat: stations.area_at(station.pk, lon, lat),
        bounds=_bounds(station),
    )


def _by_word(rows: Iterable[tuple[int, str, str]]) -> dict[str, int]:
    """Name or code → id; where a name is another's code, the code wins."""
    known = list(rows)
    return {normal(name): pk for pk, _, name in known} | {normal(code): pk for pk, code, _ in known}


def _bounds(station: Station) -> tuple[float, float, float, float] | None:
    boxes = list(Area.objects.filter(station=station, west__isnull=False).values_list("west", "south", "east", "north"))
    if not boxes:
        return None
    west, south, east, north = zip(*boxes, strict=True)
    return min(west), min(south), max(east), max(north)
