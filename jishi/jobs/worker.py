"""The worker: takes jobs that are due and does them, as a process of its own or inside the server.

It has one thread for each lane, so that no clock waits for another machine or for a long file.
"""

from __future__ import annotations

import atexit
import logging
import os
import secrets
import signal
import socket
import threading
import traceback
from collections import deque
from collections.abc import Callable
from datetime import datetime, timedelta

from django.db import Error, close_old_connections, connection, transaction
from django.utils import timezone

from jishi.jobs import actions, queries, registry
from jishi.jobs.actions import Claim, LeaseLost

log = logging.getLogger(__name__)

POLL_SECONDS = 0.5
BATCH = 25


class Worker:
    """One worker of one lane.  Its own thread does the jobs; a second one keeps the lease and the sign of life."""

    def __init__(
        self,
        stop: threading.Event,
        lane: str = registry.MAIN,
        *,
        poll: float = POLL_SECONDS,
        batch: int = BATCH,
        lease: timedelta = actions.LEASE,
    ) -> None:
        self.name = f"{socket.gethostname()[:40]}:{os.getpid()}:{secrets.token_hex(4)}"
        self.lane = lane
        self._stop = stop
        self._poll = poll
        self._batch = batch
        self._lease = lease
        self._hands = threading.Lock()
        self._waiting: deque[Claim] = deque()
        self._current: Claim | None = None
        self._ended = threading.Event()

    def run(self) -> None:
        """Work until the stop event is set; a database that is away for a while is waited for."""
        beats = threading.Thread(target=self._give_beats, name="jishi-worker-beats", daemon=True)
        beats.start()
        try:
            while not self._stop.is_set():
                if not self._attempt(self._round):
                    close_old_connections()
                    self._stop.wait(self._poll)
        finally:
            self._ended.set()
            beats.join(timeout=10)
            self._attempt(self._leave)
            connection.close()

    def _round(self) -> bool:
        """Take a batch and do it; False when nothing was due."""
        now = timezone.now()
        if not queries.anything_due(now, self.lane):
            return False
        taken = actions.claim(self._batch, now, self._lease, self.lane)
        with self._hands:
            self._waiting.extend(taken)
        registry.look_ahead([(claim.kind, claim.payload) for claim in taken])
        while not self._stop.is_set() and self._next():
            perform(self._current_claim())
            with self._hands:
                self._current = None
        return bool(taken)

    def _next(self) -> bool:
        with self._hands:
            self._current = self._waiting.popleft() if self._waiting else None
            return self._current is not None

    def _current_claim(self) -> Claim:
        assert self._current is not None
        return self._current

    def _give_beats(self) -> None:
        started_at = timezone.now()
        pause = self._lease.total_seconds() / 6
        while not self._attempt(lambda: self._begin(started_at)):
            if self._ended.wait(pause):
                return
        while not self._ended.wait(pause):
            self._attempt(lambda: self._beat(started_at))
        connection.close()

    def _begin(self, started_at: datetime) -> bool:
        actions.ensure_periodic(started_at)
        return self._beat(started_at)

    def _beat(self, started_at: datetime) -> bool:
        """Keep the job in hand, hand back those that wait behind it, put back those of the dead."""
        now = timezone.now()
        with self._hands:
            current, behind = self._current, list(self._waiting)
            self._waiting.clear()
        actions.beat(self.name, self.lane, started_at, now)
        if current:
            actions.extend(current, now, self._lease)
        actions.release(behind, now)
        actions.requeue_lapsed(now)
        return True

    def _leave(self) -> bool:
        with self._hands:
            behind = list(self._waiting)
            self._waiting.clear()
        actions.release(behind, timezone.now())
        actions.leave(self.name)
        return True

    def _attempt(self, step: Callable[[], bool]) -> bool:
        try:
            return step()
        except Error as error:
            log.warning("The worker cannot reach the database (%s); it tries again.", type(error).__name__)
            with self._hands:
                self._current = None
            connection.close()
            return False


def perform(claim: Claim) -> bool:
    """Do one job that was taken, and end it; True when it is done.  What its work raises is kept with the job."""
    try:
        handler = registry.handler_of(claim.kind)
        if handler.atomic:
            with transaction.atomic():
                handler.work(claim.payload)
                actions.finish(claim, timezone.now())
        else:
            handler.work(claim.payload)
            actions.finish(claim, timezone.now())
    except LeaseLost:
        log.warning("Job %d of kind %s took longer than its lease; another worker has it.", claim.id, claim.kind)
        return False
    except Exception as error:  # noqa: BLE001  (whatever it is, it is the job that failed and not the worker)
        log.error("Job %d of kind %s failed at %s: %s", claim.id, claim.kind, _place(error), actions.error_word(error))
        with transaction.atomic():
            actions.fail(claim, error, timezone.now())
        return False
    return True


def run_due(now: datetime | None = None, most: int = 1000) -> int:
    """Do what is due at ``now`` in this thread, without a lease to keep; returns how many were done."""
    done = 0
    for claim in actions.claim(most, now or timezone.now()):
        done += perform(claim)
    return done


def run_worker(stop: threading.Event, poll: float = POLL_SECONDS) -> None:
    """Work in every lane until ``stop`` is set; a lane that is then held up from outside is left behind."""
    others = [
        threading.Thread(target=Worker(stop, lane, poll=poll).run, name=f"jishi-worker-{lane}", daemon=True)
        for lane in registry.LANES
        if lane != registry.MAIN
    ]
    for thread in others:
        thread.start()
    Worker(stop, poll=poll).run()
    for thread in others:
        thread.join(timeout=10)


def run_forever() -> None:
    """Work until the process is told to end; the job in hand is finished first."""
    stop = threading.Event()
    for signum in (signal.SIGTERM, signal.SIGINT):
        signal.signal(signum, lambda *_: stop.set())
    log.info("The worker has started.")
    run_worker(stop)
    log.info("The worker has ended.")


def start_inside() -> Callable[[], None]:
    """Start one worker as threads of this process; returns what ends it, which also happens when the process ends."""
    stop = threading.Event()
    thread = threading.Thread(target=run_worker, args=(stop,), name="jishi-worker", daemon=True)
    thread.start()

    def end() -> None:
        stop.set()
        thread.join(timeout=10)

    atexit.register(end)
    return end


def _place(error: BaseException) -> str:
    """Where an error was raised, as file and line; its message may hold words that do not belong in a log."""
    frames = traceback.extract_tb(error.__traceback__)
    return f"{os.path.basename(frames[-1].filename)}:{frames[-1].lineno}" if frames else "?"  # noqa: PTH119
