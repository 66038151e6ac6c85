"""Plans for emergencies: what is to be done, in versions; their runs on matters; and what a review asked to change."""

from __future__ import annotations

from typing import Any

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import get_language, pgettext_lazy
from django.utils.translation import gettext_lazy as _

from jishi.matters.models.catalogue import Category
from jishi.matters.models.matter import Grade, Matter
from jishi.stations.models import Staff, Station, Unit


class TaskState(models.TextChoices):
    """Where a task of a run stands."""

    WAITING = "waiting", pgettext_lazy("task", "waits for others")
    READY = "ready", pgettext_lazy("task", "to be done")
    TAKEN = "taken", pgettext_lazy("task", "being done")
    DONE = "done", pgettext_lazy("task", "done")
    SKIPPED = "skipped", pgettext_lazy("task", "skipped")


class Plan(models.Model):
    """A plan for one category and grade (0: any): of a station, or shipped for all of them (no station)."""

    station = models.ForeignKey(Station, models.PROTECT, null=True, blank=True, related_name="+", db_index=False)
    code = models.CharField(_("code"), max_length=40)
    category = models.ForeignKey(Category, models.PROTECT, related_name="+", verbose_name=_("category"), db_index=False)
    grade = models.PositiveSmallIntegerField(_("grade"), choices=Grade.choices, default=Grade.UNGRADED)
    active = models.BooleanField(_("active"), default=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["station", "code"], name="plan_code_once"),
            models.UniqueConstraint(fields=["code"], condition=Q(station__isnull=True), name="shipped_plan_once"),
            models.UniqueConstraint(
                fields=["station", "category", "grade"],
                condition=Q(active=True, station__isnull=False),
                name="one_plan_for_a_kind",
            ),
            models.UniqueConstraint(
                fields=["category", "grade"],
                condition=Q(active=True, station__isnull=True),
                name="one_shipped_plan_for_a_kind",
            ),
        ]

    def __str__(self) -> str:
        return self.code


class PlanVersion(models.Model):
    """One version of a plan, never changed: runs keep theirs.  ``data`` is what ``plans/written.py`` reads."""

    plan = models.ForeignKey(Plan, models.PROTECT, related_name="versions")
    version = models.PositiveIntegerField(_("version"))
    data = models.JSONField()
    made_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", db_index=False)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["plan", "version"], name="plan_version_once")]

    def __str__(self) -> str:
        return f"{self.plan_id} v{self.version}"

    @property
    def name(self) -> str:
        """The plan's name in the language of the reader."""
        return said(self.data, "name")


class PlanRun(models.Model):
    """A plan at work on one matter: a projection of the matter's events."""

    matter = models.ForeignKey(Matter, models.CASCADE, related_name="runs")
    number = models.PositiveSmallIntegerField()
    version = models.ForeignKey(PlanVersion, models.PROTECT, related_name="+", db_index=False)
    cycle = models.PositiveSmallIntegerField()
    drill = models.BooleanField(default=False)
    started_at = models.DateTimeField()
    started_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", db_index=False)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", db_index=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["matter", "number"], name="run_number_once"),
            models.UniqueConstraint(fields=["matter"], condition=Q(ended_at__isnull=True), name="one_run_at_once"),
        ]


class PlanTask(models.Model):
    """One task of a run: always one unit and one deadline.  ``watch`` is when it is next looked at, ``told`` the share
    (80, 100) of its time that people were told of already; both stand beside the events."""

    run = models.ForeignKey(PlanRun, models.CASCADE, related_name="tasks")
    code = models.CharField(max_length=40)
    position = models.PositiveSmallIntegerField()
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False)
    person = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", db_index=False)
    state = models.CharField(max_length=8, choices=TaskState.choices)
    due = models.DateTimeField()
    started = models.DateTimeField(null=True)
    taken_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", db_index=False)
    watch = models.DateTimeField(null=True)
    told = models.PositiveSmallIntegerField(default=0)

    class Meta:
        ordering = ["position"]
        constraints = [
            models.UniqueConstraint(fields=["run", "code"], name="task_once"),
            models.CheckConstraint(
                condition=Q(state__in=["done", "skipped"], ended_at__isnull=False)
                | Q(state__in=["waiting", "ready", "taken"], ended_at__isnull=True),
                name="task_is_over_when_it_ended",
            ),
            models.CheckConstraint(
                condition=~Q(state="taken") | Q(person__isnull=False), name="task_taken_by_somebody"
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["ready", "taken"]) | Q(started__isnull=False), name="task_clock_runs"
            ),
        ]
        indexes = [
            models.Index(fields=["watch"], condition=Q(watch__isnull=False), name="task_watched"),
            models.Index(fields=["unit", "due"], condition=Q(state__in=["ready", "taken"]), name="task_of_unit"),
            models.Index(fields=["person", "due"], condition=Q(state="taken"), name="task_of_person"),
        ]


class PlanItem(models.Model):
    """What a review asked to change: purgeable words, and a task that stays open until it is done, also when the matter
    is closed: always one unit and one deadline."""

    run = models.ForeignKey(PlanRun, models.CASCADE, related_name="items")
    body = models.TextField(_("what to change"), blank=True)
    salt = models.CharField(max_length=32, blank=True)
    digest = models.CharField(max_length=64)
    purged_at = models.DateTimeField(null=True)
    unit = models.ForeignKey(Unit, models.PROTECT, related_name="+", db_index=False, verbose_name=_("unit"))
    due = models.DateTimeField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey(Staff, models.PROTECT, related_name="+", db_index=False)
    done_at = models.DateTimeField(null=True)
    done_by = models.ForeignKey(Staff, models.PROTECT, null=True, related_name="+", db_index=False)
    version = models.PositiveSmallIntegerField(default=1)

    class Meta:
        ordering = ["pk"]
        indexes = [models.Index(fields=["unit", "due"], condition=Q(done_at__isnull=True), name="item_of_unit")]


def said(values: Any, name: str) -> str:
    """The text of this name in the language of the reader."""
    return str(values.get(f"{name}_en" if (get_language() or "").startswith("en") else f"{name}_zh") or "")
