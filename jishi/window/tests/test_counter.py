"""Counter mode: a clerk files on somebody's behalf, and the receipt opens it like any other."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.utils import timezone

from jishi.matters.actions import Place, report_matter
from jishi.matters.models import Matter
from jishi.matters.queries.parties import parties_of
from jishi.matters.tests import factory
from jishi.register.actions import Point, create_element
from jishi.window.models import Receipt
from jishi.window.queries.nearby import mark_of
from jishi.window.queries.receipts import open_receipt
from jishi.window.tests.windows import EN
from tests.support.photos import a_photo

pytestmark = pytest.mark.django_db
ADDRESS = "/desk/window/counter/"
SAID = {"words": "楼道灯坏了，老人上下楼看不见", "place": "和平里3号楼", "language": "zh-hans", "key": "a" * 32}


@pytest.fixture
def house():
    return factory.a_station("XH")


@pytest.fixture
def clerk(house):
    client = Client(**EN)
    client.force_login(house.desk)
    return client


def secret_on(page: str) -> str:
    return page.partition('class="counter-secret">')[2].partition("<")[0]


def test_a_report_at_the_counter_is_the_publics_own(house, clerk):
    answer = clerk.post(ADDRESS, {**SAID, "area": house.area.pk, "category": "public.light", "files": [a_photo()]})
    assert answer.status_code == 201
    matter = Matter.objects.get()
    assert (matter.channel, matter.state, matter.area_id) == ("counter", "reported", house.area.pk)
    assert matter.title.endswith(" · 和平里3号楼")
    assert "楼道灯" not in matter.title
    opened = open_receipt(matter.number, secret_on(answer.content.decode()), now=timezone.now())
    assert opened.matter == matter


def test_the_same_form_twice_is_one_report_and_one_receipt(house, clerk):
    first, again = (clerk.post(ADDRESS, SAID) for _time in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert secret_on(first.content.decode()) == secret_on(again.content.decode())
    assert (Matter.objects.count(), Receipt.objects.count()) == (1, 1)


def test_the_receipt_speaks_the_language_of_whoever_takes_it(clerk):
    assert "回执" in clerk.post(ADDRESS, SAID).content.decode()
    assert "Receipt of a report" in clerk.post(ADDRESS, {**SAID, "key": "b" * 32, "language": "en"}).content.decode()


def test_a_contact_is_kept_only_with_consent(house, clerk):
    asked = clerk.post(ADDRESS, {**SAID, "name": "陈女士", "phone": "13900000001"})
    assert asked.status_code == 422
    assert "Read the text to them" in asked.content.decode()
    assert clerk.post(ADDRESS, {**SAID, "phone": "13900000001", "agree": "on"}).status_code == 201
    assert len(parties_of(Matter.objects.get().pk)) == 1


def test_what_is_missing_or_wrong_is_said_and_the_words_stay(clerk):
    for wrong in ({"words": ""}, {"place": ""}, {"email": "not an address"}, {"phone": "call me"}, {"key": "x"}):
        answer = clerk.post(ADDRESS, {**SAID, **wrong})
        assert answer.status_code == 422, wrong
    assert not Matter.objects.exists()


def test_an_urgent_need_of_the_counter_waits_for_the_desks_word(clerk):
    clerk.post(ADDRESS, {**SAID, "urgent": "on"})
    assert Matter.objects.get().urgent == "asked"


def test_a_file_that_cannot_be_taken_costs_nobody_the_report(clerk):
    from django.core.files.uploadedfile import SimpleUploadedFile

    answer = clerk.post(ADDRESS, {**SAID, "files": [SimpleUploadedFile("x.jpg", b"no photo", "image/jpeg")]})
    assert answer.status_code == 201
    assert "以下文件未能收下" in answer.content.decode()


def test_photos_that_the_answer_cannot_hold_are_asked_for_again(clerk):
    again = "Photos that were chosen before must be chosen again."
    for more in ({"step": "look"}, {"place": ""}):
        assert again in clerk.post(ADDRESS, {**SAID, **more, "files": [a_photo()]}).content.decode()
        assert again not in clerk.post(ADDRESS, {**SAID, **more}).content.decode()
    assert not Matter.objects.exists()


def test_enter_presses_nothing_once_what_is_known_was_shown(clerk):
    first = re.compile(r"<button[^>]* data-enter[^>]*>")
    for page, looks in ((clerk.get(ADDRESS), True), (clerk.post(ADDRESS, {**SAID, "step": "look"}), False)):
        button = first.search(page.content.decode())
        assert button
        assert ('value="look"' in button[0], "disabled" in button[0]) == (looks, not looks)


def test_the_form_stands_on_a_screen_of_its_own(clerk):
    page = clerk.get(ADDRESS).content.decode()
    assert '<body class="counter">' in page
    assert 'class="rail"' not in page


def a_hydrant(house, name):
    """A place of the register, with an area and a point."""
    return create_element(
        house.station, by=house.officer, category="thing.hydrant", name=name, area=house.area.pk,
        attributes={"state": "good", "type": "ground"}, point=Point(117.301, 37.101),
    )  # fmt: skip


@pytest.fixture
def lamp(house):
    """A lamp that is known to be dark, at a place of the register."""
    where = a_hydrant(house, "和平里路口消火栓")
    place = Place("和平里路口", house.area.pk, element=where.pk)
    done = report_matter(house.station, by=house.desk, title="内部标题", category="public.light", place=place)
    return Matter.objects.get(pk=done.matter_id)


def test_the_clerk_is_shown_places_and_what_is_known_there(clerk, lamp):
    look = f"{ADDRESS}look/"
    page = clerk.post(look, {**SAID, "place": "和平里路口"}).content.decode()
    assert f'value="{lamp.element.number}"' in page
    assert 'name="which"' not in page
    for answer in (
        clerk.post(look, {**SAID, "element": lamp.element.number}),
        clerk.post(ADDRESS, {**SAID, "element": lamp.element.number, "step": "look"}),
    ):
        page = answer.content.decode()
        assert 'name="which"' in page
        assert "Already known here" in page
        assert "内部标题" not in page
    assert Matter.objects.count() == 1
    another = {**SAID, "element": lamp.element.number, "words": "楼梯口堵了", "category": "fire.exit"}
    assert 'name="which"' not in clerk.post(look, another).content.decode()


def test_this_person_follows_what_is_known_with_a_receipt_and_no_second_report(clerk, lamp):
    sent = {**SAID, "which": mark_of(lamp.pk)}
    first, again = (clerk.post(f"{ADDRESS}follow/", sent) for _time in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    page = first.content.decode()
    assert "关注回执" in page
    assert secret_on(page) == secret_on(again.content.decode())
    opened = open_receipt(lamp.number, secret_on(page), now=timezone.now())
    assert (opened.matter, opened.receipt.kind) == (lamp, "follower")
    assert (Matter.objects.count(), Receipt.objects.count()) == (1, 1)
    for wrong, why in (({"which": "1"}, "nearby_gone"), ({"key": "x"}, "stamp_unknown")):
        answer = clerk.post(f"{ADDRESS}follow/", {**sent, **wrong})
        assert (answer.status_code, Receipt.objects.count()) == (422, 1), why


def test_the_place_that_was_chosen_is_the_matters_own(clerk, lamp):
    assert clerk.post(ADDRESS, {**SAID, "element": lamp.element.number}).status_code == 201
    made = Matter.objects.exclude(pk=lamp.pk).get()
    assert (made.element, made.area_id) == (lamp.element, lamp.area_id)
    assert made.lon == lamp.lon
    other = factory.a_station("YH", "永和派出所")
    away = a_hydrant(other, "别处的消火栓")
    assert clerk.post(ADDRESS, {**SAID, "key": "c" * 32, "element": away.number}).status_code == 201
    assert Matter.objects.order_by("-pk")[0].element is None
