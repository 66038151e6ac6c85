"""急难愁盼: the desk's queue of urgent needs."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from jishi.matters.actions import Place
from jishi.matters.models import Matter
from jishi.matters.tests import factory
from jishi.window.actions.reporting import report_at_window
from jishi.window.queries.urgent import urgent_at
from jishi.window.tests.windows import EN

pytestmark = pytest.mark.django_db
ADDRESS = "/desk/window/urgent/"


@pytest.fixture
def house():
    return factory.a_station("XH")


@pytest.fixture
def desk(house):
    client = Client(**EN)
    client.force_login(house.desk)
    return client


def a_need(house, key: str, ago: int = 0) -> Matter:
    issued = report_at_window(
        house.station, words="整栋楼停水", category="public.water", place=Place(name="和平里3号楼"), urgent=True,
        language="zh-hans", key=key * 32, now=timezone.now() - timedelta(minutes=ago),
    )  # fmt: skip
    return Matter.objects.get(number=issued.number)


def test_what_has_waited_longest_stands_first(house, desk):
    late, early = a_need(house, "a", 5), a_need(house, "b", 50)
    assert list(urgent_at(house.desk, house.station.pk, "asked")) == [early, late]
    page = desk.get(ADDRESS).content.decode()
    assert page.index(early.number) < page.index(late.number)
    assert urgent_at(factory.a_station("YH").desk, house.station.pk, "asked").count() == 0


def test_confirmed_the_clock_is_shorter_and_the_desk_goes_on_with_the_queue(house, desk):
    need = a_need(house, "a")
    answer = desk.post(f"{ADDRESS}{need.number}/confirm/", {"version": need.version, "key": "k1"})
    assert answer.headers["Location"] == ADDRESS
    after = Matter.objects.get()
    assert after.urgent == "confirmed"
    assert after.next_due < need.next_due
    page = desk.get(ADDRESS).content.decode()
    assert "Confirmed and still open" in page
    assert "data-undo" in page


def test_a_need_that_moved_on_meanwhile_is_not_confirmed_blindly(house, desk):
    need = a_need(house, "a")
    factory.give(house, need, "assess", category="public.water")
    answer = desk.post(f"{ADDRESS}{need.number}/confirm/", {"version": need.version, "key": "k1"})
    assert answer.status_code == 409
    assert Matter.objects.get().urgent == "asked"


def test_an_empty_queue_says_what_will_stand_here(desk):
    assert "No urgent need waits" in desk.get(ADDRESS).content.decode()


def test_the_tab_says_how_many_wait(house, desk):
    a_need(house, "a")
    page = desk.get("/desk/window/queue/").content.decode()
    tab = page.partition('href="/desk/window/urgent/"')[2].partition("</a>")[0]
    assert '<span class="count">1</span>' in tab
