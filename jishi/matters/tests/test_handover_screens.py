"""交接班 on the screen: signed, confirmed, taken back, on paper; what it costs."""

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from jishi.matters.handover import actions
from jishi.matters.handover.draft import Scope
from jishi.matters.models import Handover, HandoverState
from jishi.matters.tests import factory as make
from jishi.stations.models import Role

pytestmark = pytest.mark.django_db
PAGE_QUERIES, FROZEN_QUERIES = 17, 8


@pytest.fixture
def house():
    return make.a_station()


@pytest.fixture
def mate(house):
    """Another officer of the patrol, who comes."""
    return make.staff("officer", house, name="赵接")


def sign(house, to):
    """A page that the officer of the patrol signed."""
    return actions.hand_over(
        Scope(house.station.pk, house.patrol.pk), by=house.officer, to=to, chosen=(), notes={}, note="", key="k",
        now=timezone.now(),
    )  # fmt: skip


def test_the_whole_way_on_the_screen(house, mate):
    held = make.a_matter(house, "handling", title="疏散通道堆物")
    leaves, comes = Client(), Client()
    leaves.force_login(house.officer)
    comes.force_login(mate)
    page = leaves.get("/handover/").content.decode()
    assert f'name="move" value="{held.pk}"' in page
    sent = {"to": mate.pk, "move": held.pk, f"note-{held.pk}": "等配件", "note": "钥匙在抽屉", "key": "k1"}
    bad = leaves.post("/handover/", {**sent, f"note-{held.pk}": "请回电13800138000"})
    assert bad.status_code == 422
    assert 'aria-invalid="true"' in bad.content.decode()
    assert leaves.post("/handover/", {**sent, "to": ""}).status_code == 422
    answer = leaves.post("/handover/", sent)
    assert answer.status_code == 303
    there = answer.url
    assert "take-back" in leaves.get(there).content.decode()
    assert there in comes.get("/handover/").content.decode()
    asked = comes.get(there).content.decode()
    for words in ("take-over", "等配件", "钥匙在抽屉", "疏散通道堆物"):
        assert words in asked
    assert comes.post(f"{there}take-over/").status_code == 303
    done = comes.get(there).content.decode()
    assert "take-over" not in done
    paper = comes.get(f"{there}print/").content.decode()
    for words in (house.officer.name, mate.name, "等配件", "shift-line"):
        assert words in paper
    assert Handover.objects.get().state == HandoverState.SIGNED
    chief = Client()
    chief.force_login(house.chief)
    assert there in chief.get("/handover/").content.decode()


def test_a_page_can_be_taken_back_on_the_screen(house, mate):
    page = sign(house, mate)
    leaves = Client()
    leaves.force_login(house.officer)
    assert leaves.post(reverse("matters:take_back", args=[page.pk])).status_code == 303
    assert reverse("matters:handover_page", args=[page.pk]) not in leaves.get("/handover/").content.decode()


@pytest.mark.parametrize("role", [role.value for role in Role])
def test_an_empty_page_says_what_will_come(house, role):
    client = Client()
    client.force_login(house.people[role])
    page = client.get("/handover/").content.decode()
    assert 'class="empty"' in page
    assert ('name="to"' in page) is (role not in ("analyst", "auditor", "administrator"))


def test_a_leader_chooses_what_is_handed_over(house):
    make.a_matter(house, "handling", grade=1)
    client = Client()
    client.force_login(house.chief)
    page = client.get(f"/handover/?unit={house.units['command'].pk}").content.decode()
    assert 'href="/handover/?unit=all"' in page
    assert client.get("/handover/?unit=nonsense").status_code == 200


def test_another_stations_page_is_not_there(house, mate):
    page = sign(house, mate)
    stranger = Client()
    stranger.force_login(make.a_station("YH", "永和派出所").chief)
    for address in (f"/handover/{page.pk}/", f"/handover/{page.pk}/print/"):
        assert stranger.get(address).status_code == 404
    assert stranger.post(f"/handover/{page.pk}/take-over/").status_code == 404


@pytest.mark.parametrize("many", [1, 8])
def test_queries_do_not_grow_with_the_rows(house, mate, many, django_assert_max_num_queries):
    for _each in range(many):
        for state in ("pushed", "handling", "submitted", "closed"):
            make.a_matter(house, state, grade=1)
    page = sign(house, mate)
    client = Client()
    client.force_login(house.officer)
    client.get("/handover/")
    with django_assert_max_num_queries(PAGE_QUERIES):
        assert client.get("/handover/").status_code == 200
    with django_assert_max_num_queries(FROZEN_QUERIES):
        assert client.get(f"/handover/{page.pk}/").status_code == 200
