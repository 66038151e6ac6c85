"""What "ready" means here: a worker is alive, and nothing that is due waits for long."""

from __future__ import annotations

from django.utils import timezone

from jishi.base.health import Check, Finding, register
from jishi.jobs import queries

OLDEST_BEAT_SECONDS = 60
LONGEST_LAG_SECONDS = 300


def worker_alive() -> Finding:
    """A worker gave a sign of life within a minute."""
    age = queries.beat_age_seconds(timezone.now())
    if age is None:
        return Finding(False, {"workers": 0})
    return Finding(age <= OLDEST_BEAT_SECONDS, {"beat_age_seconds": round(age, 1)})


def outbox_moves() -> Finding:
    """The oldest due job has not waited for more than five minutes."""
    lag = queries.lag_seconds(timezone.now())
    return Finding(lag <= LONGEST_LAG_SECONDS, {"lag_seconds": round(lag, 1), **queries.backlog()._asdict()})


def register_checks() -> None:
    """Add both to the installation's checks."""
    register(Check("worker", worker_alive))
    register(Check("outbox", outbox_moves))
