"""Small matters that were raised before they grow."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from jishi.matters.models.matter import Matter
from jishi.stations.models import Staff, Station, Unit


class Raised(models.Model):
    """A reason for which a matter was raised to whoever leads its unit: once for each matter and reason.

    ``unit`` is the one whose lead was told.  ``place`` names what was counted, so that one place is raised once while
    its count lasts.  ``version`` is the matter's when it was raised: a later one means that somebody acted since.
    """

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="raised")
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    reason = models.CharField(max_length=12)
    facts = models.JSONField(default=dict)
    place = models.CharField(max_length=80, blank=True)
    version = models.PositiveIntegerField()
    raised_at = models.DateTimeField()
    acknowledged_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", db_index=False)
    acknowledged_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["matter", "reason"], name="raised_once"),
            models.CheckConstraint(
                condition=Q(acknowledged_by__isnull=True, acknowledged_at__isnull=True)
                | Q(acknowledged_by__isnull=False, acknowledged_at__isnull=False),
                name="raised_seen_by_and_at",
            ),
        ]
        indexes = [models.Index(fields=["-raised_at"], condition=Q(acknowledged_at__isnull=True), name="raised_unseen")]

    def __str__(self) -> str:
        return f"{self.reason} {self.matter_id}"


class MorningSent(models.Model):
    """A day whose overview a station's people were given: once, whoever and however many give it."""

    station = models.ForeignKey(Station, models.CASCADE, related_name="+")
    day = models.DateField()
    sent_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["station", "day"], name="morning_sent_once")]

    def __str__(self) -> str:
        return f"{self.station_id} {self.day}"
