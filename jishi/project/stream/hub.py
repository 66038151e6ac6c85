"""The hub: who listens, what each person's pages know, and the one loop that looks for all of them."""

from __future__ import annotations

import asyncio
import logging
import sqlite3
from collections import deque
from dataclasses import dataclass, field

import psycopg

from jishi.project.stream.sources import NOTHING, New, Source

#: Between two looks.  A look that takes longer is followed by a pause as long.
PAUSE = 0.04
#: A transaction may commit later than one whose ids are higher: for so long an id that was left out is waited for.
LOOK_BACK = 10.0
#: Everybody's count is looked at so often, for what was read elsewhere.
WHOLE = 2.0
#: After the database did not answer.
AWAY = 1.0
MOST_EACH = 12
_BROKEN = (sqlite3.Error, psycopg.Error, OSError)
log = logging.getLogger(__name__)


@dataclass(eq=False, slots=True)
class Listener:
    """One open page.  ``state`` is what it knows, or is about to be told: how many are unread, and the newest."""

    staff: int
    state: tuple[int, int]
    wake: asyncio.Event = field(default_factory=asyncio.Event)
    gone: bool = False

    def tell(self, state: tuple[int, int]) -> None:
        """Hand over what is new to this page; two changes before it is written are one."""
        if state != self.state:
            self.state = state
            self.wake.set()

    def leave(self) -> None:
        """Its page is closed, or the stream ends."""
        self.gone = True
        self.wake.set()


class Hub:
    """All listeners of one process."""

    def __init__(self, source: Source) -> None:
        self._source = source
        self._listeners: dict[int, set[Listener]] = {}
        self._somebody = asyncio.Event()
        self._history: deque[tuple[float, int]] = deque()
        self._seen: set[int] = set()
        self._floor = -1
        self._changed = False
        self._whole_at = 0.0
        self._lock = asyncio.Lock()

    async def join(self, staff: int) -> Listener | None:
        """Let one page listen, beginning with how things stand; None where this person has too many open."""
        if len(self._listeners.get(staff, ())) >= MOST_EACH:
            return None
        async with self._lock:
            state = (await self._source.unread([staff])).get(staff, NOTHING)
        listener = Listener(staff, state)
        self._listeners.setdefault(staff, set()).add(listener)
        self._somebody.set()
        return listener

    def leave(self, listener: Listener) -> None:
        """Forget a page that was closed."""
        listener.leave()
        others = self._listeners.get(listener.staff, set())
        others.discard(listener)
        if not others:
            self._listeners.pop(listener.staff, None)
        if not self._listeners:
            self._somebody.clear()

    def close(self) -> None:
        """End every page's stream; each comes back elsewhere, or asks now and then."""
        for listener in [each for some in self._listeners.values() for each in some]:
            listener.leave()

    async def run(self) -> None:
        """Look, for as long as somebody listens; a database that is away for a while is waited for."""
        clock = asyncio.get_running_loop().time
        while True:
            await self._somebody.wait()
            begun = clock()
            try:
                async with self._lock:
                    await self._look(begun)
            except _BROKEN as error:
                log.warning("The stream cannot reach the database (%s); it tries again.", type(error).__name__)
                await self._source.close()
                await asyncio.sleep(AWAY)
            await asyncio.sleep(max(PAUSE, clock() - begun))

    async def _look(self, now: float) -> None:
        if await self._source.changed():
            self._changed = True
        if not self._changed:
            return
        if self._floor < 0:
            self._floor = await self._source.newest()
        concerned = self._take(await self._source.since(self._floor), now)
        if now - self._whole_at >= WHOLE:
            concerned, self._whole_at, self._changed = set(self._listeners), now, False
        concerned &= self._listeners.keys()
        if not concerned:
            return
        found = await self._source.unread(concerned)
        for staff in concerned & self._listeners.keys():
            state = found.get(staff, NOTHING)
            for listener in self._listeners[staff]:
                listener.tell(state)

    def _take(self, rows: list[New], now: float) -> set[int]:
        """Whom the rows concern that were not there before; and from which id on to look the next time.

        Every delivery has the next id, so that what follows without a gap need not be looked at again; a gap is left by
        a transaction that is under way or was taken back.
        """
        new = [row for row in rows if row.id not in self._seen]
        self._seen.update(row.id for row in new)
        if new:
            self._history.append((now, max(self._seen)))
        floor = self._floor
        while self._history and now - self._history[0][0] > LOOK_BACK:
            floor = max(floor, self._history.popleft()[1])
        while floor + 1 in self._seen:
            floor += 1
        if floor != self._floor:
            self._floor = floor
            self._seen = {each for each in self._seen if each > floor}
        return {row.staff for row in new if row.staff is not None}
