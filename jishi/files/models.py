"""Attachments: what was kept, of which kind, and for which subject."""

from __future__ import annotations

from django.db import models


class Attachment(models.Model):
    """One file that came with a subject.  The bytes lie under a random name in the data folder; a purge deletes them.

    ``subject_kind`` and ``subject_id`` are plain, as this room stands below those whose rows they name.
    """

    subject_kind = models.CharField(max_length=20)
    subject_id = models.BigIntegerField()
    station_id = models.BigIntegerField()
    media_type = models.CharField(max_length=40)
    size = models.PositiveIntegerField()
    sha256 = models.CharField(max_length=64)
    path = models.CharField(max_length=80, unique=True)
    thumbnail = models.CharField(max_length=80, blank=True)
    width = models.PositiveIntegerField(null=True)
    height = models.PositiveIntegerField(null=True)
    uploaded_by = models.BigIntegerField(null=True)
    created_at = models.DateTimeField()
    purged_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["subject_kind", "subject_id"], name="attachment_subject")]

    def __str__(self) -> str:
        return f"{self.media_type} {self.pk}"
