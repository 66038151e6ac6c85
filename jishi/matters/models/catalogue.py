"""What all stations share: categories, time limits, and the numbers that were given out."""

from __future__ import annotations

from django.db import models
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from jishi.stations.models import Station


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
