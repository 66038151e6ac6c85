"""Plausible values of attributes, by code; where a category has its own idea, by category and code."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta
from random import Random
from typing import Any

from jishi.register.catalogue import Sort

Draw = Callable[[Random, date], Any]


def attributes_of(rng: Random, sort: Sort, today: date) -> dict[str, Any]:
    """Values for the attributes of a category: all that it requires, and most of the others."""
    found: dict[str, Any] = {}
    for each in sort.attributes:
        if each.required or rng.random() < 0.75:
            found[each.code] = value_of(rng, sort.category.code, each.code, today)
    return found


def value_of(rng: Random, category: str, attribute: str, today: date) -> Any:
    """One value for an attribute of a category."""
    return (_VALUES.get(f"{category}:{attribute}") or _VALUES[attribute])(rng, today)


def _between(low: int, high: int, step: int = 1) -> Draw:
    return lambda rng, _today: rng.randrange(low, high + 1, step)


def _often(share: float) -> Draw:
    return lambda rng, _today: rng.random() < share


def _one(weights: Mapping[Any, int]) -> Draw:
    return lambda rng, _today: rng.choices(list(weights), list(weights.values()))[0]


def _code(letters: str, digits: int) -> Draw:
    return lambda rng, _today: f"{letters}{rng.randrange(10**digits):0{digits}d}"


def _day(soonest: int, latest: int) -> Draw:
    return lambda rng, today: (today + timedelta(days=rng.randrange(soonest, latest))).isoformat()


_VALUES: Mapping[str, Draw] = {
    "floors": _one({6: 50, 11: 14, 18: 16, 26: 6, 5: 8, 3: 4, 33: 2}),
    "place.hotel:floors": _between(3, 16),
    "place.mall:floors": _between(3, 7),
    "place.office:floors": _between(4, 24),
    "entrances": _one({2: 20, 3: 30, 4: 30, 5: 12, 1: 8}),
    "built": _between(1978, 2022),
    "lifts": _one({0: 50, 1: 6, 2: 26, 4: 12, 6: 6}),
    "indoor_hydrants": _often(0.5),
    "sprinklers": _often(0.7),
    "buildings": _between(4, 24),
    "gates": _between(1, 4),
    "fire_lane": _often(0.86),
    "capacity": _between(60, 1800, 20),
    "place.park:capacity": _between(500, 8000, 100),
    "place.station:capacity": _between(20, 120, 10),
    "exits": _one({1: 6, 2: 46, 3: 24, 4: 18, 6: 6}),
    "boarding": _often(0.15),
    "beds": _between(20, 420, 10),
    "oxygen": _often(0.8),
    "licence": _code("PA", 10),
    "licence_until": _day(-60, 1200),
    "stalls": _between(30, 260, 5),
    "hours": _one({"09:00-21:00": 5, "08:00-20:00": 4, "10:00-22:00": 4, "06:00-14:00": 1, "00:00-24:00": 1}),
    "extinguishers": _between(1, 6),
    "gas": _one({"none": 4, "piped": 10, "bottled": 3}),
    "seats": _between(10, 180, 2),
    "rooms": _between(12, 160),
    "org.lodging:rooms": _between(3, 24),
    "until": _day(20, 700),
    "cranes": _between(0, 4),
    "dormitory": _often(0.4),
    "sockets": _between(8, 60, 2),
    "sited": _one({"outdoor": 16, "ground": 4, "basement": 1}),
    "cutoff": _often(0.9),
    "spaces": _between(20, 400, 5),
    "chargers": _between(0, 30),
    "floor_area": _between(200, 6000, 20),
    "store": _one({"room": 10, "yard": 3, "tank": 2, "none": 3}),
    "three_in_one": _often(0.06),
    "railing": _often(0.85),
    "lifebuoys": _between(0, 6),
    "tanks": _between(2, 6),
    "hazard_class": _one({"liquid": 8, "gas": 5, "solid": 2, "corrosive": 2}),
    "scanner": _often(0.8),
    "yard": _between(100, 2400, 20),
    "paint": _often(0.4),
    "compounds": _between(1, 9),
    "workers": _one({6: 20, 12: 20, 25: 16, 48: 10, 110: 5, 260: 2}),
    "state": _one({"good": 88, "worn": 9, "broken": 3}),
    "type": _one({"ground": 7, "underground": 3}),
    "pressure": lambda rng, _today: round(rng.uniform(0.14, 0.42), 2),
    "pieces": _between(2, 4),
    "refill": _day(-40, 330),
    "sets": _between(2, 12),
    "pads": _day(-20, 700),
    "serial": _code("SN", 8),
    "code": _code("3110", 8),
    "next_check": _day(-15, 360),
    "load": _one({800: 3, 1000: 5, 1600: 1}),
    "pole": _code("D", 6),
    "utility": _one({"sewer": 9, "water": 4, "telecom": 4, "power": 2, "gas": 1}),
}
