"""An element's page: what it shows to whom, its past, and a number of queries that does not grow."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jishi.register import actions, slots
from jishi.register.models import Element
from jishi.register.tests.factory import SOUTH, WEST, Ground, a_building, a_hydrant
from jishi.stations.actions import give_post
from jishi.stations.models import Bureau, Staff, Station

PAGE_QUERIES = 19
NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)
HERE = actions.Point(WEST + 0.005, SOUTH + 0.005)


@pytest.fixture
def desk(ground: Ground) -> Client:
    """The desk officer's browser."""
    client = Client()
    client.force_login(ground.desk)
    return client


def text_of(client: Client, element: Element, query: str = "") -> str:
    """The page of an element."""
    answer = client.get(f"/register/elements/{element.number}/{query}")
    assert answer.status_code == 200
    return answer.content.decode()


def test_it_says_what_how_fresh_and_whose_area(ground: Ground, desk: Client) -> None:
    element = a_hydrant(ground)
    page = text_of(desk, element)
    assert all(words in page for words in (element.name, element.number, "和平里社区", "从未核查"))
    actions.verify_element(element, by=ground.officer, position=HERE)
    page = text_of(desk, element)
    assert "从未核查" not in page
    assert "data-due=" in page
    assert "每 90 天" in page


def test_attributes_are_made_from_the_schema_and_say_what_is_missing(ground: Ground, desk: Client) -> None:
    page = text_of(desk, a_building(ground, attributes={"floors": 6, "indoor_hydrants": True}))
    assert all(words in page for words in ("地上层数", "<dd>6</dd>", "室内消火栓", "<dd>是</dd>", "缺"))
    english = Client()
    ground.officer.language = "en"
    ground.officer.save()
    english.force_login(ground.officer)
    page = text_of(english, Element.objects.get())
    assert all(words in page for words in ("Floors above ground", "<dd>yes</dd>", "missing"))


def test_links_parts_contacts_counts_and_visits_stand_there(ground: Ground, desk: Client) -> None:
    building, shop = a_building(ground), a_building(ground, name="和平里超市", category="place.shop", attributes={})
    actions.link_elements(shop, building, "inside", by=ground.desk)
    actions.add_part(building, name="水泵房", cadence=7, by=ground.desk)
    actions.set_contact(building, role="manager", reach="0533-2100000", by=ground.desk)
    actions.record_counts(building, on=date(2026, 3, 1), households=36, long_term=90, temporary=12, by=ground.desk)
    actions.record_visit(building, doors=36, reached=30, hazards={"gas": 2}, needs={"advice": 5}, by=ground.desk)
    page = text_of(desk, building)
    assert all(words in page for words in ("内有", shop.name, "水泵房", "36", "燃气泄漏或软管老化 2", "30"))
    assert "0533-2100000" not in page
    assert "位于" in text_of(desk, shop)


def test_the_history_names_fields_values_people_and_lists(ground: Ground, desk: Client) -> None:
    element = a_hydrant(ground)
    actions.change_element(
        element, {"name": "3号楼西侧消火栓", "area": ground.east.pk, "attributes": {"state": "broken"}}, by=ground.desk,
        source=actions.Source("消防栓台账", date(2026, 2, 1)),
    )  # fmt: skip
    page = text_of(desk, element)
    assert all(
        words in page
        for words in (
            "3号楼东侧消火栓</del>",
            "3号楼西侧消火栓</ins>",
            "建设路社区</ins>",
            "消防栓台账",
            "2026-02-01",
            "张某",
        )
    )


def test_any_past_day_can_be_shown(ground: Ground, desk: Client) -> None:
    element = a_hydrant(ground, now=NOW)
    actions.verify_element(element, by=ground.officer, position=HERE, at=NOW, now=NOW)
    actions.change_element(element, {"name": "改过的名称"}, by=ground.desk, now=NOW + timedelta(days=10))
    page = text_of(desk, element, "?as_of=2026-03-05")
    assert "<h1>3号楼东侧消火栓</h1>" in page
    assert "2026-03-05 当天结束时" in page
    assert "data-due" not in page
    assert "commands-bar" not in page
    assert "还剩" in page
    assert "<h1>改过的名称</h1>" in text_of(desk, element, "?as_of=2026-03-12")
    assert "超时" in text_of(desk, element, "?as_of=2026-08-12") or timezone.now().year < 2027
    assert "还没有登记" in text_of(desk, element, "?as_of=2026-03-01")
    for unreadable in ("?as_of=yesterday", "?as_of=2026-02-31", "?as_of="):
        assert "commands-bar" in text_of(desk, element, unreadable)


def test_a_merged_one_points_to_the_one_that_stays(ground: Ground, desk: Client) -> None:
    keep, lose = a_hydrant(ground), a_hydrant(ground, name="东侧消火栓")
    actions.merge_elements(keep, lose, by=ground.desk)
    assert keep.number in text_of(desk, lose)
    assert lose.number in text_of(desk, keep)


@pytest.mark.parametrize(
    ("role", "words"),
    [("desk", "全部正确"), ("auxiliary", "全部正确"), ("analyst", ""), ("auditor", ""), ("administrator", "")],
)
def test_it_offers_what_the_post_allows(ground: Ground, role: str, words: str) -> None:
    client = Client()
    client.force_login(ground.people[role])
    page = text_of(client, a_hydrant(ground))
    assert ("全部正确" in page) == bool(words)
    assert ("commands-bar" in page) == bool(words)


def test_another_stations_element_is_not_there(ground: Ground) -> None:
    element = a_hydrant(ground)
    other = Station.objects.create(
        bureau=Bureau.objects.create(code="zz", name="外地分局"), code="ZZ", name="外地派出所"
    )
    stranger = Staff.objects.create(username="stranger")
    give_post(stranger, role="chief", station=other)
    client = Client()
    client.force_login(stranger)
    assert client.get(f"/register/elements/{element.number}/").status_code == 404
    assert client.get(f"/register/elements/{element.number}/change/").status_code == 404


def test_rooms_above_put_panels_there(ground: Ground, desk: Client) -> None:
    element = a_hydrant(ground)
    slots.register(
        slots.Panel("tests", "register/choose.html", lambda _request, it: None if it.grade else {"groups": []}, 0)
    )
    try:
        request = desk.get(f"/register/elements/{element.number}/").wsgi_request
        assert slots.panels_of(request, element)["main"][0] == ("register/choose.html", {"groups": []})
        element.grade = 1
        assert "register/choose.html" not in dict(slots.panels_of(request, element)["main"])
    finally:
        slots.unregister("tests")


def test_the_page_takes_few_queries_whatever_hangs_on_it(ground: Ground, desk: Client) -> None:
    element = a_building(ground)
    text_of(desk, element)
    for place in range(12):
        other = a_building(ground, name=f"和平里{place + 20}号楼")
        actions.link_elements(other, element, "inside", by=ground.desk)
        actions.add_part(element, name=f"配电间{place}", cadence=30, by=ground.desk)
        actions.verify_element(element, by=ground.officer, position=HERE)
        actions.record_visit(element, doors=9, reached=place % 9, hazards={}, needs={}, by=ground.desk)
    with CaptureQueriesContext(
        connection,
    ) as many:
        text_of(desk, element)
    assert len(many) <= PAGE_QUERIES, [query["sql"][:100] for query in many]
