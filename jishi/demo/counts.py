"""What hangs on the elements of the demo: parts, links, contacts, population and help counts, visits, targets."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random
from typing import TYPE_CHECKING

from jishi.register import actions
from jishi.register.models import (
    BuildingVisit,
    Contact,
    Element,
    HelpCount,
    Link,
    Part,
    PopulationCount,
    Verification,
)
from jishi.register.visits import HAZARDS, NEEDS
from jishi.stations.models import Staff

if TYPE_CHECKING:
    from jishi.demo.register import Register, Standing

_AT_ONCE = 400
#: How many days before the end people were counted.
COUNTED = (700, 610, 520, 430, 340, 250, 160, 70)
_HELPED = {"alone_80": 60, "stairs": 45, "power": 6, "hearing": 18}
_REACHED = {
    "place.hotel": 0.6, "place.mall": 0.8, "place.market": 0.8, "place.care": 0.8, "place.entertainment": 0.5,
    "place.construction": 0.7, "org.fuel": 0.8, "org.hazardous": 0.8, "org.gas": 0.8,
}  # fmt: skip


def write_all(rng: Random, register: Register, until: datetime) -> None:
    """Write all of it."""
    write_links(rng, register)
    write_parts(rng, register, until)
    write_contacts(rng, register, until)
    write_population(rng, register, until)
    write_help(rng, register, until)
    write_visits(rng, register, until)
    write_targets(register)


def write_links(rng: Random, register: Register) -> None:
    """A shop in its building, a hydrant and the compound that it serves."""
    ids = {each.draft: each for each in register.standings}
    rows = []
    for each in register.standings:
        for kind, other in each.draft.links:
            to = ids[other]
            if each.active and to.active:
                at = max(each.past.steps[0].at, to.past.steps[0].at)
                rows.append(Link(a_id=each.past.id, b_id=to.past.id, kind=kind, by_id=_by(rng, register), at=at))
    Link.objects.bulk_create(rows, _AT_ONCE)


def write_parts(rng: Random, register: Register, until: datetime) -> None:
    """The parts of premises, and the rounds on which they were looked at."""
    parts: list[Part] = []
    rounds: list[list[datetime]] = []
    for each in register.standings:
        if not each.active:
            continue
        for name, cadence in each.draft.parts:
            seen = list(_rounds(rng, each.past.steps[0].at, cadence, until))
            last = seen[-1] if seen else None
            due = last + timedelta(days=cadence) if last else None
            parts.append(Part(element_id=each.past.id, name=name, cadence=cadence, verified_at=last, due_at=due))
            rounds.append(seen)
    Part.objects.bulk_create(parts, _AT_ONCE)
    rows = [
        Verification(element_id=part.element_id, part=part, at=at, by_id=_by(rng, register), result="correct")
        for part, seen in zip(parts, rounds, strict=True)
        for at in seen
    ]
    Verification.objects.bulk_create(rows, _AT_ONCE)


def _rounds(rng: Random, since: datetime, cadence: int, until: datetime) -> Iterator[datetime]:
    at = since + timedelta(days=rng.uniform(1, cadence))
    while at < until:
        yield at
        share = rng.uniform(0.7, 1.0) if rng.random() < 0.8 else rng.uniform(1.0, 1.7)
        at += timedelta(days=cadence * share)


def write_contacts(rng: Random, register: Register, until: datetime) -> None:
    """A way to reach some premises, sealed; the numbers are made up."""
    by = register.crew.staff["officer:community"][0]
    for each in register.standings:
        if not each.active or rng.random() > _REACHED.get(each.draft.category, 0.0):
            continue
        element = Element(pk=each.past.id, station_id=register.crew.station.pk)
        for role in rng.sample([Contact.Role.KEEPER, Contact.Role.SAFETY, Contact.Role.NIGHT], rng.randint(1, 2)):
            reach = f"1390000{rng.randrange(10_000):04d}"
            at = min(until, each.past.steps[0].at + timedelta(days=rng.randrange(30)))
            actions.set_contact(element, role=role, reach=reach, by=by, now=at)


def write_population(rng: Random, register: Register, until: datetime) -> None:
    """How many live in each building, and in each area, on several dates: the area is the sum of its buildings."""
    station, rows = register.crew.station, []
    sums: dict[tuple[int, int], list[int]] = {}
    for home in _homes(register):
        figures = _household(rng, home)
        for back in COUNTED:
            at = until - timedelta(days=back)
            if not home.stood_at(at):
                continue
            figures = _drift(rng, figures)
            day = at.astimezone(register.zone).date()
            by = _by(rng, register)
            rows.append(
                PopulationCount(station=station, element_id=home.past.id, date=day, households=figures[0],
                                long_term=figures[1], temporary=figures[2], by_id=by, recorded_at=at)
            )  # fmt: skip
            assert home.area is not None
            whole = sums.setdefault((home.area, back), [0, 0, 0])
            sums[home.area, back] = [one + other for one, other in zip(whole, figures, strict=True)]
    for (area, back), (households, long_term, temporary) in sums.items():
        at = until - timedelta(days=back)
        rows.append(
            PopulationCount(station=station, area_id=area, date=at.astimezone(register.zone).date(),
                            households=households, long_term=long_term, temporary=temporary,
                            by_id=_by(rng, register), recorded_at=at)
        )  # fmt: skip
    PopulationCount.objects.bulk_create(rows, _AT_ONCE)


def _household(rng: Random, home: Standing) -> tuple[int, int, int]:
    attributes = home.past.values["attributes"]
    doors = max(2, int(attributes.get("floors", 6)) * int(attributes.get("entrances", 3)) * 2)
    households = round(doors * rng.uniform(0.7, 0.97))
    return households, round(households * rng.uniform(1.5, 2.6)), round(households * rng.uniform(0, 0.5))


def _drift(rng: Random, figures: tuple[int, int, int]) -> tuple[int, int, int]:
    households, long_term, temporary = figures
    moved = rng.choice([-2, -1, 0, 0, 0, 1, 2])
    return (
        max(1, households + (moved > 0) - (moved < 0)),
        max(1, long_term + moved * 2),
        max(0, temporary + rng.randrange(-3, 4)),
    )


def write_help(rng: Random, register: Register, until: datetime) -> None:
    """How many in an area may need a hand; what would be fewer than five is not kept."""
    rows = []
    for area in register.crew.areas:
        for kind, usual in _HELPED.items():
            for back in (520, 340, 160):
                count = round(usual * rng.uniform(0.5, 1.6))
                if count >= 5:
                    at = until - timedelta(days=back)
                    day = at.astimezone(register.zone).date()
                    rows.append(
                        HelpCount(area=area, date=day, kind=kind, count=count, by_id=_by(rng, register), recorded_at=at)
                    )
    HelpCount.objects.bulk_create(rows, _AT_ONCE)


def write_visits(rng: Random, register: Register, until: datetime) -> None:
    """Visits to some buildings: doors, hazards and needs as counts."""
    rows = []
    for home in _homes(register):
        if rng.random() > 0.14:
            continue
        doors = max(2, int(home.past.values["attributes"].get("floors", 6)) * 4)
        for _ in range(rng.randint(1, 3)):
            at = home.past.steps[0].at + (until - home.past.steps[0].at) * rng.random()
            rows.append(
                BuildingVisit(element_id=home.past.id, at=at, by_id=_by(rng, register), doors=doors,
                              reached=round(doors * rng.uniform(0.3, 0.9)), hazards=_some(rng, list(HAZARDS)),
                              needs=_some(rng, list(NEEDS)))
            )  # fmt: skip
    BuildingVisit.objects.bulk_create(rows, _AT_ONCE)


def _some(rng: Random, codes: list[str]) -> dict[str, int]:
    return {code: rng.randint(1, 5) for code in rng.sample(codes, rng.randint(0, 3))}


def write_targets(register: Register) -> None:
    """What share of the register is to be fresh."""
    crew = register.crew
    chief = crew.staff["chief:command"][0]
    for category, share in ((None, 88), ("thing.hydrant", 92), ("place.hotel", 90), ("org.fuel", 95)):
        actions.set_target(crew.station, share, by=chief, category=category)


def _homes(register: Register) -> Iterator[Standing]:
    """The buildings in which people live and that stand in an area."""
    for each in register.standings:
        if each.draft.category == "place.residential" and each.active and each.area is not None:
            yield each


def _by(rng: Random, register: Register) -> int:
    people: list[Staff] = register.crew.staff["officer:community"]
    return rng.choice(people).pk
