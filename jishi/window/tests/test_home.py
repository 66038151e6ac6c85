"""The way in, and how its pages are shown."""

from __future__ import annotations

import pytest
from django.test import Client

from jishi.matters.tests import factory
from jishi.window import doors

pytestmark = pytest.mark.django_db
EN = {"HTTP_ACCEPT_LANGUAGE": "en"}


def test_one_station_is_come_to_at_once_and_several_are_offered():
    factory.a_station("XH")
    assert Client().get("/window/").headers["Location"] == "/window/XH/"
    factory.a_station("YH", "永和派出所")
    assert "永和派出所" in Client().get("/window/").content.decode()


def test_a_station_that_is_not_there_has_a_page_of_the_window():
    answer = Client().get("/window/NO/", **EN)
    assert answer.status_code == 404
    assert "Back to the window" in answer.content.decode()


def test_every_page_says_whom_to_call_first_and_sets_no_cookie():
    factory.a_station("XH")
    answer = Client().get("/window/XH/")
    page = answer.content.decode()
    assert page.index("tel:110") < page.index("<h1>")
    assert answer.cookies == {}
    assert answer.headers["Referrer-Policy"] == "no-referrer"


def test_language_and_large_type_are_kept_by_the_browser():
    factory.a_station("XH")
    client = Client()
    sent = {"language": "en", "next": "/window/XH/"}
    assert client.post("/window/settings/", sent).headers["Location"] == "/window/XH/"
    client.post("/window/settings/", {"large": "1", "next": "https://example.org/"})
    page = client.get("/window/XH/").content.decode()
    assert '<html lang="en" class="large"' in page
    assert 'class="large"' in client.get("/q/NOSUCH/").content.decode()
    assert client.post("/window/settings/", {"next": "//example.org"}).headers["Location"] == "/window/"


def test_another_site_sends_nothing_in_a_readers_name():
    answer = Client().post("/window/settings/", {"language": "en"}, headers={"Sec-Fetch-Site": "cross-site"}, **EN)
    assert answer.status_code == 422
    assert answer.cookies == {}
    assert "another site" in answer.content.decode()


def test_a_part_adds_its_door_by_itself():
    house = factory.a_station("XH")
    door = doors.Door("trial", 1, "Trial door", "", "window:home", "info")
    doors.register_door(door)
    try:
        assert (door, "/window/XH/") in doors.doors_of(house.station)
        assert "Trial door" in Client().get("/window/XH/").content.decode()
    finally:
        doors._doors.pop("trial")


def test_an_address_at_which_nothing_is_stays_at_the_window():
    factory.a_station("XH")
    for address in ("/window/XH/nothing/", "/window/XH/notices/nothing/"):
        answer = Client().get(address, **EN)
        page = answer.content.decode()
        assert answer.status_code == 404
        assert 'href="/window/"' in page
        assert "tel:110" in page
    assert Client().get("/window/XH/report", **EN).headers["Location"] == "/window/XH/report/"


def test_larger_type_leads_back_to_the_very_page():
    factory.a_station("XH")
    page = Client().get("/window/XH/report/?at=ABCDEFGHJK", **EN).content.decode()
    assert 'name="next" value="/window/XH/report/?at=ABCDEFGHJK"' in page
