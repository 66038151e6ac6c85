"""Pairs of elements that may be the same one."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from jishi.register.models.elements import Element
from jishi.stations.models import Staff, Station


class DuplicatePair(models.Model):
    """Two elements that look alike, the one with the lower id first.  A person decides; nothing is merged by itself."""

    class Status(models.TextChoices):
        """What was decided."""

        OPEN = "open", _("to be decided")
        MERGED = "merged", _("merged")
        DIFFERENT = "different", _("two different ones")

    station = models.ForeignKey(Station, models.CASCADE, db_index=False)
    a = models.ForeignKey(Element, models.CASCADE, related_name="+")
    b = models.ForeignKey(Element, models.CASCADE, related_name="+")
    score = models.PositiveSmallIntegerField(_("likeness in per cent"))
    reasons = models.JSONField(default=list)
    status = models.CharField(max_length=10, choices=Status.choices, default=Status.OPEN)
    decided_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", db_index=False)
    decided_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["a", "b"], name="pair_once"),
            models.CheckConstraint(condition=Q(a__lt=F("b")), name="pair_in_order"),
        ]
        indexes = [models.Index(fields=["station", "status", "-score", "id"], name="pair_open_first")]


class PairSearch(models.Model):
    """The latest search of a station's register for pairs that look alike: how far it has come, what it found."""

    station = models.OneToOneField(Station, models.CASCADE, primary_key=True, related_name="+")
    asked_at = models.DateTimeField()
    began_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    elements = models.PositiveIntegerField(default=0)
    found = models.PositiveIntegerField(default=0)
