"""Elements and what hangs on them: history, links, parts, contacts."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jishi.register.models.catalogue import Category
from jishi.stations.models import Area, Staff, Station


class Status(models.TextChoices):
    """Whether an element still stands."""

    ACTIVE = "active", _("standing")
    CLOSED = "closed", _("closed down")
    MERGED = "merged", _("merged into another")


class Freshness(models.TextChoices):
    """How an element stands against its cadence."""

    NEVER = "never", _("never verified")
    FRESH = "fresh", pgettext_lazy("freshness", "fresh")
    DUE = "due", pgettext_lazy("freshness", "due soon")
    OVERDUE = "overdue", pgettext_lazy("freshness", "overdue")


class Numbering(models.Model):
    """The last number given out at a station."""

    station = models.OneToOneField(Station, models.CASCADE, primary_key=True, related_name="+")
    last = models.PositiveBigIntegerField(default=0)


class Element(models.Model):
    """A place, an organisation or a thing that the station answers for, as it stands now.

    The row is a projection of its :class:`Change` rows.  ``quad`` is the point's Morton code (``geo.quads``), ``cell``
    its H3 cell; ``issues`` are bits of ``register.quality``; ``flips_at`` is when ``freshness`` changes by itself.
    """

    station = models.ForeignKey(Station, models.PROTECT, verbose_name=_("station"), db_index=False)
    number = models.CharField(_("number"), max_length=40, unique=True)
    category = models.ForeignKey(Category, models.PROTECT, verbose_name=_("category"), db_index=False)
    kind = models.CharField(_("kind"), max_length=12)
    name = models.CharField(_("name"), max_length=120)
    address = models.CharField(_("address"), max_length=200, blank=True)
    address_key = models.CharField(max_length=200, blank=True)
    grams = models.TextField(blank=True)
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, verbose_name=_("area"), db_index=False)
    lon = models.FloatField(_("longitude"), null=True, blank=True)
    lat = models.FloatField(_("latitude"), null=True, blank=True)
    cell = models.BigIntegerField(null=True, blank=True)
    quad = models.BigIntegerField(null=True, blank=True)
    datum = models.CharField(max_length=8, default="wgs84")
    attributes = models.JSONField(_("attributes"), default=dict, blank=True)
    grade = models.PositiveSmallIntegerField(_("grade"), default=0)
    reasons = models.JSONField(_("reasons of the grade"), default=list, blank=True)
    status = models.CharField(_("status"), max_length=8, choices=Status.choices, default=Status.ACTIVE)
    merged_into = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="merged")
    source = models.CharField(_("source"), max_length=40, default="jishi")
    external_id = models.CharField(_("external number"), max_length=80, null=True, blank=True)
    content_digest = models.CharField(max_length=64, blank=True)
    verified_at = models.DateTimeField(_("verified"), null=True, blank=True)
    due_at = models.DateTimeField(_("to be verified by"), null=True, blank=True)
    flips_at = models.DateTimeField(null=True, blank=True)
    freshness = models.CharField(_("freshness"), max_length=8, choices=Freshness.choices, default=Freshness.NEVER)
    issues = models.PositiveIntegerField(default=0)
    version = models.PositiveIntegerField(default=1)
    created_at = models.DateTimeField(_("registered"))
    changed_at = models.DateTimeField(_("changed"))

    class Meta:
        verbose_name = _("element")
        verbose_name_plural = _("elements")
        constraints = [
            models.UniqueConstraint(
                fields=["station", "source", "external_id"],
                condition=Q(external_id__isnull=False),
                name="element_external_once",
            ),
            models.CheckConstraint(
                condition=Q(merged_into__isnull=True) | ~Q(merged_into=F("id")), name="no_self_merge"
            ),
            models.CheckConstraint(
                condition=Q(status="merged", merged_into__isnull=False)
                | (~Q(status="merged") & Q(merged_into__isnull=True)),
                name="merged_has_target",
            ),
            models.CheckConstraint(
                condition=Q(lon__isnull=True, lat__isnull=True, quad__isnull=True)
                | Q(lon__isnull=False, lat__isnull=False, quad__isnull=False),
                name="element_point_whole",
            ),
            models.CheckConstraint(
                condition=Q(freshness="never", verified_at__isnull=True)
                | (~Q(freshness="never") & Q(verified_at__isnull=False)),
                name="never_is_unverified",
            ),
        ]
        indexes = [
            models.Index(fields=["station", "status", "id"], name="element_by_id"),
            models.Index(fields=["station", "status", "category", "id"], name="element_by_category"),
            models.Index(fields=["station", "status", "area", "id"], name="element_by_area"),
            models.Index(fields=["station", "status", "freshness", "due_at", "id"], name="element_by_freshness"),
            models.Index(fields=["station", "status", "grade", "id"], name="element_by_grade"),
            models.Index(
                fields=["station", "status", "issues", "id"], condition=Q(issues__gt=0), name="element_with_issues"
            ),
            models.Index(
                fields=["station", "quad", "category", "grade", "freshness"],
                include=["id"],
                condition=Q(status="active", quad__isnull=False),
                name="element_by_quad",
            ),
            models.Index(fields=["station", "address_key"], name="element_by_address"),
            models.Index(fields=["flips_at"], condition=Q(flips_at__isnull=False), name="element_flips"),
        ]

    def __str__(self) -> str:
        return self.number


class Change(models.Model):
    """One step in the history of an element: which fields, from what to what, by whom, from which source.  Append-only.

    ``fields`` maps a field's name to ``[before, after]``; attributes stand as ``attributes.<code>``.  ``at`` is when it
    became true as far as is known, ``recorded_at`` when it was written; ``digest`` salts and hashes ``fields`` for the
    journal.  ``batch`` names the event that seals many changes of an imported list together; None: each has its own.
    """

    element = models.ForeignKey(Element, models.CASCADE, related_name="changes", db_index=False)
    version = models.PositiveIntegerField()
    kind = models.CharField(max_length=12)
    fields = models.JSONField(default=dict)
    at = models.DateTimeField()
    recorded_at = models.DateTimeField()
    by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", db_index=False)
    source = models.CharField(max_length=80, blank=True)
    source_date = models.DateField(null=True)
    salt = models.CharField(max_length=32, blank=True)
    digest = models.CharField(max_length=64)
    batch = models.BigIntegerField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["element", "version"], name="change_once")]


class Link(models.Model):
    """How two elements belong together: ``a`` stands to ``b`` as ``kind`` says (a shop *in* a building)."""

    class Kind(models.TextChoices):
        """What ``a`` is to ``b``."""

        INSIDE = "inside", _("is inside")
        SERVES = "serves", _("serves")
        MANAGES = "manages", _("manages")
        BELONGS = "belongs", _("belongs to")

    a = models.ForeignKey(Element, models.CASCADE, related_name="links_from")
    b = models.ForeignKey(Element, models.CASCADE, related_name="links_to")
    kind = models.CharField(max_length=8, choices=Kind.choices)
    by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", db_index=False)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["a", "b", "kind"], name="element_link_once"),
            models.CheckConstraint(condition=~Q(a=F("b")), name="element_no_self_link"),
        ]


class Part(models.Model):
    """A part of a place with a cadence of its own (部位): a boiler room, a kitchen, a gas store."""

    element = models.ForeignKey(Element, models.CASCADE, related_name="parts")
    name = models.CharField(_("name"), max_length=60)
    cadence = models.PositiveSmallIntegerField(_("cadence in days"))
    verified_at = models.DateTimeField(_("verified"), null=True, blank=True)
    due_at = models.DateTimeField(_("to be verified by"), null=True, blank=True)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["element", "name"], name="part_once"),
            models.CheckConstraint(condition=Q(cadence__gte=1, cadence__lte=1100), name="part_cadence"),
        ]
        indexes = [models.Index(fields=["due_at"], condition=Q(active=True), name="part_by_due")]

    def __str__(self) -> str:
        return self.name


class Contact(models.Model):
    """How to reach who answers for premises: a role and a sealed value, opened with a reason, purged on closing."""

    class Role(models.TextChoices):
        """As what somebody is reached; never a name."""

        KEEPER = "keeper", _("person in charge on site")
        SAFETY = "safety", _("safety officer")
        MANAGER = "manager", _("property management")
        NIGHT = "night", _("night duty")

    element = models.ForeignKey(Element, models.CASCADE, related_name="contacts")
    role = models.CharField(_("role"), max_length=8, choices=Role.choices)
    reach_sealed = models.BinaryField(null=True)
    set_at = models.DateTimeField()
    purged_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["element", "role"], condition=Q(purged_at__isnull=True), name="one_contact_of_a_role"
            )
        ]
