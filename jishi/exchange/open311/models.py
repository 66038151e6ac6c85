"""What Open311 keeps: which categories are offered, the keys of clients, what they posted; and the agencies that speak it."""  # noqa: E501

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jishi.matters.models import Category, Matter
from jishi.stations.models import Agency, Staff, Station
from jishi.window.models import Receipt


class Service(models.Model):
    """How a category is offered through Open311; a category without a row is not offered.

    ``attributes`` are the questions asked with a report: see :mod:`jishi.exchange.open311.services`.  ``asks_consent``
    adds what whoever reports may agree to.
    """

    category = models.OneToOneField(
        Category, models.CASCADE, primary_key=True, related_name="+", verbose_name=_("category")
    )
    offered = models.BooleanField(_("offered"), default=True)
    description_zh = models.CharField(_("description in Chinese"), max_length=200, blank=True)
    description_en = models.CharField(_("description in English"), max_length=300, blank=True)
    attributes = models.JSONField(_("questions"), default=list, blank=True)
    asks_consent = models.BooleanField(
        _("asks for consent"), default=True, db_default=True,
        help_text=_("Whether the answer may go to the contact, and whether photos may be published."),
    )  # fmt: skip
    changed_at = models.DateTimeField(auto_now=True)

    class Meta:
        verbose_name = _("service of Open311")
        verbose_name_plural = _("services of Open311")
        ordering = ["category__position", "category"]

    def __str__(self) -> str:
        return str(self.category)


class ClientKey(models.Model):
    """The key of a system that reports to one station.  Only a hash of it is kept."""

    station = models.ForeignKey(Station, models.PROTECT, related_name="+", verbose_name=_("station"))
    label = models.CharField(_("what it is for"), max_length=60)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    per_minute = models.PositiveSmallIntegerField(_("posts a minute"), default=60)
    made_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", db_index=False)
    made_at = models.DateTimeField(default=timezone.now)
    expires_at = models.DateTimeField()
    revoked_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", db_index=False)
    revoked_at = models.DateTimeField(null=True)
    used_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["-made_at"]
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("made_at")), name="client_key_expires_later"),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True, revoked_by__isnull=True)
                | Q(revoked_at__isnull=False, revoked_by__isnull=False),
                name="client_key_revoked_by_somebody",
            ),
        ]


class Posted(models.Model):
    """One post of a client, for as long as it may be sent again: ``digest`` is a keyed hash of what tells it apart,
    ``content`` of what it said, ``answer`` what it was told."""

    key = models.ForeignKey(ClientKey, models.CASCADE, related_name="+", db_index=False)
    digest = models.CharField(max_length=64)
    content = models.CharField(max_length=64)
    answer = models.JSONField(default=dict)
    made_at = models.DateTimeField()
    until = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "digest"], name="posted_once")]


class Picture(models.Model):
    """A photo that a client named by its address and that is still to be fetched; gone once that is over.

    ``receipt`` leads to its matter, or to a report in quarantine that has none yet: its photos wait with it.
    ``consents`` are the codes of what was agreed to with it, with blanks between.
    """

    receipt = models.ForeignKey(Receipt, models.CASCADE, related_name="+")
    url = models.CharField(max_length=1000)
    consents = models.CharField(max_length=120, blank=True, default="", db_default="")
    made_at = models.DateTimeField()
    tries = models.PositiveSmallIntegerField(default=0)


class Counterpart(models.Model):
    """An outside agency that a station speaks Open311 to: where, and which of its services stands for which category.

    ``services`` maps a category's code to the agency's service code; ``""`` stands for all others.  ``key_sealed`` is
    the key that the agency gave.
    """

    station = models.ForeignKey(Station, models.CASCADE, related_name="+", verbose_name=_("station"), db_index=False)
    agency = models.ForeignKey(Agency, models.CASCADE, related_name="+", verbose_name=_("outside agency"))
    url = models.CharField(_("address"), max_length=300)
    jurisdiction = models.CharField(max_length=80, blank=True)
    key_sealed = models.BinaryField(null=True)
    services = models.JSONField(default=dict)
    active = models.BooleanField(default=True)
    ok_at = models.DateTimeField(null=True)
    error = models.CharField(max_length=40, blank=True)
    error_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["station", "agency"], name="counterpart_once")]


class ErrandState(models.TextChoices):
    """How far an errand is."""

    WAITING = "waiting", _("to be sent")
    TOKEN = "token", _("sent, its number still to come")
    OPEN = "open", _("open there")
    CLOSED = "closed", _("closed there")
    FAILED = "failed", _("could not be sent")
    OVER = "over", _("no longer followed")


class Errand(models.Model):
    """One matter on its way to an agency by Open311, and what the agency's system says of it.

    ``version`` is that of the matter's referral: asked anew, the agency gets an errand of its own.  ``remote`` is its
    number there.  Its closing is the agency's word and never the matter's.
    """

    counterpart = models.ForeignKey(Counterpart, models.CASCADE, related_name="errands")
    matter = models.ForeignKey(Matter, models.CASCADE, related_name="errands")
    version = models.PositiveIntegerField()
    state = models.CharField(max_length=8, choices=ErrandState.choices, default=ErrandState.WAITING)
    token = models.CharField(max_length=100, blank=True)
    remote = models.CharField(max_length=100, blank=True)
    idempotency = models.UUIDField()
    made_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    seen_at = models.DateTimeField(null=True)
    next_at = models.DateTimeField(null=True)
    tries = models.PositiveSmallIntegerField(default=0)
    error = models.CharField(max_length=40, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["matter", "version"], name="errand_once")]
        indexes = [models.Index(fields=["next_at"], condition=Q(next_at__isnull=False), name="errand_next")]
