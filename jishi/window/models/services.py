"""办事指南: what the counter of a station does, and what to bring to it."""

from __future__ import annotations

from django.db import models
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from jishi.stations.models import Station, code_validator


class Service(models.Model):
    """What all stations do at the counter: catalogue data.  ``bring_zh`` and ``bring_en`` have one thing a line.

    ``per_slot`` is how many may book one half hour; 0 means that nobody needs to book.
    """

    code = models.CharField(_("code"), max_length=20, primary_key=True, validators=[code_validator])
    name_zh = models.CharField(_("name in Chinese"), max_length=40)
    name_en = models.CharField(_("name in English"), max_length=80)
    text_zh = models.CharField(_("what it is for"), max_length=300)
    text_en = models.CharField(_("what it is for, in English"), max_length=400)
    bring_zh = models.TextField(_("what to bring"), max_length=1000, help_text=_("One thing a line."))
    bring_en = models.TextField(_("what to bring, in English"), max_length=1500, help_text=_("One thing a line."))
    fee_zh = models.CharField(_("fee"), max_length=100)
    fee_en = models.CharField(_("fee, in English"), max_length=150)
    takes_zh = models.CharField(_("how long it takes"), max_length=100)
    takes_en = models.CharField(_("how long it takes, in English"), max_length=150)
    per_slot = models.PositiveSmallIntegerField(
        _("places each half hour"), default=0, help_text=_("0: no appointment is needed.")
    )
    position = models.PositiveIntegerField(_("position"), default=0)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("service")
        verbose_name_plural = _("services")
        ordering = ["position", "code"]

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name in the reader's language."""
        return self.said("name")

    def said(self, what: str) -> str:
        """One of its texts (``name``, ``text``, ``bring``, ``fee``, ``takes``) in the reader's language."""
        english = (get_language() or "").startswith("en")
        return str(getattr(self, f"{what}_en" if english else f"{what}_zh"))


class StationService(models.Model):
    """Where a station does it differently from the catalogue: not at all, elsewhere, at other hours, more places."""

    station = models.ForeignKey(Station, models.PROTECT, related_name="+", verbose_name=_("station"), db_index=False)
    service = models.ForeignKey(Service, models.PROTECT, related_name="+", verbose_name=_("service"), db_index=False)
    offered = models.BooleanField(_("offered here"), default=True)
    where_zh = models.CharField(_("where"), max_length=100, blank=True)
    where_en = models.CharField(_("where, in English"), max_length=150, blank=True)
    hours_zh = models.CharField(
        _("hours"), max_length=100, blank=True, help_text=_("Left empty: the working hours of the calendar.")
    )
    hours_en = models.CharField(_("hours, in English"), max_length=150, blank=True)
    per_slot = models.PositiveSmallIntegerField(
        _("places each half hour"), null=True, blank=True, help_text=_("Left empty: as in the catalogue.")
    )

    class Meta:
        verbose_name = _("service of a station")
        verbose_name_plural = _("services of stations")
        ordering = ["station", "service"]
        constraints = [models.UniqueConstraint(fields=["station", "service"], name="service_once_a_station")]

    def __str__(self) -> str:
        return f"{self.service} · {self.station}"
