"""Runs of the importer, whose files lie in the data folder for a day; lists held against the register; alerts; Open311."""  # noqa: E501

from __future__ import annotations

from datetime import timedelta

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from jishi.exchange.cap.models import Alert
from jishi.exchange.open311.models import ClientKey, Counterpart, Errand, Picture, Posted, Service
from jishi.register.models import Element
from jishi.stations.models import Area, Staff, Station

__all__ = [
    "Alert",
    "ClientKey",
    "Counterpart",
    "Errand",
    "ListState",
    "Picture",
    "Posted",
    "ReconcileList",
    "ReconcileRow",
    "RowKind",
    "RowOutcome",
    "Run",
    "RunState",
    "Service",
    "What",
    "in_a_day",
]

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


class ListState(models.TextChoices):
    """How far a list of an authority has come."""

    READING = "reading", _("being compared")
    OPEN = "open", _("compared")
    REFUSED = "refused", _("refused")


class ReconcileList(models.Model):
    """A list of an authority that is held against a station's register.

    ``source`` is the map's name for the system that numbers the rows; ``categories`` are those that the list is about,
    ``area`` narrows the register to one area.  ``map_text`` is kept, so that the next list of the authority needs none.
    ``figures``: rows read, keys, rows rejected by reason, those closed on the list and unknown here.
    """

    station = models.ForeignKey(Station, models.CASCADE, related_name="+", db_index=False)
    by = models.ForeignKey(Staff, models.PROTECT, related_name="+", db_index=False)
    authority = models.CharField(_("authority"), max_length=60)
    date = models.DateField(_("date of the list"))
    name = models.CharField(_("file"), max_length=120)
    map_name = models.CharField(max_length=120)
    map_text = models.TextField()
    source = models.CharField(max_length=40)
    area = models.ForeignKey(Area, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    categories = models.JSONField(default=list)
    state = models.CharField(max_length=8, choices=ListState.choices, default=ListState.READING)
    read = models.PositiveIntegerField(default=0)
    figures = models.JSONField(default=dict)
    refusal = models.JSONField(default=dict)
    began_at = models.DateTimeField(default=timezone.now)

    class Meta:
        ordering = ["-began_at", "-pk"]
        indexes = [models.Index(fields=["station", "-began_at"], name="list_newest")]

    def __str__(self) -> str:
        return f"{self.authority} {self.date}"


class RowKind(models.TextChoices):
    """What a row of a comparison is."""

    THEIRS = "theirs", _("theirs, not ours")
    OURS = "ours", _("ours, not theirs")
    ALIKE = "alike", _("perhaps the same")
    DIFFERING = "differing", _("differing")
    SAME = "same", _("the same")


class RowOutcome(models.TextChoices):
    """What was decided on a row."""

    CREATED = "created", _("registered")
    VERIFIED = "verified", _("verified")
    CORRECTED = "corrected", _("corrected")
    CLOSED = "closed", _("closed")
    ASIDE = "aside", _("set aside")


class ReconcileRow(models.Model):
    """What a list and the register say of one thing; ``said`` are the list's values, None for what it does not have.

    ``outcome`` is empty until somebody decides; ``reason`` is a code.  ``undo`` says what the decision leads back to.
    """

    of_list = models.ForeignKey(ReconcileList, models.CASCADE, related_name="rows", db_index=False)
    kind = models.CharField(max_length=9, choices=RowKind.choices)
    key = models.CharField(max_length=80, blank=True)
    said = models.JSONField(null=True)
    element = models.ForeignKey(Element, models.CASCADE, null=True, related_name="+")
    score = models.PositiveSmallIntegerField(default=0)
    alike = models.JSONField(default=list)
    outcome = models.CharField(max_length=9, choices=RowOutcome.choices, blank=True)
    reason = models.CharField(max_length=12, blank=True)
    by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", db_index=False)
    decided_at = models.DateTimeField(null=True)
    undo = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["of_list", "outcome", "kind", "id"], name="row_of_list"),
            models.Index(fields=["key"], condition=~models.Q(key=""), name="row_by_key"),
        ]
