"""The ASGI application: one address, which answers a ticket with events until the page is closed."""

from __future__ import annotations

import asyncio
import json
import logging
import sqlite3
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

import psycopg

from jishi.base.streaming import PATH
from jishi.notify.tickets import read_ticket
from jishi.project.stream.hub import Hub, Listener

#: A sign of life, so that nobody between us and the page takes the silence for the end.
HEARTBEAT = 15.0
#: After so long a page asks for a new ticket: whoever has signed out meanwhile gets none.
LONGEST = 600.0
RETRY_MS = 5_000

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
log = logging.getLogger(__name__)


class Application:
    """Events for those who bring a ticket.  ``hosts`` are those whose pages may read them (``*``: any)."""

    def __init__(self, hub: Hub, secret: str, hosts: Iterable[str], url: str) -> None:
        self._hub = hub
        self._secret = secret
        self._hosts = frozenset(host.strip("[]") for host in (*hosts, urlsplit(url).hostname or ""))

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        """Answer one request."""
        if scope["type"] != "http":
            return
        if scope["path"] == "/healthz":
            await _answer(send, 200, "ok")
        elif not scope["path"].endswith(PATH):
            await _answer(send, 404, "nothing here")
        elif scope["method"] != "GET":
            await _answer(send, 405, "GET")
        else:
            await self._stream(scope, receive, send)

    async def _stream(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        headers = self._allowed(dict(scope["headers"]).get(b"origin", b"").decode("latin-1"))
        ticket = parse_qs(scope["query_string"].decode("latin-1")).get("ticket", [""])[-1]
        staff = read_ticket(ticket, self._secret)
        if staff is None:
            return await _answer(send, 403, "ticket", headers)
        try:
            listener = await self._hub.join(staff)
        except (sqlite3.Error, psycopg.Error, OSError) as error:
            log.warning("The stream cannot reach the database (%s).", type(error).__name__)
            return await _answer(send, 503, "database", headers)
        if listener is None:
            return await _answer(send, 429, "too many", headers)
        watch = asyncio.create_task(_until_closed(receive, listener))
        try:
            await _tell(listener, send, headers)
        finally:
            watch.cancel()
            self._hub.leave(listener)

    def _allowed(self, origin: str) -> list[tuple[bytes, bytes]]:
        """The page of our own may read this though it comes from another port."""
        host = urlsplit(origin).hostname
        if not host or not ({host, "*"} & self._hosts):
            return []
        return [(b"access-control-allow-origin", origin.encode("latin-1")), (b"vary", b"Origin")]


async def _tell(listener: Listener, send: Send, headers: list[tuple[bytes, bytes]]) -> None:
    """Write how things stand, and every change, until the page is gone or the time is over."""
    clock = asyncio.get_running_loop().time
    over = clock() + LONGEST
    kept = [(b"content-type", b"text/event-stream"), (b"cache-control", b"no-store"), (b"x-accel-buffering", b"no")]
    await send({"type": "http.response.start", "status": 200, "headers": [*kept, *headers]})
    await _write(send, f"retry: {RETRY_MS}\n\n{_event(listener)}")
    while not listener.gone and clock() < over:
        try:
            async with asyncio.timeout(min(HEARTBEAT, over - clock())):
                await listener.wake.wait()
        except TimeoutError:
            await _write(send, ": here\n\n")
            continue
        listener.wake.clear()
        if not listener.gone:
            await _write(send, _event(listener))
    await send({"type": "http.response.body", "body": b"event: renew\ndata: {}\n\n", "more_body": False})


def _event(listener: Listener) -> str:
    unread, newest = listener.state
    return f"id: {newest}\nevent: notice\ndata: {json.dumps({'id': newest, 'unread': unread})}\n\n"


async def _until_closed(receive: Receive, listener: Listener) -> None:
    while (await receive())["type"] != "http.disconnect":
        continue
    listener.leave()


async def _write(send: Send, text: str) -> None:
    await send({"type": "http.response.body", "body": text.encode(), "more_body": True})


async def _answer(send: Send, status: int, text: str, headers: Iterable[tuple[bytes, bytes]] = ()) -> None:
    kept = [(b"content-type", b"text/plain; charset=utf-8"), (b"cache-control", b"no-store"), *headers]
    await send({"type": "http.response.start", "status": status, "headers": kept})
    await send({"type": "http.response.body", "body": text.encode()})
