"""The worklist: due nearby first, by area, parts too, and the place of the one who asks in no address."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from jishi.register import actions
from jishi.register.models import Part
from jishi.register.tests.factory import SOUTH, WEST, a_building, a_ground, a_hydrant

pytestmark = pytest.mark.django_db


@pytest.fixture
def officer(screen, ground):
    screen.force_login(ground.officer)
    return screen


@pytest.fixture
def due(ground):
    """A building that is long overdue in the west, and a hydrant in the east that nobody has verified."""
    building = a_building(ground)
    long_ago = timezone.now() - timedelta(days=400)
    actions.verify_element(building, by=None, at=long_ago, source=actions.Source("list"))
    a_hydrant(ground, "建设路消火栓", point=actions.Point(WEST + 0.015, SOUTH + 0.005))
    return building


def names(answer):
    return [task.part.name if task.part else task.element.name for task in answer.context["tasks"]]


def test_by_deadline_without_a_position(officer, due):
    answer = officer.get(reverse("register:worklist"))
    assert names(answer) == ["和平里3号楼", "建设路消火栓"]
    assert answer.context["near"] is None


def test_the_nearest_first_with_one(officer, due):
    answer = officer.post(reverse("register:worklist"), {"lon": WEST + 0.0151, "lat": SOUTH + 0.005})
    assert names(answer) == ["建设路消火栓", "和平里3号楼"]
    assert answer.context["tasks"][0].metres < 20
    assert "The nearest first." in answer.content.decode()


@pytest.mark.parametrize("sent", [{}, {"lon": "x", "lat": "1"}, {"lon": "200", "lat": "1"}, {"lon": "nan", "lat": "1"}])
def test_a_position_that_is_none_changes_nothing(officer, due, sent):
    assert names(officer.post(reverse("register:worklist"), sent)) == ["和平里3号楼", "建设路消火栓"]


def test_an_area_is_chosen(officer, ground, due):
    answer = officer.get(reverse("register:worklist"), {"area": ground.east.pk})
    assert names(answer) == ["建设路消火栓"]
    assert answer.context["counts"]["never"] == 1
    assert names(officer.post(reverse("register:worklist"), {"area": ground.west.pk})) == ["和平里3号楼"]


def test_a_part_stands_among_them(officer, due):
    late = timezone.now() - timedelta(days=3)
    Part.objects.create(element=due, name="锅炉房", cadence=30, verified_at=late - timedelta(days=30), due_at=late)
    assert "锅炉房" in names(officer.get(reverse("register:worklist")))


def test_nothing_due_says_so(officer):
    assert "Nothing is due" in officer.get(reverse("register:worklist")).content.decode()


def test_who_may_not_verify_is_offered_no_button(screen, ground, due):
    screen.force_login(ground.auditor)
    assert "data-verify" not in screen.get(reverse("register:worklist")).content.decode()


def test_another_stations_work_is_not_there(screen, due):
    screen.force_login(a_ground("YH").officer)
    assert names(screen.get(reverse("register:worklist"))) == []


def test_the_number_of_queries_is_fixed(officer, ground, due, django_assert_max_num_queries):
    officer.get(reverse("register:worklist"))
    for place in range(10):
        a_building(ground, f"建设路{place}号")
    with django_assert_max_num_queries(16):
        officer.get(reverse("register:worklist"))
