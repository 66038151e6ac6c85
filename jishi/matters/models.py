"""Matters and all that hangs on them: the data and its constraints.

A matter's row is a projection of its events (``jishi verify`` rebuilds and compares it), plus words that stand in
purgeable rows.  Nothing here is indexed, searched or joined by a person.
"""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from jishi.files.models import Attachment
from jishi.register.models import Element
from jishi.stations.models import Agency, Area, Staff, Station, Unit


class Category(models.Model):
    """What a matter is about: versioned catalogue data.  No category for speech, assembly, petition or belief."""

    code = models.CharField(_("code"), max_length=40, primary_key=True)
    parent = models.ForeignKey("self", models.PROTECT, null=True, blank=True, verbose_name=_("parent"))
    name_zh = models.CharField(_("name in Chinese"), max_length=40)
    name_en = models.CharField(_("name in English"), max_length=60)
    hazard = models.BooleanField(_("hazard"), default=False, help_text=_("Withdrawing the report does not remove it."))
    needs_photo = models.BooleanField(_("photo needed to submit"), default=False)
    unit_kind = models.CharField(_("usual unit"), max_length=12, blank=True)
    grade = models.PositiveSmallIntegerField(_("usual grade"), default=3)
    words = models.JSONField(_("words that point to it"), default=list, blank=True)
    position = models.PositiveIntegerField(_("position"), default=0)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("category")
        verbose_name_plural = _("categories")
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the language of the reader."""
        return self.name_en if (get_language() or "").startswith("en") else self.name_zh


class PolicyVersion(models.Model):
    """One version of the time limits, never changed once clocks were computed with it.  See ``matters/terms.py``."""

    version = models.PositiveIntegerField(_("version"), unique=True)
    data = models.JSONField(_("time limits"))
    created_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("time limits")
        verbose_name_plural = _("time limits")
        ordering = ["-version"]

    def __str__(self) -> str:
        return f"v{self.version}"


class Numbering(models.Model):
    """The last number given out at a station in a year."""

    station = models.ForeignKey(Station, models.CASCADE)
    year = models.PositiveIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["station", "year"], name="numbering_once")]


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
        ]

    def __str__(self) -> str:
        return self.number


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


class Text(models.Model):
    """Words about one matter: purgeable.  The event holds ``digest``; with ``salt`` gone nobody can guess the words."""

    class Kind(models.TextChoices):
        """What the words are."""

        TITLE = "title", _("title")
        DESCRIPTION = "description", _("description")
        REASON = "reason", _("reason")
        NOTE = "text", _("note")

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="texts")
    version = models.PositiveIntegerField()
    kind = models.CharField(max_length=12, choices=Kind.choices)
    body = models.TextField(blank=True)
    salt = models.CharField(max_length=32, blank=True)
    digest = models.CharField(max_length=64)
    purged_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["matter", "version", "kind"], name="text_once")]


class Evidence(models.Model):
    """A file that came with a command."""

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="evidence")
    version = models.PositiveIntegerField()
    attachment = models.OneToOneField(Attachment, models.PROTECT, related_name="+")
    sha256 = models.CharField(max_length=64)


class Party(models.Model):
    """A person of the public in one matter: sealed values only, opened one at a time with a reason that is logged."""

    class Role(models.TextChoices):
        """What the person is in this matter."""

        REPORTER = "reporter", _("reporter")
        CONCERNED = "concerned", _("person concerned")
        WITNESS = "witness", _("witness")

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="parties")
    role = models.CharField(max_length=10, choices=Role.choices, default=Role.REPORTER)
    name_sealed = models.BinaryField(null=True)
    contact_sealed = models.BinaryField(null=True)
    purged_at = models.DateTimeField(null=True)


class Link(models.Model):
    """Two matters that have to do with each other; a duplicate's link is its :attr:`Matter.root`."""

    from_matter = models.ForeignKey(Matter, models.CASCADE, related_name="links_out")
    to_matter = models.ForeignKey(Matter, models.CASCADE, related_name="links_in")
    kind = models.CharField(max_length=10, choices=[("related", _("related"))], default="related")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["from_matter", "to_matter", "kind"], name="link_once"),
            models.CheckConstraint(condition=~Q(from_matter=F("to_matter")), name="no_self_link"),
        ]


class SavedView(models.Model):
    """A filter of the list that a member of staff keeps for themself."""

    staff = models.ForeignKey(Staff, models.CASCADE, related_name="saved_views")
    name = models.CharField(_("name"), max_length=40)
    query = models.CharField(max_length=500)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["staff", "name"], name="saved_view_once")]
