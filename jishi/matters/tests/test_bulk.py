"""One command for many: each through the door, each result told."""

import re

import pytest
from django.test import Client

from jishi.matters.forms.bulk import BULK
from jishi.matters.models import Matter
from jishi.matters.tests import factory as make

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return make.a_station()


def client_of(person):
    client = Client()
    client.force_login(person)
    return client


def pick(matter):
    return f"{matter.number}:{matter.version}"


def key_of(answer):
    return re.search(r'name="key" value="(\w+)"', answer.content.decode())[1]


def send(client, verb, matters, **fields):
    marked = {"verb": verb, "pick": [pick(matter) for matter in matters], "back": "/matters/?open=1"}
    asked = client.post("/matters/bulk/", marked)
    assert asked.status_code == 200
    return client.post("/matters/bulk/", {**marked, "send": "1", "key": key_of(asked), **fields})


def test_one_push_for_all_that_may_be_pushed(house):
    fine, late = make.a_matter(house, "assessed"), make.a_matter(house, "pushed")
    answer = send(client_of(house.desk), "push", [fine, late], unit=house.patrol.pk)
    body = answer.content.decode()
    assert Matter.objects.get(pk=fine.pk).state == "pushed"
    assert body.count("#check") == 1
    assert body.count("#alert") == 1
    assert "/matters/?open=1" in body


def test_grade_follows_the_category_where_none_is_chosen(house):
    gas, noise = make.a_matter(house), make.a_matter(house)
    Matter.objects.filter(pk=gas.pk).update(category="fire.gas")
    Matter.objects.filter(pk=noise.pk).update(category="nuisance.noise")
    send(client_of(house.desk), "assess", [gas, noise], grade=0, category="")
    assert Matter.objects.get(pk=gas.pk).grade == 1
    assert Matter.objects.get(pk=noise.pk).grade == 4


def test_a_matter_that_moved_on_is_told_and_left(house):
    matter = make.a_matter(house)
    seen = pick(matter)
    make.give(house, matter, "log", text="已电话联系", by=house.desk)
    client = client_of(house.desk)
    asked = client.post("/matters/bulk/", {"verb": "assess", "pick": seen})
    fields = {"verb": "assess", "send": "1", "pick": seen, "key": key_of(asked), "grade": 2, "category": "other"}
    assert "#alert" in client.post("/matters/bulk/", fields).content.decode()
    assert Matter.objects.get(pk=matter.pk).state == "reported"


def test_sent_twice_is_done_once(house):
    matter = make.a_matter(house)
    client = client_of(house.desk)
    asked = client.post("/matters/bulk/", {"verb": "decline", "pick": pick(matter)})
    fields = {"verb": "decline", "send": "1", "pick": pick(matter), "key": key_of(asked), "outcome": "no_action",
              "reason": "重复来电"}  # fmt: skip
    for _time in range(2):
        assert client.post("/matters/bulk/", fields).content.decode().count("#check") == 1
    assert Matter.objects.get(pk=matter.pk).version == matter.version + 1


def test_a_form_that_is_not_filled_in_comes_back(house):
    client = client_of(house.desk)
    matter = make.a_matter(house, "assessed")
    answer = client.post("/matters/bulk/", {"verb": "push", "send": "1", "pick": pick(matter)})
    assert answer.status_code == 422


def test_what_others_see_cannot_be_marked(house):
    other = make.a_station("DH", "东湖派出所")
    foreign = make.a_matter(other, "assessed")
    client = client_of(house.desk)
    for picks in ([pick(foreign)], ["nonsense", "XH-1:x", ":3"], []):
        assert client.post("/matters/bulk/", {"verb": "push", "pick": picks}).status_code == 302
    assert Matter.objects.get(pk=foreign.pk).state == "assessed"


def test_a_role_that_may_not_is_refused(house):
    picks = {"pick": pick(make.a_matter(house, "assessed"))}
    assert client_of(house.analyst).post("/matters/bulk/", {"verb": "push", **picks}).status_code == 403
    assert client_of(house.desk).post("/matters/bulk/", {"verb": "report", **picks}).status_code == 422
    assert client_of(house.desk).get("/matters/bulk/").status_code == 405


@pytest.mark.parametrize("verb", sorted(BULK))
def test_each_form_is_shown(house, verb):
    answer = client_of(house.chief).post("/matters/bulk/", {"verb": verb, "pick": pick(make.a_matter(house))})
    assert answer.status_code == 200


def test_assign_and_accept_and_close(house):
    pushed, answered = make.a_matter(house, "pushed"), make.a_matter(house, "answered")
    send(client_of(house.officer), "assign", [pushed], person=house.auxiliary.pk)
    assert Matter.objects.get(pk=pushed.pk).assignee == house.auxiliary
    send(client_of(house.officer), "accept", [Matter.objects.get(pk=pushed.pk)])
    assert Matter.objects.get(pk=pushed.pk).state == "handling"
    send(client_of(house.desk), "close", [answered])
    assert Matter.objects.get(pk=answered.pk).state == "closed"
