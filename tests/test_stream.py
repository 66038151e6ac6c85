"""The live stream as a real process: who hears what, who does not, and how it ends."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import quote

import pytest

from tests.support.installations import JISHI, Installation, _wait_until_alive, free_port

SETUP = """
import django; django.setup()
from django.conf import settings
from jishi.notify.tickets import make_ticket
from jishi.stations.actions import create_bureau, create_staff, create_station
station = create_station(bureau=create_bureau(code="PA", name="平安分局"), code="XH", name="新华派出所")
staff = [create_staff(username=f"s{n}", name="x", password="tests-only-7", posts=[{"role": "officer", "station": station}])
         for n in range(2)]
print(station.pk, *(f"{each.pk}:{make_ticket(each.pk, settings.SECRET_KEY)}" for each in staff))
"""  # noqa: E501

TELL = """
import sys, django; django.setup()
from django.db import transaction
from django.utils import timezone
from jishi.notify import kinds
from jishi.notify.actions import To, mark_all_read, tell
from jishi.stations.models import Staff
kinds.register_group(kinds.Group("mine", "m", frozenset()))
kinds.register(kinds.Kind("test.mine", "m", "mine", lambda notices: {}))
station, staff, subject = int(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
with transaction.atomic():
    if subject:
        tell("test.mine", station=station, subject=("matter", subject), to=[To(staff, "r")], now=timezone.now())
    else:
        mark_all_read(Staff.objects.get(pk=staff), 10**9, timezone.now())
"""


class Listening:
    """An open stream, read line by line; every read is bounded in time."""

    def __init__(self, port: int, ticket: str, **headers: str) -> None:
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
        self.connection.request("GET", f"/stream?ticket={quote(ticket)}", headers=headers)
        self.answer = self.connection.getresponse()
        self.status = self.answer.status

    def event(self) -> tuple[str, Any]:
        """The next event: its name and its data."""
        name = ""
        while True:
            line = self.answer.readline().decode().strip()
            if line.startswith("event:"):
                name = line.removeprefix("event:").strip()
            elif line.startswith("data:"):
                return name, json.loads(line.removeprefix("data:"))

    def close(self) -> None:
        self.answer.close()
        self.connection.close()


@contextmanager
def serving(installation: Installation, stream_port: int) -> Iterator[subprocess.Popen[str]]:
    """``jishi serve`` with the stream beside it; gives the process."""
    port, log = free_port(), installation.data_dir.parent / "serve.log"
    with log.open("w") as output:
        server = installation.start(
            str(JISHI), "serve", "--no-worker", "--port", str(port), "--stream-port", str(stream_port), stdout=output,
            start_new_session=True,
        )  # fmt: skip
        try:
            _wait_until_alive(server, f"http://127.0.0.1:{port}", log)
            yield server
        finally:
            for signum in (signal.SIGTERM, signal.SIGKILL):
                try:
                    os.killpg(server.pid, signum)
                    server.wait(timeout=15)
                except (ProcessLookupError, subprocess.TimeoutExpired):
                    continue


def until(found: bool, port: int) -> bool:
    """Whether somebody listens there (or nobody does any more) within a bounded time."""
    for _attempt in range(300):
        with socket.socket() as probe:
            if (probe.connect_ex(("127.0.0.1", port)) == 0) == found:
                return True
        time.sleep(0.1)
    return False


def test_a_page_hears_of_its_own_notices_and_of_no_others(fresh_installation: Installation) -> None:
    station, mine, other = fresh_installation.python(SETUP).stdout.split()
    (me, my_ticket), (_them, their_ticket) = mine.split(":", 1), other.split(":", 1)
    port = free_port()
    with serving(fresh_installation, port):
        assert until(True, port)
        listening, elsewhere = Listening(port, my_ticket), Listening(port, their_ticket)
        assert listening.answer.headers["Content-Type"] == "text/event-stream"
        assert listening.event() == elsewhere.event() == ("notice", {"id": 0, "unread": 0})
        fresh_installation.python(TELL, station, me, "1")
        name, told = listening.event()
        assert (name, told["unread"]) == ("notice", 1)
        assert set(told) == {"id", "unread"}
        fresh_installation.python(TELL, station, me, "2")
        name, more = listening.event()
        assert more["unread"] == 2
        assert more["id"] > told["id"]
        fresh_installation.python(TELL, station, me, "0")
        assert listening.event() == ("notice", {"id": 0, "unread": 0})
        fresh_installation.python(TELL, station, _them, "3")
        assert elsewhere.event()[1]["unread"] == 1
        listening.close()
        elsewhere.close()


def test_who_may_listen_and_how_it_ends(fresh_installation: Installation) -> None:
    _station, mine, _other = fresh_installation.python(SETUP).stdout.split()
    ticket = mine.split(":", 1)[1]
    port = free_port()
    with serving(fresh_installation, port) as server:
        assert until(True, port)
        for wrong in ("", "x", ticket + "x", ticket[:-1]):
            refused = Listening(port, wrong)
            assert refused.status == 403, wrong
            refused.close()
        own = Listening(port, ticket, Origin="http://127.0.0.1:8000")
        assert own.answer.headers["Access-Control-Allow-Origin"] == "http://127.0.0.1:8000"
        foreign = Listening(port, ticket, Origin="http://elsewhere.example")
        assert foreign.answer.headers["Access-Control-Allow-Origin"] is None
        more = [Listening(port, ticket) for _each in range(12)]
        assert [each.status for each in more] == [200] * 10 + [429] * 2
        assert own.event()[0] == "notice"
        server.terminate()
        assert own.event()[0] == "renew"
        server.wait(timeout=30)
        assert until(False, port)
        for each in (own, foreign, *more):
            each.close()


@pytest.mark.sqlite_is_enough
def test_the_stream_ends_with_a_server_that_was_killed(fresh_installation: Installation) -> None:
    port = free_port()
    with serving(fresh_installation, port) as server:
        assert until(True, port)
        os.kill(server.pid, signal.SIGKILL)
        assert until(False, port)


@pytest.mark.sqlite_is_enough
@pytest.mark.parametrize("taken", [True, False])
def test_a_server_does_without_the_stream(fresh_installation: Installation, taken: bool) -> None:
    """Where the port is taken it says so and serves; 0 is for none."""
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = other.getsockname()[1] if taken else 0
        with serving(fresh_installation, port):
            log = (fresh_installation.data_dir.parent / "serve.log").read_text()
            assert (str(port) in log) is taken or not taken


def test_the_stream_serves_alone(fresh_installation: Installation) -> None:
    _station, mine, _other = fresh_installation.python(SETUP).stdout.split()
    port = free_port()
    stream = fresh_installation.start(str(JISHI), "stream", "--port", str(port), start_new_session=True)
    try:
        assert until(True, port)
        listening = Listening(port, mine.split(":", 1)[1])
        assert listening.event() == ("notice", {"id": 0, "unread": 0})
        listening.close()
        for path, status in (("/healthz", 200), ("/nothing", 404)):
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
            connection.request("GET", path)
            assert connection.getresponse().status == status
            connection.close()
    finally:
        stream.terminate()
        stream.communicate(timeout=30)
    assert stream.returncode == 0
