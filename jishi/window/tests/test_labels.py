"""Printed codes: one for a thing, scanned it opens the form that knows where it is, replaced it leads nowhere."""

from __future__ import annotations

import pytest
from django.test import Client

from jishi.base.errors import Refused
from jishi.matters.models import Matter
from jishi.matters.tests import factory
from jishi.register.actions import create_element
from jishi.window.actions.labels import MOST, labels_for, may_print, replace_label
from jishi.window.models import Label
from jishi.window.tests.public import EN, send

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return factory.a_station("XH")


@pytest.fixture
def hydrant(house):
    values = {"state": "good", "type": "ground"}
    return create_element(house.station, by=house.desk, category="thing.hydrant", name="东门消火栓", attributes=values)


@pytest.fixture
def desk(house):
    browser = Client()
    browser.force_login(house.desk)
    return browser


def test_a_thing_has_one_code_until_it_is_replaced(house, hydrant, now):
    first = labels_for([hydrant], by=house.desk, now=now)[hydrant.pk]
    assert labels_for([hydrant], by=house.officer, now=now)[hydrant.pk] == first
    second = replace_label(hydrant, by=house.desk, now=now)
    assert second != first
    assert Client().get(f"/q/{first}/", **EN).status_code == 404
    assert Client().get(f"/q/{second}/").headers["Location"] == f"/window/XH/report/?at={second}"


def test_the_scanned_form_knows_where_it_is_and_the_report_stands_at_the_thing(house, hydrant, now):
    token = labels_for([hydrant], by=house.desk, now=now)[hydrant.pk]
    page = Client().get(f"/window/XH/report/?at={token}", **EN).content.decode()
    assert "东门消火栓" in page
    assert hydrant.number not in page.split("<main")[1].split("report-words")[0].replace(
        f'value="{hydrant.number}"', ""
    )
    assert send(at=token, place="").status_code == 201
    matter = Matter.objects.get()
    assert (matter.element_id, matter.place_name) == (hydrant.pk, "东门消火栓")


@pytest.mark.parametrize("token", ["NOSUCHCODE", "%00", "x" * 200])
def test_a_code_that_is_not_in_use_leads_to_the_open_form(house, token):
    assert Client().get(f"/q/{token}/", **EN).status_code == 404
    page = Client().get(f"/window/XH/report/?at={token}", **EN)
    assert page.status_code == 200
    assert "This code leads nowhere any more" in page.content.decode()


def test_the_sheet_shows_each_code_as_often_as_asked(house, hydrant, desk):
    sheet = desk.post("/desk/window/labels/sheet/", {"number": hydrant.number, "copies": "3"}, **EN)
    page = sheet.content.decode()
    assert page.count('class="label"') == 3
    assert Label.objects.get().token in page
    assert desk.post("/desk/window/labels/sheet/", {"number": "XH-E-0"}, **EN).status_code == 404


def test_the_list_of_the_register_is_what_can_be_printed(house, hydrant, desk):
    assert hydrant.number in desk.get("/desk/window/labels/", **EN).content.decode()
    assert "The list is empty" in desk.get("/desk/window/labels/?q=没有这个", **EN).content.decode()


def test_the_page_of_a_thing_leads_to_its_label(house, hydrant, desk):
    address = f"/register/elements/{hydrant.number}/"
    assert "It has no code yet" in desk.get(address, **EN).content.decode()
    replaced = desk.post(f"/desk/window/labels/{hydrant.number}/replace/", **EN)
    assert replaced.content.decode().count('class="label"') == 1
    assert "Replace a lost label" in desk.get(address, **EN).content.decode()


def test_who_walks_the_ground_prints_and_nobody_prints_too_much(house, hydrant, now):
    assert may_print(house.auxiliary, house.station.pk)
    for person in (house.analyst, house.auditor, factory.a_station("YH", "永和派出所").desk):
        with pytest.raises(Refused, match="not_allowed"):
            labels_for([hydrant], by=person, now=now)
    with pytest.raises(Refused, match="too_many_labels"):
        labels_for([hydrant] * (MOST + 1), by=house.desk, now=now)
