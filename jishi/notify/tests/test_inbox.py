"""The inbox: by day, the unread ones marked, read by POST alone, and what the bell asks for."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.conf import settings
from django.utils import timezone

from jishi.notify import kinds, queries
from jishi.notify.models import Delivery
from jishi.notify.tests.conftest import NOW, a_person
from jishi.notify.tickets import SECONDS, make_ticket, read_ticket
from jishi.stations.models import Role

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(client, li):
    client.force_login(li)
    return client


def page(reader, query=""):
    return reader.get(f"/notices/{query}", headers={"Accept-Language": "zh-hans"}).content.decode()


def test_it_stands_by_day_with_what_it_says_and_why(reader, tell, li):
    now = timezone.now()
    tell(li, now=now - timedelta(days=40), facts={"n": 1})
    tell(li, now=now - timedelta(days=1), facts={"n": 2})
    tell(li, now=now, grade=1, facts={"n": 3}, kind="test.late")
    shown = page(reader)
    assert shown.index("今天") < shown.index("事3") < shown.index("昨天") < shown.index("事2") < shown.index("事1")
    assert "XH-2026-000001" in shown
    assert "您是该单位的负责人。" in shown
    assert 'href="/matters/17/"' in shown
    assert "grade-1" in shown
    assert shown.count("inbox-unread") == 3


def test_reading_is_a_post_and_only_of_ones_own(reader, client, tell, li, wang):
    tell(li, wang)
    mine, other = (Delivery.objects.get(staff=who) for who in (li, wang))
    assert reader.get(f"/notices/{mine.pk}/read/").status_code == 405
    assert reader.post(f"/notices/{other.pk}/read/").status_code == 404
    answer = reader.post(f"/notices/{mine.pk}/read/", {"next": "/matters/17/"})
    assert (answer.status_code, answer["Location"]) == (302, "/matters/17/")
    assert reader.post(f"/notices/{mine.pk}/read/", {"next": "https://elsewhere.example/"})["Location"] == "/notices/"
    assert [each.read_at is None for each in Delivery.objects.order_by("pk")] == [False, True]
    assert "inbox-unread" not in page(reader)
    assert queries.unread_of(li) == (0, 0)


def test_what_came_after_the_page_stays_unread(reader, tell, li):
    tell(li)
    newest = Delivery.objects.get().pk
    tell(li, subject=18)
    reader.post("/notices/read/", {"newest": newest})
    assert queries.unread_of(li).number == 1
    assert page(reader, "?unread=1").count("inbox-unread") == 1


def test_empty_screens_say_what_will_appear(reader, tell, li):
    assert "还没有通知" in page(reader)
    assert "已全部读完" in page(reader, "?unread=1")


def test_what_is_gone_says_so(reader, tell, li):
    tell(li, facts={"gone": True})
    kinds._kinds.clear()
    assert "这条通知所涉的内容已不存在" in page(reader)


def test_the_bell_counts_and_hears_what_is_new(reader, tell, li, settings):
    settings.ENV = settings.ENV.model_copy(update={"stream_port": 8001})
    tell(li, grade=1, facts={"n": 1})
    first = Delivery.objects.get().pk
    shown = page(reader)
    assert f'data-unread="1" data-newest="{first}"' in shown
    assert 'data-stream="http://testserver:8001/stream?ticket=' in shown
    for number in range(2, 7):
        tell(li, subject=number, facts={"n": number})
    told = reader.get(f"/notices/unread/?after={first}").json()
    assert told["unread"] == 6
    assert [item["title"] for item in told["items"]] == ["事6", "事5", "事4"]
    assert told["items"][0].keys() == {"id", "title", "about", "url", "grade", "read"}
    assert told["stream"].startswith("http://testserver:8001/stream?ticket=")
    assert reader.get(f"/notices/unread/?after={told['newest']}").json()["items"] == []
    assert reader.get("/notices/unread/").json()["items"] == []


def test_the_policy_allows_the_stream_and_nothing_else(reader, settings):
    assert "connect-src 'self';" in reader.get("/notices/")["Content-Security-Policy"]
    settings.ENV = settings.ENV.model_copy(update={"stream_port": 8001})
    assert "connect-src 'self' http://testserver:8001;" in reader.get("/notices/")["Content-Security-Policy"]
    settings.ENV = settings.ENV.model_copy(update={"stream_url": "https://live.example/stream"})
    assert "connect-src 'self' https://live.example;" in reader.get("/notices/")["Content-Security-Policy"]
    assert reader.get("/", headers={"Host": "what is this"}).status_code == 400


def test_a_ticket_is_signed_and_short_lived(time_machine):
    secret = settings.SECRET_KEY
    time_machine.move_to(NOW)
    ticket = make_ticket(7, secret)
    assert read_ticket(ticket, secret) == 7
    assert read_ticket(ticket, "x" * 50) is None
    assert read_ticket(ticket + "x", secret) is None
    time_machine.shift(timedelta(seconds=SECONDS + 1))
    assert read_ticket(ticket, secret) is None


def test_pages_and_statements_do_not_grow_with_the_rows(reader, tell, li, django_assert_max_num_queries):
    for number in range(60):
        tell(li, subject=number)
    with django_assert_max_num_queries(9):
        shown = page(reader)
    assert shown.count("data-row") == 40
    assert 'rel="next"' in shown


def test_who_looks_after_failures_sees_how_many_there_are(client, tell, carrier, station, li):
    tell(li)
    Delivery.objects.filter(channel="email").update(state="dead")
    client.force_login(a_person(station, "chief", Role.CHIEF))
    assert "/notices/failed/" in page(client)
    client.force_login(li)
    assert "/notices/failed/" not in page(client)
