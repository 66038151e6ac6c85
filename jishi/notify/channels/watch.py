"""A last limit on every exchange with the outside: one that drips a byte at a time is cut off too."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass

_TICK = 0.5


@dataclass(slots=True, eq=False)
class Watched:
    """An exchange: when it must be over, how it is cut off, and whether it was."""

    until: float
    cut: Callable[[], None]
    late: bool = False


class _Watch:
    """One thread for all exchanges of this process, started with the first."""

    def __init__(self) -> None:
        self._all: set[Watched] = set()
        self._lock = threading.Lock()
        self._thread: threading.Thread | None = None

    def add(self, watched: Watched) -> None:
        with self._lock:
            self._all.add(watched)
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._look, name="watch", daemon=True)
                self._thread.start()

    def drop(self, watched: Watched) -> None:
        with self._lock:
            self._all.discard(watched)

    def _look(self) -> None:
        while True:
            time.sleep(_TICK)
            now = time.monotonic()
            with self._lock:
                late = [each for each in self._all if each.until <= now]
                self._all.difference_update(late)
            for each in late:
                each.late = True
                with suppress(OSError, AttributeError):  # it ended on its own at this very moment
                    each.cut()


_watch = _Watch()


@contextmanager
def within(seconds: float, cut: Callable[[], None]) -> Iterator[Watched]:
    """Call ``cut`` from another thread when the block has not ended in time; ``late`` says that it was."""
    watched = Watched(time.monotonic() + seconds, cut)
    _watch.add(watched)
    try:
        yield watched
    finally:
        _watch.drop(watched)
