"""安全感: the anonymous survey, as counts alone."""

from __future__ import annotations

from django.db import models

from jishi.stations.models import Area, Station


class SurveyCount(models.Model):
    """How many gave one answer to one question in one area in one quarter.

    No row stands for one who answered, so that no two answers can be told to be of the same person.
    """

    station = models.ForeignKey(Station, models.PROTECT, related_name="+", db_index=False)
    area = models.ForeignKey(Area, models.PROTECT, related_name="+", db_index=False)
    quarter = models.DateField()
    edition = models.PositiveSmallIntegerField()
    question = models.CharField(max_length=20)
    answer = models.PositiveSmallIntegerField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["station", "quarter", "edition", "area", "question", "answer"], name="survey_count_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.question} {self.answer}"
