"""Who is told of an alert, and in which words."""

import pytest

from jishi.exchange.cap import actions, notices, queries
from jishi.exchange.tests.alerts import a_content, a_draft
from jishi.matters.tests import factory
from jishi.notify.kinds import kind_of, why
from jishi.notify.models import Delivery, Notice
from jishi.stations import crew
from jishi.stations.queries import forget

pytestmark = pytest.mark.django_db


def test_the_chief_is_told_and_the_drafter_what_came_of_it(house):
    draft = a_draft(house)
    notice = Notice.objects.get(kind=notices.TO_APPROVE)
    assert {row.staff_id: row.rule for row in notice.deliveries.all()} == {house.chief.pk: "alert.chief"}
    message = kind_of(notices.TO_APPROVE).write([notice])[notice.pk]
    assert (message.number, message.path) == (draft.identifier, f"/alerts/{draft.pk}/")
    assert (message.category, message.place, message.lines) == ("", "", ())
    assert message.due == draft.expires
    actions.approve_alert(draft, by=house.chief)
    told = Notice.objects.get(kind=notices.DECIDED)
    assert [row.staff_id for row in told.deliveries.all()] == [house.desk.pk]
    assert kind_of(notices.DECIDED).write([told])[told.pk].title
    dropped = actions.drop_draft(a_draft(house), by=house.deputy)
    last = Notice.objects.filter(kind=notices.DECIDED).latest("pk")
    assert last.subject_id == dropped.pk
    assert kind_of(notices.DECIDED).write([last])[last.pk].title
    assert all(why(rule) for rule in notices.RULES)


def test_the_bureau_is_told_where_the_only_chief_wrote_it(house):
    above = factory.bureau_staff("chief", house.station.bureau)
    crew.forget()
    forget()
    actions.draft_alert(house.station, a_content(), by=house.chief)
    assert [(row.staff_id, row.rule) for row in Delivery.objects.all()] == [(above.pk, "alert.bureau")]


def test_a_matters_grade_goes_with_the_notice(house):
    matter = factory.a_matter(house, "assessed", grade=1)
    made = actions.draft_alert(house.station, a_content(), by=house.desk, matter=matter)
    assert Notice.objects.get(kind=notices.TO_APPROVE).grade == matter.grade
    assert [each.pk for each in queries.of_matter(house.officer, matter.pk)] == [made.pk]
