"""The journal: append-only events, one hash chain per station, and the head of each chain."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Event(models.Model):
    """One thing that happened, said in codes, ids, times and salted hashes; never in free text.

    ``station_id`` and ``subject_id`` are plain numbers: the journal stands below the rooms whose rows they name.
    ``payload`` is canonical JSON, kept as the exact text that was hashed.
    """

    station_id = models.BigIntegerField()
    seq = models.BigIntegerField()
    subject_kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    subject_version = models.PositiveIntegerField()
    kind = models.CharField(max_length=40)
    actor_id = models.BigIntegerField(null=True)
    occurred_at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    payload = models.TextField()
    idempotency_key = models.CharField(max_length=160, null=True)
    command_digest = models.CharField(max_length=16, null=True)
    prev_hash = models.CharField(max_length=64)
    hash = models.CharField(max_length=64)

    class Meta:
        db_table = "journal_event"
        constraints = [
            models.UniqueConstraint(fields=["station_id", "seq"], name="journal_seq_once"),
            models.UniqueConstraint(
                fields=["idempotency_key"], condition=Q(idempotency_key__isnull=False), name="journal_key_once"
            ),
        ]
        indexes = [models.Index(fields=["subject_kind", "subject_id", "subject_version"], name="journal_subject")]

    def __str__(self) -> str:
        return f"{self.station_id}/{self.seq} {self.kind}"


class Head(models.Model):
    """Where a station's chain stands: the number and the hash of its last event.  Its row lock makes writers queue."""

    station_id = models.BigIntegerField(primary_key=True)
    seq = models.BigIntegerField(default=0)
    hash = models.CharField(max_length=64, blank=True)

    class Meta:
        db_table = "journal_head"

    def __str__(self) -> str:
        return f"{self.station_id}/{self.seq}"
