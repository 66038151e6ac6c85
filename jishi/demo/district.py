"""The fictional district 平安区: its bureau, stations, areas, units, agencies and staff."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any

from django.contrib.auth.hashers import make_password

from jishi.demo import words
from jishi.demo.accounts import ACCOUNTS, PASSWORD
from jishi.stations import actions as stations
from jishi.stations.models import Agency, Area, Bureau, Role, Staff, Station, Unit

#: Where the fictional district lies (degrees, WGS-84), and how wide one of its areas is.
WEST, SOUTH = 117.30, 37.10
WIDE, HIGH = 0.012, 0.010


@dataclass
class Crew:
    """A station with its people and ground, as the simulation needs them."""

    station: Station
    areas: list[Area]
    units: dict[str, Unit]
    staff: dict[str, list[Staff]]


#: Posts of a station beside the accounts that anybody may try: role, unit code, how many.
_MORE_POSTS = [
    (Role.DESK, "desk", 2), (Role.OFFICER, "patrol", 2), (Role.OFFICER, "community", 2), (Role.OFFICER, "mediation", 1),
    (Role.OFFICER, "fire", 2), (Role.AUXILIARY, "patrol", 1), (Role.CHECKER, "checking", 1),
]  # fmt: skip
_FIRST_POSTS = {
    "desk": "desk", "officer": "community", "checker": "checking", "deputy": "command", "chief": "command",
    "auxiliary": "community",
}  # fmt: skip


def make_district(rng: Random, count: int) -> list[Crew]:
    """Make the bureau with ``count`` stations of six areas each.  20 staff for one station, 60 for four."""
    bureau = stations.create_bureau(code="PA", name="平安区公安分局")
    for code, name in words.AGENCIES:
        Agency.objects.create(bureau=bureau, code=code, name=name)
    password = make_password(PASSWORD)
    crews = [_make_station(rng, bureau, place, password) for place in range(count)]
    if count > 1:
        stations.give_post(_person(rng, "bureau", password), role=Role.ANALYST, bureau=bureau)
    return crews


def _make_station(rng: Random, bureau: Bureau, place: int, password: str) -> Crew:
    code, name = words.STATIONS[place]
    station = stations.create_station(bureau=bureau, code=code, name=name)
    units = {unit.code: unit for unit in Unit.objects.filter(station=station)}
    for unit_code, unit_name, kind in words.UNITS:
        if unit_code in units:
            Unit.objects.filter(pk=units[unit_code].pk).update(name=unit_name)
            units[unit_code].name = unit_name
        else:
            units[unit_code] = Unit.objects.create(station=station, code=unit_code, name=unit_name, kind=kind)
    areas = [_make_area(rng, station, place, number) for number in range(6)]
    staff: dict[str, list[Staff]] = {}
    if place == 0:
        for username, role in ACCOUNTS.items():
            person = _person(rng, username, password)
            _post(staff, person, role, station, units.get(_FIRST_POSTS.get(username, "")))
    else:
        for role, unit_code in ((Role.CHIEF, "command"), (Role.DEPUTY, "command")):
            _post(staff, _person(rng, f"{code.lower()}-{role}", password), role, station, units[unit_code])
    for role, unit_code, many in _MORE_POSTS:
        for number in range(many):
            username = f"{code.lower()}-{unit_code}-{'aux' if role == Role.AUXILIARY else number + 1}"
            _post(staff, _person(rng, username, password), role, station, units[unit_code])
    return Crew(station, areas, units, staff)


def _post(staff: dict[str, list[Staff]], person: Staff, role: Role, station: Station, unit: Unit | None) -> None:
    stations.give_post(person, role=role, station=station, unit=unit)
    staff.setdefault(f"{role}:{unit.code}" if unit else str(role), []).append(person)


def _person(rng: Random, username: str, password: str) -> Staff:
    name = rng.choice(words.SURNAMES) + rng.choice(words.GIVEN)
    person = stations.create_staff(username=username, name=name, password=None, posts=[])
    person.password = password
    person.save(update_fields=["password"])
    return person


def _make_area(rng: Random, station: Station, place: int, number: int) -> Area:
    column, row = place % 2 * 3 + number % 3, place // 2 * 2 + number // 3
    west, south = WEST + column * WIDE, SOUTH + row * HIGH
    ring = [[west, south], [west + WIDE, south], [west + WIDE, south + HIGH], [west, south + HIGH], [west, south]]
    polygon: dict[str, Any] = {"type": "Polygon", "coordinates": [[[round(x, 6), round(y, 6)] for x, y in ring]]}
    return stations.save_area(
        Area(station=station, code=f"a{number + 1}", name=words.AREAS[place][number], polygon=polygon)
    )
