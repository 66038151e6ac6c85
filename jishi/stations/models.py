"""Bureaux, stations, areas, units, agencies, and the people who work there: the data and its constraints."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jishi.base.zones import validate_zone
from jishi.geo import polygons

#: When the day begins at a station that says nothing else.
MORNING = dt.time(8)

code_validator = RegexValidator(r"^[A-Za-z0-9][A-Za-z0-9_-]{0,19}$", _("Use 1 to 20 letters, digits, - and _."))


class Bureau(models.Model):
    """A tenant: the bureau above a set of stations."""

    code = models.CharField(_("code"), max_length=20, unique=True, validators=[code_validator])
    name = models.CharField(_("name"), max_length=80)

    class Meta:
        verbose_name = _("bureau")
        verbose_name_plural = _("bureaux")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Station(models.Model):
    """A local station: a neighbourhood police station, a fire post, a sub-district safety office."""

    bureau = models.ForeignKey(Bureau, models.PROTECT, related_name="stations", verbose_name=_("bureau"))
    code = models.CharField(_("code"), max_length=20, unique=True, validators=[code_validator])
    name = models.CharField(_("name"), max_length=80)
    time_zone = models.CharField(_("time zone"), max_length=64, blank=True, validators=[validate_zone])
    morning = models.TimeField(
        _("morning overview"),
        default=MORNING,
        db_default=MORNING,
        help_text=_("When staff are told what the day brings."),
    )

    class Meta:
        verbose_name = _("station")
        verbose_name_plural = _("stations")
        ordering = ["code"]

    def __str__(self) -> str:
        return self.name


class Area(models.Model):
    """A part of a station's ground: a community, a beat.  ``polygon`` is a GeoJSON geometry in WGS-84."""

    station = models.ForeignKey(Station, models.PROTECT, related_name="areas", verbose_name=_("station"))
    code = models.CharField(_("code"), max_length=40)
    name = models.CharField(_("name"), max_length=80)
    polygon = models.JSONField(_("polygon"), null=True, blank=True)
    west = models.FloatField(null=True, editable=False)
    south = models.FloatField(null=True, editable=False)
    east = models.FloatField(null=True, editable=False)
    north = models.FloatField(null=True, editable=False)

    class Meta:
        verbose_name = _("area")
        verbose_name_plural = _("areas")
        ordering = ["station", "code"]
        constraints = [models.UniqueConstraint(fields=["station", "code"], name="area_code_once")]

    def __str__(self) -> str:
        return self.name

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the bounding box in step with the polygon."""
        box = (None,) * 4 if self.polygon is None else polygons.parse(self.polygon).bounds
        self.west, self.south, self.east, self.north = box
        super().save(*args, **kwargs)

    def clean(self) -> None:
        """Refuse what is not a GeoJSON Polygon or MultiPolygon in WGS-84."""
        if self.polygon is not None:
            try:
                polygons.parse(self.polygon)
            except polygons.NotAPolygon as error:
                raise ValidationError(
                    {"polygon": _("This is not a GeoJSON polygon in WGS-84 (%(reason)s).") % {"reason": error}}
                ) from error


class UnitKind(models.TextChoices):
    """What a unit is for; routing and the loop ask by kind."""

    DESK = "desk", _("desk")
    PATROL = "patrol", _("patrol")
    COMMUNITY = "community", _("community policing")
    MEDIATION = "mediation", _("mediation")
    FIRE = "fire", _("fire safety")
    CHECKING = "checking", _("checking")
    COMMAND = "command", _("station command")
    OTHER = "other", _("other")


class Unit(models.Model):
    """A unit inside a station.  Each station has exactly one desk, which owns whatever nobody else owns."""

    station = models.ForeignKey(Station, models.PROTECT, related_name="units", verbose_name=_("station"))
    code = models.CharField(_("code"), max_length=20, validators=[code_validator])
    name = models.CharField(_("name"), max_length=80)
    kind = models.CharField(_("kind"), max_length=12, choices=UnitKind.choices, default=UnitKind.OTHER)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("unit")
        verbose_name_plural = _("units")
        ordering = ["station", "code"]
        constraints = [
            models.UniqueConstraint(fields=["station", "code"], name="unit_code_once"),
            models.UniqueConstraint(fields=["station"], condition=Q(kind="desk"), name="one_desk"),
            models.CheckConstraint(condition=~Q(kind="desk") | Q(active=True), name="desk_stays_active"),
        ]

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Refuse to make another kind of unit of the desk, which every station needs."""
        if self.kind != UnitKind.DESK and Unit.objects.filter(pk=self.pk, kind=UnitKind.DESK).exists():
            raise ValidationError({"kind": _("Every station needs its desk. Add another unit instead.")})


class Agency(models.Model):
    """An outside agency that a matter may be referred to: the fire brigade, housing, market regulation …"""

    bureau = models.ForeignKey(Bureau, models.PROTECT, related_name="agencies", verbose_name=_("bureau"))
    code = models.CharField(_("code"), max_length=20, validators=[code_validator])
    name = models.CharField(_("name"), max_length=80)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("outside agency")
        verbose_name_plural = _("outside agencies")
        ordering = ["code"]
        constraints = [models.UniqueConstraint(fields=["bureau", "code"], name="agency_code_once")]

    def __str__(self) -> str:
        return self.name


class Role(models.TextChoices):
    """What a post allows.  The table of who may give which command is in ``matters/loop.py``."""

    CHIEF = "chief", _("chief")
    DEPUTY = "deputy", _("deputy chief")
    DESK = "desk", _("desk officer")
    OFFICER = "officer", _("officer")
    AUXILIARY = "auxiliary", _("auxiliary")
    CHECKER = "checker", _("checker")
    ANALYST = "analyst", _("analyst")
    AUDITOR = "auditor", _("auditor")
    ADMINISTRATOR = "administrator", _("administrator")


class StaffManager(BaseUserManager["Staff"]):
    """Makes accounts."""

    def create_user(self, username: str, password: str | None = None, **fields: Any) -> Staff:
        """Make an account; without a password nobody can sign in with it."""
        staff = self.model(username=self.model.normalize_username(username), **fields)
        staff.set_password(password)
        staff.save(using=self._db)
        return staff


class Staff(AbstractBaseUser):
    """A member of staff, known by an account name and the name on the badge; their posts say what they may do."""

    username = models.CharField(_("account"), max_length=40, unique=True, validators=[code_validator])
    name = models.CharField(_("name"), max_length=40)
    email = models.EmailField(_("work e-mail"), blank=True)
    language = models.CharField(
        _("language"), max_length=10, blank=True, choices=[("zh-hans", "简体中文"), ("en", "English")]
    )
    is_active = models.BooleanField(_("active"), default=True)
    date_joined = models.DateTimeField(_("joined"), default=timezone.now)

    objects = StaffManager()
    USERNAME_FIELD = "username"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = ["name"]

    class Meta:
        verbose_name = _("member of staff")
        verbose_name_plural = _("staff")
        ordering = ["username"]

    def __str__(self) -> str:
        return self.name

    def refresh_from_db(self, *args: Any, **kwargs: Any) -> None:
        """Read the row again, and forget what the posts of before allowed."""
        self.__dict__.pop("_access", None)
        super().refresh_from_db(*args, **kwargs)


class Post(models.Model):
    """One role of one member of staff: at a station, in a unit of it or not, or at the bureau above all its stations."""  # noqa: E501

    staff = models.ForeignKey(Staff, models.CASCADE, related_name="posts", verbose_name=_("member of staff"))
    role = models.CharField(_("role"), max_length=16, choices=Role.choices)
    bureau = models.ForeignKey(
        Bureau, models.PROTECT, null=True, blank=True, related_name="posts", verbose_name=_("bureau")
    )
    station = models.ForeignKey(
        Station, models.PROTECT, null=True, blank=True, related_name="posts", verbose_name=_("station")
    )
    unit = models.ForeignKey(Unit, models.PROTECT, null=True, blank=True, related_name="posts", verbose_name=_("unit"))
    lead = models.BooleanField(
        _("leads the unit"), default=False, help_text=_("Is told when something of the unit runs late.")
    )

    class Meta:
        verbose_name = _("post")
        verbose_name_plural = _("posts")
        constraints = [
            models.CheckConstraint(
                condition=Q(bureau__isnull=True, station__isnull=False)
                | Q(bureau__isnull=False, station__isnull=True, unit__isnull=True),
                name="post_at_station_or_bureau",
            ),
            models.CheckConstraint(condition=Q(lead=False) | Q(unit__isnull=False), name="lead_of_a_unit"),
            models.UniqueConstraint(
                fields=["staff", "role", "unit"], condition=Q(unit__isnull=False), name="post_once_in_unit"
            ),
            models.UniqueConstraint(
                fields=["staff", "role", "station"],
                condition=Q(unit__isnull=True, station__isnull=False),
                name="post_once_at_station",
            ),
            models.UniqueConstraint(
                fields=["staff", "role", "bureau"], condition=Q(bureau__isnull=False), name="post_once_at_bureau"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_role_display()} · {self.unit or self.station or self.bureau}"

    def clean(self) -> None:
        """Refuse a unit of another station, and a post at both a bureau and a station or at neither."""
        if self.unit is not None and self.unit.station_id != self.station_id:
            raise ValidationError({"unit": _("This unit belongs to another station.")})
        if self.lead and self.unit is None:
            raise ValidationError({"lead": _("Choose the unit that this person leads.")})
        if (self.bureau_id is None) == (self.station_id is None):
            raise ValidationError(_("Choose either a station or a bureau."))


class Shift(models.Model):
    """A stretch of duty of one member of staff: at a station, in a unit of it or for the whole, or at the bureau."""

    bureau = models.ForeignKey(
        Bureau, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("bureau")
    )
    station = models.ForeignKey(
        Station, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("station"), db_index=False
    )
    unit = models.ForeignKey(
        Unit, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("unit"), db_index=False
    )
    staff = models.ForeignKey(
        Staff, models.PROTECT, related_name="shifts", verbose_name=_("member of staff"), db_index=False
    )
    starts = models.DateTimeField(_("from"))
    ends = models.DateTimeField(_("until"))

    class Meta:
        verbose_name = _("shift")
        verbose_name_plural = _("shifts")
        constraints = [
            models.CheckConstraint(condition=Q(ends__gt=F("starts")), name="shift_ends_later"),
            models.CheckConstraint(
                condition=Q(bureau__isnull=True, station__isnull=False)
                | Q(bureau__isnull=False, station__isnull=True, unit__isnull=True),
                name="shift_at_station_or_bureau",
            ),
        ]
        indexes = [
            models.Index(fields=["station", "ends"], name="shift_at_station"),
            models.Index(fields=["staff", "ends"], name="shift_of_staff"),
        ]


class ApiToken(models.Model):
    """A key to the API: acts as its member of staff within its scopes until it expires.  Only a hash is kept."""

    class Scope(models.TextChoices):
        """What a token may be used for."""

        READ = "read", _("read")
        WRITE = "write", _("give commands")

    staff = models.ForeignKey(Staff, models.CASCADE, related_name="api_tokens", verbose_name=_("member of staff"))
    label = models.CharField(_("what it is for"), max_length=60)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    scopes = models.JSONField(_("scopes"), default=list)
    created_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("expires"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        constraints = [models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="token_expires_later")]

    def __str__(self) -> str:
        return self.label

    @property
    def scope_names(self) -> list[str]:
        """What it may be used for, in the reader's language."""
        return [str(self.Scope(scope).label) for scope in self.scopes]


class AgencyKey(models.Model):
    """A key of an outside agency's system: reads and answers what was referred to it.  Only a hash is kept."""

    agency = models.ForeignKey(Agency, models.CASCADE, related_name="keys", verbose_name=_("outside agency"))
    label = models.CharField(_("what it is for"), max_length=60)
    digest = models.CharField(max_length=64, unique=True, editable=False)
    created_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)
    expires_at = models.DateTimeField(_("expires"), editable=False)
    revoked_at = models.DateTimeField(_("revoked"), null=True, editable=False)

    class Meta:
        verbose_name = _("key of an agency")
        verbose_name_plural = _("keys of agencies")
        ordering = ["-created_at"]
        constraints = [
            models.CheckConstraint(condition=Q(expires_at__gt=F("created_at")), name="agency_key_expires_later")
        ]

    def __str__(self) -> str:
        return self.label


class CalendarVersion(models.Model):
    """One version of the working calendar, never changed once clocks were computed with it.

    ``days`` maps ISO dates to 1 (working, also a make-up workday) or 0 (off) where they differ from the weekly pattern;
    ``known_years`` are the years whose holidays are published; ``hours`` are the daily spans, such as
    ``[["09:00", "12:00"], ["14:00", "18:00"]]``; ``weekdays`` the working days of the week, Monday = 0.
    """

    version = models.PositiveIntegerField(_("version"), unique=True)
    days = models.JSONField(_("days that differ"), default=dict)
    known_years = models.JSONField(_("published years"), default=list)
    hours = models.JSONField(_("working hours"), default=list)
    weekdays = models.JSONField(_("weekdays"), default=list)
    created_at = models.DateTimeField(_("made"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("calendar")
        verbose_name_plural = _("calendars")
        ordering = ["-version"]

    def __str__(self) -> str:
        return f"v{self.version}"
