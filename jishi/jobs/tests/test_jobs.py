"""The lease table: nothing is lost, nothing is done twice, and a worker that was killed is found out."""

from __future__ import annotations

import sys
import threading
import time
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone

from jishi.jobs import actions, queries, registry, worker
from jishi.jobs.actions import LeaseLost, enqueue
from jishi.jobs.models import Job, State
from tests.support.installations import Installation

pytestmark = pytest.mark.django_db


@pytest.fixture
def done(monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """A kind of job that notes its payload, and one that always fails."""
    monkeypatch.setattr(registry, "_handlers", dict(registry._handlers))
    seen: list[dict[str, Any]] = []
    registry.job("test.note")(seen.append)

    @registry.job("test.fail")
    def fail(payload: dict[str, Any]) -> None:
        raise RuntimeError("words of a reporter")

    return seen


def put(kind: str = "test.note", **options: Any) -> None:
    with transaction.atomic():
        enqueue(kind, options.pop("payload", {"matter": 1}), **options)


def test_a_job_is_done_once_and_gone(done: list[dict[str, Any]]) -> None:
    put(payload={"matter": 7})
    assert worker.run_due() == 1
    assert worker.run_due() == 0
    assert done == [{"matter": 7}]
    assert Job.objects.filter(kind="test.note").count() == 0


def test_a_job_waits_until_it_is_due(done: list[dict[str, Any]]) -> None:
    later = timezone.now() + timedelta(hours=1)
    put(due=later)
    assert worker.run_due() == 0
    assert worker.run_due(later) == 1


def test_a_job_that_is_rolled_back_was_never_asked_for(done: list[dict[str, Any]]) -> None:
    def change_that_fails() -> None:
        with transaction.atomic():
            enqueue("test.note", {})
            raise RuntimeError

    with pytest.raises(RuntimeError):
        change_that_fails()
    assert worker.run_due() == 0


@pytest.mark.parametrize("payload", [{"text": "some words"}, {"x": 1.5}, {"x": [{"y": "two words"}]}])
def test_a_payload_holds_no_words(done: list[dict[str, Any]], payload: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match="payload"):
        put(payload=payload)


def test_the_same_key_waits_once_and_keeps_the_earlier_time(done: list[dict[str, Any]]) -> None:
    soon, later = timezone.now() + timedelta(minutes=1), timezone.now() + timedelta(hours=1)
    put(dedupe_key="k", due=later, payload={"n": 1})
    put(dedupe_key="k", due=soon, payload={"n": 2})
    assert worker.run_due(soon) == 1
    assert done == [{"n": 2}]


def test_a_failed_job_comes_again_later_each_time_and_is_dead_at_last(done: list[dict[str, Any]]) -> None:
    put("test.fail")
    now = timezone.now()
    for attempt in range(1, actions.MOST_ATTEMPTS + 1):
        now += timedelta(hours=2)
        assert worker.run_due(now) == 0
        job = Job.objects.get(kind="test.fail")
        assert job.attempts in (attempt, attempt % actions.MOST_ATTEMPTS)
    assert job.state == State.DEAD
    assert job.last_error == "RuntimeError"
    assert queries.backlog().dead == 1
    assert actions.revive(now) == 1


def test_an_old_fence_ends_nothing(done: list[dict[str, Any]]) -> None:
    put()
    now = timezone.now()
    first = actions.claim(1, now)[0]
    later = now + 2 * actions.LEASE
    assert actions.requeue_lapsed(later) == 1
    second = actions.claim(1, later + timedelta(seconds=1))[0]
    with pytest.raises(LeaseLost):
        actions.finish(first, later)
    actions.finish(second, later)


def test_two_do_not_get_the_same_job(done: list[dict[str, Any]]) -> None:
    for number in range(5):
        put(payload={"n": number})
    now = timezone.now()
    one, two = actions.claim(3, now), actions.claim(3, now)
    assert len(one) == 3
    assert len(two) == 2
    assert not {claim.id for claim in one} & {claim.id for claim in two}


def test_what_comes_round_by_itself_has_one_row(done: list[dict[str, Any]]) -> None:
    now = timezone.now()
    actions.ensure_periodic(now)
    actions.ensure_periodic(now)
    assert Job.objects.filter(kind="files.sweep").count() == 1


ENQUEUE = """
import django; django.setup()
from django.db import transaction
from jishi.jobs.actions import enqueue
from jishi.jobs.registry import job
job("test.slow")(lambda payload: None)
with transaction.atomic():
    enqueue("test.slow", {"n": 1})
"""

SLOW = """
import time, django; django.setup()
from jishi.jobs import registry, worker
@registry.job("test.slow")
def slow(payload):
    print("begun", flush=True); time.sleep(60)
worker.run_forever()
"""

TAKEN = """
import django; django.setup()
from datetime import timedelta
from django.utils import timezone
from jishi.jobs import actions, registry, worker
registry.job("test.slow")(lambda payload: print("done", payload["n"]))
later = timezone.now() + 2 * actions.LEASE
actions.requeue_lapsed(later)
worker.run_due(later + timedelta(seconds=1))
"""


def test_a_worker_killed_at_work_loses_nothing(fresh_installation: Installation) -> None:
    fresh_installation.python(ENQUEUE)
    process = fresh_installation.start(sys.executable, "-c", SLOW)
    assert process.stdout is not None
    assert any(line.strip() == "begun" for line in process.stdout)
    process.kill()
    process.communicate(timeout=30)
    assert "done 1" in fresh_installation.python(TAKEN).stdout


def test_a_worker_ends_when_it_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    stop = threading.Event()
    rounds: list[float] = []
    idle = worker.Worker(stop, poll=0.01)
    monkeypatch.setattr(idle, "_round", lambda: bool(rounds.append(time.monotonic())))
    monkeypatch.setattr(idle, "_give_beats", lambda: None)
    monkeypatch.setattr(idle, "_leave", lambda: True)
    thread = threading.Thread(target=idle.run)
    thread.start()
    stop.set()
    thread.join(timeout=10)
    assert not thread.is_alive()


def test_a_lane_takes_its_own_kinds_and_the_main_lane_all_that_are_nobodys(done: list[dict[str, Any]]) -> None:
    registry.job("test.net", lane="net")(done.append)
    put("test.net")
    put("test.note")
    now = timezone.now()
    Job.objects.create(kind="gone.since", due=now, created_at=now)
    assert [claim.kind for claim in actions.claim(9, now, lane="net")] == ["test.net"]
    assert not queries.anything_due(now, "net")
    assert not queries.anything_due(now, "long")
    assert {claim.kind for claim in actions.claim(9, now, lane="main")} == {"test.note", "gone.since"}
    with pytest.raises(ValueError, match="lane"):
        registry.job("test.lost", lane="nowhere")(done.append)


def test_ready_means_that_every_lane_is_alive() -> None:
    now = timezone.now()
    for lane in ("main", "net"):
        actions.beat(f"w:{lane}", lane, now, now)
    assert queries.beat_age_seconds(now) is None
    actions.beat("w:long", "long", now, now - timedelta(seconds=90))
    assert queries.beat_age_seconds(now) == 90


HANGS = """
import sys, threading, time, django; django.setup()
from django.db import transaction
from jishi.jobs import registry, worker
from jishi.jobs.actions import enqueue
@registry.job("test.net", atomic=False, lane="net")
def net(payload):
    print("hangs", flush=True); time.sleep(300)
@registry.job("test.clock")
def clock(payload):
    print("clock", payload["n"], flush=True)
def ask(kind, payload):
    with transaction.atomic():
        enqueue(kind, payload)
ask("test.net", {"n": 0})
def later():
    time.sleep(2)
    for n in range(3):
        ask("test.clock", {"n": n})
threading.Thread(target=later).start()
worker.run_worker(threading.Event())
"""


def test_a_job_that_hangs_outside_holds_up_no_clock(fresh_installation: Installation) -> None:
    process = fresh_installation.start(sys.executable, "-c", HANGS)
    assert process.stdout is not None
    seen: list[str] = []
    try:
        for line in process.stdout:
            seen.append(line.strip())
            if len([word for word in seen if word.startswith("clock")]) == 3:
                break
    finally:
        process.kill()
        process.communicate(timeout=30)
    assert seen == ["hangs", "clock 0", "clock 1", "clock 2"]


MANY = """
import sys, threading, time, django; django.setup()
from django.db import transaction
from jishi.jobs import registry, worker
from jishi.jobs.actions import enqueue
from jishi.jobs.models import Job
registry._handlers.clear()
registry.job("test.one", atomic=False)(lambda payload: (print("did", payload["n"], flush=True), time.sleep(0.02)))
if sys.argv[1] == "ask":
    with transaction.atomic():
        for n in range(60):
            enqueue("test.one", {"n": n})
else:
    stop = threading.Event()
    thread = threading.Thread(target=worker.run_worker, args=(stop, 0.05))
    thread.start()
    while Job.objects.exists():
        time.sleep(0.1)
    stop.set(); thread.join()
"""


def test_two_workers_share_the_work_and_do_nothing_twice(fresh_installation: Installation) -> None:
    fresh_installation.python(MANY, "ask")
    workers = [fresh_installation.start(sys.executable, "-c", MANY, "work") for _ in range(2)]
    words = "".join(process.communicate(timeout=90)[0] for process in workers).split("did")
    assert sorted(int(word) for word in words if word.strip()) == list(range(60))
