"""The backlog: taken in one by one or many at once, with its original unit and deadline in sight."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from jishi.matters.models import Matter
from jishi.matters.tests import factory as make
from jishi.matters.views import triage as views

pytestmark = pytest.mark.django_db
TRIAGE_QUERIES = 8


@pytest.fixture
def house():
    return make.a_station()


@pytest.fixture
def client(house):
    client = Client()
    client.force_login(house.desk)
    return client


def send(client, verb, matters=(), address="/backlog/", **fields):
    body = client.get(address).content.decode()
    key = re.search(rf'name="{verb}-key" value="(\w+)"', body)[1]
    picks = [f"{matter.number}:{matter.version}" for matter in matters]
    whole = {"whole": "1"} if fields.pop("whole", False) else {}
    named = {f"{verb}-{name}": value for name, value in fields.items()}
    return client.post(address, {"verb": verb, "pick": picks, f"{verb}-key": key, **whole, **named})


def test_what_is_inherited_is_shown_with_where_it_came_from(house, client):
    make.an_inherited_matter(house, original_unit="市政维修中心")
    make.a_matter(house, "assessed")
    body = client.get("/backlog/").content.decode()
    assert body.count("data-row") == 1
    assert "市政维修中心 (1)" in body


def test_marked_ones_are_taken_in_with_their_clock_from_now(house, client):
    first, second = make.an_inherited_matter(house), make.an_inherited_matter(house, category="public.manhole")
    send(client, "triage", [first, second], grade=0, category="", unit=house.patrol.pk)
    rows = {row.pk: row for row in Matter.objects.all()}
    assert {rows[first.pk].state, rows[second.pk].state} == {"pushed"}
    assert (rows[first.pk].grade, rows[second.pk].grade) == (4, 1)
    assert rows[second.pk].next_due > timezone.now()


def test_without_a_unit_they_go_to_the_desk(house, client):
    matter = make.an_inherited_matter(house)
    send(client, "triage", [matter], grade=2, category="traffic.parking")
    matter.refresh_from_db()
    assert (matter.state, matter.grade, matter.category_id) == ("assessed", 2, "traffic.parking")


def test_many_are_declined_at_once(house, client):
    matters = [make.an_inherited_matter(house) for _each in range(3)]
    answer = send(client, "decline", matters, outcome="out_of_scope", reason="不属本所职责")
    assert answer.content.decode().count("#check") == 3
    assert set(Matter.objects.values_list("state", flat=True)) == {"checked"}


def test_the_whole_of_what_is_found_is_taken_in(house, client, monkeypatch):
    monkeypatch.setattr(views, "MOST", 2)
    for unit in ("甲", "乙", "乙", "乙"):
        make.an_inherited_matter(house, original_unit=unit)
    send(client, "triage", address="/backlog/?unit=乙", grade=0, whole=True)
    left = Matter.objects.filter(state="inherited")
    assert sorted(left.values_list("original_unit", flat=True)) == ["乙", "甲"]


def test_parts_of_the_backlog(house, client):
    past, to_come = timezone.now() - timedelta(days=9), timezone.now() + timedelta(days=9)
    make.an_inherited_matter(house, original_unit="甲", original_due=past)
    make.an_inherited_matter(house, original_unit="乙", category="traffic.parking", original_due=to_come)
    for query, number in (("", 2), ("unit=甲", 1), ("category=traffic", 1), ("late=1", 1), ("category=fire", 0)):
        assert client.get(f"/backlog/?{query}").content.decode().count("data-row") == number


def test_an_empty_backlog_says_so(house, client):
    assert 'class="empty"' in client.get("/backlog/").content.decode()


def test_a_form_that_is_not_filled_in_comes_back_with_its_marks(house, client):
    matter = make.an_inherited_matter(house)
    answer = send(client, "decline", [matter], outcome="", reason="")
    assert answer.status_code == 422
    assert f'value="{matter.number}:1" checked' in answer.content.decode()


def test_others_look_and_do_not_touch(house, client):
    matter = make.an_inherited_matter(house)
    client.force_login(house.officer)
    assert "data-select-all" not in client.get("/backlog/").content.decode()
    assert client.post("/backlog/", {"verb": "triage", "pick": f"{matter.number}:1"}).status_code == 403
    assert client.post("/backlog/", {"verb": "close"}).status_code == 422


def test_queries_do_not_grow_with_the_rows(house, client, django_assert_num_queries):
    client.get("/backlog/")
    for _more in range(2):
        for _each in range(3):
            make.an_inherited_matter(house)
        with django_assert_num_queries(TRIAGE_QUERIES):
            client.get("/backlog/")
