"""What hangs on a matter in the loop: clocks, hops, pauses, extensions."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from jishi.matters.models.matter import Matter
from jishi.stations.models import Staff, Unit


class Clock(models.Model):
    """One clock of one cycle: a term, when it started, when it is used up, when it stopped."""

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="clocks")
    cycle = models.PositiveSmallIntegerField()
    kind = models.CharField(max_length=8)
    term = models.PositiveIntegerField()
    mode = models.CharField(max_length=5)
    started = models.DateTimeField()
    due = models.DateTimeField()
    worked = models.PositiveIntegerField(default=0)
    paused = models.BooleanField(default=False)
    policy = models.PositiveIntegerField()
    calendar = models.PositiveIntegerField()
    stopped_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "kind"], condition=Q(stopped_at__isnull=True), name="one_running_clock_of_a_kind"
            )
        ]


class Assignment(models.Model):
    """One hop: which unit the matter was offered to, by whom, by which rule, and how it ended."""

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="assignments")
    cycle = models.PositiveSmallIntegerField()
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+")
    offered_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+")
    rule = models.CharField(max_length=40, blank=True)
    offered_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=12, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["matter"], condition=Q(ended_at__isnull=True), name="one_open_assignment")
        ]


class Suspension(models.Model):
    """A pause that a leader approved, until a date."""

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="suspensions")
    approver = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    since = models.DateTimeField()
    until = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(until__gt=F("since")), name="suspension_until_later"),
            models.UniqueConstraint(fields=["matter"], condition=Q(ended_at__isnull=True), name="one_open_suspension"),
        ]


class Extension(models.Model):
    """Time that a leader added to the handling clock."""

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="extensions")
    approver = models.ForeignKey(Staff, models.PROTECT, related_name="+")
    minutes = models.PositiveIntegerField()
    at = models.DateTimeField()
