"""What is known nearby, and "me too": things that stand outside, by category and area, and no more of them."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from jishi.matters.actions import Place, report_matter
from jishi.matters.models import Matter
from jishi.matters.tests import factory
from jishi.window.models import Receipt
from jishi.window.queries.nearby import known_nearby, mark_of, matter_behind
from jishi.window.queries.receipts import open_receipt
from jishi.window.tests.public import EN, a_stamp, fields, receipt_in

pytestmark = pytest.mark.django_db
LON, LAT = 117.3000, 37.1000
#: About 90 m to the east.
NEAR, FAR = LON + 0.001, LON + 0.01


@pytest.fixture
def house():
    return factory.a_station("XH")


def at(house, category="public.light", lon=NEAR, title="路灯不亮"):
    """A matter of a category at a point."""
    place = Place("和平里小区东门", house.area.pk, lon, LAT)
    done = report_matter(house.station, by=house.desk, title=title, category=category, place=place)
    return Matter.objects.get(pk=done.matter_id)


def near(house, **more):
    return known_nearby(house.station.pk, timezone.now(), lon=LON, lat=LAT, **more)


def test_what_stands_within_reach_is_shown_and_nothing_farther(house):
    at(house)
    at(house, lon=FAR)
    found = near(house)
    assert [each.metres for each in found] == [100]
    assert found[0].area == "和平里社区"


def test_what_concerns_two_people_is_shown_to_nobody(house):
    at(house, "dispute.rent")
    assert near(house) == []


def test_only_what_is_alike_is_shown_once_the_words_say_what_it_is(house):
    at(house, "public.light")
    at(house, "fire.exit")
    assert len(near(house)) == 2
    assert len(near(house, guessed=("public.light",))) == 1
    assert len(near(house, category="fire.exit")) == 1


def test_without_a_point_or_a_thing_nothing_is_near(house):
    place = Place("和平里小区东门", house.area.pk)
    report_matter(house.station, by=house.desk, title="路灯不亮", category="public.light", place=place)
    assert known_nearby(house.station.pk, timezone.now(), lon=None, lat=None) == []
    assert near(house) == []


def test_the_look_says_kind_place_and_what_is_known_without_its_number_or_title(house):
    matter = at(house, title="内部标题")
    page = Client().post("/window/XH/report/look/", fields(lon=LON, lat=LAT), **EN).content.decode()
    assert "within 100 m" in page
    assert matter.number not in page
    assert "内部标题" not in page


def test_words_of_danger_say_whom_to_call(house):
    page = Client().post("/window/XH/report/look/", {"words": "楼上着火了"}, **EN).content.decode()
    assert page.index("tel:119") < page.index('data-slot="kinds"')
    assert "tel:119" not in Client().post("/window/XH/report/look/", {"words": "路灯"}, **EN).content.decode()


def test_me_too_is_a_receipt_of_its_own_and_no_second_matter(house):
    matter = at(house)
    sent = {"stamp": a_stamp(), "which": mark_of(matter.pk)}
    page = Client().post("/window/XH/follow/", sent, **EN)
    assert page.status_code == 201
    number, secret = receipt_in(page.content.decode())
    assert open_receipt(number, secret, now=timezone.now()).receipt.kind == "follower"
    again = Client().post("/window/XH/follow/", sent, **EN)
    assert receipt_in(again.content.decode()) == (number, secret)
    matter.refresh_from_db()
    assert (matter.followers, Receipt.objects.count(), Matter.objects.count()) == (1, 1, 1)


@pytest.mark.parametrize("which", ["", "1", "1:abc:def"])
def test_me_too_needs_a_mark_that_was_given_out(house, which):
    at(house)
    answer = Client().post("/window/XH/follow/", {"stamp": a_stamp(), "which": which}, **EN)
    assert answer.status_code == 422
    assert Receipt.objects.count() == 0


def test_a_mark_leads_nowhere_in_another_station_or_once_it_is_closed(house):
    matter = at(house)
    other = factory.a_station("YH", "永和派出所")
    assert matter_behind(mark_of(matter.pk), other.station.pk) is None
    closed = factory.a_matter(house, "closed", category="public.light")
    assert matter_behind(mark_of(closed.pk), house.station.pk) is None
