"""What a form says will happen follows from what is chosen in it, and from nothing that was only supposed."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from jishi.base.words import moment
from jishi.matters.tests import factory as make

pytestmark = pytest.mark.django_db
PART = {"HX-Request": "true"}


@pytest.fixture
def house():
    return make.a_station()


def foretold(person, matter, verb, **chosen):
    client = Client()
    client.force_login(person)
    answer = client.get(f"/matters/{matter.number}/{verb}/", chosen, headers={"Accept-Language": "en", **PART})
    assert answer.status_code == 200
    return answer.content.decode()


def test_triage_without_a_unit_leads_to_the_desk(house):
    matter = make.an_inherited_matter(house)
    assert house.units["desk"].name in foretold(house.desk, matter, "triage")
    assert house.patrol.name in foretold(house.desk, matter, "triage", unit=house.patrol.pk)


def test_a_suspension_names_its_end_once_it_is_chosen(house):
    matter = make.a_matter(house, "handling")
    until = timezone.localtime(timezone.now() + timedelta(days=3)).replace(second=0, microsecond=0)
    assert not re.search(r"\d{4}-\d\d-\d\d", foretold(house.chief, matter, "suspend"))
    assert moment(until) in foretold(house.chief, matter, "suspend", until=until.strftime("%Y-%m-%dT%H:%M"))
    assert not re.search(r"\d{4}-\d\d-\d\d", foretold(house.chief, matter, "suspend", until="soon"))


def test_an_extension_counts_what_is_asked_for(house):
    matter = make.a_matter(house, "handling")
    said = [foretold(house.chief, matter, "extend", amount=amount, measure="days") for amount in (1, 5)]
    days = [re.search(r"\d{4}-\d\d-\d\d", each)[0] for each in said]
    assert days[0] < days[1]


def test_a_suspended_matter_shows_what_is_left_of_the_suspension(house):
    client = Client()
    client.force_login(house.chief)
    body = client.get(f"/matters/{make.a_matter(house, 'suspended').number}/").content.decode()
    assert 'class="clock clock-calm"' in body


def test_no_clock_presses_on_an_inherited_matter(house):
    client = Client()
    client.force_login(house.desk)
    body = client.get(f"/matters/{make.an_inherited_matter(house).number}/").content.decode()
    assert "matter-rests" in body
    assert "data-due" not in body
