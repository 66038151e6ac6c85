"""The handover at the end of a shift: who hands over to whom, and how things stood, in codes, ids and counts."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jishi.stations.models import Staff, Station, Unit


class HandoverState(models.TextChoices):
    """Where a handover stands."""

    WAITING = "waiting", _("waits for the second signature")
    SIGNED = "signed", _("signed by both")
    WITHDRAWN = "withdrawn", pgettext_lazy("handover", "taken back")


class Handover(models.Model):
    """One page at the end of a shift, for a unit or (``unit`` is None) for the whole station.

    ``snapshot`` is how things stood when the one who leaves signed: codes, ids, counts and places in the journal, so
    that the page reads the same ever after.  ``note`` is in the words of the one who leaves.
    """

    station = models.ForeignKey(Station, models.PROTECT, related_name="+", db_index=False)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    from_staff = models.ForeignKey(Staff, models.PROTECT, related_name="+", db_index=False)
    to_staff = models.ForeignKey(Staff, models.PROTECT, related_name="+", db_index=False)
    since = models.DateTimeField()
    until = models.DateTimeField()
    note = models.TextField(blank=True)
    snapshot = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=HandoverState.choices, default=HandoverState.WAITING)
    signed_from_at = models.DateTimeField()
    signed_to_at = models.DateTimeField(null=True)
    key = models.CharField(max_length=80, unique=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(from_staff=F("to_staff")), name="handover_between_two"),
            models.CheckConstraint(
                condition=Q(state="signed", signed_to_at__isnull=False)
                | (~Q(state="signed") & Q(signed_to_at__isnull=True)),
                name="handover_signed_by_both",
            ),
        ]
        indexes = [
            models.Index(fields=["station", "-until"], name="handover_newest"),
            models.Index(fields=["to_staff"], condition=Q(state="waiting"), name="handover_waiting"),
        ]

    def __str__(self) -> str:
        return f"{self.station_id}/{self.pk}"
