"""The list: filters, pages by key, saved views, columns, and a number of queries that does not grow."""

from datetime import timedelta

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from jishi.matters.models import SavedView
from jishi.matters.queries import listing, read_filters
from jishi.matters.tests import factory as make

pytestmark = pytest.mark.django_db
LIST_QUERIES = 8


@pytest.fixture
def house():
    return make.a_station()


def page(house, query, by=None, size=50):
    asked = QueryDict(query)
    return listing.page(by or house.desk, house.station.pk, read_filters(asked), asked, timezone.now(), size)


def states(house, query, by=None):
    found = page(house, query, by)
    assert found.count == len(found.rows)
    return sorted(row["state"] for row in found.rows)


def test_each_filter_leaves_what_it_says(house):
    for state in ("inherited", "reported", "pushed", "handling", "closed"):
        make.a_matter(house, state, category="traffic.parking" if state == "pushed" else "dispute.rent", grade=2)
    assert states(house, "") == ["closed", "handling", "inherited", "pushed", "reported"]
    assert states(house, "open=1") == ["handling", "inherited", "pushed", "reported"]
    assert states(house, "state=closed&state=pushed") == ["closed", "pushed"]
    assert states(house, "category=traffic") == ["pushed"]
    assert states(house, "category=dispute") == ["closed", "handling", "inherited"]
    assert states(house, "category=dispute&open=1") == ["handling", "inherited"]
    assert states(house, "grade=2&state=pushed&state=reported") == ["pushed"]
    assert states(house, "grade=0") == ["reported"]
    assert states(house, f"unit={house.patrol.pk}") == ["handling", "pushed"]
    assert states(house, f"area={house.area.pk}&state=closed") == ["closed"]
    assert states(house, "mine=1", by=house.officer) == ["handling"]
    assert states(house, "channel=import") == ["inherited"]
    assert states(house, "source=city311") == ["inherited"]
    assert states(house, "sort=due") == ["handling", "inherited", "pushed", "reported"]
    today = timezone.localdate()
    day = timedelta(days=1)
    assert states(house, f"since={today - day}&until={today + day}&state=closed") == ["closed"]
    assert states(house, f"until={today - 2 * day}") == []


def test_overdue_leaves_out_the_backlog(house):
    long_ago = timezone.now() - timedelta(days=60)
    make.a_matter(house, "inherited", now=long_ago)
    make.a_matter(house, "reported", now=long_ago)
    assert states(house, "overdue=1") == ["reported"]


def test_back_finds_what_was_returned(house):
    matter = make.a_matter(house, "pushed")
    make.give(house, matter, "return", by=house.officer, reason="不属于本组")
    make.a_matter(house, "assessed")
    assert states(house, "back=1") == ["assessed"]


@pytest.mark.parametrize(
    "query", ["state=x&grade=9&area=x&unit=-1&category=y&since=2026-99-99&sort=z", "at=a.xx", "at=b."]
)
def test_what_cannot_be_read_is_as_if_it_were_not_there(house, query):
    make.a_matter(house)
    assert states(house, query) == ["reported"]


@pytest.mark.parametrize("query", ["", "sort=due", "category=dispute", "q=楼道", "open=1"])
def test_pages_go_on_and_back_without_gap_or_repeat(house, query):
    for _each in range(7):
        make.a_matter(house, "assessed")
    whole = [row["number"] for row in page(house, query).rows]
    seen, address = [], query
    while True:
        one = page(house, address, size=3)
        seen += [row["number"] for row in one.rows]
        if not one.next_url:
            break
        address = one.next_url[1:]
    assert seen == whole
    last = page(house, f"{query}&at=last", size=3)
    assert [row["number"] for row in last.rows] == whole[-3:]
    assert not last.next_url
    before = page(house, last.prev_url[1:], size=3)
    assert [row["number"] for row in before.rows] == whole[-6:-3]


def test_counts_stop_at_the_cap(house):
    for _each in range(4):
        make.a_matter(house)
    legs = listing.legs_of(house.desk, house.station.pk, read_filters(QueryDict("")), timezone.now())
    assert listing.count_legs([legs], cap=3) == (3, True)
    assert listing.count_legs([legs], cap=4) == (4, False)


def test_another_station_is_not_there(house):
    other = make.a_station("DH", "东湖派出所")
    make.a_matter(other)
    everything = QueryDict("")
    found = listing.page(house.desk, other.station.pk, read_filters(everything), everything, timezone.now())
    assert (found.count, found.rows) == (0, [])
    client = Client()
    client.force_login(house.desk)
    assert "DH-" not in client.get("/matters/").content.decode()


@pytest.mark.parametrize("query", ["", "open=1", "category=dispute", "sort=due", "q=楼道&open=1"])
def test_queries_do_not_grow_with_the_rows(house, query, django_assert_num_queries):
    client = Client()
    client.force_login(house.desk)
    make.a_matter(house, "assessed")
    client.get("/matters/")
    for _more in range(2):
        with django_assert_num_queries(LIST_QUERIES):
            assert client.get(f"/matters/?{query}").status_code == 200
        for _each in range(3):
            make.a_matter(house, "assessed")


def test_the_page_says_what_is_on_and_how_to_take_it_off(house):
    make.a_matter(house, "pushed")
    client = Client()
    client.force_login(house.desk)
    body = client.get("/matters/?state=pushed&state=closed&q=楼道").content.decode()
    assert "?state=pushed&amp;state=closed" in body
    assert "?state=pushed&amp;q=" in body
    assert 'value="楼道"' in body


def test_views_are_saved_replaced_and_dropped(house):
    client = Client()
    client.force_login(house.desk)
    client.post("/matters/views/", {"name": "红色", "asked": "grade=1"})
    answer = client.post("/matters/views/", {"name": "红色", "asked": "grade=1&open=1"})
    assert answer["Location"] == "/matters/?grade=1&open=1"
    view = SavedView.objects.get()
    assert "红色" in client.get("/matters/?grade=1&open=1").content.decode()
    stranger = Client()
    stranger.force_login(house.officer)
    stranger.post(f"/matters/views/{view.pk}/drop/")
    assert SavedView.objects.count() == 1
    client.post(f"/matters/views/{view.pk}/drop/")
    assert SavedView.objects.count() == 0
    body = client.get("/matters/").content.decode()
    assert "data-undo" in body
    assert 'value="grade=1&amp;open=1"' in body
    assert client.post("/matters/views/", {"name": " ", "asked": ""}).status_code == 422


def test_columns_are_kept(house):
    make.a_matter(house, "handling")
    client = Client()
    client.force_login(house.desk)
    assert house.people["officer"].name in client.get("/matters/").content.decode()
    client.post("/matters/columns/", {"column": ["grade", "nonsense"], "asked": "open=1"})
    body = client.get("/matters/?open=1").content.decode()
    assert house.people["officer"].name not in body


def test_without_a_post_there_is_a_sentence(house):
    nobody = make.Staff.objects.create(username="nobody", name="无岗")
    client = Client()
    client.force_login(nobody)
    for address in ("/", "/matters/", "/backlog/", "/matters/export/"):
        assert client.get(address).status_code == 422


def test_numbers_lead_to_pages(house):
    matter = make.a_matter(house)
    client = Client()
    client.force_login(house.desk)
    assert f'href="/matters/{matter.number}/"' in client.get("/matters/").content.decode()
