"""Matters and what stands in the register, linked both ways: the report, the list, the two pages."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.http import QueryDict
from django.test import Client
from django.utils import timezone

from jishi.base.errors import Refused
from jishi.matters import element_panels
from jishi.matters import verify as ledger
from jishi.matters.actions import Place, report_matter
from jishi.matters.models import Matter
from jishi.matters.queries import listing, read_filters
from jishi.matters.tests import factory as make
from jishi.register import actions as register
from jishi.register.models import Element

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> make.House:
    return make.a_station()


@pytest.fixture
def hydrant(house: make.House) -> Element:
    return an_element(house, "3号楼东侧消火栓")


def an_element(house: make.House, name: str) -> Element:
    """A hydrant in the area of the house."""
    assert house.area is not None
    return register.create_element(
        house.station, by=house.officer, category="thing.hydrant", name=name, area=house.area.pk,
        attributes={"state": "good", "type": "ground"}, point=register.Point(117.301, 37.101),
    )  # fmt: skip


def browser(person: object) -> Client:
    client = Client()
    client.force_login(person)  # type: ignore[arg-type]
    return client


def a_matter_at(house: make.House, element: Element, title: str = "消火栓漏水", now: datetime | None = None) -> Matter:
    done = report_matter(house.station, by=house.desk, title=title, place=Place(element=element.pk), now=now)
    return Matter.objects.get(pk=done.matter_id)


def numbers(house: make.House, query: str) -> set[str]:
    asked = QueryDict(query)
    found = listing.page(house.desk, house.station.pk, read_filters(asked), asked, timezone.now())
    assert found.count == len(found.rows)
    return {row["number"] for row in found.rows}


def test_a_report_keeps_its_element_and_takes_its_name_area_and_point(house: make.House, hydrant: Element) -> None:
    matter = a_matter_at(house, hydrant)
    assert (matter.element_id, matter.place_name, matter.area_id) == (hydrant.pk, hydrant.name, hydrant.area_id)
    assert (matter.lon, matter.lat) == (hydrant.lon, hydrant.lat)
    assert ledger.verify().ok


def test_the_form_begins_with_the_element_and_sends_it(house: make.House, hydrant: Element) -> None:
    client = browser(house.desk)
    page = client.get(f"/report/?element={hydrant.number}").content.decode()
    assert f'value="{hydrant.number}"' in page
    assert f'value="{hydrant.name}"' in page
    sent = {"title": "消火栓漏水", "key": "k", "element": hydrant.number.lower()}
    assert client.post("/report/", sent).status_code == 303
    matter = Matter.objects.get()
    assert (matter.element, matter.place_name) == (hydrant, hydrant.name)


@pytest.mark.parametrize("number", ["XH-E-999999", "他所的"])
def test_an_element_that_is_not_there_is_refused_at_its_field(house: make.House, number: str) -> None:
    answer = browser(house.desk).post("/report/", {"title": "消火栓漏水", "key": "k", "element": number})
    assert answer.status_code == 422
    assert "id_element" in answer.content.decode()
    assert not Matter.objects.exists()


def test_the_element_of_another_station_is_unknown(house: make.House, hydrant: Element) -> None:
    other = make.a_station("DJ")
    with pytest.raises(Refused, match="element_unknown"):
        report_matter(other.station, by=other.desk, title="消火栓漏水", place=Place(element=hydrant.pk))
    page = browser(other.desk).get(f"/report/?element={hydrant.number}").content.decode()
    assert hydrant.name not in page


def test_what_stands_near_by_is_offered_while_writing(house: make.House, hydrant: Element) -> None:
    client = browser(house.desk)
    written = {"title": "漏水", "place": "东侧消火栓"}
    assert hydrant.number in client.post("/report/similar/", written).content.decode()
    chosen = {**written, "element": hydrant.number}
    assert hydrant.number not in client.post("/report/similar/", chosen).content.decode()


def test_the_list_by_element_holds_those_of_what_was_merged_into_it(house: make.House, hydrant: Element) -> None:
    twin, far = an_element(house, "3号楼消火栓"), an_element(house, "12号楼消火栓")
    kept, merged = a_matter_at(house, hydrant), a_matter_at(house, twin)
    a_matter_at(house, far)
    make.a_matter(house)
    register.merge_elements(hydrant, twin, by=house.officer)
    assert numbers(house, f"element={hydrant.number}") == {kept.number, merged.number}
    assert numbers(house, f"element={hydrant.number}&open=1&state=reported") == {kept.number, merged.number}
    assert numbers(house, f"element={twin.number}") == {merged.number}
    assert numbers(house, "element=XH-E-999999") == set()
    page = browser(house.desk).get(f"/matters/?element={hydrant.number}").content.decode()
    assert f"在 {hydrant.number}" in page


def test_the_matters_page_leads_to_the_element(house: make.House, hydrant: Element) -> None:
    matter = a_matter_at(house, hydrant)
    page = browser(house.desk).get(f"/matters/{matter.number}/").content.decode()
    assert f'href="/register/elements/{hydrant.number}/"' in page


def test_the_elements_page_shows_its_matters_the_open_ones_first(house: make.House, hydrant: Element) -> None:
    closed = make.a_matter(house, "closed")
    Matter.objects.filter(pk=closed.pk).update(element=hydrant)
    old = a_matter_at(house, hydrant, "旧的未结", timezone.now() - timedelta(days=40))
    page = browser(house.desk).get(f"/register/elements/{hydrant.number}/").content.decode()
    assert page.index(old.number) < page.index(closed.number)
    assert f'href="/report/?element={hydrant.number}"' in page
    assert f'href="/matters/?element={hydrant.number}"' in page
    assert "24 个月共 2 件" in page


def test_who_may_not_report_is_offered_no_report(house: make.House, hydrant: Element) -> None:
    page = browser(house.auditor).get(f"/register/elements/{hydrant.number}/").content.decode()
    assert "/report/?element=" not in page
    assert "此处还没有登记过事项" in page


def test_an_element_that_stands_no_more_takes_no_report(house: make.House, hydrant: Element) -> None:
    register.close_element(hydrant, by=house.officer)
    client = browser(house.desk)
    assert "此处事项" not in client.get(f"/register/elements/{hydrant.number}/").content.decode()
    assert hydrant.name not in client.get(f"/report/?element={hydrant.number}").content.decode()


def test_the_months_of_the_trend_end_with_the_running_one() -> None:
    months = element_panels.last_months(date(2026, 2, 28))
    assert (months[0], months[-1], len(months)) == (date(2024, 3, 1), date(2026, 2, 1), 24)
