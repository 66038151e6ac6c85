"""Small process caches that look at the database again after a minute."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from time import monotonic
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")


class Remembered(Generic[K, V]):
    """Values by key, loaded again once they are ``seconds`` old or after :meth:`forget`."""

    def __init__(self, load: Callable[[K], V], seconds: float = 60) -> None:
        self._load = load
        self._seconds = seconds
        self._found: dict[K, tuple[float, V]] = {}

    def get(self, key: K) -> V:
        """The value, at most ``seconds`` old."""
        now = monotonic()
        found = self._found.get(key)
        if found is None or now - found[0] > self._seconds:
            found = self._found[key] = now, self._load(key)
        return found[1]

    def forget(self) -> None:
        """Load everything anew from now on."""
        self._found.clear()
