"""The desk: what is asked of whom, by clock."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from jishi.matters.queries import desk as queries
from jishi.matters.tests import factory as make
from jishi.stations.actions import add_shift, give_post

pytestmark = pytest.mark.django_db
#: Among them one for the tasks that plans and reviews ask of this person.
DESK_QUERIES = 8

ASKED = {
    "desk": ["answered", "assessed", "checked", "reported"],
    "officer": ["handling", "pushed"],
    "checker": ["submitted"],
    "chief": ["suspended"],
    "deputy": ["suspended"],
    "auxiliary": [],
    "analyst": [],
    "auditor": [],
    "administrator": [],
}


@pytest.fixture
def house():
    return make.a_station()


def tab(house, name, by, now=None):
    return queries.desk(by, house.station.pk, name, now or timezone.now())


def states(house, name, by, now=None):
    return sorted(row["state"] for row in tab(house, name, by, now).rows)


@pytest.mark.parametrize("role", sorted(ASKED))
def test_each_state_asks_for_one_role(house, role):
    for state in ("inherited", *make.WAYS):
        make.a_matter(house, state)
    found = tab(house, "mine", house.people[role])
    assert sorted(row["state"] for row in found.rows) == ASKED[role]
    assert found.counts["mine"] == len(ASKED[role])
    assert [row["next_due"] for row in found.rows] == sorted(row["next_due"] for row in found.rows)


def test_what_a_colleague_handles_is_in_the_queue_and_not_mine(house):
    make.a_matter(house, "handling")
    colleague = make.staff("officer", house)
    assert states(house, "mine", colleague) == []
    assert states(house, "unit", colleague) == ["handling"]
    assert states(house, "mine", house.officer) == ["handling"]


def test_a_checker_is_not_asked_to_check_their_own(house):
    matter = make.a_matter(house, "handling")
    give_post(house.checker, role="officer", station=house.station, unit=house.patrol)
    make.give(house, matter, "submit", by=make.Staff.objects.get(pk=house.checker.pk))
    assert states(house, "mine", house.checker) == []
    assert states(house, "mine", make.staff("checker", house)) == ["submitted"]


def test_overdue_late_and_today_are_counted(house):
    make.a_matter(house, "reported", now=timezone.now() - timedelta(days=3))
    make.a_matter(house, "inherited", now=timezone.now() - timedelta(days=300))
    make.a_matter(house, "handling", now=timezone.now() - timedelta(days=90))
    found = tab(house, "mine", house.desk)
    assert (found.counts["late"], found.counts["today"]) == (1, 0)
    assert states(house, "overdue", house.desk) == ["handling", "reported"]
    assert states(house, "overdue", house.officer) == ["handling"]


def test_what_came_back_is_shown_to_whom_it_came(house):
    returned = make.a_matter(house, "pushed")
    make.give(house, returned, "return", by=house.officer, reason="不属于本组")
    reworked = make.a_matter(house, "submitted")
    make.give(house, reworked, "check", result="rework", reason="还没清完")
    assert states(house, "returned", house.desk) == ["assessed"]
    assert states(house, "returned", house.officer) == ["handling"]


def test_waiting_is_what_others_have(house):
    for state in ("reported", "pushed", "submitted", "suspended", "checked"):
        make.a_matter(house, state)
    assert states(house, "waiting", house.desk) == ["pushed", "submitted", "suspended"]
    assert states(house, "waiting", house.officer) == ["checked", "submitted", "suspended"]
    assert tab(house, "mine", house.desk).counts["waiting"] == 3


def test_rows_offer_the_likely_command(house):
    pushed, reported = make.a_matter(house, "pushed"), make.a_matter(house, "reported")
    client = Client()
    client.force_login(house.officer)
    body = client.get("/").content.decode()
    assert f'action="/matters/{pushed.number}/accept/"' in body
    client.force_login(house.desk)
    body = client.get("/").content.decode()
    assert f'href="/matters/{reported.number}/assess/"' in body
    assert "accept/" not in client.get("/?tab=waiting").content.decode()


@pytest.mark.parametrize("name", [*queries.TABS, "nonsense"])
def test_queries_do_not_grow_with_the_rows(house, name, django_assert_max_num_queries):
    client = Client()
    client.force_login(house.desk)
    for state in make.WAYS:
        make.a_matter(house, state)
    client.get("/")
    with django_assert_max_num_queries(DESK_QUERIES):
        assert client.get(f"/?tab={name}").status_code == 200


def test_who_is_on_duty_is_said_from_what_is_remembered(house, django_assert_num_queries):
    """The people of the station are read once in a while, five statements, and not with every look at the desk."""
    client = Client()
    client.force_login(house.desk)
    now = timezone.now()
    assert "duty-line" in client.get("/").content.decode()
    add_shift(house.station, staff=house.officer, unit=house.patrol, starts=now, ends=now + timedelta(hours=8),
              by=house.desk)  # fmt: skip
    with django_assert_num_queries(DESK_QUERIES + 4):
        body = client.get("/").content.decode()
    assert f"{house.officer.name}<span" in body
    assert body.count(house.patrol.name) == 1
    with django_assert_num_queries(DESK_QUERIES - 1):
        client.get("/")


def test_more_than_are_shown_are_said(house, monkeypatch):
    monkeypatch.setattr(queries, "SHOWN", 2)
    for _each in range(3):
        make.a_matter(house)
    client = Client()
    client.force_login(house.desk)
    assert "sort=due" in client.get("/").content.decode()


@pytest.mark.parametrize("role", sorted(ASKED))
@pytest.mark.parametrize("name", queries.TABS)
def test_an_empty_desk_says_what_will_come(house, role, name):
    client = Client()
    client.force_login(house.people[role])
    assert 'class="empty"' in client.get(f"/?tab={name}").content.decode()


@pytest.mark.parametrize(("role", "offered"), [("desk", True), ("officer", True), ("auditor", False)])
def test_reporting_is_offered_to_those_who_may(role, offered):
    house = make.a_station()
    client = Client()
    client.force_login(house.people[role])
    assert ('href="/report/"' in client.get("/").content.decode()) is offered
