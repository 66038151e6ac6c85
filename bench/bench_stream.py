"""From the commit of an event to the message in the application, at 50 listeners, beside a bare SSE server.

    .venv/bin/python bench/bench_stream.py                       # SQLite, then PostgreSQL (started for this, durable)
    .venv/bin/python bench/bench_stream.py --database sqlite --rounds 40 --listeners 20

``jishi stream`` in a process of its own, with as many people listening; each round tells all of them of one event in
one transaction, and each listener's time runs from the commit to the arrival of the event.  The bare server is the
same granian with an application that hands a POST on to all its listeners from memory, its time running from the POST.
Rounds of both take turns, since the machine has moods.
Exit status 1 when our 95th percentile is more than 100 ms above the bare one.
"""

from __future__ import annotations

import argparse
import asyncio
import random
import socket
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable

from databases import ENGINES, on_each, stop, told, wait_for
from telling import KIND, prepare

MORE_MS = 100.0
BARE = """
import asyncio, sys
from granian.constants import Interfaces
from granian.server.embed import Server
queues = set()
async def app(scope, receive, send):
    if scope["type"] != "http":
        return
    if scope["path"] == "/send":
        for queue in queues:
            queue.put_nowait(b"event: notice\\ndata: {}\\n\\n")
        await send({"type": "http.response.start", "status": 204, "headers": []})
        return await send({"type": "http.response.body", "body": b""})
    if scope["path"] != "/stream":
        await send({"type": "http.response.start", "status": 200, "headers": []})
        return await send({"type": "http.response.body", "body": b"ok"})
    queue = asyncio.Queue()
    queues.add(queue)
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]})
    await send({"type": "http.response.body", "body": b"event: notice\\ndata: {}\\n\\n", "more_body": True})
    while True:
        await send({"type": "http.response.body", "body": await queue.get(), "more_body": True})
server = Server(app, port=int(sys.argv[1]), interface=Interfaces.ASGINL, log_enabled=False)
asyncio.run(server.serve())
"""


class Listeners:
    """Open streams; each notes when its next event arrives."""

    def __init__(self) -> None:
        self.arrived: list[float] = []
        self._waiting = 0
        self._all = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []

    async def open(self, port: int, queries: list[str]) -> None:
        """Open one stream for each query, and wait until all have said hello."""
        self.expect(len(queries))
        self._tasks = [asyncio.create_task(self._listen(port, query)) for query in queries]
        await self.everybody()

    def expect(self, number: int) -> None:
        """From now on, wait for so many events."""
        self.arrived, self._waiting = [], number
        self._all.clear()

    async def everybody(self) -> None:
        """Until all of them have come."""
        async with asyncio.timeout(30):
            await self._all.wait()

    def close(self) -> None:
        """Close all."""
        for task in self._tasks:
            task.cancel()

    async def _listen(self, port: int, query: str) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(f"GET /stream?{query} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        while line := await reader.readline():
            if line.startswith(b"data:"):
                self.arrived.append(time.perf_counter())
                self._waiting -= 1
                if self._waiting == 0:
                    self._all.set()


class Side:
    """One server with its listeners; ``tell`` makes something new and gives the moment at which it was."""

    def __init__(self, tell: Callable[[], Awaitable[float]]) -> None:
        self.found: list[float] = []
        self._tell = tell
        self._listeners = Listeners()

    async def open(self, port: int, queries: list[str]) -> None:
        """Let all of them listen."""
        await self._listeners.open(port, queries)

    async def round(self, number: int) -> None:
        """The milliseconds of one event to each listener."""
        await asyncio.sleep(random.uniform(0.05, 0.15))
        self._listeners.expect(number)
        begun = await self._tell()
        await self._listeners.everybody()
        self.found += [(each - begun) * 1000 for each in self._listeners.arrived]

    def close(self) -> None:
        """Let them go."""
        self._listeners.close()


def started(*command: str) -> tuple[subprocess.Popen[bytes], int]:
    """A server in a process of its own, on a free port, which comes last."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    process = subprocess.Popen([sys.executable, *command, str(port)], start_new_session=True)
    wait_for(f"http://127.0.0.1:{port}/healthz", process)
    return process, port


def percentile(values: list[float], share: float = 0.95) -> float:
    """The value that so many do not pass."""
    return sorted(values)[int(len(values) * share)]


def measure(listeners: int, rounds: int) -> bool:
    """Both servers side by side."""
    import django

    django.setup()
    from django.conf import settings
    from django.db import connection, transaction
    from django.utils import timezone

    from jishi.notify.actions import To, tell
    from jishi.notify.tickets import make_ticket

    house, people = prepare("", listeners)
    serial = iter(range(1, 1_000_000))

    def one_event() -> float:
        with transaction.atomic():
            tell(KIND, station=house.station.pk, subject=("matter", next(serial)),
                 to=[To(each.pk, "yours") for each in people], now=timezone.now(), inside_only=True)  # fmt: skip
        return time.perf_counter()

    async def one_post() -> float:
        begun = time.perf_counter()
        reader, writer = await asyncio.open_connection("127.0.0.1", bare_port)
        writer.write(b"POST /send HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
        await reader.read()
        writer.close()
        return begun

    stream, port = started("-m", "jishi.project.stream", "--host", "127.0.0.1", "--port")
    bare, bare_port = started("-c", BARE)
    tickets = [f"ticket={make_ticket(each.pk, settings.SECRET_KEY)}" for each in people]
    ours, theirs = Side(lambda: asyncio.to_thread(one_event)), Side(one_post)

    async def in_turn() -> None:
        await ours.open(port, tickets)
        await theirs.open(bare_port, [""] * listeners)
        for _round in range(rounds):
            await ours.round(listeners)
            await theirs.round(listeners)
        ours.close()
        theirs.close()

    asyncio.run(in_turn())
    stop(stream)
    stop(bare)
    print(f"{connection.vendor}: {rounds} events to {listeners} listeners")
    told("commit to arrival, middle", percentile(ours.found, 0.5), "ms")
    told("commit to arrival, 95th percentile", percentile(ours.found), "ms")
    told("the bare server, middle", percentile(theirs.found, 0.5), "ms")
    told("the bare server, 95th percentile", percentile(theirs.found), "ms")
    return told("more than the bare server", percentile(ours.found) - percentile(theirs.found), "ms", MORE_MS)


def main() -> int:
    """Measure on both databases, or on the one asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--database", choices=[*ENGINES, "both"], default="both")
    parser.add_argument("--listeners", type=int, default=50)
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.inside:
        return 0 if measure(given.listeners, given.rounds) else 1
    engines = ENGINES if given.database == "both" else [given.database]
    return on_each(__file__, engines, ["--listeners", str(given.listeners), "--rounds", str(given.rounds)])


if __name__ == "__main__":
    sys.exit(main())
