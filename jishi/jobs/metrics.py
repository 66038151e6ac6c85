"""The figures of this room: what waits in each lane, and which workers are alive."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from django.db.models import Count, Max
from prometheus_client.metrics_core import Metric

from jishi.base.metrics import gauge, register
from jishi.jobs import queries, registry
from jishi.jobs.models import Beat, Job

ALIVE = timedelta(seconds=60)


def collect(now: datetime) -> Iterator[Metric]:
    """Lag, jobs and workers."""
    yield gauge(
        "queue_lag_seconds", "For how long the oldest due job of a lane has been waiting.", ["lane"],
        [([lane], queries.lag_seconds(now, lane)) for lane in registry.LANES],
    )  # fmt: skip
    jobs = Job.objects.order_by("kind", "state").values_list("kind", "state").annotate(Count("pk"))
    yield gauge("jobs", "Jobs by kind and state (queued, leased, dead).", ["kind", "state"],
                [((kind, state), count) for kind, state, count in jobs])  # fmt: skip
    beats = {lane: (last, many) for lane, last, many in _beats(now)}
    yield gauge("workers", "Workers that gave a sign of life within a minute.", ["lane"],
                [([lane], beats[lane][1] if lane in beats else 0) for lane in registry.LANES])  # fmt: skip
    yield gauge("worker_beat_age_seconds", "Since the last sign of life of any worker of a lane.", ["lane"],
                [([lane], (now - last).total_seconds()) for lane, (last, _many) in sorted(beats.items())])  # fmt: skip


def _beats(now: datetime) -> list[tuple[str, datetime, int]]:
    rows = Beat.objects.filter(at__gte=now - ALIVE).order_by().values_list("lane")
    return list(rows.annotate(Max("at"), Count("pk")))


register("jobs", collect)
