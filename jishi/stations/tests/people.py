"""People with a post, written straight to their tables: most tests need them, few are about how they come to be.

What a post has to keep is proven where posts are given (``test_administer.py``, ``test_roster.py``).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from jishi.stations import crew
from jishi.stations.models import Bureau, Post, Staff, Station, Unit


@dataclass(frozen=True, slots=True)
class Seat:
    """An account to make, and the one post it has: at a station, in a unit of it, or at a bureau."""

    username: str
    name: str
    role: str
    station: Station | None = None
    unit: Unit | None = None
    bureau: Bureau | None = None


def seated(seats: Iterable[Seat]) -> list[Staff]:
    """Make the accounts of these seats, in their order; nobody can sign in by a password."""
    seats = list(seats)
    people = [Staff(username=seat.username, name=seat.name) for seat in seats]
    for person in people:
        person.set_unusable_password()
    Staff.objects.bulk_create(people)
    Post.objects.bulk_create(
        Post(staff=person, role=seat.role, station=seat.station, unit=seat.unit, bureau=seat.bureau)
        for person, seat in zip(people, seats, strict=True)
    )
    crew.forget()
    return people
