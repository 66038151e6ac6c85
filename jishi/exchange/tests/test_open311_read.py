"""What everybody may read through Open311: of whom it came, in whose words and where exactly is nothing in it."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import pytest
from django.test import Client
from django.utils import timezone
from lxml import etree

from jishi.exchange.tests.open311 import ACCOUNT, AT, EMAIL, PHONE, get, listed, reported
from jishi.geo import cells
from jishi.matters import commands
from jishi.matters.actions import apply, purge_parties
from jishi.matters.models import Evidence, Matter
from jishi.matters.publishing.actions import publish_photo, publish_words, take_back_words
from jishi.matters.tests import factory
from jishi.stations.queries import zone_of
from tests.support.photos import a_photo

pytestmark = pytest.mark.django_db


# What everybody may read


def test_a_request_gives_no_words_no_person_and_no_exact_point(house, raw):
    matter = reported(
        raw, email=EMAIL, phone=PHONE, account_id=ACCOUNT, first_name="灯火", last_name="欧阳",
        address_string="和平里3号楼前", description="紫檀木匣旁的路灯",
    )  # fmt: skip
    for path in ("requests", f"requests/{matter.number}"):
        for form in ("xml", "json"):
            body = get(f"{path}.{form}").content.decode()
            for secret in (EMAIL, PHONE, ACCOUNT, "灯火", "欧阳", "和平里3号楼", "紫檀木匣", "38.0123", "114.5123"):
                assert secret not in body, secret
    (told,) = listed(f"requests/{matter.number}.json")
    lon, lat = cells.centre(cells.cell_of(114.512346, 38.012346))
    assert (told["lat"], told["long"]) == (round(lat, 5), round(lon, 5))
    assert told["description"] is None
    assert told["media_url"] is None
    assert told["service_request_id"] == matter.number
    assert told["status"] == "open"
    assert told["requested_datetime"].endswith("+08:00")
    assert told["expected_datetime"].endswith("+08:00")
    root = etree.fromstring(get(f"requests/{matter.number}.xml").content)
    assert root.findtext("request/lat") == str(told["lat"])
    assert root.findtext("request/description") is None or root.findtext("request/description") == ""


def test_a_description_and_a_photo_are_those_that_the_desk_published(house, raw):
    matter = reported(raw, description="紫檀木匣旁的路灯", media=a_photo())
    before = listed("requests.json")[0]["updated_datetime"]
    later = timezone.now() + timedelta(hours=1)
    publish_words(matter, text="和平里北口一盏路灯不亮，已报修。", by=house.desk, now=later)
    (told,) = listed("requests.json")
    assert told["description"] == "和平里北口一盏路灯不亮，已报修。"
    assert told["media_url"] is None  # whoever sent the photo did not agree to that
    assert told["updated_datetime"] > before
    for verb in ("assess", "push", "accept"):
        factory.give(house, matter.pk, verb)
    apply(matter.pk, commands.Log(text="已到场"), by=house.officer, uploads=[a_photo()])
    evidence = Evidence.objects.filter(matter=matter).latest("pk")
    shown = publish_photo(matter.pk, evidence.pk, boxes=[], when="before", confirmed=True, by=house.desk)
    (told,) = listed(f"requests/{matter.number}.json")
    assert told["media_url"] == f"http://testserver/published/{shown.token}/"
    assert b"".join(Client().get(told["media_url"]).streaming_content)
    root = etree.fromstring(get(f"requests/{matter.number}.xml").content)
    assert root.findtext("request/media_url") == told["media_url"]
    take_back_words(matter, by=house.desk)
    assert listed("requests.json")[0]["description"] is None


def test_person_and_account_are_no_filters(house, raw):
    reported(raw, email=EMAIL, phone=PHONE, account_id=ACCOUNT, first_name="灯火")
    everything = listed("requests.json")
    for name in ("email", "phone", "account_id", "first_name", "last_name", "device_id", "q", "description"):
        for value in (EMAIL, PHONE, ACCOUNT, "灯火", "nobody"):
            assert listed("requests.json", **{name: value}) == everything


def test_what_staff_found_and_drills_are_not_listed(house, raw):
    found = factory.a_matter(house, category="public.light")
    told = reported(raw)
    assert [row["service_request_id"] for row in listed("requests.json")] == [told.number]
    assert listed(f"requests/{found.number}.json", 404)[0]["code"] == 404
    Matter.objects.filter(pk=told.pk).update(drill=True)
    assert listed("requests.json") == []
    assert listed("requests/no-such.json", 404)[0]["code"] == 404


def test_a_list_is_filtered_by_number_service_status_and_time(house, raw):
    light, road = reported(raw), reported(raw, service_code="public.road", description="坑")
    numbers = {light.number, road.number}

    def found(**query):
        return {row["service_request_id"] for row in listed("requests.json", **query)}

    assert found() == numbers
    assert found(service_code="public.road") == {road.number}
    assert found(service_code="public.road,public.light") == numbers
    assert found(status="open") == found(status="open,closed") == numbers
    assert found(status=["open", "closed"]) == found(service_code=["public.road", "public.light"]) == numbers
    assert found(service_request_id=[light.number, "no-such"]) == {light.number}
    assert found(status="closed") == set()
    assert found(service_request_id=f"{light.number},no-such", service_code="public.road", status="closed") == {
        light.number
    }
    Matter.objects.filter(pk=light.pk).update(reported_at=timezone.now() - timedelta(days=100))
    assert found() == {road.number}
    begin = (timezone.now() - timedelta(days=101)).isoformat()
    assert found(start_date=begin) == {light.number}  # 90 days from there, not more
    end = (timezone.now() - timedelta(days=50)).isoformat().replace("+00:00", "Z")
    assert found(start_date=begin, end_date=end) == found(end_date=end) == {light.number}
    assert found(page_size="1", page="1") == {road.number}
    assert found(page_size="1", page="2") == set()
    today = timezone.localdate(timezone=ZoneInfo(zone_of(road.station)))
    assert found(start_date=today.isoformat(), end_date=today.isoformat()) == {road.number}
    assert found(end_date=(today - timedelta(days=1)).isoformat()) == {light.number} - numbers
    hour_ago = (timezone.now() - timedelta(hours=1)).astimezone(ZoneInfo("Asia/Shanghai")).isoformat(timespec="seconds")
    assert found(start_date=hour_ago.replace("T", " ").replace("+", " ")) == {road.number}
    for query in ({"status": "done"}, {"start_date": "yesterday"}, {"start_date": "2026-01-01T00:00:00"}, {"page": "0"},
                  {"page_size": "-1"}, {"start_date": end, "end_date": begin}):  # fmt: skip
        assert listed("requests.json", 400, **query)[0]["code"] == 400


def test_pages_hold_everything_once(house, raw):
    numbers = [reported(raw, description=f"第{number}盏").number for number in range(5)]
    seen = []
    for page in ("1", "2", "3"):
        seen += [row["service_request_id"] for row in listed("requests.json", page=page, page_size="2")]
    assert seen == numbers[::-1]


def test_closed_is_what_was_answered(house, raw):
    matter = reported(raw)
    for verb in ("assess", "push", "accept", "submit", "check"):
        factory.give(house, matter.pk, verb)
    assert listed(f"requests/{matter.number}.json")[0]["status"] == "open"
    factory.give(house, matter.pk, "answer")
    (told,) = listed(f"requests/{matter.number}.json")
    assert told["status"] == "closed"
    assert told["service_code"] == "other"  # the desk found a dispute, which is in no public list
    assert told["expected_datetime"] is None
    assert [row["service_request_id"] for row in listed("requests.json", status="closed")] == [matter.number]


# Everything else


def test_a_wrong_method_or_address_is_an_array_of_errors_too(house):
    answer = Client().delete(AT + "requests.json")
    assert answer.status_code == 405
    assert answer.json()[0]["code"] == 405
    assert "POST" in answer.headers["Allow"]
    assert Client().post(AT + "services.xml").status_code == 405
    for address in ("/open311/v2/nothing.json", "/open311/v1/services.json"):
        answer = Client().get(address)
        assert answer.status_code == 404
        assert answer.json()[0]["code"] == 404
    assert Client().get("/open311/v2/nothing").headers["Content-Type"] == "text/xml"
    assert Client().options(AT + "requests.json").status_code == 204


def test_any_page_of_the_web_may_read_it(house):
    for path in ("discovery.xml", "services.json", "requests.json"):
        answer = get(path)
        assert answer.headers["Access-Control-Allow-Origin"] == "*"
        assert not answer.cookies


def test_a_list_costs_the_same_however_long(house, raw, django_assert_max_num_queries):
    for number in range(6):
        reported(raw, description=f"第{number}盏")
    with django_assert_max_num_queries(9):
        assert len(listed("requests.json")) == 6


def test_a_purged_party_changes_nothing_that_is_shown(house, raw):
    matter = reported(raw, email=EMAIL)
    before = listed(f"requests/{matter.number}.json")
    purge_parties([matter.pk], timezone.now())
    assert listed(f"requests/{matter.number}.json") == before
