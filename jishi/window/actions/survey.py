"""Taking in an answer to the survey."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from zoneinfo import ZoneInfo

from django.db import transaction
from django.db.models import F

from jishi.base.errors import Refused
from jishi.stations.models import Area, Station
from jishi.stations.queries import zone_of
from jishi.window.models import SurveyCount
from jishi.window.quarters import Quarter
from jishi.window.surveying import edition


def count_answers(station: Station, area_id: int, answers: Mapping[str, int], now: datetime) -> None:
    """Add one person's answers to the counts of the area; nothing else of them is kept.

    Raises ``Refused("area_elsewhere" | "survey_incomplete")``.
    """
    if not Area.objects.filter(pk=area_id, station=station).exists():
        raise Refused("area_elsewhere", area=area_id)
    asked = {question.code: {value for value, _words in question.answers} for question in edition().questions}
    if set(answers) != set(asked) or any(value not in asked[code] for code, value in answers.items()):
        raise Refused("survey_incomplete")
    quarter = Quarter.of(now.astimezone(ZoneInfo(zone_of(station))).date()).first
    with transaction.atomic():
        for code in sorted(answers):
            row, _new = SurveyCount.objects.get_or_create(
                station=station, area_id=area_id, quarter=quarter, edition=edition().number, question=code,
                answer=answers[code],
            )  # fmt: skip
            SurveyCount.objects.filter(pk=row.pk).update(count=F("count") + 1)
