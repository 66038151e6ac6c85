"""Reports in quarantine: they look as if a machine had sent them, and wait for the desk, at most a day."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jishi.matters.models import Matter
from jishi.stations.models import Staff, Station


class Held(models.Model):
    """One report that is not in the loop yet.  What it says is sealed; its files are attachments of ``held``.

    It has the number that its matter will have.  The desk releases it or throws it away; left alone it is released.
    """

    class State(models.TextChoices):
        """What became of it."""

        WAITING = "waiting", pgettext_lazy("held", "waiting")
        RELEASED = "released", _("taken into the loop")
        THROWN = "thrown", _("thrown away")

    station = models.ForeignKey(Station, models.PROTECT, related_name="+", db_index=False)
    number = models.CharField(max_length=40, unique=True)
    state = models.CharField(max_length=10, choices=State.choices, default=State.WAITING)
    doubts = models.JSONField(default=list)
    category = models.CharField(max_length=40, blank=True)
    place_name = models.CharField(max_length=120, blank=True)
    content_sealed = models.BinaryField(null=True)
    key = models.CharField(max_length=80, unique=True)
    channel = models.CharField(max_length=20)
    received_at = models.DateTimeField()
    release_at = models.DateTimeField()
    decided_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", db_index=False)
    decided_at = models.DateTimeField(null=True)
    matter = models.OneToOneField(Matter, models.PROTECT, null=True, related_name="+")
    purged_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(state="released", matter__isnull=False) | (~Q(state="released") & Q(matter__isnull=True)),
                name="released_means_matter",
            ),
            models.CheckConstraint(
                condition=Q(state="waiting", decided_at__isnull=True) | ~Q(state="waiting"), name="waiting_is_undecided"
            ),
        ]
        indexes = [
            models.Index(fields=["station", "state", "release_at"], name="held_by_station"),
            models.Index(fields=["release_at"], condition=Q(state="waiting"), name="held_waiting"),
        ]

    def __str__(self) -> str:
        return self.number
