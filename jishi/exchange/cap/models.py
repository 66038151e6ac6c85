"""Alerts to the public: what is drafted, and what was given out, kept to the byte."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jishi.exchange.cap.codes import UNSENT, MsgType, State, Status
from jishi.matters.models import Matter
from jishi.stations.models import Area, Staff, Station


class Alert(models.Model):
    """One message to the public: an alert, its update or its cancellation.

    ``replaces`` is the message before it, ``root`` the first of its chain.  ``drafted_by`` is whoever wrote its words
    last: somebody else approves them.  ``document`` is the XML as it was given out, and never changes; the journal
    holds its hash.  Its words are public words, and name no person.
    """

    station = models.ForeignKey(Station, models.PROTECT, related_name="+", db_index=False)
    matter = models.ForeignKey(Matter, models.PROTECT, null=True, related_name="alerts")
    replaces = models.ForeignKey("self", models.PROTECT, null=True, related_name="+")
    root = models.ForeignKey("self", models.PROTECT, null=True, related_name="chain")
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    identifier = models.CharField(max_length=40, unique=True)
    sender = models.CharField(max_length=120, blank=True)
    status = models.CharField(max_length=8, choices=Status.choices, default=Status.ACTUAL)
    msg_type = models.CharField(max_length=6, choices=MsgType.choices, default=MsgType.ALERT)
    state = models.CharField(max_length=10, choices=State.choices, default=State.DRAFTED)
    version = models.PositiveIntegerField(default=1)

    categories = models.JSONField(default=list)
    responses = models.JSONField(default=list)
    urgency = models.CharField(max_length=9)
    severity = models.CharField(max_length=8)
    certainty = models.CharField(max_length=8)
    event_zh = models.CharField(max_length=60)
    event_en = models.CharField(max_length=60, blank=True)
    headline_zh = models.CharField(max_length=160)
    headline_en = models.CharField(max_length=160, blank=True)
    description_zh = models.TextField()
    description_en = models.TextField(blank=True)
    instruction_zh = models.TextField(blank=True)
    instruction_en = models.TextField(blank=True)
    area_zh = models.CharField(max_length=200)
    area_en = models.CharField(max_length=200, blank=True)
    areas: models.ManyToManyField[Area, Any] = models.ManyToManyField(Area, related_name="+")
    lon = models.FloatField(null=True)
    lat = models.FloatField(null=True)
    radius = models.PositiveIntegerField(null=True)

    onset = models.DateTimeField(null=True)
    effective = models.DateTimeField(null=True)
    expires = models.DateTimeField()
    drafted_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", db_index=False)
    drafted_at = models.DateTimeField(default=timezone.now)
    approved_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", db_index=False)
    sent = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    document = models.BinaryField(null=True)
    sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("public alert")
        verbose_name_plural = _("public alerts")
        ordering = ["-drafted_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["station", "year", "serial"], name="alert_serial_once"),
            models.UniqueConstraint(
                fields=["replaces"], condition=Q(state=State.DRAFTED), name="alert_one_follower_drafted"
            ),
            models.UniqueConstraint(
                fields=["replaces"], condition=~Q(state__in=UNSENT), name="alert_one_follower_sent"
            ),
            models.CheckConstraint(
                condition=Q(state__in=UNSENT, sent__isnull=True, document__isnull=True, sha256="")
                | (
                    ~Q(state__in=UNSENT)
                    & ~Q(sha256="")
                    & ~Q(sender="")
                    & Q(
                        sent__isnull=False,
                        effective__isnull=False,
                        document__isnull=False,
                        approved_by__isnull=False,
                    )
                ),
                name="alert_sent_is_whole",
            ),
            models.CheckConstraint(
                condition=Q(approved_by__isnull=True) | ~Q(approved_by=F("drafted_by")), name="alert_by_two"
            ),
            models.CheckConstraint(
                condition=~Q(state=State.PUBLISHED) | Q(status=Status.ACTUAL), name="alert_drill_stays_inside"
            ),
            models.CheckConstraint(
                condition=Q(msg_type=MsgType.ALERT, replaces__isnull=True, root__isnull=True)
                | (~Q(msg_type=MsgType.ALERT) & Q(replaces__isnull=False, root__isnull=False)),
                name="alert_follows_or_begins",
            ),
            models.CheckConstraint(
                condition=Q(lon__isnull=True, lat__isnull=True, radius__isnull=True)
                | Q(lon__isnull=False, lat__isnull=False, radius__isnull=False),
                name="alert_circle_is_whole",
            ),
        ]
        indexes = [
            models.Index(fields=["station", "-drafted_at", "-id"], name="alert_newest"),
            models.Index(fields=["-sent", "-id"], condition=Q(state=State.PUBLISHED), name="alert_in_force"),
        ]

    def __str__(self) -> str:
        return self.identifier

    def state_at(self, now: Any) -> State:
        """Its state at a moment: what has ended by its time is over, also before the daily job has marked it."""
        if self.state in (State.PUBLISHED, State.APPROVED) and self.expires <= now:
            return State.EXPIRED
        return State(self.state)
