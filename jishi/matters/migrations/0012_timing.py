"""Clocks get a station, a ladder and the moment of its next step; clocks that run already get the ladder that is built in."""

from typing import Any

import django.db.models.deletion
from django.db import migrations, models


def fill(apps: Any, editor: Any) -> None:
    clocks = apps.get_model("matters", "Clock")
    matters = apps.get_model("matters", "Matter")
    of_matter = matters.objects.filter(pk=models.OuterRef("matter_id")).values("station_id")[:1]
    clocks.objects.update(station_id=models.Subquery(of_matter))
    running = clocks.objects.filter(stopped_at=None).exclude(kind="triage")
    if running.exists():
        _arm(running)


def _arm(running: Any) -> None:
    from jishi.matters import ladder
    from jishi.matters.terms import Clock
    from jishi.stations.queries import calendar_version

    fields = ("kind", "term", "mode", "started", "due", "policy", "calendar", "worked", "paused")
    built_in = ladder.code_of(ladder.BUILT_IN)
    for row in running.select_related("station").iterator(chunk_size=2000):
        clock = Clock(*(getattr(row, name) for name in fields), ladder=built_in)
        armed = ladder.arm(clock, calendar_version(clock.calendar, row.station.time_zone), clock.started)
        running.model.objects.filter(pk=row.pk).update(ladder=built_in, timer_at=armed.timer_at)


class Migration(migrations.Migration):
    dependencies = [("matters", "0011_telling")]

    operations = [
        migrations.AddField("matter", "paused_minutes", models.PositiveIntegerField(db_default=0, default=0)),
        migrations.AddField("clock", "ladder", models.CharField(blank=True, db_default="", default="", max_length=100)),
        migrations.AddField("clock", "timer_at", models.DateTimeField(null=True)),
        migrations.AddField("clock", "timer_step", models.PositiveSmallIntegerField(db_default=0, default=0)),
        migrations.AddField(
            "clock",
            "station",
            models.ForeignKey(
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="stations.station",
            ),
        ),
        migrations.RunPython(fill, migrations.RunPython.noop),
        migrations.AlterField(
            "clock",
            "station",
            models.ForeignKey(
                db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="stations.station"
            ),
        ),
        migrations.AddIndex(
            "clock",
            models.Index(
                condition=models.Q(("timer_at__isnull", False)), fields=["station", "timer_at"], name="clock_timer_due"
            ),
        ),
        migrations.AddIndex(
            "matter",
            models.Index(
                condition=models.Q(("asked__gt", "")),
                fields=["station", "state", "next_due", "id"],
                name="matter_asked",
            ),
        ),
        migrations.CreateModel(
            name="Escalation",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("cycle", models.PositiveSmallIntegerField()),
                ("clock", models.CharField(max_length=8)),
                ("due", models.DateTimeField()),
                ("percent", models.PositiveSmallIntegerField()),
                ("levels", models.JSONField(default=list)),
                ("told", models.JSONField(default=list)),
                ("fired_at", models.DateTimeField()),
                (
                    "matter",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="escalations", to="matters.matter"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        fields=("matter", "cycle", "clock", "due", "percent"), name="a_step_once_a_deadline"
                    )
                ],
            },
        ),
    ]
