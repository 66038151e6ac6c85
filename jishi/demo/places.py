"""Where a matter of the demo happens: at something that stands in the register, or at some door of the street map."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from random import Random

from jishi.demo.district import HIGH, SOUTH, WEST, WIDE
from jishi.demo.register import Register, Standing
from jishi.demo.town import Spot, degrees, town
from jishi.matters.actions import Place
from jishi.stations.models import Area

#: What matters of a category happen at, the longest beginning first; where nothing is named, on the street.
_AT: Mapping[str, tuple[str, ...]] = {
    "fire.equipment": ("thing.extinguisher", "thing.hydrant", "place.mall", "place.hotel"),
    "fire.ebike": ("place.residential", "place.residential", "place.ebike"),
    "fire.gas": ("place.catering", "place.residential", "org.gas"),
    "fire.electric": ("place.residential", "place.workshop", "place.market"),
    "fire": ("place.residential", "place.residential", "place.entertainment", "place.market"),
    "premises.construction": ("place.construction",),
    "premises.hygiene": ("place.catering", "place.market"),
    "premises.school": ("place.school", "place.kindergarten"),
    "public.light": ("thing.lamp",),
    "public.manhole": ("thing.manhole",),
    "public.lift": ("thing.lift",),
    "traffic.parking": ("place.compound", "place.carpark"),
    "dispute.property": ("place.compound",),
    "dispute": ("place.residential", "place.residential", "place.shop"),
    "nuisance.noise": ("place.residential", "place.entertainment", "place.catering"),
    "nuisance": ("place.compound",),
    "security": ("place.compound", "place.residential"),
}
_LINKED = 0.85


class Places:
    """The places of one district."""

    def __init__(self, registers: list[Register]) -> None:
        self._standing: dict[int, dict[str, list[Standing]]] = {}
        for register in registers:
            self._standing |= register.by_area()
        self._spots: dict[tuple[int, int], list[Spot]] = {}
        for spot in town().spots:
            self._spots.setdefault(spot.area, []).append(spot)

    def choose(self, rng: Random, area: Area, category: str, at: datetime) -> tuple[Place, str]:
        """A place in the area for a matter of this category, and what it is called."""
        found = self._element(rng, area, category, at)
        if found is not None and rng.random() < _LINKED:
            return Place(element=found.past.id), found.draft.name
        spot = rng.choice(self._spots[_square(area)])
        return Place(spot.address, area.pk, *degrees(spot.at)), spot.address

    def _element(self, rng: Random, area: Area, category: str, at: datetime) -> Standing | None:
        beginnings = (category, category.partition(".")[0])
        codes = next((_AT[code] for code in beginnings if code in _AT), ())
        rows = self._standing.get(area.pk, {}).get(rng.choice(codes), []) if codes else []
        if not rows:
            return None
        # Some places come up again and again.
        found = rows[int(len(rows) * rng.random() ** 2.4)]
        return found if found.stood_at(at) else None


def _square(area: Area) -> tuple[int, int]:
    assert area.west is not None
    assert area.south is not None
    return round((area.west - WEST) / WIDE), round((area.south - SOUTH) / HIGH)
