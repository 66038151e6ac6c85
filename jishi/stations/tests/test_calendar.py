"""The working calendar of a station, and its versions."""

from datetime import UTC, date, datetime

import pytest
from django.core.exceptions import ValidationError

from jishi.stations import actions, queries
from jishi.stations.models import CalendarVersion
from jishi.worktime import add, unknown_years

pytestmark = pytest.mark.django_db
NINE_TO_FIVE = {
    "days": {"2026-03-02": 0},
    "known_years": [2026],
    "hours": [["09:00", "17:00"]],
    "weekdays": [0, 1, 2, 3, 4],
}


def test_a_fresh_database_has_a_calendar_with_make_up_days(station):
    calendar = queries.calendar_of(station)
    assert calendar.version == 1
    assert calendar.zone.key == "Asia/Shanghai"
    assert calendar.is_working(date(2025, 9, 28))


def test_a_station_with_its_own_zone_computes_there(station):
    station.time_zone = "America/New_York"
    due = add(queries.calendar_of(station), datetime(2026, 3, 4, 12, tzinfo=UTC), 1, "work")
    assert due == datetime(2026, 3, 4, 13, 31, tzinfo=UTC)


def test_a_new_version_is_in_force_and_the_old_one_stays(station):
    before = queries.calendar_of(station)
    made = actions.publish_calendar(**NINE_TO_FIVE)
    assert made.version == before.version + 1
    assert queries.calendar_of(station).version == made.version
    assert not queries.calendar_of(station).is_working(date(2026, 3, 2))
    assert queries.calendar_version(before.version).is_working(date(2026, 3, 2))


def test_the_calendar_is_looked_up_once_a_minute(station, django_assert_num_queries, monkeypatch):
    first = queries.calendar_of(station)
    with django_assert_num_queries(0):
        assert queries.calendar_of(station) is first
    monkeypatch.setattr("jishi.stations.remember.monotonic", lambda: 1e9)
    with django_assert_num_queries(1):
        assert queries.calendar_of(station) is first


def test_an_unpublished_year_is_named(station):
    calendar = queries.calendar_of(station)
    assert unknown_years(calendar, datetime(2026, 12, 1, tzinfo=UTC), datetime(2027, 2, 1, tzinfo=UTC)) == (2027,)


@pytest.mark.parametrize("wrong", [{"hours": []}, {"weekdays": []}, {"days": {"soon": 1}}, {"hours": [["9", "8"]]}])
def test_a_calendar_without_working_time_is_refused(wrong):
    with pytest.raises(ValidationError):
        actions.publish_calendar(**NINE_TO_FIVE | wrong)
    assert CalendarVersion.objects.count() == 1
