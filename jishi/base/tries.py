"""Slowing down who guesses: wrong tries are counted by address, for a short while, under a hash that changes every day.

The salt of a day is drawn by lot and forgotten with it: what stands in the log leads back to no address, not even for
whoever holds the keys of the installation.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass
from secrets import token_hex

from django.conf import settings
from django.core.cache import cache
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac

DAY = 86_400
logger = logging.getLogger(__name__)
#: The salt of today, once it is known.
_salts: dict[str, str] = {}


@dataclass(frozen=True, slots=True)
class Tries:
    """After ``most`` wrong tries of one kind an address is turned away until ``seconds`` have passed since the last."""

    name: str
    most: int = 20
    seconds: int = 600

    def too_many(self, request: HttpRequest) -> bool:
        """Whether this address has to wait."""
        return int(cache.get(self._key(request), 0)) >= self.most

    def note_wrong(self, request: HttpRequest) -> None:
        """Count one wrong try; the log says how many there were, and no address."""
        key = self._key(request)
        count = int(cache.get(key, 0)) + 1
        cache.set(key, count, timeout=self.seconds)
        if count in (1, self.most):
            logger.warning("%s: %d wrong tries from %s", self.name, count, key.rpartition(":")[2])

    def _key(self, request: HttpRequest) -> str:
        return f"tries:{self.name}:{mark_of(request)}"


def mark_of(request: HttpRequest) -> str:
    """What stands for the address of a request today: 16 hexadecimal digits."""
    day = timezone.now().date().isoformat()
    return salted_hmac(f"jishi.tries.{_salt_of(day)}", address_of(request)).hexdigest()[:16]


def _salt_of(day: str) -> str:
    """The salt of a day, the same for all processes; each remembers it once it was read, for this day alone."""
    name = f"tries:salt:{day}"
    salt: str | None = _salts.get(day) or cache.get(name)
    if salt is None:
        # not remembered yet: the transaction that draws it may be undone
        return str(cache.get_or_set(name, lambda: token_hex(16), timeout=DAY))
    if day not in _salts:
        _salts.clear()
        _salts[day] = salt
    return salt


def address_of(request: HttpRequest) -> str:
    """The address that a request came from; behind the proxy that brings HTTPS, the one that the proxy saw."""
    if settings.ENV.secure:
        seen: str = request.META.get("HTTP_X_FORWARDED_FOR", "").rpartition(",")[2].strip()
        if seen:
            return seen
    return str(request.META.get("REMOTE_ADDR", ""))
