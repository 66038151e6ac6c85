"""The list: filters, chips, pages by key, columns, counts, and a number of queries that does not grow."""

from __future__ import annotations

import re
from urllib.parse import quote

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from jishi.register import actions
from jishi.register.models import Element
from jishi.register.tests.factory import SOUTH, WEST, Ground, a_building, a_hydrant

LIST_QUERIES = 8
ADDRESS = "/register/elements/"


@pytest.fixture
def desk(ground: Ground) -> Client:
    """The desk officer's browser."""
    client = Client()
    client.force_login(ground.desk)
    return client


def listed(client: Client, query: str = "") -> list[str]:
    """The numbers on a page of the list."""
    answer = client.get(ADDRESS + query)
    assert answer.status_code == 200
    return re.findall(r'href="/register/elements/([A-Z]+-E-\d+)/" data-open', answer.content.decode())


def test_each_filter_leaves_what_it_says(ground: Ground, desk: Client) -> None:
    point = actions.Point(WEST + 0.005, SOUTH + 0.005)
    hydrant, house = a_hydrant(ground), a_building(ground, grade=2, reasons=["crowds"])
    far = a_hydrant(ground, name="远处消火栓", point=None, attributes={}, area=ground.east.pk)
    gone = a_hydrant(ground, name="拆除的消火栓")
    actions.close_element(gone, by=ground.desk)
    actions.verify_element(hydrant, by=ground.officer, position=point)
    box = f"{WEST},{SOUTH},{WEST + 0.0045},{SOUTH + 0.0045}"
    for query, expected in (
        ("", [hydrant, house, far]), ("?kind=thing", [hydrant, far]), ("?category=place", [house]),
        (f"?area={ground.east.pk}", [far]), ("?freshness=fresh", [hydrant]), ("?freshness=never", [house, far]),
        ("?grade=2", [house]), ("?issue=no_point", [far]), ("?status=closed", [gone]), (f"?q={quote('远处')}", [far]),
        (f"?q={hydrant.number}", [hydrant]), (f"?bbox={box}", [house]), ("?source=elsewhere", []),
        ("?freshness=fresh&sort=due", [hydrant]), ("?kind=person&area=x&grade=9&bbox=1", [hydrant, house, far]),
    ):  # fmt: skip
        assert listed(desk, query) == [element.number for element in expected], query


def test_chips_take_one_filter_away_and_columns_are_kept(ground: Ground, desk: Client) -> None:
    a_building(ground, grade=2, reasons=["crowds"])
    page = desk.get(f"{ADDRESS}?grade=2&kind=place").content.decode()
    assert 'href="?kind=place"' in page
    assert 'href="?grade=2"' in page
    assert "清除全部筛选" in page
    assert desk.post(f"{ADDRESS}columns/", {"column": ["issues"], "asked": "grade=2"}).url == f"{ADDRESS}?grade=2"
    page = desk.get(ADDRESS).content.decode()
    assert '<th scope="col" class="roomy">存疑</th>' in page
    assert '<th scope="col" class="cell-grade">' not in page


def test_it_says_how_many_and_how_fresh(ground: Ground, desk: Client) -> None:
    element = a_hydrant(ground)
    a_hydrant(ground, name="西侧消火栓")
    actions.verify_element(element, by=ground.officer, position=actions.Point(WEST + 0.005, SOUTH + 0.005))
    page = desk.get(ADDRESS).content.decode()
    assert "50.0%" in page
    assert re.search(r'figure-number">2</span>', page)
    assert re.search(r'新鲜 <span class="count">1</span>', page)
    assert "50.0%" not in desk.get(f"{ADDRESS}?issue=no_point").content.decode()


def test_an_empty_register_offers_the_first_step(ground: Ground, desk: Client) -> None:
    page = desk.get(ADDRESS).content.decode()
    assert 'class="empty"' in page
    assert "/register/elements/new/" in page
    auditor = Client()
    auditor.force_login(ground.auditor)
    assert "/register/elements/new/" not in auditor.get(ADDRESS).content.decode()
    assert 'href="/register/elements/">清除全部筛选' in desk.get(f"{ADDRESS}?grade=1").content.decode()


def test_pages_go_on_and_back_at_the_same_price(ground: Ground, desk: Client) -> None:
    for place in range(60):
        a_hydrant(ground, name=f"{place}号消火栓", point=None)
    listed(desk)
    with CaptureQueriesContext(connection) as first:
        numbers = listed(desk)
    assert len(numbers) == 50
    assert len(first) <= LIST_QUERIES, [query["sql"][:90] for query in first]
    follow = re.search(r'href="(\?[^"]*)" rel="next"', desk.get(ADDRESS).content.decode())
    assert follow is not None
    with CaptureQueriesContext(connection) as second:
        rest = listed(desk, follow[1].replace("&amp;", "&"))
    assert len(second) <= LIST_QUERIES
    assert [*numbers, *rest] == list(Element.objects.order_by("pk").values_list("number", flat=True))
