"""Elements for tests, at a station with two areas side by side."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import Any

from jishi.register import actions
from jishi.register.models import Element
from jishi.stations.actions import add_standing_units, save_area
from jishi.stations.models import Area, Bureau, Role, Staff, Station
from jishi.stations.tests.people import Seat, seated

#: The corner of the west area, and how wide and high each area is, in degrees.
WEST, SOUTH, WIDE, HIGH = 117.30, 37.10, 0.01, 0.01
_serial = count(1)


@dataclass
class Ground:
    """A station, its two areas, and one member of staff per role."""

    station: Station
    west: Area
    east: Area
    people: dict[str, Staff]

    def __getattr__(self, name: str) -> Staff:
        """The member of staff with this role."""
        try:
            return self.__dict__["people"][name]  # type: ignore[no-any-return]
        except KeyError as error:
            raise AttributeError(name) from error


def a_ground(code: str = "XH", bureau: Bureau | None = None) -> Ground:
    """A station with two areas, and somebody of every role."""
    bureau = bureau or Bureau.objects.create(code=f"rb{next(_serial)}", name="平安分局")
    station = Station.objects.create(bureau=bureau, code=code, name="新华派出所", time_zone="Asia/Shanghai")
    add_standing_units(station)
    areas = [
        save_area(Area(station=station, code=name, name=title, polygon=square(WEST + place * WIDE, SOUTH)))
        for place, (name, title) in enumerate((("west", "和平里社区"), ("east", "建设路社区")))
    ]
    people = seated(Seat(f"r{role}{next(_serial)}", "张某", role, station) for role in Role.values)
    return Ground(station, areas[0], areas[1], dict(zip(Role.values, people, strict=True)))


def square(west: float, south: float) -> dict[str, Any]:
    """The outline of an area."""
    east, north = west + WIDE, south + HIGH
    return {
        "type": "Polygon",
        "coordinates": [[[west, south], [east, south], [east, north], [west, north], [west, south]]],
    }


def a_hydrant(ground: Ground, name: str = "3号楼东侧消火栓", **more: Any) -> Element:
    """A hydrant in the west area, with all that its category asks."""
    usual: dict[str, Any] = {
        "category": "thing.hydrant", "name": name, "address": "和平里3号", "by": ground.officer,
        "point": actions.Point(WEST + 0.005, SOUTH + 0.005), "attributes": {"state": "good", "type": "ground"},
    }  # fmt: skip
    return actions.create_element(ground.station, **{**usual, **more})


def a_building(ground: Ground, name: str = "和平里3号楼", **more: Any) -> Element:
    """A residential building in the west area."""
    usual: dict[str, Any] = {
        "category": "place.residential", "name": name, "address": f"新华街{name}", "by": ground.officer,
        "point": actions.Point(WEST + 0.004, SOUTH + 0.004), "attributes": {"floors": 6, "entrances": 3},
    }  # fmt: skip
    return actions.create_element(ground.station, **{**usual, **more})
