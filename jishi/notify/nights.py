"""What would reach somebody at three in the morning: red, and everything else."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from jishi.notify import kinds, ways
from jishi.notify.models import Channel

THREE = time(3, 0)


@dataclass(frozen=True, slots=True)
class Night:
    """By which channels red matters come at that hour, by group, and from when on the others do (None: at once)."""

    red: list[tuple[Any, list[Any]]]
    others_from: time | None

    @property
    def reached(self) -> bool:
        """Whether anything comes at all."""
        return bool(self.red)


def night_of(person: ways.Person, house: ways.House, now: datetime) -> Night:
    """What would reach this person at the next three o'clock in the station's zone."""
    here = now.astimezone(ZoneInfo(house.zone))
    three = datetime.combine(here.date() + timedelta(days=1), THREE, here.tzinfo)
    over = person.quiet.over_at(three, house.zone) if person.quiet else three
    red = [
        (group.label, [Channel(code).label for code in channels])
        for group in kinds.groups()
        if (channels := person.channels(group, house.ready))
    ]
    return Night(red, over.astimezone(here.tzinfo).time() if over > three else None)
