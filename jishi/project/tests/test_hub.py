"""The hub of the live stream over a made-up database: nothing is missed, and nobody is told twice."""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import Awaitable, Callable, Iterable

import pytest

from jishi.project.stream import hub as hubs
from jishi.project.stream.hub import LOOK_BACK, MOST_EACH, WHOLE, Hub
from jishi.project.stream.sources import New, SqliteSource


class Made:
    """Deliveries that stand in a list, committed when the test says so."""

    def __init__(self) -> None:
        self.rows: list[New] = []
        self.read: set[int] = set()
        self.asked: list[set[int]] = []
        self.away = False

    async def changed(self) -> bool:
        if self.away:
            raise sqlite3.OperationalError
        return True

    async def newest(self) -> int:
        return max((row.id for row in self.rows), default=0)

    async def since(self, floor: int) -> list[New]:
        return [row for row in self.rows if row.id > floor]

    async def unread(self, staff: Iterable[int]) -> dict[int, tuple[int, int]]:
        self.asked.append(set(staff))
        found = {who: [row.id for row in self.rows if row.staff == who and row.id not in self.read] for who in staff}
        return {who: (len(ids), max(ids)) for who, ids in found.items() if ids}

    async def close(self) -> None:
        self.away = False


def told(work: Callable[[Hub, Made], Awaitable[None]]) -> None:
    """Run a test in a loop of its own."""

    async def run() -> None:
        source = Made()
        await work(Hub(source), source)

    asyncio.run(run())


def test_a_listener_begins_with_how_things_stand_and_hears_of_what_is_new() -> None:
    async def work(hub: Hub, source: Made) -> None:
        source.rows = [New(1, 7)]
        mine, other = await hub.join(7), await hub.join(8)
        assert mine is not None
        assert other is not None
        assert (mine.state, other.state) == ((1, 1), (0, 0))
        await hub._look(100)
        source.rows.append(New(2, 7))
        await hub._look(100.1)
        assert (mine.state, mine.wake.is_set(), other.wake.is_set()) == ((2, 2), True, False)
        assert source.asked[-1] == {7}

    told(work)


def test_what_commits_later_with_a_lower_id_is_not_missed() -> None:
    async def work(hub: Hub, source: Made) -> None:
        mine = await hub.join(7)
        assert mine is not None
        await hub._look(100)
        source.rows.append(New(5, 8))
        await hub._look(100.1)
        source.rows.append(New(4, 7))
        await hub._look(100.2)
        assert mine.state == (1, 4)

    told(work)


def test_what_came_without_a_gap_is_not_asked_for_again() -> None:
    async def work(hub: Hub, source: Made) -> None:
        mine = await hub.join(7)
        assert mine is not None
        await hub._look(100)
        source.rows = [New(1, 8), New(2, None), New(4, 8), New(5, 8)]
        await hub._look(100.1)
        assert (hub._floor, hub._seen) == (2, {4, 5})
        assert not mine.wake.is_set()
        source.rows.append(New(3, 7))
        await hub._look(100.2)
        assert mine.state == (1, 3)
        assert (hub._floor, hub._seen) == (5, set())

    told(work)


def test_a_gap_that_is_never_filled_is_given_up_after_the_look_back() -> None:
    async def work(hub: Hub, source: Made) -> None:
        assert await hub.join(7)
        await hub._look(100)
        source.rows = [New(number, 8) for number in range(2, 50)]
        await hub._look(100.1)
        assert hub._floor == 0
        source.rows.append(New(50, 8))
        await hub._look(100.2 + LOOK_BACK)
        assert (hub._floor, hub._seen) == (50, set())

    told(work)


def test_after_the_look_back_only_new_rows_are_asked_for() -> None:
    async def work(hub: Hub, source: Made) -> None:
        assert await hub.join(7)
        await hub._look(100)
        source.rows = [New(number, 8) for number in range(1, 50)]
        await hub._look(100.1)
        await hub._look(100.2 + LOOK_BACK)
        assert hub._floor == 49
        assert hub._seen == set()

    told(work)


def test_what_was_read_elsewhere_lowers_the_count() -> None:
    async def work(hub: Hub, source: Made) -> None:
        source.rows = [New(1, 7), New(2, 7)]
        mine = await hub.join(7)
        assert mine is not None
        await hub._look(100)
        source.read = {2}
        await hub._look(100.5)
        assert not mine.wake.is_set()
        await hub._look(100 + WHOLE)
        assert mine.state == (1, 1)

    told(work)


def test_a_page_that_comes_later_and_knows_more_leaves_the_others_nothing_to_miss() -> None:
    async def work(hub: Hub, source: Made) -> None:
        source.rows = [New(1, 7)]
        first = await hub.join(7)
        assert first is not None
        await hub._look(100)
        source.read = {1}
        second = await hub.join(7)
        assert second is not None
        await hub._look(100 + WHOLE)
        assert (first.state, first.wake.is_set(), second.wake.is_set()) == ((0, 0), True, False)

    told(work)


def test_a_person_has_so_many_pages_and_no_more() -> None:
    async def work(hub: Hub, source: Made) -> None:
        open_ones = [await hub.join(7) for _each in range(MOST_EACH)]
        assert all(open_ones)
        assert await hub.join(7) is None
        assert await hub.join(8) is not None
        assert open_ones[0] is not None
        hub.leave(open_ones[0])
        assert await hub.join(7) is not None
        hub.close()
        assert all(each.gone for each in open_ones if each)

    told(work)


def test_a_database_that_was_away_is_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hubs, "AWAY", 0.0)

    async def work(hub: Hub, source: Made) -> None:
        mine = await hub.join(7)
        assert mine is not None
        source.away = True
        source.rows = [New(1, 7)]
        running = asyncio.create_task(hub.run())
        async with asyncio.timeout(30):
            await mine.wake.wait()
        running.cancel()
        assert mine.state == (1, 1)

    told(work)


def test_the_embedded_database_is_asked_without_the_right_to_write(tmp_path) -> None:
    path = tmp_path / "a b.sqlite3"
    writer = sqlite3.connect(path, isolation_level=None)
    writer.execute("PRAGMA journal_mode = WAL")
    writer.execute("CREATE TABLE notify_delivery (id INTEGER PRIMARY KEY, staff_id, channel, read_at)")

    async def work() -> None:
        source = SqliteSource(str(path))
        assert await source.changed()
        assert not await source.changed()
        writer.execute("INSERT INTO notify_delivery VALUES (1, 7, 'app', NULL), (2, 7, 'email', NULL)")
        assert await source.changed()
        assert (await source.newest(), await source.since(0), await source.unread([7, 8])) == (
            2,
            [(1, 7), (2, None)],
            {7: (1, 1)},
        )
        with pytest.raises(sqlite3.OperationalError):
            source._ask("DELETE FROM notify_delivery")
        await source.close()
        assert await source.changed()
        await source.close()

    asyncio.run(work())
    writer.close()
