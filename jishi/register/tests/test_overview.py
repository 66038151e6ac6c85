"""The chief's one screen: what is there, how fresh, how sure, and that every number is the one of its list."""

import re
from datetime import timedelta

import pytest
from django.http import QueryDict
from django.urls import reverse
from django.utils import timezone

from jishi.register import actions, queries
from jishi.register.actions.freshness import count_day
from jishi.register.models import FreshnessDay
from jishi.register.tests.factory import a_building, a_ground, a_hydrant

pytestmark = pytest.mark.django_db


@pytest.fixture
def chief(screen, ground):
    screen.force_login(ground.chief)
    return screen


def seen(ground, element, days=1):
    at = timezone.now() - timedelta(days=days)
    actions.verify_element(element, by=None, at=at, source=actions.Source("list"))


@pytest.fixture
def filled(ground):
    """Two fresh ones, one overdue, two that nobody has verified, in two areas and in none."""
    seen(ground, a_hydrant(ground))
    seen(ground, a_building(ground, "和平里1号楼"))
    seen(ground, a_building(ground, "和平里2号楼", grade=1, reasons=["crowds"]), days=100)
    a_building(ground, "和平里3号楼", point=None, attributes={})
    a_building(ground, "和平里4号楼", point=actions.Point(110, 30))
    return ground


def text(answer):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_an_empty_register_offers_the_first_steps(chief):
    answer = chief.get(reverse("register:overview"))
    assert answer.status_code == 200
    assert "Nothing is registered yet" in text(answer)
    assert 'href="/import/"' in answer.content.decode()


def test_the_share_is_the_first_figure(chief, filled):
    answer = chief.get(reverse("register:overview"))
    said = text(answer)
    assert "40.0 % verified within their cadence 90 % target 6.0× burn rate 5 elements" in said
    assert "Fresh 2 Due soon 0 Overdue 1 Never verified 2" in said
    assert "和平里社区" in said
    assert "In no area" in said
    assert "What goes stale next" in said


def test_completeness_and_accuracy_stand_by_category(chief, filled):
    lines = chief.get(reverse("register:overview")).context["categories"]
    line = next(line for line in lines if line.asks["category"] == "place.residential")
    assert line.score.counts["no_point"] == 1
    assert line.score.counts["missing_attribute"] == 1
    assert line.score.counts["outside"] == 1
    assert line.score.completeness == pytest.approx(1 - 2 / 12)


def test_every_number_is_that_of_its_list(chief, filled):
    """Each link's filters, read as the list reads them, leave as many rows as the number says."""
    context = chief.get(reverse("register:overview")).context
    lines = [context["whole"], *context["kinds"], *context["categories"], *context["areas"]]
    assert len(lines) >= 6
    for line in lines:
        for name in ("fresh", "due", "overdue", "never"):
            query = QueryDict(mutable=True)
            query.update({**line.asks, "freshness": name})
            found = queries.count_elements(filled.chief, filled.station.pk, queries.read_filters(query))[0]
            assert found == line.share.counts.get(name, 0), (line.name, name)
        for issue in line.score.counts if line.score else ():
            query = QueryDict(mutable=True)
            query.update({**line.asks, "issue": issue})
            found = queries.count_elements(filled.chief, filled.station.pk, queries.read_filters(query))[0]
            assert found == line.score.counts[issue], (line.name, issue)


def test_the_course_is_drawn_from_the_second_day(chief, filled):
    count_day(timezone.now())
    assert chief.get(reverse("register:overview")).context["chart"] is None
    rows = list(FreshnessDay.objects.all())
    for row in rows:
        row.pk, row.day = None, row.day - timedelta(days=10)
    FreshnessDay.objects.bulk_create(rows)
    answer = chief.get(reverse("register:overview"))
    assert answer.context["chart"].ends == pytest.approx(0.4)
    assert "<path" in answer.content.decode()


def test_another_station_shows_nothing_of_it(screen, filled):
    other = a_ground("YH")
    screen.force_login(other.chief)
    assert "和平里" not in screen.get(reverse("register:overview")).content.decode()
    assert queries.overview_of(other.chief, filled.station.pk).whole.total == 0


def test_the_number_of_queries_does_not_grow(chief, filled, django_assert_max_num_queries):
    chief.get(reverse("register:overview"))
    with django_assert_max_num_queries(26):
        chief.get(reverse("register:overview"))
    for place in range(20):
        a_building(filled, f"建设路{place}号")
    with django_assert_max_num_queries(26):
        chief.get(reverse("register:overview"))
