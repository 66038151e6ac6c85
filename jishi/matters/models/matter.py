"""The matter itself: its row, which is a projection of its events, and the words for its codes."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jishi.matters.models.catalogue import Category
from jishi.register.models import Element
from jishi.stations.models import Agency, Area, Staff, Station, Unit


class MatterState(models.TextChoices):
    """The states of the loop, in its order."""

    INHERITED = "inherited", _("inherited")
    REPORTED = "reported", _("reported")
    ASSESSED = "assessed", _("assessed")
    PUSHED = "pushed", _("pushed")
    HANDLING = "handling", _("being handled")
    SUSPENDED = "suspended", _("suspended")
    SUBMITTED = "submitted", _("submitted for checking")
    CHECKED = "checked", _("checked")
    ANSWERED = "answered", _("answered")
    CLOSED = "closed", pgettext_lazy("state", "closed")


class Outcome(models.TextChoices):
    """What came of a matter; never a state."""

    FIXED = "fixed", _("fixed")
    NO_ACTION = "no_action", _("no action needed")
    REFERRED = "referred", pgettext_lazy("outcome", "referred")
    UNVERIFIABLE = "unverifiable", _("unverifiable")
    DUPLICATE = "duplicate", _("duplicate")
    WITHDRAWN = "withdrawn", pgettext_lazy("outcome", "withdrawn")
    OUT_OF_SCOPE = "out_of_scope", _("out of scope")


class Grade(models.IntegerChoices):
    """How grave: red, orange, yellow, blue; 0 where nobody has said yet."""

    UNGRADED = 0, _("not graded")
    RED = 1, _("red")
    ORANGE = 2, _("orange")
    YELLOW = 3, _("yellow")
    BLUE = 4, _("blue")


class Flag:
    """Bits of :attr:`Matter.flags`: what an importer kept although it was odd.  All stay out of duration indicators."""

    CLOSED_BEFORE_OPENED = 1
    CLOSED_SAME_SECOND = 2
    NO_POINT = 4
    CLOCK_GAP = 8
    AMBIGUOUS_HOUR = 16
    FUTURE = 32
    UNKNOWN_UNIT = 64
    MASKED = 128
    DATE_ONLY = 256
    NO_CLOSING_TIME = 512


class Matter(models.Model):
    """A matter in the loop.  Open means: exactly one responsible unit and one next deadline, by constraint."""

    station = models.ForeignKey(Station, models.PROTECT, verbose_name=_("station"), db_index=False)
    number = models.CharField(_("number"), max_length=40, unique=True)
    source = models.CharField(_("source"), max_length=40, default="jishi")
    external_id = models.CharField(_("external number"), max_length=80, null=True, blank=True)
    content_digest = models.CharField(max_length=64, blank=True)
    channel = models.CharField(_("channel"), max_length=20, default="desk")
    title = models.CharField(_("title"), max_length=120)
    place_name = models.CharField(_("place"), max_length=120, blank=True)
    grams = models.TextField(blank=True)
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, verbose_name=_("area"), db_index=False)
    element = models.ForeignKey(
        Element,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="matters",
        verbose_name=_("element"),
        db_index=False,
    )
    lon = models.FloatField(null=True, blank=True)
    lat = models.FloatField(null=True, blank=True)
    cell = models.BigIntegerField(null=True, blank=True)
    datum = models.CharField(max_length=8, default="wgs84")

    state = models.CharField(_("state"), max_length=12, choices=MatterState.choices)
    outcome = models.CharField(_("outcome"), max_length=12, choices=Outcome.choices, blank=True)
    version = models.PositiveIntegerField(default=1)
    cycle = models.PositiveSmallIntegerField(default=1)
    category = models.ForeignKey(
        Category, models.PROTECT, null=True, blank=True, verbose_name=_("category"), db_index=False
    )
    grade = models.PositiveSmallIntegerField(_("grade"), choices=Grade.choices, default=Grade.UNGRADED)
    hazard = models.BooleanField(default=False)
    needs_photo = models.BooleanField(default=False)
    responsible_unit = models.ForeignKey(
        Unit,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("responsible unit"),
        db_index=False,
    )
    next_due = models.DateTimeField(_("next deadline"), null=True, blank=True)
    clock_started = models.DateTimeField(null=True, blank=True)
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    assignee = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    agency = models.ForeignKey(Agency, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    submitter = models.ForeignKey(Staff, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    suspended_until = models.DateTimeField(null=True, blank=True)
    root = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="duplicates")
    mended = models.BooleanField(null=True, blank=True)
    returned = models.PositiveSmallIntegerField(default=0)
    reworked = models.PositiveSmallIntegerField(default=0)
    reopened = models.PositiveSmallIntegerField(default=0)
    asked = models.CharField(
        max_length=8,
        blank=True,
        default="",
        db_default="",
        choices=[("extend", _("more time")), ("suspend", _("a pause"))],
    )
    asked_minutes = models.PositiveIntegerField(null=True, blank=True)
    asked_until = models.DateTimeField(null=True, blank=True)
    extended = models.PositiveIntegerField(default=0, db_default=0)
    paused_times = models.PositiveSmallIntegerField(default=0, db_default=0)
    paused_minutes = models.PositiveIntegerField(default=0, db_default=0)
    agency_state = models.CharField(
        max_length=8,
        blank=True,
        default="",
        db_default="",
        choices=[
            ("asked", pgettext_lazy("agency", "asked")),
            ("accepted", pgettext_lazy("agency", "accepted")),
            ("returned", pgettext_lazy("agency", "returned")),
            ("done", pgettext_lazy("agency", "done")),
        ],
    )
    open_tasks = models.PositiveSmallIntegerField(default=0, db_default=0)
    run = models.PositiveSmallIntegerField(default=0, db_default=0)
    drill = models.BooleanField(default=False, db_default=False)
    urgent = models.CharField(
        _("urgent need"), max_length=9, blank=True, default="", db_default="",
        choices=[("asked", pgettext_lazy("urgent", "asked")), ("confirmed", pgettext_lazy("urgent", "confirmed"))],
    )  # fmt: skip
    followers = models.PositiveIntegerField(_("followers"), default=0, db_default=0)
    answered_at = models.DateTimeField(null=True, blank=True)
    rated_by = models.CharField(
        max_length=6, blank=True, default="", db_default="",
        choices=[("desk", pgettext_lazy("rated by", "the desk")), ("public", pgettext_lazy("rated by", "the public"))],
    )  # fmt: skip
    disputed = models.PositiveSmallIntegerField(default=0, db_default=0)
    appealed = models.BooleanField(default=False, db_default=False)

    occurred_at = models.DateTimeField(_("happened"))
    reported_at = models.DateTimeField(_("reported"))
    closed_at = models.DateTimeField(_("closed"), null=True, blank=True)
    original_due = models.DateTimeField(_("original deadline"), null=True, blank=True)
    original_unit = models.CharField(_("original unit"), max_length=80, blank=True)
    flags = models.PositiveIntegerField(default=0)

    class Meta:
        verbose_name = _("matter")
        verbose_name_plural = _("matters")
        constraints = [
            models.CheckConstraint(
                condition=Q(state="closed") | Q(responsible_unit__isnull=False, next_due__isnull=False),
                name="open_matter_has_owner_and_deadline",
            ),
            models.CheckConstraint(
                condition=Q(state="closed", responsible_unit__isnull=True, next_due__isnull=True) | ~Q(state="closed"),
                name="closed_matter_owes_nothing",
            ),
            models.CheckConstraint(condition=Q(root__isnull=True) | ~Q(root=F("id")), name="no_self_duplicate"),
            models.CheckConstraint(
                condition=Q(outcome="duplicate", root__isnull=False) | (~Q(outcome="duplicate") & Q(root__isnull=True)),
                name="duplicate_has_root",
            ),
            models.UniqueConstraint(
                fields=["station", "source", "external_id"],
                condition=Q(external_id__isnull=False),
                name="external_id_once",
            ),
        ]
        indexes = [
            models.Index(fields=["station", "-reported_at", "-id"], name="matter_newest"),
            models.Index(fields=["station", "category", "-reported_at", "-id"], name="matter_by_category"),
            models.Index(fields=["station", "area", "-reported_at", "-id"], name="matter_by_area"),
            models.Index(fields=["station", "state", "-reported_at", "-id"], name="matter_by_state"),
            models.Index(
                fields=["station", "state", "next_due", "id"], condition=~Q(state="closed"), name="matter_open_by_due"
            ),
            models.Index(
                fields=["responsible_unit", "state", "next_due", "id", "assignee", "submitter"],
                condition=~Q(state="closed"),
                name="matter_unit_by_due",
            ),
            models.Index(
                fields=["responsible_unit", "state", "-reported_at", "-id"],
                condition=~Q(state="closed"),
                name="matter_unit_newest",
            ),
            models.Index(fields=["station", "state", "next_due", "id"], condition=Q(asked__gt=""), name="matter_asked"),
            models.Index(
                fields=["station", "state", "next_due", "id"],
                condition=~Q(state="closed") & (Q(returned__gt=0) | Q(reworked__gt=0) | Q(reopened__gt=0)),
                name="matter_came_back",
            ),
            models.Index(
                fields=["assignee", "state", "next_due", "id"],
                condition=~Q(state="closed"),
                name="matter_assignee_by_due",
            ),
            models.Index(fields=["station", "grade", "-reported_at", "-id"], name="matter_by_grade"),
            models.Index(fields=["station", "channel", "-reported_at", "-id"], name="matter_by_channel"),
            models.Index(fields=["station", "source", "-reported_at", "-id"], name="matter_by_source"),
            models.Index(
                fields=["element", "-reported_at"], condition=Q(element__isnull=False), name="matter_by_element"
            ),
            models.Index(fields=["cell", "-reported_at"], name="matter_by_cell"),
            models.Index(fields=["agency", "state", "id"], condition=Q(agency__isnull=False), name="matter_by_agency"),
        ]

    def __str__(self) -> str:
        return self.number
