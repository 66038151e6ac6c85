"""The links of an agency on the matter's page: made and shown once, on a slip, and taken back."""

from __future__ import annotations

import re

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from jishi.base.qr import qr_of
from jishi.matters.agencies import actions, links
from jishi.matters.models import AgencyLink
from jishi.matters.tests import factory

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    cache.clear()
    return factory.a_station()


@pytest.fixture
def matter(house):
    found = factory.a_matter(house, "handling")
    return factory.give(house, found, "refer", agency=house.agency.pk, reason="请查看消防通道")


def at_work(person):
    browser = Client(headers={"Accept-Language": "en"})
    browser.force_login(person)
    return browser


def page_of(browser, matter):
    return browser.get(f"/matters/{matter.number}/").content.decode()


def test_a_link_is_shown_once(house, matter):
    desk = at_work(house.desk)
    assert "None yet. With a link" in page_of(desk, matter)
    made = desk.post(f"/matters/{matter.number}/agency-links/", {"days": "7"})
    assert "no-store" in made["Cache-Control"]
    [address] = set(re.findall(r"http://testserver/agency/[^\s<\"]+/", made.content.decode()))
    token = address.split("/agency/")[1].strip("/")
    link = links.found(token, timezone.now())
    assert link is not None
    assert (link.expires_at - link.made_at).days == 7
    page = page_of(desk, matter)
    assert token not in page
    assert "not used yet" in page
    phone = Client()
    phone.post(f"/agency/{token}/")
    assert "used once" in page_of(desk, matter)
    slip = desk.post(f"/matters/{matter.number}/agency-slip/", {"token": token})
    assert "no-store" in slip["Cache-Control"]
    text = slip.content.decode()
    for seen in (address, house.agency.name, "请查看消防通道", matter.place_name, qr_of(address)["path"]):
        assert seen in text
    assert matter.title not in text


def test_the_address_is_the_one_that_the_operator_says(house, matter, settings):
    settings.ENV = settings.ENV.model_copy(update={"url": "https://jishi.example/"})
    made = at_work(house.desk).post(f"/matters/{matter.number}/agency-links/", {"days": "7"}).content.decode()
    assert "https://jishi.example/agency/" in made
    assert "testserver/agency" not in made


def test_a_slip_is_only_for_a_link_to_this_matter_that_stands(house, matter):
    desk = at_work(house.desk)
    other = factory.a_matter(house, "handling")
    factory.give(house, other, "refer", agency=house.agency.pk, reason="请查看")
    _link, elsewhere = actions.make_link(other, by=house.desk)
    revoked, gone = actions.make_link(matter, by=house.desk)
    actions.revoke_link(revoked, by=house.desk)
    for token in (elsewhere, gone, "x", ""):
        assert desk.post(f"/matters/{matter.number}/agency-slip/", {"token": token}).status_code == 404


def test_what_cannot_be_made_is_said(house, matter):
    desk = at_work(house.desk)
    for days in ("0", "91", "x", ""):
        assert desk.post(f"/matters/{matter.number}/agency-links/", {"days": days}).status_code == 303
    plain = factory.a_matter(house, "handling")
    answer = desk.post(f"/matters/{plain.number}/agency-links/", {"days": "7"}, follow=True)
    assert "stands with no agency now" in answer.content.decode()
    assert AgencyLink.objects.count() == 0


def test_a_link_is_revoked_and_the_page_says_why_others_are_void(house, matter):
    desk = at_work(house.desk)
    first, _token = actions.make_link(matter, by=house.desk)
    actions.make_link(matter, by=house.desk)
    other = factory.a_matter(house, "handling")
    assert desk.post(f"/matters/{other.number}/agency-links/{first.pk}/revoke/").status_code == 404
    assert desk.post(f"/matters/{matter.number}/agency-links/{first.pk}/revoke/").status_code == 303
    page = page_of(desk, matter)
    assert page.count("/revoke/") == 1
    factory.give(house, matter, "recall", reason="不转了")
    page = page_of(desk, matter)
    assert "void: the station recalled the matter" in page
    assert "/revoke/" not in page
    assert "Make a link" not in page


def test_the_page_says_where_the_agency_stands(house, matter):
    desk = at_work(house.desk)
    link, _token = actions.make_link(matter, by=house.desk)
    assert ">asked<" in page_of(desk, matter)
    done = "消防救援大队 reports that it is done; 巡逻组 has yet to see for itself."
    for verb, words, chip, told in (
        ("accept", {}, "accepted", "消防救援大队 accepted this matter."),
        ("report", {"text": "通道已清理"}, "done", done),
    ):
        actions.answer_by_link(link, verb, words, key=verb)
        page = page_of(desk, matter)
        assert f">{chip}<" in page
        assert told in page
    assert "通道已清理" in page
    factory.give(house, matter, "refer", agency=house.agency.pk, reason="再看一次")
    actions.answer_by_link(link, "return", {"reason": "不归我们"}, key="again")
    page = page_of(desk, matter)
    assert "消防救援大队 returned this matter; 巡逻组 stays responsible." in page
    assert ">returned<" in page


def test_who_only_reads_sees_the_links_and_no_buttons(house, matter):
    actions.make_link(matter, by=house.desk)
    for role in ("analyst", "auditor", "checker"):
        page = page_of(at_work(house.people[role]), matter)
        assert "Links for the agency" in page
        assert "/revoke/" not in page
        assert "Make a link" not in page
