"""How often one address may do a thing: counted under a hash that changes every day, kept for the window of time alone.

What is counted is an address, never a device or a person; after a day at most nothing of it is left.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.core.cache import caches
from django.http import HttpRequest
from django.utils import timezone

from jishi.base.errors import Refused
from jishi.base.tries import mark_of
from jishi.window.actions.limits import count_one
from jishi.window.queries.limits import counted

#: The longest that anything is counted: with the ten minutes until its row is deleted, less than a day.
LONGEST = timedelta(hours=23)


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``most`` of one kind from one address in ``seconds``, for all processes together.

    Behind one address may stand a whole street, so the limits are wide; ``soft`` is from where on it looks like a
    machine.  What is limited by the day, counts for :data:`LONGEST` from the first one on.
    """

    name: str
    most: int
    seconds: int = 3600
    soft: int = 0

    def count(self, request: HttpRequest) -> int:
        """How many came from this address so far."""
        return counted(self._mark(request), timezone.now())

    def note(self, request: HttpRequest) -> int:
        """Count one more, and say which it is."""
        now = timezone.now()
        return count_one(self._mark(request), self._until(now), now)

    def check(self, request: HttpRequest) -> None:
        """Raise ``Refused("too_often")`` when this address has done it as often as it may."""
        self.refuse_beyond(self.count(request) + 1)

    def refuse_beyond(self, count: int) -> None:
        """Raise ``Refused("too_often")`` when this one is more than may be."""
        if count > self.most:
            raise Refused("too_often", seconds=self.seconds, minutes=max(1, self.seconds // 60))

    def is_soft(self, count: int) -> bool:
        """Whether so many are more than people send."""
        return bool(self.soft) and count > self.soft

    def _until(self, now: datetime) -> datetime:
        """Until when it counts, where this is the first."""
        return now + min(timedelta(seconds=self.seconds), LONGEST)

    def _mark(self, request: HttpRequest) -> str:
        return f"{self.name}:{mark_of(request)}"


class QuickLimit(Limit):
    """A limit that each process counts by itself, in memory: for what comes with every key that somebody presses."""

    __slots__ = ()

    def count(self, request: HttpRequest) -> int:
        """How many came from this address so far."""
        return self._counted(self._mark(request), timezone.now())[0]

    def note(self, request: HttpRequest) -> int:
        """Count one more, and say which it is."""
        mark, now = self._mark(request), timezone.now()
        count, until = self._counted(mark, now)
        caches["memory"].set(f"limits:{mark}", (count + 1, until), timeout=(until - now).total_seconds())
        return count + 1

    def _counted(self, mark: str, now: datetime) -> tuple[int, datetime]:
        count, until = caches["memory"].get(f"limits:{mark}") or (0, now)
        return (count, until) if until > now else (0, self._until(now))
