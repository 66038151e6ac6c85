"""A report from the form: into the loop with its receipt, however it is sent, and never an answer that loses it."""

from __future__ import annotations

import re
from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from jishi.matters.models import Evidence, Matter, Text
from jishi.matters.queries.parties import parties_of
from jishi.matters.tests import factory
from jishi.window import challenge
from jishi.window.models import Held, Receipt
from jishi.window.public import LARGE_COOKIE
from jishi.window.queries.receipts import open_receipt
from jishi.window.tests.public import EN, REPORT, a_stamp, fields, receipt_in, send
from tests.support.photos import a_photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return factory.a_station("XH")


def test_a_report_is_a_matter_and_a_receipt_that_opens_it(house):
    answer = send()
    assert answer.status_code == 201
    matter = Matter.objects.get()
    number, secret = receipt_in(answer.content.decode())
    assert number == matter.number
    assert open_receipt(number, secret, now=timezone.now()).matter == matter
    assert (matter.state, matter.channel, matter.place_name) == ("reported", "window", "和平里小区东门")
    assert "路灯" not in matter.title
    assert "cookie" not in {name.lower() for name in answer.headers}
    assert answer.headers["Cache-Control"] == "no-store, private"


def test_without_scripts_the_second_step_suggests_a_kind_and_says_why(house):
    first = Client().get(REPORT, **EN).content.decode()
    assert "<div data-later hidden>" in first
    page = Client().post(REPORT, fields(step="look"), **EN).content.decode()
    assert "<div data-later>" in page
    assert "Street lighting" in page
    assert "because you wrote “路灯”" in page
    assert Matter.objects.count() == 0
    assert send(category="public.light").status_code == 201
    assert Matter.objects.get().category_id == "public.light"


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ({"other": "traffic"}, "traffic"),
        ({"category": "fire", "other": "traffic"}, "fire"),
        ({"other": "nonsense"}, None),
    ],
)
def test_the_kind_is_the_suggested_one_then_the_chosen_one_and_nonsense_costs_nothing(house, sent, kept):
    assert send(**sent).status_code == 201
    assert Matter.objects.get().category_id == kept


def test_the_same_form_again_is_the_same_report_and_the_same_receipt(house):
    stamp = a_stamp()
    first, again = send(stamp=stamp), send(stamp=stamp)
    assert (first.status_code, again.status_code) == (201, 200)
    assert receipt_in(first.content.decode()) == receipt_in(again.content.decode())
    assert (Matter.objects.count(), Receipt.objects.count()) == (1, 1)


def test_nobody_is_given_what_stands_on_the_receipt_of_another(house):
    def receipt(language="zh", **cookies):
        client = Client()
        client.cookies.load(cookies)
        return client.post(REPORT, fields(), HTTP_ACCEPT_LANGUAGE=language).content.decode()

    first = receipt_in(receipt())
    dark, english, plain = receipt(jishi_theme="dark", jishi_large="1"), receipt("en"), receipt()
    assert len({first, *map(receipt_in, (dark, english, plain))}) == 4
    for page in (dark, english, plain):
        number, secret = receipt_in(page)
        assert f"#{number}.{secret}" in page
        assert not [word for word in first if word in page]
    assert ('data-theme="dark"' in dark, 'class="large"' in dark) == (True, True)
    assert ("data-theme" in plain, 'class="large"' in plain) == (False, False)
    assert ("Keep both" in english, "Keep both" in plain) == (True, False)


def test_a_photo_that_cannot_be_taken_is_named_and_costs_nothing_else(house):
    files = [a_photo("good.jpg"), SimpleUploadedFile("bad.jpg", b"not a photo"), SimpleUploadedFile("none.png", b"")]
    page = send(files=files)
    assert page.status_code == 201
    assert Evidence.objects.filter(matter=Matter.objects.get()).count() == 1
    text = page.content.decode()
    assert "bad.jpg" in text
    assert "good.jpg" not in text


def test_of_more_than_five_photos_the_first_five_are_taken_and_the_rest_is_named(house):
    page = send(files=[a_photo(f"p{place}.jpg") for place in range(7)]).content.decode()
    assert Evidence.objects.count() == 5
    assert [name in page for name in ("p4.jpg", "p5.jpg", "p6.jpg")] == [False, True, True]


def test_a_contact_is_kept_only_with_the_text_that_was_agreed_to(house):
    asked = send(name="王女士", phone="139 0000 0001")
    assert asked.status_code == 422
    assert "东门外路灯三天不亮" in asked.content.decode()
    assert Matter.objects.count() == 0
    assert send(name="王女士", phone="139 0000 0001", agree="statistics.1").status_code == 422
    assert send(name="王女士", phone="139 0000 0001", agree="contact.1").status_code == 201
    assert len(parties_of(Matter.objects.get().pk)) == 1
    assert Receipt.objects.get().party_id is not None


def test_words_with_a_number_are_kept_and_stand_in_no_title(house):
    assert send(words="联系13800138000", place="王某13800138000家门口").status_code == 201
    matter = Matter.objects.get()
    assert "13800138000" not in matter.title + matter.place_name
    assert "13800138000" in Text.objects.get(matter=matter, kind="description").body


def test_an_urgent_need_is_asked_for(house):
    send(urgent="on")
    assert Matter.objects.get().urgent == "asked"


@pytest.mark.parametrize(
    ("sent", "doubt"),
    [
        ({"website": "http://x.example"}, "trap"),
        ({"stamp": "now"}, "quick"),
        ({"words": "http://a.example http://b.example www.c.example"}, "links"),
    ],
)
def test_what_looks_like_a_machines_is_held_with_a_receipt(house, sent, doubt):
    answer = send(**{name: a_stamp(0) if value == "now" else value for name, value in sent.items()})
    assert answer.status_code == 201
    held = Held.objects.get()
    assert held.doubts == [doubt]
    assert Matter.objects.count() == 0
    number, secret = receipt_in(answer.content.decode())
    assert number == held.number
    assert open_receipt(number, secret, now=timezone.now()).matter is None
    assert "路灯" not in str(Held.objects.values().get())


def test_without_photos_it_may_come_the_short_way(house):
    kind = "application/x-www-form-urlencoded"
    answer = Client().post(REPORT, urlencode(fields()), content_type=kind, **EN)
    assert answer.status_code == 201
    assert receipt_in(answer.content.decode())[0] == Matter.objects.get().number


def test_work_done_for_the_stamp_makes_a_quick_one_good(house):
    stamp = a_stamp(0)
    proof = next(str(tried) for tried in range(1_000_000) if challenge.proves(stamp, str(tried)))
    assert send(stamp=stamp, proof=proof).status_code == 201
    assert (Matter.objects.count(), Held.objects.count()) == (1, 0)
    assert not challenge.proves(stamp, "")
    assert not challenge.proves(stamp, "9" * 30)


def test_very_many_from_one_address_are_held_and_then_must_wait(house, monkeypatch):
    from jishi.window.limits import Limit
    from jishi.window.views import report as views

    monkeypatch.setattr(views, "REPORTS", Limit("report", most=3, soft=2))
    assert [send().status_code for _ in range(4)] == [201, 201, 201, 429]
    assert (Matter.objects.count(), Held.objects.count()) == (2, 1)
    refused = send()
    assert refused.headers["Retry-After"] == "3600"
    assert Client().post(REPORT, fields(), REMOTE_ADDR="10.9.8.7").status_code == 201


@pytest.mark.parametrize("stamp", ["", "nonsense", "1.2:3", "\x00", "ü" * 300])
def test_a_form_that_was_not_given_out_here_comes_back_with_its_words(house, stamp):
    answer = send(stamp=stamp)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert "东门外路灯三天不亮" in page
    given = page.split('name="stamp" value="')[1].split('"')[0]
    assert challenge.read_stamp("report", given, timezone.now()) is not None


def test_an_old_form_is_sent_once_more_unless_it_had_arrived(house):
    week = timedelta(days=7).total_seconds()
    assert send(stamp=a_stamp(week)).status_code == 422
    old = challenge.new_stamp("report", timezone.now() - timedelta(days=1))
    assert send(stamp=old).status_code == 201
    assert send(stamp=old).status_code == 200


@pytest.mark.parametrize(
    "wrong",
    [
        {"words": "", "category": ""}, {"place": ""}, {"words": "字" * 5001}, {"phone": "abc", "agree": "contact.1"},
        {"email": "nobody", "agree": "contact.1"}, {"lon": "nan", "lat": "inf", "place": ""},
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_and_nothing_is_lost(house, wrong):
    answer = send(**wrong)
    assert answer.status_code == 422
    assert Matter.objects.count() == 0
    assert wrong.get("words", "东门外路灯三天不亮")[:20] in answer.content.decode()


def test_a_sign_that_no_database_keeps_is_left_out_of_the_words(house):
    assert send(words="路灯\x00不亮", place="东\x00门").status_code == 201
    assert Text.objects.get(kind="description").body == "路灯不亮"


def test_a_point_that_is_nowhere_leaves_the_place_as_it_was_told(house):
    assert send(lon="500", lat="x").status_code == 201
    assert Matter.objects.get().lon is None
    assert send(lon="117.30", lat="37.10").status_code == 201
    assert Matter.objects.filter(lon=117.30).count() == 1


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b'--x\r\nContent-Disposition: form-data; name="words"\r\n\r\n', "multipart/form-data; boundary=x"),
        (b"\xff\xfe\x00", "multipart/form-data"),
        (b"words=%ff%fe&place=%00", "application/x-www-form-urlencoded"),
        (b"words=" + b"&a=1" * 2000, "application/x-www-form-urlencoded"),
        (b"{}", "application/json"),
        (b"words=x", "application/x-www-form-urlencoded; charset=utf-99"),
    ],
)
def test_what_cannot_be_read_is_never_a_failure(house, body, kind):
    for address in (REPORT, "/window/XH/report/look/", "/window/XH/follow/", "/window/receipt.pdf"):
        assert Client().generic("POST", address, body, content_type=kind).status_code in (200, 400, 404, 422)


def test_the_receipt_on_paper_opens_for_number_and_secret_alone(house):
    number, secret = receipt_in(send().content.decode())
    paper = Client().post("/window/receipt.pdf", {"number": number, "secret": secret})
    assert paper.headers["Content-Type"] == "application/pdf"
    assert paper.content.startswith(b"%PDF-")
    wrong = Client().post("/window/receipt.pdf", {"number": number, "secret": "0000-0000-0000"})
    unknown = Client().post("/window/receipt.pdf", {"number": "XH-2020-999999", "secret": secret})
    assert wrong.status_code == unknown.status_code == 422
    assert wrong.content == unknown.content


def test_enter_in_a_field_never_means_me_too(house):
    """The first button of a form is what Enter presses; what is known nearby stands before the last."""
    buttons = re.compile(r"<button[^>]*>")
    for sent, step in ((fields(lon="117.3", lat="37.1", step="look"), False), (None, True)):
        page = (Client().post(REPORT, sent, **EN) if sent else Client().get(REPORT, **EN)).content.decode()
        first = buttons.findall(page[page.index('data-report="') :])[0]
        assert "data-enter" in first
        assert ('value="look"' in first, "disabled" in first) == (step, not step)


def test_every_field_that_can_be_wrong_is_named_in_the_readers_language(house):
    page = Client().post(REPORT, fields(name="王女士"), HTTP_ACCEPT_LANGUAGE="zh-hans").content.decode()
    assert '<a href="#id_agree">同意我们答复您</a>' in page


def test_what_a_post_answered_is_made_large_where_it_stands(house):
    """Nothing leads away from a receipt, which is shown once, or from what was written and is looked at again."""
    page = Client().get(REPORT, **EN).content.decode()
    assert ('name="next"' in page, 'id="large-here"' in page) == (True, False)
    client = Client(**EN)
    for large in (False, True):
        client.cookies[LARGE_COOKIE] = "1" if large else "0"
        for sent in (fields(), fields(step="look"), fields(name="王女士"), fields(stamp="")):
            page = client.post(REPORT, sent).content.decode()
            switch = re.search(r'<input type="checkbox"[^>]* id="large-here"[^>]*>', page)
            assert switch
            assert ("checked" in switch[0], 'class="large"' in page, 'name="next"' in page) == (large, large, False)
