"""Serving the stream: as ``jishi stream``, and as the child of ``jishi serve`` that ends with its parent."""

from __future__ import annotations

import asyncio
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable

from jishi.project.environment import Environment
from jishi.project.stream.app import Application
from jishi.project.stream.hub import Hub
from jishi.project.stream.sources import source_of

#: So long the pages have to hear that the stream ends.
FAREWELL = 0.2
#: A parent that was killed is missed within this time.
LOOK_FOR_PARENT = 1.0
#: Before a child that ended by itself is started again.
AGAIN = 2.0


def run(env: Environment, host: str, port: int, parent: int = 0) -> None:
    """Serve until the process is told to end, or until ``parent`` is not its parent any more."""
    asyncio.run(_serve(env, host, port, parent))


async def _serve(env: Environment, host: str, port: int, parent: int) -> None:
    from granian.constants import Interfaces
    from granian.server.embed import Server

    hub = Hub(source_of(env.database_url, str(env.database()["NAME"])))
    application = Application(hub, env.secret(), env.hosts.split(","), env.url)
    ended = asyncio.Event()
    for signum in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(signum, ended.set)
    server = Server(application, address=host, port=port, interface=Interfaces.ASGINL, log_enabled=False)
    tasks = [asyncio.create_task(hub.run()), asyncio.create_task(server.serve())]
    if parent:
        tasks.append(asyncio.create_task(_end_with(parent, ended)))
    watch = asyncio.create_task(ended.wait())
    await asyncio.wait([watch, *tasks], return_when=asyncio.FIRST_COMPLETED)
    hub.close()
    await asyncio.sleep(FAREWELL)
    server.stop()  # type: ignore[no-untyped-call]  # granian says no types for it
    for task in (watch, *tasks):
        task.cancel()


async def _end_with(parent: int, ended: asyncio.Event) -> None:
    while os.getppid() == parent:
        await asyncio.sleep(LOOK_FOR_PARENT)
    ended.set()


def start_child(host: str, port: int) -> Callable[[], None]:
    """Start the stream as a child of this process, again if it ends by itself; returns what ends it."""
    command = [
        sys.executable, "-m", "jishi.project.stream", "--host", host, "--port", str(port), "--parent", str(os.getpid()),
    ]  # fmt: skip
    over = threading.Event()
    child = subprocess.Popen(command)

    def keep() -> None:
        nonlocal child
        while not over.is_set():
            child.wait()
            if not over.wait(AGAIN):
                child = subprocess.Popen(command)

    keeper = threading.Thread(target=keep, name="jishi-stream", daemon=True)
    keeper.start()

    def end() -> None:
        over.set()
        child.terminate()
        keeper.join(timeout=5)
        if child.poll() is None:
            child.kill()

    return end
