"""What the benchmarks share: a durable database for one run, a server of its own, figures beside limits."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

import psutil

HOUSE = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(HOUSE))

from scripts import postgres  # noqa: E402  (found by the path above)

DURABLE = {"fsync": "on", "synchronous_commit": "on", "full_page_writes": "on"}
ENGINES = ("sqlite", "postgresql")


@contextmanager
def durable(engine: str, **more: str) -> Iterator[dict[str, str]]:
    """The environment of an empty database on a real file, every commit of it flushed; gone when the block ends.

    ``more`` are further settings of the PostgreSQL server.
    """
    folder = Path(tempfile.mkdtemp(prefix="jishi-bench-"))
    kept = {name: value for name, value in os.environ.items() if not name.startswith("JISHI_")}
    kept |= {"JISHI_DATA_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "jishi.project.settings"}
    try:
        if engine == "sqlite":
            yield kept
            return
        programs = postgres.server_programs()
        if programs is None:
            sys.exit("PostgreSQL's server programs (initdb, postgres) are not installed.")
        postgres.SETTINGS |= DURABLE | more
        with postgres.cluster(programs) as url:
            yield {**kept, "JISHI_DATABASE_URL": url}
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def on_each(script: str, engines: Sequence[str], arguments: Sequence[str], **more: str) -> int:
    """Run ``script --inside`` on each engine, in a process of its own; 1 when one of them passed a limit."""
    worst = 0
    for engine in engines:
        with durable(engine, **more) as environment:
            command = [sys.executable, script, "--inside", *arguments]
            worst = max(worst, subprocess.run(command, env=environment, cwd=HOUSE, check=False).returncode)
    return worst


def told(name: str, value: float, unit: str, limit: float | None = None) -> bool:
    """Print one figure, beside its limit where there is one; whether it holds."""
    holds = limit is None or value <= limit
    beside = "" if limit is None else f"limit {limit:g}  {'ok' if holds else 'TOO MUCH'}"
    print(f"  {name:<66} {value:9.2f} {unit:<4} {beside}".rstrip(), flush=True)
    return holds


class Server:
    """``jishi serve`` in a process of its own; the worker inside it only where ``worker`` says so."""

    def __init__(self, *, worker: bool = False) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        jishi = Path(sys.executable).parent / "jishi"
        command = [jishi, "serve", *([] if worker else ["--no-worker"]), "--port", str(self.port)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)
        wait_for(f"http://127.0.0.1:{self.port}/healthz", self.process)

    def family(self) -> list[psutil.Process]:
        """The server and its workers."""
        root = psutil.Process(self.process.pid)
        return [root, *root.children(recursive=True)]

    def cpu(self) -> float:
        """CPU seconds so far."""
        return sum(times.user + times.system for times in (each.cpu_times() for each in self.family()))

    def memory(self) -> float:
        """Resident MB of the process that answers."""
        return max(each.memory_info().rss for each in self.family()) / 1e6

    def end(self) -> None:
        """Stop it."""
        stop(self.process)


def wait_for(address: str, process: subprocess.Popen[bytes], seconds: float = 60) -> None:
    """Return once the address answers; leaves when the process ends before or takes longer."""
    deadline = time.monotonic() + seconds
    behind_a_proxy = {"X-Forwarded-Proto": "https"}  # or a server with JISHI_SECURE would send us on
    while True:
        try:
            with urllib.request.urlopen(urllib.request.Request(address, headers=behind_a_proxy)) as answer:
                answer.read()
            return
        except (urllib.error.URLError, OSError):
            if time.monotonic() > deadline or process.poll() is not None:
                stop(process)
                sys.exit("The server did not start.")
            time.sleep(0.01)


def stop(process: subprocess.Popen[bytes]) -> None:
    """End a process that leads its own group, and its workers."""
    if process.poll() is not None:
        return
    os.killpg(process.pid, signal.SIGTERM)
    try:
        process.wait(timeout=10)
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        process.wait()
