"""How fresh the register is: verifications, daily figures, targets, and the sums that the map draws."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jishi.files.models import Attachment
from jishi.register.models.catalogue import Category
from jishi.register.models.elements import Element, Part
from jishi.stations.models import Area, Staff, Station


class Verification(models.Model):
    """That somebody looked: an element, or a part of it, stood as registered, was corrected, or was gone."""

    class Result(models.TextChoices):
        """What was found."""

        CORRECT = "correct", _("all correct")
        CORRECTED = "corrected", _("corrected")
        GONE = "gone", _("not there any more")

    element = models.ForeignKey(Element, models.CASCADE, related_name="verifications", db_index=False)
    part = models.ForeignKey(Part, models.CASCADE, null=True, blank=True, related_name="verifications")
    at = models.DateTimeField(_("verified"))
    by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", db_index=False)
    result = models.CharField(_("result"), max_length=10, choices=Result.choices)
    source = models.CharField(max_length=80, blank=True)
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    accuracy = models.PositiveIntegerField(null=True, help_text=_("metres"))
    photo = models.OneToOneField(Attachment, models.PROTECT, null=True, related_name="+")

    class Meta:
        indexes = [models.Index(fields=["element", "-at"], name="verification_newest")]


class Target(models.Model):
    """Which share of the elements is to be verified within their cadence: of a station, or of one category there."""

    station = models.ForeignKey(Station, models.CASCADE, verbose_name=_("station"))
    category = models.ForeignKey(Category, models.CASCADE, null=True, blank=True, verbose_name=_("category"))
    share = models.PositiveSmallIntegerField(_("share in per cent"))

    class Meta:
        verbose_name = _("freshness target")
        verbose_name_plural = _("freshness targets")
        constraints = [
            models.UniqueConstraint(fields=["station", "category"], name="target_once", nulls_distinct=False),
            models.CheckConstraint(condition=Q(share__gte=1, share__lte=99), name="target_share"),
        ]


class FreshnessDay(models.Model):
    """How many elements stood how against their cadence at the end of a day."""

    station = models.ForeignKey(Station, models.CASCADE, db_index=False)
    area = models.ForeignKey(Area, models.CASCADE, null=True, related_name="+", db_index=False)
    category = models.ForeignKey(Category, models.CASCADE, related_name="+", db_index=False)
    day = models.DateField()
    total = models.PositiveIntegerField()
    fresh = models.PositiveIntegerField()
    due = models.PositiveIntegerField()
    overdue = models.PositiveIntegerField()
    never = models.PositiveIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["station", "day", "category", "area"], name="freshness_day_once", nulls_distinct=False
            ),
            models.CheckConstraint(
                condition=Q(total=models.F("fresh") + models.F("due") + models.F("overdue") + models.F("never")),
                name="freshness_day_adds_up",
            ),
        ]


class Rollup(models.Model):
    """How many standing elements of one category, grade and freshness lie in one square of the map, and where in it.

    ``quad`` is a Morton code at ``level`` (``geo.quads``); ``x`` and ``y`` are sums of the points' columns and rows at
    level 26, whole numbers that add up exactly.  Level 0 counts elements without a point too, by ``area`` (an area's
    id, 0 for none); at the other levels ``area`` is 0.
    """

    station = models.ForeignKey(Station, models.CASCADE, db_index=False)
    level = models.PositiveSmallIntegerField()
    quad = models.BigIntegerField()
    area = models.BigIntegerField(default=0)
    category = models.ForeignKey(Category, models.CASCADE, related_name="+", db_index=False)
    grade = models.PositiveSmallIntegerField()
    freshness = models.CharField(max_length=8)
    count = models.IntegerField()
    x = models.BigIntegerField()
    y = models.BigIntegerField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["station", "level", "quad", "area", "category", "grade", "freshness"], name="rollup_once"
            )
        ]
