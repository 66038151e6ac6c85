"""预约: places at the counter, without anybody's name."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import pgettext_lazy

from jishi.stations.models import Station
from jishi.window.models.services import Service


class Appointment(models.Model):
    """One place in one half hour: a queue number of that day, and a code by which it is given back.

    Nothing says whose it is.  The rows of a day are deleted the day after.
    """

    class State(models.TextChoices):
        """Where it stands."""

        BOOKED = "booked", pgettext_lazy("appointment", "booked")
        CALLED = "called", pgettext_lazy("appointment", "at the counter")
        DONE = "done", pgettext_lazy("appointment", "done")
        MISSED = "missed", pgettext_lazy("appointment", "did not come")
        CANCELLED = "cancelled", pgettext_lazy("appointment", "cancelled")

    station = models.ForeignKey(Station, models.PROTECT, related_name="+", db_index=False)
    service = models.ForeignKey(Service, models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()
    starts = models.DateTimeField()
    queue = models.PositiveSmallIntegerField()
    state = models.CharField(max_length=9, choices=State.choices, default=State.BOOKED)
    code_hash = models.CharField(max_length=64, unique=True)
    made_at = models.DateTimeField()
    called_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["station", "day", "queue"], name="queue_number_once")]
        indexes = [
            models.Index(
                fields=["station", "service", "starts"], condition=~Q(state="cancelled"), name="appointment_slots"
            ),
            models.Index(fields=["day"], name="appointment_day"),
        ]

    def __str__(self) -> str:
        return f"{self.queue:03}"


class CounterDay(models.Model):
    """The last queue number of one day at one station; and, once the day was purged, what became of them as counts."""

    station = models.ForeignKey(Station, models.PROTECT, related_name="+", db_index=False)
    day = models.DateField()
    last = models.PositiveSmallIntegerField(default=0)
    done = models.PositiveSmallIntegerField(default=0)
    missed = models.PositiveSmallIntegerField(default=0)
    cancelled = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["station", "day"], name="counter_day_once")]

    def __str__(self) -> str:
        return f"{self.day}"
