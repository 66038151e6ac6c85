"""Pages by key, walked both ways over rows with many ties."""

import datetime as dt
from urllib.parse import urlencode

import pytest
from django.contrib.auth import get_user_model
from django.http import QueryDict

from jishi.base.listing import capped_count, page_of

START = dt.datetime(2026, 3, 5, 6, 30, 0, 123_456, tzinfo=dt.UTC)


@pytest.fixture
def staff(db):
    model = get_user_model()
    model.objects.bulk_create(
        model(username=f"s{i:02}", name=f"n{i}", date_joined=START + dt.timedelta(microseconds=i // 4))
        for i in range(23)
    )
    return model.objects.all()


def walk(rows, order, step, start=""):
    pages, query = [], QueryDict(start)
    while True:
        page = page_of(rows, order=order, query=query, size=5)
        pages.append(page)
        address = getattr(page, step)
        if not address:
            return pages
        query = QueryDict(address.removeprefix("?"))
        assert len(pages) < 20


def names(pages):
    return [row["username"] if isinstance(row, dict) else row.username for page in pages for row in page.rows]


@pytest.mark.parametrize("order", ["date_joined", "-date_joined", "username", "-username"])
@pytest.mark.parametrize("as_dicts", [False, True])
def test_forward_shows_each_row_once_in_order(staff, order, as_dicts):
    rows = staff.values("id", "username", "date_joined") if as_dicts else staff
    sign = "-" if order.startswith("-") else ""
    expected = list(staff.order_by(order, f"{sign}id").values_list("username", flat=True))
    pages = walk(rows, order, "next_url")
    assert names(pages) == expected
    assert pages[0].prev_url == pages[0].first_url == ""
    assert pages[-1].last_url == ""


@pytest.mark.parametrize("order", ["date_joined", "-date_joined"])
def test_backward_from_the_last_page_shows_each_row_once(staff, order):
    pages = walk(staff, order, "prev_url", "at=last&state=open")
    sign = "-" if order.startswith("-") else ""
    assert names(reversed(pages)) == list(staff.order_by(order, f"{sign}id").values_list("username", flat=True))
    assert pages[0].next_url == pages[0].last_url == ""
    assert "state=open" in pages[0].first_url


def test_every_page_costs_two_queries(staff, django_assert_num_queries):
    for query in ("", "at=last"):
        with django_assert_num_queries(2):
            page_of(staff, order="date_joined", query=QueryDict(query), size=5)
    with django_assert_num_queries(1):
        page_of(staff, order="date_joined", size=5, counted=False)


@pytest.mark.parametrize("at", ["a.", "a.%%%", "a.bm90IGpzb24", "a.WzFd", "z.1", "a." + "A" * 600, "a.WyJ4IiwieSJd"])
def test_a_position_that_cannot_be_read_gives_the_first_page(staff, at):
    page = page_of(staff, order="date_joined", query=QueryDict(urlencode({"at": at})), size=5)
    assert page.prev_url == ""
    assert len(page.rows) == 5


def test_an_empty_list_has_one_page(staff):
    page = page_of(staff.none(), order="date_joined")
    assert (page.rows, page.count, page.next_url, page.prev_url) == ([], 0, "", "")


def test_the_count_is_exact_up_to_the_cap(staff):
    assert capped_count(staff, cap=23) == (23, False)
    assert capped_count(staff, cap=22) == (22, True)
    assert page_of(staff, order="username").count == 23
