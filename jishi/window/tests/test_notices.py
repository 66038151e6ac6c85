"""公告: written by the desk, read by everybody while they last, withdrawn for good."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone, translation

from jishi.base.errors import Refused
from jishi.journal.models import Event
from jishi.matters.tests import factory
from jishi.window.actions.notices import Said, change_notice, withdraw_notice, write_notice
from jishi.window.models import Notice
from jishi.window.queries.notices import shown_at
from jishi.window.tests.windows import EN

pytestmark = pytest.mark.django_db
NOW = timezone.now()
WORDS = {"title_zh": "防诈骗提醒", "text_zh": "客服不会索要验证码。\r\n\r\n拿不准就打值班电话。"}


@pytest.fixture
def house():
    return factory.a_station("XH")


def said(**more) -> Said:
    return Said(
        **{"title_zh": "防诈骗提醒", "text_zh": "客服不会索要验证码。", "starts": NOW - timedelta(hours=1), **more}
    )


def client_of(person) -> Client:
    client = Client(**EN)
    client.force_login(person)
    return client


def test_the_public_reads_what_is_current_what_stands_first_before_the_newest(house):
    made = [
        write_notice(house.station, said(title_zh=title, **more), by=house.desk, now=NOW)
        for title, more in (
            ("置顶", {"pinned": True, "starts": NOW - timedelta(days=9)}),
            ("昨天", {"starts": NOW - timedelta(days=1)}),
            ("刚才", {}),
            ("明天", {"starts": NOW + timedelta(days=1)}),
            ("过期", {"starts": NOW - timedelta(days=2), "ends": NOW - timedelta(days=1)}),
        )
    ]
    assert [each.title_zh for each in shown_at(house.station.pk, NOW)] == ["置顶", "刚才", "昨天"]
    page = Client().get("/window/XH/notices/").content.decode()
    assert [title in page for title in ("置顶", "刚才", "昨天", "明天", "过期")] == [True, True, True, False, False]
    assert Client().get(f"/window/XH/notices/{made[2].pk}/").status_code == 200
    for hidden in (made[3].pk, made[4].pk, 999_999):
        assert Client().get(f"/window/XH/notices/{hidden}/").status_code == 404


def test_another_stations_notice_is_not_here(house):
    factory.a_station("YH")
    made = write_notice(house.station, said(), by=house.desk, now=NOW)
    assert Client().get(f"/window/YH/notices/{made.pk}/").status_code == 404


def test_english_words_are_read_where_there_are_some(house):
    made = write_notice(house.station, said(title_en="Beware of fraud", text_en="Hang up."), by=house.desk, now=NOW)
    plain = write_notice(house.station, said(), by=house.desk, now=NOW)
    with translation.override("en"):
        assert (made.title, plain.title) == ("Beware of fraud", "防诈骗提醒")
    assert "Hang up." in Client(**EN).get(f"/window/XH/notices/{made.pk}/").content.decode()
    assert "in Chinese only" in Client(**EN).get(f"/window/XH/notices/{plain.pk}/").content.decode()


def test_the_feed_holds_what_is_current(house):
    write_notice(house.station, said(), by=house.desk, now=NOW)
    answer = Client().get("/window/XH/notices/feed/")
    assert answer["Content-Type"].startswith("application/atom+xml")
    assert "防诈骗提醒" in answer.content.decode()


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"title_zh": " "}, "missing"),
        ({"text_zh": ""}, "missing"),
        ({"title_en": "Beware"}, "notice_half_english"),
        ({"text_en": "Hang up."}, "notice_half_english"),
        ({"ends": NOW - timedelta(hours=2)}, "notice_ends_first"),
        ({"text_zh": "请联系13800138000"}, "personal"),
        ({"title_en": "x", "text_en": "card 11010519491231002X"}, "personal"),
    ],
)
def test_what_is_half_or_names_somebody_is_refused(house, more, code):
    with pytest.raises(Refused, match=code):
        write_notice(house.station, said(**more), by=house.desk, now=NOW)
    assert not Notice.objects.exists()


def test_changing_needs_the_version_that_was_seen(house):
    made = write_notice(house.station, said(), by=house.desk, now=NOW)
    change_notice(made.pk, said(title_zh="新标题"), by=house.chief, now=NOW, version=1)
    with pytest.raises(Refused, match="stale"):
        change_notice(made.pk, said(), by=house.desk, now=NOW, version=1)
    assert Notice.objects.get().title_zh == "新标题"


def test_withdrawing_is_for_good_and_in_the_journal_without_words(house):
    made = write_notice(house.station, said(), by=house.desk, now=NOW)
    withdraw_notice(made.pk, by=house.desk, now=NOW, version=1)
    with pytest.raises(Refused, match="notice_withdrawn"):
        change_notice(made.pk, said(), by=house.desk, now=NOW, version=2)
    events = Event.objects.filter(subject_kind="window_notice").order_by("pk")
    assert [event.kind for event in events] == ["window.notice_published", "window.notice_withdrawn"]
    assert "诈骗" not in "".join(event.payload for event in events)
    assert Client().get(f"/window/XH/notices/{made.pk}/").status_code == 404


def test_only_who_works_behind_the_window_writes(house):
    for role in ("officer", "auxiliary", "checker", "analyst", "auditor", "administrator"):
        with pytest.raises(Refused, match="not_allowed"):
            write_notice(house.station, said(), by=house.people[role], now=NOW)
    other = factory.a_station("YH")
    made = write_notice(house.station, said(), by=house.desk, now=NOW)
    with pytest.raises(Refused, match="not_found"):
        withdraw_notice(made.pk, by=other.desk, now=NOW, version=1)


def test_the_desk_looks_at_it_first_then_gives_it_out(house):
    client = client_of(house.desk)
    looked = client.post("/desk/window/notices/new/", {**WORDS, "step": "look"})
    assert looked.status_code == 200
    assert "So it will be read" in looked.content.decode()
    assert not Notice.objects.exists()
    assert client.post("/desk/window/notices/new/", WORDS).status_code == 303
    made = Notice.objects.get()
    assert made.text_zh == "客服不会索要验证码。\n\n拿不准就打值班电话。"
    page = Client().get(f"/window/XH/notices/{made.pk}/").content.decode()
    assert page.count('class="notice-words"') == 2


def test_the_form_says_what_is_wrong_and_keeps_the_words(house):
    client = client_of(house.desk)
    for step in ("look", "out"):
        answer = client.post("/desk/window/notices/new/", {**WORDS, "text_zh": "打13800138000", "step": step})
        assert answer.status_code == 422
        assert "打13800138000" in answer.content.decode()
    made = write_notice(house.station, said(), by=house.desk, now=NOW)
    address = f"/desk/window/notices/{made.pk}/"
    assert "防诈骗提醒" in client.get(address).content.decode()
    assert client.post(address, {**WORDS, "version": 7}).status_code == 409
    assert client.post(address, {**WORDS, "version": 1, "step": "look"}).status_code == 200
    assert client.post(address, {**WORDS, "title_zh": "", "version": 1}).status_code == 422
    assert client.post(address, {**WORDS, "version": 1}).status_code == 303
    assert client.post(f"{address}withdraw/", {"version": 2}).status_code == 303
    listed = client.get("/desk/window/notices/").content.decode()
    assert "withdrawn" in listed
    assert "cannot be shown again" in client.get(address).content.decode()


def test_there_is_a_door_only_while_there_is_something_to_read(house):
    address = "/window/XH/notices/"
    assert f'href="{address}"' not in Client().get("/window/XH/").content.decode()
    assert "There is no notice now" in Client(**EN).get(address).content.decode()
    write_notice(house.station, said(), by=house.desk, now=NOW)
    assert f'href="{address}"' in Client().get("/window/XH/").content.decode()
