"""The working calendar, by version."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max

from jishi.stations.actions.common import look_again
from jishi.stations.models import CalendarVersion
from jishi.worktime import Calendar, seed


def check_calendar(
    *, days: Mapping[str, int], known_years: Iterable[int], hours: Iterable[Sequence[str]], weekdays: Iterable[int]
) -> None:
    """Raise ``ValidationError`` where this is no working calendar."""
    try:
        Calendar.from_data(
            0,
            settings.TIME_ZONE,
            hours=[list(span) for span in hours],
            weekdays=sorted(weekdays),
            days=days,
            known_years=sorted(known_years),
        )
    except (ValueError, TypeError, AttributeError) as error:
        raise ValidationError(str(error)) from error


@transaction.atomic
def publish_calendar(
    *, days: Mapping[str, int], known_years: Iterable[int], hours: Iterable[Sequence[str]], weekdays: Iterable[int]
) -> CalendarVersion:
    """Put a new version of the working calendar in force.  Earlier ones stay: clocks were computed with them."""
    check_calendar(days=days, known_years=known_years, hours=hours, weekdays=weekdays)
    hours, weekdays, known_years = [list(span) for span in hours], sorted(weekdays), sorted(known_years)
    last = CalendarVersion.objects.aggregate(last=Max("version"))["last"] or 0
    calendar = CalendarVersion.objects.create(
        version=last + 1, days=dict(days), known_years=known_years, hours=hours, weekdays=weekdays
    )
    look_again()
    return calendar


def ensure_calendar() -> None:
    """Put the first calendar in force where there is none: the published holidays and make-up workdays."""
    if not CalendarVersion.objects.exists():
        publish_calendar(
            days=seed.overrides(), known_years=seed.known_years(), hours=seed.HOURS, weekdays=seed.WEEKDAYS
        )
