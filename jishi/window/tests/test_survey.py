"""安全感: counts alone, shown when the quarter is over and thirty have answered, and never by subtraction."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from jishi.base.errors import Refused
from jishi.matters.tests import factory
from jishi.stations.models import Area
from jishi.window.actions.survey import count_answers
from jishi.window.models import SurveyCount
from jishi.window.quarters import Quarter
from jishi.window.queries.survey import answered_so_far, survey_of
from jishi.window.surveying import edition
from jishi.window.tests.windows import EN, NOW, SETTLED, filled

pytestmark = pytest.mark.django_db
QUARTER = Quarter.of(NOW.date())
GOOD = {question.code: 5 for question in edition().questions}
BAD = {question.code: 2 for question in edition().questions}


@pytest.fixture
def house():
    return factory.a_station("XH")


@pytest.fixture
def others(house):
    return [Area.objects.create(station=house.station, code=f"a{n}", name=f"片区{n}") for n in (1, 2)]


def answered(house, area: Area, good: int, bad: int = 0, *, quarter: Quarter = QUARTER) -> None:
    """So many counts, as if so many had answered."""
    for answers, count in ((GOOD, good), (BAD, bad)):
        for question, answer in answers.items():
            if count:
                SurveyCount.objects.create(
                    station=house.station, area=area, quarter=quarter.first, edition=edition().number,
                    question=question, answer=answer, count=count,
                )  # fmt: skip


def test_an_answer_is_counted_and_nothing_else_is_kept(house):
    for _person in range(2):
        count_answers(house.station, house.area.pk, GOOD, NOW)
    rows = list(SurveyCount.objects.values_list("question", "answer", "count"))
    assert sorted(rows) == sorted((code, 5, 2) for code in GOOD)
    assert {field.name for field in SurveyCount._meta.concrete_fields} == {
        "id", "station", "area", "quarter", "edition", "question", "answer", "count",
    }  # fmt: skip


@pytest.mark.parametrize("answers", [{}, {**GOOD, "day": 6}, {**GOOD, "more": 1}, {"day": 5}])
def test_half_an_answer_is_refused(house, answers):
    with pytest.raises(Refused, match="survey_incomplete"):
        count_answers(house.station, house.area.pk, answers, NOW)
    assert not SurveyCount.objects.exists()


def test_an_area_of_another_station_is_refused(house):
    with pytest.raises(Refused, match="area_elsewhere"):
        count_answers(factory.a_station("YH").station, house.area.pk, GOOD, NOW)


def test_nothing_is_shown_before_the_quarter_is_over(house):
    answered(house, house.area, 40)
    assert survey_of(house.station, QUARTER, NOW) is None
    assert survey_of(house.station, QUARTER, SETTLED) is not None
    assert survey_of(house.station, QUARTER.before, SETTLED) is None


def test_an_area_is_shown_from_thirty_on_with_how_many(house):
    answered(house, house.area, 24, 6)
    [felt] = survey_of(house.station, QUARTER, SETTLED).areas
    assert (felt.n, felt.shares) == (30, (80,) * 5)


def test_of_fewer_than_thirty_nothing_is_said(house, others):
    answered(house, house.area, 29)
    answered(house, others[0], 50)
    found = survey_of(house.station, QUARTER, SETTLED)
    assert [(felt.n, felt.shares is None) for felt in found.areas] == [(50, False), (None, True), (None, True)]
    assert found.whole is None  # less the area that is shown it would give the other one away


def test_the_whole_is_shown_where_those_left_out_are_enough_together(house, others):
    answered(house, house.area, 20)
    answered(house, others[0], 0, 20)
    answered(house, others[1], 60)
    found = survey_of(house.station, QUARTER, SETTLED)
    assert (found.whole.n, found.whole.shares) == (100, (80,) * 5)
    assert [felt.n for felt in found.areas] == [None, 60, None]


def test_answers_to_other_questions_are_not_added_up(house):
    answered(house, house.area, 40)
    SurveyCount.objects.update(edition=edition().number + 1)
    assert survey_of(house.station, QUARTER, SETTLED) is None


def test_somebody_answers_once_a_day_without_an_account(house):
    client = Client(**EN)
    page = client.get("/window/XH/survey/").content.decode()
    assert page.count("<fieldset") == 5
    form = filled("survey", timezone.now(), {"area": house.area.pk, **GOOD})
    answer = client.post("/window/XH/survey/", form)
    assert "Thank you" in answer.content.decode()
    [cookie] = client.cookies.values()
    assert (cookie.value, cookie["httponly"], cookie["path"], cookie["max-age"]) == ("1", True, "/window/", 86_400)
    again = client.post("/window/XH/survey/", form)
    assert again.status_code == 422
    assert "come back another day" in client.get("/window/XH/survey/").content.decode()
    assert answered_so_far(house.station, timezone.now()) == [("和平里社区", 1)]


def test_the_form_says_what_is_missing_and_keeps_the_rest(house):
    client, now = Client(**EN), timezone.now()
    form = filled("survey", now, {"area": house.area.pk, **GOOD, "night": ""})
    answer = client.post("/window/XH/survey/", form)
    assert answer.status_code == 422
    assert "Choose an answer." in answer.content.decode()
    machine = {**filled("survey", now, {"area": house.area.pk, **GOOD}), "website": "https://example.org"}
    assert "faster than anybody reads" in client.post("/window/XH/survey/", machine).content.decode()
    old = filled("survey", now - timedelta(days=4), {"area": house.area.pk, **GOOD})
    assert client.post("/window/XH/survey/", old).status_code == 422
    assert not SurveyCount.objects.exists()


def test_without_areas_nothing_is_asked(house):
    Area.objects.all().delete()
    assert "no areas yet" in Client(**EN).get("/window/XH/survey/").content.decode()
    assert "/survey/" not in Client().get("/window/XH/").content.decode()


def test_the_station_sees_how_many_answered_and_the_results_of_the_last_quarter(house):
    before = Quarter.of(timezone.localdate()).before
    answered(house, house.area, 33, quarter=before)
    count_answers(house.station, house.area.pk, GOOD, timezone.now())
    client = Client(**EN)
    client.force_login(house.chief)
    page = client.get("/desk/window/survey/").content.decode()
    assert "100 %" in page
    assert "1 of at least 30" in page
    assert "/window/XH/survey/" in page


def test_the_results_stand_with_the_figures(house):
    from jishi.window.figures.tables import tables_of
    from jishi.window.models import FiguresRelease

    before = Quarter.of(timezone.localdate()).before
    answered(house, house.area, 33, quarter=before)
    FiguresRelease.objects.create(
        station=house.station, quarter=before.first, rows=[], made_at=timezone.now(),
        tables=tables_of([], [], [], timezone.now()),
    )  # fmt: skip
    page = Client(**EN).get("/window/XH/figures/").content.decode()
    assert "和平里社区" in page
    assert "fewer than 30" in page
