"""What is told, to whom, by which way, and how that went: codes and ids only, never the words of a matter."""

from __future__ import annotations

import uuid

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jishi.stations.models import Agency, Bureau, Staff, Station


class Channel(models.TextChoices):
    """A way by which somebody is told."""

    APP = "app", _("in Jishi")
    PUSH = "push", _("on the phone")
    EMAIL = "email", _("e-mail")
    SMS = "sms", _("text message")
    WEBHOOK = "webhook", _("webhook")
    ROBOT = "robot", _("group robot")


class DeliveryState(models.TextChoices):
    """Where a delivery stands."""

    QUEUED = "queued", _("waiting")
    SENT = "sent", _("delivered")
    FOLDED = "folded", _("told already")
    DEAD = "dead", _("failed")
    DROPPED = "dropped", _("given up")


class Notice(models.Model):
    """Something that happened and that somebody is told of.

    ``thread`` names what it is about (``matter:17``): deliveries of one thread keep their order, and mails of one
    thread stand together.  ``facts`` holds codes, ids and moments; what is read is made of them when it is read.
    """

    station = models.ForeignKey(Station, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=40)
    thread = models.CharField(max_length=40)
    subject_id = models.BigIntegerField()
    grade = models.PositiveSmallIntegerField(default=0)
    facts = models.JSONField(default=dict)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        indexes = [models.Index(fields=["thread", "created_at"], name="notice_thread")]

    def __str__(self) -> str:
        return f"{self.kind} {self.thread}"


class EndpointKind(models.TextChoices):
    """What stands at the other end of a channel that belongs to a station or a bureau."""

    SMTP = "smtp", _("mail server (SMTP)")
    WEBHOOK = "webhook", _("signed webhook (Standard Webhooks)")
    WECOM = "wecombot", _("WeCom group robot")
    DINGTALK = "dingtalk", _("DingTalk group robot")
    FEISHU = "feishu", _("Feishu group robot")
    SMS = "sms", _("text messages through a gateway")


class Endpoint(models.Model):
    """A mail server, a robot, a webhook, a gateway: where it is and its secrets are sealed.

    ``kinds`` lists what is sent there (empty: everything), ``least_grade`` the mildest grade (4: all).  With an
    ``agency`` it gets only the matters that were referred to that agency.
    """

    bureau = models.ForeignKey(Bureau, models.CASCADE, related_name="+", verbose_name=_("bureau"))
    station = models.ForeignKey(
        Station, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("station")
    )
    agency = models.ForeignKey(
        Agency, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("outside agency")
    )
    kind = models.CharField(_("kind"), max_length=10, choices=EndpointKind.choices)
    label = models.CharField(_("what it is for"), max_length=60)
    config_sealed = models.BinaryField(null=True)
    kinds = models.JSONField(_("what is sent there"), default=list, blank=True)
    least_grade = models.PositiveSmallIntegerField(_("mildest grade"), default=4)
    active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(default=timezone.now)
    last_ok_at = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=120, blank=True)
    last_error_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("channel")
        verbose_name_plural = _("channels")
        ordering = ["kind", "label"]

    def __str__(self) -> str:
        return self.label


class PushSubscription(models.Model):
    """One installed app of one member of staff, to which Web Push goes; where it is and its keys are sealed."""

    staff = models.ForeignKey(Staff, models.CASCADE, related_name="push_subscriptions")
    device = models.CharField(max_length=60, blank=True)
    digest = models.CharField(max_length=64, unique=True)
    config_sealed = models.BinaryField(null=True)
    created_at = models.DateTimeField(default=timezone.now)
    last_ok_at = models.DateTimeField(null=True)


class Delivery(models.Model):
    """One notice, to one recipient, by one channel.

    ``key`` is what the receiver knows it by when it comes twice.  ``rule`` says why it was sent.  ``due`` is when it
    may go out: now, after quiet hours, or after a failed attempt.
    """

    notice = models.ForeignKey(Notice, models.CASCADE, related_name="deliveries")
    thread = models.CharField(max_length=40)
    staff = models.ForeignKey(Staff, models.CASCADE, null=True, related_name="+", db_index=False)
    endpoint = models.ForeignKey(Endpoint, models.CASCADE, null=True, related_name="+", db_index=False)
    channel = models.CharField(max_length=8, choices=Channel.choices)
    rule = models.CharField(max_length=40)
    state = models.CharField(max_length=8, choices=DeliveryState.choices, default=DeliveryState.QUEUED)
    key = models.UUIDField(default=uuid.uuid4, unique=True)
    due = models.DateTimeField()
    attempts = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=200, blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    sent_at = models.DateTimeField(null=True)
    read_at = models.DateTimeField(null=True)
    given_up_by = models.ForeignKey(Staff, models.SET_NULL, null=True, related_name="+", db_index=False)
    given_up_why = models.CharField(max_length=200, blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(staff__isnull=False, endpoint__isnull=True) | Q(staff__isnull=True, endpoint__isnull=False),
                name="delivery_to_one",
            ),
            models.CheckConstraint(condition=~Q(state="dropped") | ~Q(given_up_why=""), name="given_up_with_reason"),
        ]
        indexes = [
            models.Index(fields=["thread", "id"], condition=Q(state="queued"), name="delivery_waiting"),
            models.Index(fields=["staff", "-id"], condition=Q(channel="app"), name="delivery_inbox"),
            models.Index(fields=["staff"], condition=Q(channel="app", read_at__isnull=True), name="delivery_unread"),
            models.Index(fields=["-id"], condition=Q(state="dead"), name="delivery_dead"),
            models.Index(fields=["created_at"], name="delivery_age"),
        ]


class Preference(models.Model):
    """How one member of staff is told: channels by group of notices, and the hours in which only red gets through.

    ``channels`` maps the group of a kind to a list of channels; a group that is missing has the usual ones.  The
    application itself cannot be turned off.
    """

    staff = models.OneToOneField(Staff, models.CASCADE, related_name="notice_preference")
    channels = models.JSONField(default=dict)
    quiet_from = models.TimeField(_("quiet from"), null=True, blank=True)
    quiet_until = models.TimeField(_("quiet until"), null=True, blank=True)
    mobile_sealed = models.BinaryField(null=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(quiet_from__isnull=True, quiet_until__isnull=True)
                | Q(quiet_from__isnull=False, quiet_until__isnull=False),
                name="quiet_from_and_until",
            )
        ]


class VapidKey(models.Model):
    """The installation's own key for Web Push: one row, sealed."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    private_sealed = models.BinaryField()
    public = models.CharField(max_length=120)
    created_at = models.DateTimeField(default=timezone.now)
