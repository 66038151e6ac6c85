"""Pairs that look alike: found in the background, decided by a person, with a way back."""

import pytest
from django.urls import reverse
from django.utils import timezone

from jishi.jobs.models import Job
from jishi.register import actions, queries
from jishi.register.actions.searches import FIND_JOB, search_pairs, write_pairs
from jishi.register.jobs import find, find_daily
from jishi.register.models import Change, DuplicatePair, Element, PairSearch
from jishi.register.quality import DUPLICATE
from jishi.register.tests.factory import a_building, a_ground, a_hydrant

pytestmark = pytest.mark.django_db


@pytest.fixture
def twice(ground):
    """A building registered twice, and something else nearby."""
    a_hydrant(ground)
    return a_building(ground, "和平里小区3号楼"), a_building(ground, "和平里小区3號楼", address="新华街和平里小区3号楼")


@pytest.fixture
def chief(screen, ground):
    screen.force_login(ground.chief)
    return screen


def marked() -> set[str]:
    return {row.name for row in Element.objects.all() if row.issues & DUPLICATE}


def test_a_pair_is_found_and_marked(ground, twice):
    assert search_pairs(ground.station.pk) == 1
    pair = DuplicatePair.objects.get()
    assert (pair.a_id, pair.b_id) == (twice[0].pk, twice[1].pk)
    assert pair.score >= 50
    assert "same_category" in pair.reasons
    assert marked() == {each.name for each in twice}
    search = PairSearch.objects.get()
    assert (search.elements, search.found) == (3, 1)
    assert search.ended_at


def test_looking_again_keeps_what_was_decided(ground, twice):
    search_pairs(ground.station.pk)
    actions.decide_different(DuplicatePair.objects.get(), by=ground.chief)
    search_pairs(ground.station.pk)
    assert DuplicatePair.objects.get().status == "different"
    assert marked() == set()


def test_a_pair_that_is_no_longer_alike_goes(ground, twice):
    search_pairs(ground.station.pk)
    actions.change_element(twice[1], {"name": "长青幼儿园", "address": "长青路9号", "point": None}, by=ground.officer)
    assert search_pairs(ground.station.pk) == 0
    assert not DuplicatePair.objects.exists()
    assert marked() == set()


def test_likeness_that_changed_is_kept_in_step(ground, twice):
    key = (twice[0].pk, twice[1].pk)
    write_pairs(ground.station.pk, {key: (70, ["near"])})
    write_pairs(ground.station.pk, {key: (90, ["near", "same_name"])})
    pair = DuplicatePair.objects.get()
    assert (pair.score, pair.reasons) == (90, ["near", "same_name"])


def test_a_pair_whose_element_was_closed_meanwhile_is_not_written(ground, twice):
    actions.close_element(twice[1], by=ground.chief)
    write_pairs(ground.station.pk, {(twice[0].pk, twice[1].pk): (90, [])})
    assert not DuplicatePair.objects.exists()
    assert marked() == set()


def test_nothing_is_ever_merged_by_itself(ground, twice):
    before = Change.objects.count()
    search_pairs(ground.station.pk)
    search_pairs(ground.station.pk)
    assert Change.objects.count() == before
    assert set(Element.objects.values_list("status", flat=True)) == {"active"}


def test_the_job_runs_daily_and_on_the_button(chief, ground, twice):
    assert chief.post(reverse("register:search_pairs")).status_code == 303
    assert chief.post(reverse("register:search_pairs")).status_code == 303
    job = Job.objects.get(kind=FIND_JOB)
    page = chief.get(reverse("register:duplicates")).content.decode()
    assert "in a moment" in page
    assert "every 2s" in page
    find(job.payload)
    assert "Looked through 3 elements" in chief.get(reverse("register:duplicates")).content.decode()
    find_daily()
    assert Job.objects.filter(kind=FIND_JOB).count() == 1
    assert PairSearch.objects.get().ended_at is None


def test_progress_comes_as_a_fragment(chief, ground):
    PairSearch.objects.create(
        station=ground.station, asked_at=timezone.now(), began_at=timezone.now(), elements=12_345, found=67
    )
    answer = chief.get(reverse("register:duplicates"), {"progress": 1}, headers={"HX-Request": "true"})
    page = answer.content.decode()
    assert "Comparing 12,345 elements: 67 pairs so far." in page
    assert "<html" not in page


def test_side_by_side_with_what_differs(chief, ground, twice):
    search_pairs(ground.station.pk)
    page = chief.get(reverse("register:duplicates"))
    [compared] = page.context["pairs"]
    sides = {side.name: side for side in compared.sides}
    assert sides["Name"].differs
    assert not sides["Category"].differs
    assert not sides["Registered on"].differs
    assert compared.metres == 0
    assert "same category" in compared.reasons


@pytest.mark.parametrize("keep", ["a", "b"])
def test_a_merge_and_its_way_back(chief, ground, twice, keep):
    search_pairs(ground.station.pk)
    pair = DuplicatePair.objects.get()
    address = reverse("register:decide", args=[pair.pk])
    kept, lost = twice if keep == "a" else reversed(twice)
    answer = chief.post(address, {"decision": keep}, follow=True)
    lost.refresh_from_db()
    assert (lost.status, lost.merged_into_id) == ("merged", kept.pk)
    page = answer.content.decode()
    assert "data-undo" in page
    assert f"merged into {kept.number}" in page
    assert answer.context["page"].count == 0
    chief.post(address, {"decision": "undo"})
    lost.refresh_from_db()
    assert (lost.status, lost.merged_into_id) == ("active", None)
    assert queries.open_pairs(ground.chief, ground.station.pk).count() == 1
    assert marked() == {each.name for each in twice}


def test_two_different_ones_and_the_way_back(chief, ground, twice):
    search_pairs(ground.station.pk)
    address = reverse("register:decide", args=[DuplicatePair.objects.get().pk])
    page = chief.post(address, {"decision": "different"}, follow=True)
    assert "data-undo" in page.content.decode()
    assert marked() == set()
    assert len(page.context["decided"]) == 1
    assert chief.post(address, {"decision": "different"}).status_code == 422
    assert chief.post(address, {"decision": "a"}).status_code == 422
    chief.post(address, {"decision": "undo"})
    assert DuplicatePair.objects.get().status == "open"
    assert chief.post(address, {"decision": "all"}).status_code == 422


@pytest.mark.parametrize("role", ["auxiliary", "checker", "analyst", "auditor", "administrator"])
def test_who_may_not_merge(screen, ground, twice, role):
    search_pairs(ground.station.pk)
    screen.force_login(ground.people[role])
    address = reverse("register:decide", args=[DuplicatePair.objects.get().pk])
    assert screen.post(address, {"decision": "a"}).status_code == 403
    assert screen.post(reverse("register:search_pairs")).status_code == 403
    page = screen.get(reverse("register:duplicates")).content.decode()
    assert 'value="different"' not in page
    assert "Look again" not in page


def test_another_stations_pair_is_not_there(screen, ground, twice):
    search_pairs(ground.station.pk)
    screen.force_login(a_ground("YH").chief)
    address = reverse("register:decide", args=[DuplicatePair.objects.get().pk])
    assert screen.post(address, {"decision": "a"}).status_code == 404
    assert screen.get(reverse("register:duplicates")).context["page"].count == 0


def test_the_number_of_queries_is_fixed(chief, ground, django_assert_max_num_queries):
    for place in range(6):
        a_building(ground, f"长乐{place}巷{place}号楼", address=f"长乐路{place}00号")
        a_building(ground, f"长乐{place}巷{place}号楼", address=f"长乐路{place}00号")
    search_pairs(ground.station.pk)
    chief.get(reverse("register:duplicates"))
    with django_assert_max_num_queries(13):
        chief.get(reverse("register:duplicates"))
