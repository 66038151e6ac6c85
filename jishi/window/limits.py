"""How often one address may do a thing: counted under a hash that changes every day, kept for the window of time alone.

What is counted is an address, never a device or a person; after a day at most nothing of it is left.
"""

from __future__ import annotations

from dataclasses import dataclass
from time import time
from typing import Any

from django.core.cache import caches
from django.http import HttpRequest

from jishi.base.errors import Refused
from jishi.base.tries import DAY, mark_of


@dataclass(frozen=True, slots=True)
class Limit:
    """At most ``most`` of one kind from one address in ``seconds``; ``soft`` is from where on it looks like a machine.

    Behind one address may stand a whole street, so the limits are wide; ``seconds`` is a day at most.  ``store`` is
    where it is counted: for all processes together, or in the ``memory`` of each.
    """

    name: str
    most: int
    seconds: int = 3600
    soft: int = 0
    store: str = "default"

    def count(self, request: HttpRequest) -> int:
        """How many came from this address so far."""
        return self._counted(self._key(request))[0]

    def note(self, request: HttpRequest) -> int:
        """Count one more, and say which it is."""
        key = self._key(request)
        count, until = self._counted(key)
        self._cache.set(key, (count + 1, until), timeout=until - time())
        return count + 1

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

    def _counted(self, key: str) -> tuple[int, float]:
        """How many there were, and until when they count, in seconds of the epoch: from the first one on."""
        now = time()
        count, until = self._cache.get(key) or (0, 0.0)
        return (count, until) if until > now else (0, now + min(self.seconds, DAY))

    @property
    def _cache(self) -> Any:
        return caches[self.store]

    def _key(self, request: HttpRequest) -> str:
        return f"limits:{self.name}:{mark_of(request)}"
