"""What the stream asks of the database, in plain SQL: SQLite beside its one writer, PostgreSQL without a thread."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable
from typing import Any, NamedTuple, Protocol
from urllib.parse import quote

import psycopg

#: How many are unread, and the newest of them; 0 and 0 where there is none.
NOTHING = (0, 0)


class New(NamedTuple):
    """A delivery that has been committed; ``staff`` is None where it is none in the application."""

    id: int
    staff: int | None


class Source(Protocol):
    """A database, as the stream needs it."""

    async def changed(self) -> bool:
        """Whether anything at all may have been written since the last time; the cheapest question there is."""

    async def newest(self) -> int:
        """The id of the newest delivery."""

    async def since(self, floor: int) -> list[New]:
        """The deliveries above an id, by whichever channel."""

    async def unread(self, staff: Iterable[int]) -> dict[int, tuple[int, int]]:
        """How many notices are unread and the newest of them, for each of these who has any."""

    async def close(self) -> None:
        """Let the connection go; the next question opens another."""


_NEWEST = "SELECT coalesce(max(id), 0) FROM notify_delivery"
_SINCE = "SELECT id, CASE WHEN channel = 'app' THEN staff_id END FROM notify_delivery WHERE id > {mark}"
_UNREAD = (
    "SELECT staff_id, count(*), max(id) FROM notify_delivery"
    " WHERE channel = 'app' AND read_at IS NULL AND staff_id {among} GROUP BY staff_id"
)


class SqliteSource:
    """The embedded database, through a connection that cannot write."""

    def __init__(self, path: str) -> None:
        self._address = f"file:{quote(path)}?mode=rw"
        self._connection: sqlite3.Connection | None = None
        self._version = -1

    async def changed(self) -> bool:
        """Whether another connection has committed: SQLite counts that by itself."""
        [[version]] = self._ask("PRAGMA data_version")
        was, self._version = self._version, version
        return bool(version != was)

    async def newest(self) -> int:
        """The id of the newest delivery."""
        return int(self._ask(_NEWEST)[0][0])

    async def since(self, floor: int) -> list[New]:
        """The deliveries above an id, by whichever channel."""
        return [New(*row) for row in self._ask(_SINCE.format(mark="?"), floor)]

    async def unread(self, staff: Iterable[int]) -> dict[int, tuple[int, int]]:
        """How many notices are unread and the newest of them."""
        asked = list(staff)
        among = f"IN ({', '.join('?' * len(asked))})"
        return {who: (count, newest) for who, count, newest in self._ask(_UNREAD.format(among=among), *asked)}

    async def close(self) -> None:
        """Let the connection go."""
        if self._connection is not None:
            self._connection.close()
        self._connection, self._version = None, -1

    def _ask(self, sql: str, *values: int) -> list[tuple[Any, ...]]:
        if self._connection is None:
            self._connection = sqlite3.connect(self._address, uri=True, isolation_level=None, timeout=0.5)
            self._connection.execute("PRAGMA query_only = ON")
        return self._connection.execute(sql, values).fetchall()


class PostgresSource:
    """PostgreSQL, through one connection that waits without a thread."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._connection: psycopg.AsyncConnection[tuple[Any, ...]] | None = None

    async def changed(self) -> bool:
        """Only the tables themselves can say."""
        return True

    async def newest(self) -> int:
        """The id of the newest delivery."""
        return int((await self._ask(_NEWEST))[0][0])

    async def since(self, floor: int) -> list[New]:
        """The deliveries above an id, by whichever channel."""
        return [New(*row) for row in await self._ask(_SINCE.format(mark="%s"), floor)]

    async def unread(self, staff: Iterable[int]) -> dict[int, tuple[int, int]]:
        """How many notices are unread and the newest of them."""
        rows = await self._ask(_UNREAD.format(among="= ANY(%s)"), list(staff))
        return {who: (count, newest) for who, count, newest in rows}

    async def close(self) -> None:
        """Let the connection go."""
        connection, self._connection = self._connection, None
        if connection is not None:
            await connection.close()

    async def _ask(self, sql: str, *values: Any) -> list[tuple[Any, ...]]:
        if self._connection is None:
            self._connection = await psycopg.AsyncConnection.connect(self._url, autocommit=True, connect_timeout=5)
        return await (await self._connection.execute(sql.encode(), values)).fetchall()


def source_of(database_url: str, path: str) -> Source:
    """The source of an installation: of its PostgreSQL, or of the SQLite file at ``path``."""
    return PostgresSource(database_url) if database_url.startswith("postgres") else SqliteSource(path)
