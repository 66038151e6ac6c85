"""How often one address may do a thing: counted under a hash that changes every day, kept for the window of time alone.

What is counted is an address, never a device or a person; after a day at most nothing of it is left.
"""

from __future__ import annotations

from dataclasses import dataclass
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
        return int(self._cache.get(self._key(request), 0))

    def note(self, request: HttpRequest) -> int:
        """Count one more, and say which it is."""
        cache, key = self._cache, self._key(request)
        if cache.add(key, 1, timeout=min(self.seconds, DAY)):
            return 1
        try:
            return int(cache.incr(key))
        except ValueError:  # it ran out between the two
            cache.set(key, 1, timeout=min(self.seconds, DAY))
            return 1

    def check(self, request: HttpRequest) -> None:
        """Raise ``Refused("too_often")`` when this address has done it as often as it may."""
        if self.count(request) >= self.most:
            raise Refused("too_often", seconds=self.seconds, minutes=max(1, self.seconds // 60))

    def is_soft(self, count: int) -> bool:
        """Whether so many are more than people send."""
        return bool(self.soft) and count > self.soft

    @property
    def _cache(self) -> Any:
        return caches[self.store]

    def _key(self, request: HttpRequest) -> str:
        return f"limit:{self.name}:{mark_of(request)}"
