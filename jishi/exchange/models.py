"""Runs of the importer that were begun on a screen.  The files lie in the data folder and go after a day."""

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jishi.stations.models import Staff, Station

KEPT = timedelta(hours=24)


def in_a_day() -> object:
    """When the files of a run that begins now are taken away."""
    return timezone.now() + KEPT


class What(models.TextChoices):
    """What a table brings in."""

    MATTERS = "matters", _("matters")
    REGISTER = "register", _("the register: places, organisations, things")


class RunState(models.TextChoices):
    """How far a run has come."""

    READING = "reading", _("reading")
    READY = "ready", _("ready to import")
    IMPORTING = "importing", _("importing")
    DONE = "done", _("done")
    REFUSED = "refused", _("refused")


class Run(models.Model):
    """One file with one map for one station: first read through, then imported when somebody says so.

    ``template`` is the category whose workbook was filled in, which needs no map; ``datum`` is that of its points.
    ``language`` is the reader's, for what the worker writes.

    ``figures`` are those of :class:`jishi.exchange.report.Report`, ``sample`` the first rows as they would come
    in; ``refusal`` is the code and the facts of what stopped it.  The sample goes with the files.
    """

    station = models.ForeignKey(Station, models.CASCADE, related_name="+", verbose_name=_("station"))
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+", verbose_name=_("begun by"))
    name = models.CharField(_("file"), max_length=120)
    what = models.CharField(_("what comes in"), max_length=8, choices=What.choices, default=What.MATTERS)
    map_name = models.CharField(_("map"), max_length=120, blank=True)
    template = models.CharField(max_length=40, blank=True)
    datum = models.CharField(max_length=8, default="wgs84")
    language = models.CharField(max_length=10, blank=True)
    state = models.CharField(_("state"), max_length=10, choices=RunState.choices, default=RunState.READING)
    read = models.PositiveIntegerField(default=0)
    figures = models.JSONField(default=dict)
    sample = models.JSONField(default=list)
    refusal = models.JSONField(default=dict)
    began_at = models.DateTimeField(_("begun"), default=timezone.now)
    expires_at = models.DateTimeField(default=in_a_day)
    cleared = models.BooleanField(default=False)

    class Meta:
        verbose_name = _("import run")
        verbose_name_plural = _("import runs")
        ordering = ["-began_at", "-pk"]
        indexes = [models.Index(fields=["station", "-began_at"], name="run_newest")]

    def __str__(self) -> str:
        return f"{self.name} · {self.get_state_display()}"
