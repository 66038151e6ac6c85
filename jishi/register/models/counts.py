"""Population as counts: how many, never who."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from jishi.register.models.elements import Element
from jishi.stations.models import Area, Staff, Station

#: Below this many, help counts are not kept at all.
HELP_LEAST = 5


class PopulationCount(models.Model):
    """How many live in a building, or in an area, on a date."""

    station = models.ForeignKey(Station, models.PROTECT, db_index=False)
    element = models.ForeignKey(Element, models.CASCADE, null=True, blank=True, related_name="counts", db_index=False)
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    date = models.DateField(_("date"))
    households = models.PositiveIntegerField(_("households"))
    long_term = models.PositiveIntegerField(_("long-term residents"))
    temporary = models.PositiveIntegerField(_("temporary residents"))
    by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", db_index=False)
    source = models.CharField(max_length=80, blank=True)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(element__isnull=False, area__isnull=True) | Q(element__isnull=True, area__isnull=False),
                name="count_of_one",
            ),
            models.UniqueConstraint(
                fields=["element", "date"], condition=Q(element__isnull=False), name="count_of_element_once"
            ),
            models.UniqueConstraint(
                fields=["area", "date"], condition=Q(area__isnull=False), name="count_of_area_once"
            ),
        ]
        indexes = [models.Index(fields=["station", "date"], name="count_by_date")]


class HelpCount(models.Model):
    """How many in an area may need a hand in an emergency; five or more, or nothing."""

    class Kind(models.TextChoices):
        """What they may need a hand for."""

        ALONE_80 = "alone_80", _("80 or older, living alone")
        STAIRS = "stairs", _("cannot use the stairs alone")
        POWER = "power", _("depend on power at home")
        HEARING = "hearing", _("do not hear an alarm")

    area = models.ForeignKey(Area, models.PROTECT, related_name="help_counts", db_index=False)
    date = models.DateField(_("date"))
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    count = models.PositiveIntegerField(_("count"))
    by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", db_index=False)
    recorded_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(count__gte=HELP_LEAST), name="help_count_least"),
            models.UniqueConstraint(fields=["area", "date", "kind"], name="help_count_once"),
        ]


class CountRelease(models.Model):
    """A table of population counts that was given out, with what was withheld of it.

    ``table`` holds the exact counts too (``suppression.Published.as_data``), since the next table is held against what
    all earlier ones tell: it is never sent out, nor shown to anybody outside the station.
    """

    station = models.ForeignKey(Station, models.CASCADE, db_index=False)
    on = models.DateField(_("as of"))
    table = models.JSONField()
    by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", db_index=False)
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["station", "on"], name="count_release_once")]


class BuildingVisit(models.Model):
    """A visit to a building: doors reached, hazards seen and needs heard, as counts by code; no household rows."""

    element = models.ForeignKey(Element, models.CASCADE, related_name="visits")
    at = models.DateTimeField(_("visited"))
    by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", db_index=False)
    doors = models.PositiveIntegerField(_("doors in the building"))
    reached = models.PositiveIntegerField(_("doors reached"))
    hazards = models.JSONField(_("hazards"), default=dict, blank=True)
    needs = models.JSONField(_("needs"), default=dict, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(reached__lte=models.F("doors")), name="visit_reached_at_most")
        ]
