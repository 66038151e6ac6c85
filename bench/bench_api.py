"""What the API costs: CPU time of the server process, against ``apply`` in the same run and against a fixed limit.

    python scripts/postgres.py -- .venv/bin/python bench/bench_api.py
    env -u JISHI_DATABASE_URL .venv/bin/python bench/bench_api.py

A full round is eight commands.  ``apply`` runs them in this process; then a server process of its own answers the same
eight over HTTP, one connection kept, each request with a token, a key and a version.  Blocks of both take turns.
Exit status 1 when a limit is passed.
"""

from __future__ import annotations

import argparse
import http.client
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import psutil
import psycopg

HOUSE = Path(__file__).resolve().parents[1]
RATIO, ROUND_MS, LIST_MS, DETAIL_MS, MEMORY_MB = 2.5, 30.0, 16.0, 10.0, 200
VERBS = ("assess", "push", "accept", "submit", "check", "answer", "close")
BODIES: dict[str, dict[str, Any] | None] = {
    "assess": {"category": "dispute.rent", "grade": 3},
    "push": {"unit": "patrol"},
    "accept": None,
    "submit": {"outcome": "fixed", "text": "已处理完毕"},
    "check": {"result": "pass"},
    "answer": {"text": "已告知报告人"},
    "close": None,
}


@contextmanager
def own_database() -> Iterator[None]:
    """A database and a data folder for this run alone."""
    folder = Path(tempfile.mkdtemp(prefix="jishi-bench-"))
    cluster, name = os.environ.get("JISHI_DATABASE_URL", ""), f"jishi_bench_{uuid.uuid4().hex[:12]}"
    os.environ |= {"JISHI_DATA_DIR": str(folder / "data"), "DJANGO_SETTINGS_MODULE": "jishi.project.settings"}
    try:
        if cluster:
            with psycopg.connect(cluster, autocommit=True) as connection:
                connection.execute(f"CREATE DATABASE {name}")
            os.environ["JISHI_DATABASE_URL"] = urlunsplit(urlsplit(cluster)._replace(path=f"/{name}"))
        yield
        if cluster:
            from django.db import connections

            connections.close_all()
            with psycopg.connect(cluster, autocommit=True) as connection:
                connection.execute(f"DROP DATABASE {name} WITH (FORCE)")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


class Server:
    """``jishi serve`` in a process of its own."""

    def __init__(self) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        command = [Path(sys.executable).parent / "jishi", "serve", "--no-worker", "--port", str(self.port)]
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, start_new_session=True)
        deadline = time.monotonic() + 60
        while True:
            try:
                self.connection = http.client.HTTPConnection("127.0.0.1", self.port)
                self.connection.request("GET", "/healthz")
                self.connection.getresponse().read()
                return
            except OSError:
                if time.monotonic() > deadline or self.process.poll() is not None:
                    sys.exit("The server did not start.")
                time.sleep(0.1)

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

    def ask(self, method: str, path: str, token: str, body: Any = None, version: int = 0) -> tuple[Any, int]:
        """One request: its JSON and the version in its ETag."""
        headers = {"Authorization": f"Bearer {token}", "Accept": "application/json"}
        if method == "POST":
            headers["Idempotency-Key"] = uuid.uuid4().hex
        if version:
            headers["If-Match"] = f'"{version}"'
        sent = None
        if body is not None:
            sent = json.dumps(body).encode()
            headers["Content-Type"] = "application/json"
        self.connection.request(method, f"/api/v1{path}", sent, headers)
        answer = self.connection.getresponse()
        told = json.loads(answer.read())
        if answer.status >= 400:
            sys.exit(f"{method} {path} answered {answer.status}: {told}")
        return told, int(answer.headers.get("ETag", '"0"').strip('"'))

    def end(self) -> None:
        """Stop it."""
        os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)


def apply_round(house: Any) -> None:
    """Eight commands through ``apply``, each with a key and a version as the API gives them."""
    from jishi.matters import commands
    from jishi.matters.actions import Place, apply, report_matter

    key = uuid.uuid4().hex
    done = report_matter(
        house.station, by=house.desk, title="楼道堆物", place=Place("和平里3号楼", house.area.pk), key=key
    )
    for verb in VERBS:
        values = dict(BODIES[verb] or {})
        if verb == "push":
            values["unit"] = house.patrol.pk
        by = {"accept": house.officer, "submit": house.officer, "check": house.checker}.get(verb, house.desk)
        command = commands.BY_VERB[verb](**values)
        done = apply(done.matter_id, command, by=by, version=done.version, key=key + verb)


def http_round(server: Server, tokens: dict[str, str], verbs: tuple[str, ...] = VERBS) -> None:
    """The same over HTTP."""
    place = {"name": "和平里3号楼", "area": "heping"}
    told, version = server.ask("POST", "/matters", tokens["desk"], {"title": "楼道堆物", "place": place})
    for verb in verbs:
        who = {"accept": "officer", "submit": "officer", "check": "checker"}.get(verb, "desk")
        path = f"/matters/{told['number']}/commands/{verb}"
        _, version = server.ask("POST", path, tokens[who], BODIES[verb], version)


def spent(clock: Callable[[], float], times: int, work: Callable[[], object]) -> float:
    """Milliseconds of ``clock`` that one of ``times`` runs of ``work`` takes."""
    before = clock()
    for _ in range(times):
        work()
    return (clock() - before) * 1000 / times


def told(name: str, value: float, limit: float, unit: str) -> bool:
    """Print one figure beside its limit; whether it holds."""
    holds = value <= limit
    print(f"{name:<62} {value:8.2f} {unit:<3} limit {limit:g} {'ok' if holds else 'TOO MUCH'}", flush=True)
    return holds


def measure(rounds: int, blocks: int) -> bool:
    """All figures of one database."""
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("migrate", verbosity=0)
    from jishi.matters.tests import factory
    from jishi.stations.actions import make_token

    house = factory.a_station()
    tokens = {
        role: make_token(house.people[role], label="bench", scopes=["read", "write"], days=1)[1]
        for role in ("desk", "officer", "checker")
    }
    server = Server()
    try:
        for _ in range(20):
            apply_round(house)
            http_round(server, tokens)
        inside, outside = [], []
        for _ in range(blocks):
            inside.append(spent(time.process_time, rounds, lambda: apply_round(house)))
            outside.append(spent(server.cpu, rounds, lambda: http_round(server, tokens)))
        applied, asked = min(inside), min(outside)
        short = spent(server.cpu, rounds, lambda: http_round(server, tokens, VERBS[:5]))
        [number] = [row["number"] for row in server.ask("GET", "/matters?limit=1", tokens["desk"])[0]["items"]]
        listed = spent(server.cpu, rounds * 4, lambda: server.ask("GET", "/matters?limit=50", tokens["desk"]))
        detail = spent(server.cpu, rounds * 4, lambda: server.ask("GET", f"/matters/{number}", tokens["desk"]))
        print(f"{connection.vendor}, {blocks} blocks of {rounds} rounds; CPU of the server process")
        print(f"apply, a round of 8 commands {applied:.2f} ms; over HTTP {asked:.2f} ms, {asked / 8:.2f} a command")
        return all([
            told("a round of 8 over HTTP, against apply", asked / applied, RATIO, ""),
            told("report, assess, push + accept, submit, check over HTTP", short, ROUND_MS, "ms"),
            told("a list of 50", listed, LIST_MS, "ms"),
            told("one matter", detail, DETAIL_MS, "ms"),
            told("memory of the process", server.memory(), MEMORY_MB, "MB"),
        ])  # fmt: skip
    finally:
        server.end()


def main() -> int:
    """Measure on the database of ``JISHI_DATABASE_URL``, or on the embedded one."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--rounds", type=int, default=40)
    parser.add_argument("--blocks", type=int, default=4)
    asked = parser.parse_args()
    sys.path.insert(0, str(HOUSE))
    with own_database():
        return 0 if measure(asked.rounds, asked.blocks) else 1


if __name__ == "__main__":
    sys.exit(main())
