"""The register of the fictional district: what stands there, its past two years, and what hangs on it."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from random import Random
from zoneinfo import ZoneInfo

from django.db import transaction

from jishi.demo import counts
from jishi.demo.days import write_days
from jishi.demo.district import Crew
from jishi.demo.lives import KEPT, Setting, live
from jishi.demo.premises import Draft, Neighbourhood, doubled, troubled
from jishi.demo.town import Block, Spot, town
from jishi.register.actions import Past, write_elements, write_steps
from jishi.register.derived import ground_of
from jishi.stations.models import Area
from jishi.stations.queries import zone_of

#: Of a hundred elements, so many are there twice, and so many have something wrong with them.
TWICE, WRONG = 0.02, 0.03
_BATCH = timedelta(days=7)


@dataclass
class Standing:
    """An element as the rest of the demo needs it: its draft, its past, and the area it stands in."""

    draft: Draft
    past: Past

    @property
    def area(self) -> int | None:
        """The id of its area."""
        found = self.past.values["area"]
        return int(found) if found is not None else None

    @property
    def active(self) -> bool:
        """Whether it still stands."""
        return bool(self.past.values["status"] == "active")

    def stood_at(self, moment: datetime) -> bool:
        """Whether it was registered by then, and is there still."""
        return self.active and self.past.steps[0].at <= moment


@dataclass
class Register:
    """The register of one station, and the steps of its past that are still to be written, in their order."""

    crew: Crew
    zone: ZoneInfo
    standings: list[Standing]
    batches: list[tuple[datetime, list[tuple[Past, int]]]] = field(default_factory=list)

    def write_batch(self, at: datetime) -> None:
        """Write the next batch of steps, sealed at that moment."""
        _planned, steps = self.batches.pop(0)
        write_steps(self.crew.station, steps, at)

    def by_area(self) -> dict[int, dict[str, list[Standing]]]:
        """What stands, by area and category."""
        found: dict[int, dict[str, list[Standing]]] = {}
        for each in self.standings:
            if each.area is not None and each.active:
                found.setdefault(each.area, {}).setdefault(each.draft.category, []).append(each)
        return found


@transaction.atomic
def make_register(rng: Random, crew: Crew, place: int, scale: float, until: datetime) -> Register:
    """Write the elements of a station as they stand at ``until``, with all that hangs on them.

    ``place`` is the station's place in the district.  The history is owed: each batch of the answer is to be written
    at its moment.
    """
    drafts = draft_station(rng, crew.areas, place, scale, until)
    setting = _setting(rng, crew, until)
    lived = [(draft, live(rng, draft, setting)) for draft in drafts]
    standings = [Standing(draft, past) for draft, past in sorted(lived, key=lambda pair: pair[1].steps[0].at)]
    pasts = [each.past for each in standings]
    write_elements(crew.station, pasts, until)
    register = Register(crew, setting.zone, standings, _batches(pasts, until))
    write_days(crew.station, pasts, setting.zone, until)
    counts.write_all(rng, register, until)
    return register


def draft_station(rng: Random, areas: list[Area], place: int, scale: float, until: datetime) -> list[Draft]:
    """Everything that stands in a station's areas, with what is there twice and what is wrong."""
    ground = town()
    spots: dict[tuple[int, int], list[Spot]] = {}
    blocks: dict[tuple[int, int], list[Block]] = {}
    for spot in ground.spots:
        spots.setdefault(spot.area, []).append(spot)
    for block in ground.blocks:
        blocks.setdefault(block.area, []).append(block)
    found: list[Draft] = []
    for number, area in enumerate(areas):
        square = place % 2 * 3 + number % 3, place // 2 * 2 + number // 3
        hood = Neighbourhood(rng, area.name, spots[square], blocks[square], scale, until.date())
        drafts = hood.fill()
        neighbours = [other.pk for other in areas if other.pk != area.pk]
        troubled(rng, drafts, area.pk, neighbours, WRONG)
        found += [*drafts, *doubled(rng, drafts, TWICE)]
    return found


def _setting(rng: Random, crew: Crew, until: datetime) -> Setting:
    posts = ("officer:community", "officer:fire", "officer:patrol", "auxiliary:community", "auxiliary:patrol")
    people = [person.pk for post in posts for person in crew.staff.get(post, [])]
    diligence: dict[int | None, float] = {area.pk: rng.uniform(0.9, 1.12) for area in crew.areas}
    return Setting(ground_of(crew.station.pk), people, diligence, until, ZoneInfo(zone_of(crew.station)))


def _batches(pasts: list[Past], until: datetime) -> list[tuple[datetime, list[tuple[Past, int]]]]:
    """The steps of all pasts by the week in which they were taken, each week sealed at its end."""
    weeks = KEPT // _BATCH + 1
    ends = [until - timedelta(seconds=1) - _BATCH * back for back in reversed(range(weeks))]
    found: list[list[tuple[Past, int]]] = [[] for _ in ends]
    for past in pasts:
        for version, step in enumerate(past.steps, 1):
            found[min(bisect_right(ends, step.at), weeks - 1)].append((past, version))
    return [(end, steps) for end, steps in zip(ends, found, strict=True) if steps]
