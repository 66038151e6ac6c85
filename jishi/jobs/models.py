"""What the worker has to do: one row for each job, and one for each worker that is alive."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class State(models.TextChoices):
    """Where a job stands.  A job that is done has no row any more."""

    QUEUED = "queued", "queued"
    LEASED = "leased", "leased"
    DEAD = "dead", "dead"


class Job(models.Model):
    """One thing to do, not before ``due``.

    A worker that takes it holds a lease until ``lease_until`` and the ``fence`` of that lease; whoever comes back with
    an older fence is refused.  ``payload`` holds ids and codes, never words.  ``dedupe_key`` names what may be waiting
    only once; asked for again while it runs, ``again`` makes it run once more.  ``station_id`` is a plain number: this
    room stands below the stations.
    """

    kind = models.CharField(max_length=60)
    payload = models.JSONField(default=dict)
    station_id = models.BigIntegerField(null=True)
    dedupe_key = models.CharField(max_length=120, null=True, unique=True)
    state = models.CharField(max_length=8, choices=State.choices, default=State.QUEUED)
    due = models.DateTimeField()
    lease_until = models.DateTimeField(null=True)
    fence = models.BigIntegerField(default=0)
    attempts = models.PositiveSmallIntegerField(default=0)
    again = models.BooleanField(default=False)
    last_error = models.CharField(max_length=120, blank=True)
    created_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="leased", lease_until__isnull=False)
                | (~Q(state="leased") & Q(lease_until__isnull=True)),
                name="job_lease_while_leased",
            ),
            models.CheckConstraint(condition=~Q(state="dead") | Q(dedupe_key__isnull=True), name="job_dead_frees_key"),
        ]
        indexes = [
            models.Index(fields=["due"], condition=Q(state="queued"), name="job_due"),
            models.Index(fields=["lease_until"], condition=Q(state="leased"), name="job_lease"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.pk}"


class Beat(models.Model):
    """A sign of life of one worker: of one lane of one process."""

    worker = models.CharField(max_length=80, unique=True)
    lane = models.CharField(max_length=8, default="main")
    at = models.DateTimeField()
    started_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.worker
