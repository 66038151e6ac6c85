"""Reading the job table: what waits, since when, and whether a worker is alive."""

from __future__ import annotations

from datetime import datetime
from typing import NamedTuple

from django.db.models import Count, Max, QuerySet

from jishi.jobs import registry
from jishi.jobs.models import Beat, Job, State


class Backlog(NamedTuple):
    """How the job table stands."""

    queued: int
    leased: int
    dead: int


def due_in(lane: str | None, now: datetime) -> QuerySet[Job]:
    """The jobs of a lane that could be taken now, the longest due first; of every lane where none is named."""
    due = Job.objects.filter(state=State.QUEUED, due__lte=now).order_by("due")
    if lane is None:
        return due
    if lane == registry.MAIN:
        return due.exclude(kind__in=registry.kinds_beside(lane))
    return due.filter(kind__in=registry.kinds_of(lane))


def anything_due(now: datetime, lane: str | None = None) -> bool:
    """Whether a job could be taken now.  A plain read, so that an idle worker never asks for the writer's turn."""
    return due_in(lane, now).exists()


def lag_seconds(now: datetime, lane: str | None = None) -> float:
    """For how long the oldest due job has been waiting; 0 when none is."""
    oldest = due_in(lane, now).values_list("due", flat=True).first()
    return (now - oldest).total_seconds() if oldest else 0.0


def beat_age_seconds(now: datetime) -> float | None:
    """How long ago the lane that has been still for longest gave a sign of life; None where one never did."""
    last: dict[str, datetime] = dict(Beat.objects.values_list("lane").annotate(Max("at")))
    if any(lane not in last for lane in registry.LANES):
        return None
    return max((now - min(last.values())).total_seconds(), 0.0)


def backlog() -> Backlog:
    """How many jobs stand in each state."""
    counts = dict(Job.objects.values_list("state").annotate(Count("pk")))
    return Backlog(counts.get("queued", 0), counts.get("leased", 0), counts.get("dead", 0))
