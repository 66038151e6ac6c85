"""Counter mode: a clerk files on somebody's behalf, and the receipt opens it like any other."""

from __future__ import annotations

import pytest
from django.test import Client
from django.utils import timezone

from jishi.matters.models import Matter
from jishi.matters.queries.parties import parties_of
from jishi.matters.tests import factory
from jishi.window.models import Receipt
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


def test_the_form_stands_on_a_screen_of_its_own(clerk):
    page = clerk.get(ADDRESS).content.decode()
    assert '<body class="counter">' in page
    assert 'class="rail"' not in page
