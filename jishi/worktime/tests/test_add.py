"""Due times: examples from the real calendar, and the laws that hold for any calendar."""

from datetime import UTC, date, datetime, timedelta
from time import perf_counter
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jishi.worktime import Calendar, add, between, is_known, seed, unknown_years

SHANGHAI = ZoneInfo("Asia/Shanghai")


def a_calendar(zone="Asia/Shanghai", hours=seed.HOURS, weekdays=seed.WEEKDAYS, days=None, known=None) -> Calendar:
    return Calendar.from_data(
        1,
        zone,
        hours=hours,
        weekdays=weekdays,
        days=seed.overrides() if days is None else days,
        known_years=seed.known_years() if known is None else known,
    )


CHINA = a_calendar()


def local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("start", "minutes", "due"),
    [
        (local(2026, 3, 2, 9, 0), 60, local(2026, 3, 2, 10, 0)),
        (local(2026, 3, 2, 11, 30), 60, local(2026, 3, 2, 14, 0)),
        (local(2026, 3, 2, 11, 30), 30, local(2026, 3, 2, 12, 0)),
        (local(2026, 3, 2, 18, 0), 1, local(2026, 3, 3, 8, 31)),
        (local(2026, 3, 6, 17, 0), 120, local(2026, 3, 9, 9, 30)),
        (local(2026, 3, 7, 12, 0), 0, local(2026, 3, 7, 12, 0)),
    ],
)
def test_add_counts_only_worked_minutes(start, minutes, due):
    assert add(CHINA, start, minutes, "work") == due


def test_add_skips_the_national_holiday_and_works_the_make_up_day():
    assert CHINA.is_working(date(2025, 9, 28))  # a Sunday made a workday before the holiday
    assert not CHINA.is_working(date(2025, 10, 8))  # a Wednesday inside it
    assert add(CHINA, local(2025, 9, 30, 17, 0), 120, "work") == local(2025, 10, 9, 9, 30)
    assert add(CHINA, local(2025, 9, 26, 17, 0), 120, "work") == local(2025, 9, 28, 9, 30)


def test_add_around_the_clock_ignores_the_calendar():
    assert add(CHINA, local(2025, 10, 1, 23, 0), 90, "clock") == local(2025, 10, 2, 0, 30)


def test_add_returns_utc_and_needs_a_zone():
    assert add(CHINA, local(2026, 3, 2, 9, 0), 1, "work").tzinfo is UTC
    with pytest.raises(ValueError, match="zone"):
        add(CHINA, datetime(2026, 3, 2, 9, 0), 1, "work")
    with pytest.raises(ValueError, match="added"):
        add(CHINA, local(2026, 3, 2, 9, 0), -1, "work")


def test_add_in_a_year_not_yet_published_goes_by_the_weekly_pattern():
    year = seed.known_years()[-1] + 1
    start = local(year, 10, 1, 9, 0)
    assert not is_known(CHINA, year)
    assert unknown_years(CHINA, local(year - 1, 12, 31, 9, 0), start) == (year,)
    assert unknown_years(CHINA, local(2025, 1, 1, 9, 0), local(2026, 1, 1, 9, 0)) == ()
    expected = start if start.weekday() < 5 else start.replace(hour=8, minute=30) + timedelta(days=7 - start.weekday())
    assert add(CHINA, start, 60, "work") == expected + timedelta(hours=1)


def test_add_crosses_years():
    due = add(CHINA, local(2024, 12, 31, 17, 0), CHINA.day_minutes * 600, "work")
    assert between(CHINA, local(2024, 12, 31, 17, 0), due, "work") == CHINA.day_minutes * 600
    assert due.year >= 2027


@pytest.mark.parametrize(
    "hours", [[("01:00", "04:00")], [("02:15", "02:45"), ("02:45", "05:00")], [("00:00", "24:00")]]
)
@pytest.mark.parametrize("start", [datetime(2026, 3, 7, tzinfo=UTC), datetime(2026, 10, 31, tzinfo=UTC)])
def test_add_keeps_its_promise_when_the_clock_changes(hours, start):
    night = a_calendar("America/New_York", hours, range(7), {}, [])
    for minutes in range(0, 1500, 37):
        due = add(night, start, minutes, "work")
        assert between(night, start, due, "work") == minutes


def test_a_day_is_23_hours_long_when_the_clock_springs_forward():
    always = a_calendar("America/New_York", [("00:00", "24:00")], range(7), {}, [])
    zone = ZoneInfo("America/New_York")
    assert between(always, datetime(2026, 3, 8, tzinfo=zone), datetime(2026, 3, 9, tzinfo=zone), "work") == 23 * 60


moments = st.datetimes(datetime(2004, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC))
zones = st.sampled_from(["Asia/Shanghai", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu"])


@st.composite
def calendars(draw):
    edges = sorted(draw(st.sets(st.integers(0, 1440), min_size=2, max_size=6)))
    hours = list(zip(edges[::2], edges[1::2], strict=False))
    days = draw(st.dictionaries(st.dates(date(2004, 1, 1), date(2035, 1, 1)), st.booleans(), max_size=20))
    weekdays = draw(st.frozensets(st.integers(0, 6), min_size=1))
    return Calendar(1, ZoneInfo(draw(zones)), tuple(hours), weekdays, days)


@settings(deadline=None, max_examples=60)
@given(calendars(), moments, st.integers(0, 20_000), st.sampled_from(["work", "clock"]))
def test_between_is_the_inverse_of_add(calendar, start, minutes, mode):
    due = add(calendar, start, minutes, mode)
    assert due >= start
    assert between(calendar, start, due, mode) == minutes
    assert between(calendar, due, start, mode) == -minutes
    if minutes:
        assert between(calendar, start, due - timedelta(microseconds=1), mode) == minutes - 1


@settings(deadline=None, max_examples=60)
@given(calendars(), moments, st.integers(0, 5_000), st.integers(0, 5_000))
def test_add_in_two_steps_is_add_in_one(calendar, start, first, second):
    assert add(calendar, add(calendar, start, first, "work"), second, "work") == add(
        calendar, start, first + second, "work"
    )


@settings(deadline=None, max_examples=60)
@given(calendars(), moments, moments)
def test_worked_time_is_never_more_than_time(calendar, a, b):
    assert abs(between(calendar, a, b, "work")) <= abs(between(calendar, a, b, "clock"))


@pytest.mark.parametrize(
    "wrong",
    [
        {"weekdays": []},
        {"weekdays": [7]},
        {"hours": []},
        {"hours": [("12:00", "09:00")]},
        {"hours": [("09:00", "12:00"), ("11:00", "13:00")]},
        {"hours": [("9", "12:00")]},
        {"hours": [("09:00", "24:01")]},
        {"hours": [("09:60", "12:00")]},
    ],
)
def test_a_calendar_without_an_end_is_refused(wrong):
    with pytest.raises(ValueError):
        a_calendar(**wrong)


def test_the_seed_knows_holidays_and_make_up_days():
    assert seed.known_years()[0] == 2004
    assert seed.overrides()["2026-10-01"] == 0
    assert 1 in seed.overrides().values()


def test_add_is_fast():
    start, minutes, rounds = local(2026, 3, 2, 9, 0), CHINA.day_minutes * 10, 2000
    add(CHINA, start, minutes, "work")
    began = perf_counter()
    for _ in range(rounds):
        add(CHINA, start, minutes, "work")
    assert (perf_counter() - began) / rounds < 50e-6
