"""The figures of a quarter as they were given out: they never change after that."""

from __future__ import annotations

from django.db import models

from jishi.stations.models import Station


class FiguresRelease(models.Model):
    """The tables and the open data of one station and quarter.

    ``tables`` holds what may be shown and nothing else: what is withheld is left out before it is kept.  ``rows`` are
    the lines of the open data.  Since a release stays as it is and quarters do not overlap, no two of them can be
    subtracted to find what either withholds.
    """

    station = models.ForeignKey(Station, models.PROTECT, related_name="+", db_index=False)
    quarter = models.DateField()
    tables = models.JSONField()
    rows = models.JSONField()
    made_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["station", "quarter"], name="figures_once_a_quarter")]

    def __str__(self) -> str:
        return f"{self.quarter}"
