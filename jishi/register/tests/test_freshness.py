"""Freshness over time, by area and category, and its targets."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from jishi.register import charts, queries
from jishi.register.models import FreshnessDay, Target
from jishi.register.tests.factory import a_building, a_hydrant

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief(screen, ground):
    screen.force_login(ground.chief)
    return screen


@pytest.fixture
def course(ground):
    """A hydrant and a building, and a hundred days in which the share rose from 50 to 99 per cent."""
    a_hydrant(ground), a_building(ground)
    today = timezone.localdate()
    for back in range(100):
        for area, category in ((ground.west, "thing.hydrant"), (None, "place.residential")):
            fresh = 50 + (99 - back) // 2
            FreshnessDay.objects.create(
                station=ground.station, area=area, category_id=category, day=today - timedelta(days=back), total=100,
                fresh=fresh, due=0, overdue=100 - fresh, never=0,
            )  # fmt: skip
    return ground


@pytest.mark.parametrize("days", [30, 90, 365])
def test_the_period_is_chosen(chief, course, days):
    answer = chief.get(reverse("register:freshness"), {"days": days})
    chart = answer.context["chart"]
    assert chart.first == max(
        timezone.localdate() - timedelta(days=days - 1), timezone.localdate() - timedelta(days=99)
    )
    assert chart.ends == pytest.approx(0.99)
    assert len(answer.context["rows"]) <= 12
    assert [line.name for line in answer.context["by_area"]] == ["和平里社区"]
    assert {line.key for line in answer.context["by_category"]} == {"thing.hydrant", "place.residential"}


def test_area_and_category_narrow_it(chief, course):
    answer = chief.get(reverse("register:freshness"), {"area": course.west.pk, "category": "thing.hydrant"})
    assert answer.context["rows"][0][1].total == 100
    assert answer.context["now"].total == 1
    nowhere = chief.get(reverse("register:freshness"), {"area": 0})
    assert nowhere.context["rows"][0][1].total == 100
    assert chief.get(reverse("register:freshness"), {"area": course.east.pk}).context["chart"] is None


def test_a_target_is_set_and_cleared(chief, ground):
    address = reverse("register:target")
    assert chief.post(address, {"share": "80", "category": ""}).status_code == 303
    assert chief.post(address, {"share": "95", "category": "thing.hydrant"}).status_code == 303
    assert queries.targets_of(ground.chief, ground.station.pk) == {None: 80, "thing.hydrant": 95}
    page = reverse("register:freshness") + "?category=thing.hydrant"
    assert b"95" in chief.get(page).content
    assert chief.post(address, {"clear": "1", "category": "thing.hydrant", "next": page}).headers["Location"] == page
    assert queries.targets_of(ground.chief, ground.station.pk) == {None: 80}


@pytest.mark.parametrize("share", ["0", "100", "", "x", "-3", "5000"])
def test_a_share_out_of_bounds_is_refused(chief, share):
    assert chief.post(reverse("register:target"), {"share": share, "category": ""}).status_code == 422
    assert not Target.objects.exists()


@pytest.mark.parametrize("role", ["desk", "officer", "auxiliary", "checker", "analyst", "auditor"])
def test_only_leaders_and_administrators_set_targets(screen, ground, role):
    screen.force_login(ground.people[role])
    assert screen.post(reverse("register:target"), {"share": "80"}).status_code == 403
    assert b'name="share"' not in screen.get(reverse("register:freshness")).content


def test_a_next_page_elsewhere_is_not_gone_to(chief):
    answer = chief.post(reverse("register:target"), {"share": "80", "next": "https://elsewhere.example/"})
    assert answer.headers["Location"] == reverse("register:freshness")


def test_the_number_of_queries_is_fixed(chief, course, django_assert_max_num_queries):
    chief.get(reverse("register:freshness"))
    with django_assert_max_num_queries(20):
        chief.get(reverse("register:freshness"), {"days": 365, "area": course.west.pk})


# The line itself.

SINCE, UNTIL = date(2026, 1, 1), date(2026, 1, 11)


def test_a_line_needs_two_days():
    assert charts.line([(SINCE, 0.5)], 0.9, SINCE, UNTIL) is None
    assert charts.line([(SINCE, None), (UNTIL, 0.5)], 0.9, SINCE, UNTIL) is None


def test_a_line_stands_over_a_floor_below_all_of_it():
    line = charts.line([(SINCE, 0.85), (date(2026, 1, 6), 0.9), (UNTIL, 1.0)], 0.9, SINCE, UNTIL)
    assert line.floor == 0.8
    assert line.path == "M0.0 75.0L50.0 50.0L100.0 0.0"
    assert line.target_y == 50.0
    assert line.filled.endswith("L100.0 100L0.0 100Z")
    assert line.change == pytest.approx(0.15)


def test_days_before_the_period_are_left_out():
    line = charts.line([(date(2025, 1, 1), 0.1), (SINCE, 0.9), (UNTIL, 0.8)], 0.5, SINCE, UNTIL)
    assert (line.first, line.begins) == (SINCE, 0.9)
    assert line.floor == 0.4


def test_marks_are_at_most_so_many_and_end_today():
    for days in (1, 5, 30, 90, 365):
        found = charts.marks(UNTIL - timedelta(days=days), UNTIL, 12)
        assert found[0] == UNTIL
        assert 2 <= len(found) <= 12
