"""What hangs on a matter in the loop: clocks, hops, pauses, extensions."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q

from jishi.matters.models.matter import Matter
from jishi.stations.models import Staff, Station, Unit


class Clock(models.Model):
    """One clock of one cycle: a term, when it started, when it is used up, when it stopped; its ladder and next step.

    ``station`` is the matter's, so that one index finds what is due there next.
    """

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="clocks")
    station = models.ForeignKey(Station, models.PROTECT, related_name="+", db_index=False)
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
    ladder = models.CharField(max_length=100, default="", db_default="", blank=True)
    timer_at = models.DateTimeField(null=True)
    timer_step = models.PositiveSmallIntegerField(default=0, db_default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "kind"], condition=Q(stopped_at__isnull=True), name="one_running_clock_of_a_kind"
            )
        ]
        indexes = [
            models.Index(fields=["station", "timer_at"], condition=Q(timer_at__isnull=False), name="clock_timer_due")
        ]


class Escalation(models.Model):
    """One step of a ladder that was taken: at which part of which deadline who was told.  ``told`` are ids of staff."""

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="escalations")
    cycle = models.PositiveSmallIntegerField()
    clock = models.CharField(max_length=8)
    due = models.DateTimeField()
    percent = models.PositiveSmallIntegerField()
    levels = models.JSONField(default=list)
    told = models.JSONField(default=list)
    fired_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["matter", "cycle", "clock", "due", "percent"], name="a_step_once_a_deadline"
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


class Rating(models.Model):
    """What the reporter said of one round: mended or not, and stars from 1 to 5 where any were given.

    A later word in the same round stands for the earlier one; its words are those of the matter's ``version``.
    """

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="ratings")
    cycle = models.PositiveSmallIntegerField()
    version = models.PositiveIntegerField()
    by = models.CharField(max_length=6)
    mended = models.BooleanField()
    result = models.PositiveSmallIntegerField(null=True)
    manner = models.PositiveSmallIntegerField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["matter", "cycle"], name="one_rating_a_round"),
            models.CheckConstraint(
                condition=(Q(result=None) | Q(result__range=(1, 5))) & (Q(manner=None) | Q(manner__range=(1, 5))),
                name="rating_stars",
            ),
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
