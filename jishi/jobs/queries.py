"""Reading the job table: what waits, since when, and whether a worker is alive."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.db.models import Count

from jishi.jobs.models import Beat, Job, State


class Backlog(NamedTuple):
    """How the job table stands."""

    queued: int
    leased: int
    dead: int


def anything_due(now: datetime) -> bool:
    """Whether a job could be taken now.  A plain read, so that an idle worker never asks for the writer's turn."""
    return Job.objects.filter(state=State.QUEUED, due__lte=now).exists()


def lag_seconds(now: datetime) -> float:
    """For how long the oldest due job has been waiting; 0 when none is."""
    oldest = Job.objects.filter(state=State.QUEUED, due__lte=now).order_by("due").values_list("due", flat=True).first()
    return (now - oldest).total_seconds() if oldest else 0.0


def beat_age_seconds(now: datetime) -> float | None:
    """How long ago a worker last gave a sign of life; None when there is none."""
    last = Beat.objects.order_by("-at").values_list("at", flat=True).first()
    return max((now - last).total_seconds(), 0.0) if last else None


def backlog() -> Backlog:
    """How many jobs stand in each state."""
    counts = dict(Job.objects.values_list("state").annotate(Count("pk")))
    return Backlog(counts.get("queued", 0), counts.get("leased", 0), counts.get("dead", 0))
