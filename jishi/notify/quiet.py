"""Quiet hours: until when somebody is not to be disturbed.  Pure; also for spans over midnight."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True)
class Quiet:
    """The hours of each day, from ``starts`` until before ``ends``; ``22:00`` to ``07:00`` reaches over midnight."""

    starts: time
    ends: time

    def holds(self, clock: time) -> bool:
        """Whether it is quiet at this time of day."""
        if self.starts < self.ends:
            return self.starts <= clock < self.ends
        return clock >= self.starts or clock < self.ends

    def over_at(self, at: datetime, zone: str) -> datetime:
        """The moment from which one may disturb: ``at`` itself, or the end of the quiet hours that hold then."""
        here = at.astimezone(ZoneInfo(zone))
        if not self.holds(here.time()):
            return at
        day = here.date() if here.time() < self.ends else here.date() + timedelta(days=1)
        return datetime.combine(day, self.ends, ZoneInfo(zone)).astimezone(UTC)
