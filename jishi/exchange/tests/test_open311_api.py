"""Open311 as a client meets it: discovery, services and posts, in XML and in JSON."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone
from lxml import etree

from jishi.exchange.open311.actions.keys import make_key, revoke_key
from jishi.exchange.open311.models import ClientKey, Picture, Posted
from jishi.exchange.tests.open311 import ACCOUNT, AT, EMAIL, PHONE, POINT, get, listed, post, reported
from jishi.matters.models import Evidence, Matter, Party, Text
from jishi.matters.tests import factory
from tests.support.photos import a_photo

pytestmark = pytest.mark.django_db


# Discovery and services


def test_discovery_is_text_xml_without_a_charset(house):
    answer = get("discovery.xml")
    assert answer.headers["Content-Type"] == "text/xml"
    assert answer.content.startswith(b'<?xml version="1.0" encoding="utf-8"?>')
    assert answer.content.isascii()
    root = etree.fromstring(answer.content)
    assert root.tag == "discovery"
    told = listed("discovery.json")
    for name in ("changeset", "contact", "key_service"):
        assert root.findtext(name) == told[name] != ""
    endpoints = root.findall("endpoints/endpoint")
    assert len(endpoints) == len(told["endpoints"]) > 1
    for one, other in zip(endpoints, told["endpoints"], strict=True):
        assert (
            [each.text for each in one.findall("formats/format")]
            == other["formats"]
            == ["text/xml", "application/json"]
        )
        assert one.findtext("url") == other["url"] == "http://testserver/open311/v2"
        assert one.findtext("type") == "production"
    assert endpoints[0].findtext("specification") == "http://wiki.open311.org/GeoReport_v2"
    assert Client().get("/open311/discovery.xml").content == answer.content
    assert Client().get("/open311/v2/").content == answer.content


def test_services_are_the_categories_that_are_offered(house):
    rows = listed("services.json")
    codes = [row["service_code"] for row in rows]
    assert "public.light" in codes
    assert not [code for code in codes if code.startswith(("dispute", "help"))]
    root = etree.fromstring(get("services.xml").content)
    assert [each.text for each in root.findall("service/service_code")] == codes
    light = next(row for row in rows if row["service_code"] == "public.light")
    assert light["metadata"] is True
    assert light["type"] == "realtime"
    assert light["group"] == "公共设施"
    assert root.findtext("service[service_code='public.light']/metadata") == "true"
    english = Client().get(AT + "services.json", headers={"accept-language": "en"}).json()
    assert next(row for row in english if row["service_code"] == "public.light")["service_name"] == "Street lighting"


def test_a_definition_asks_its_questions_in_order(house):
    told = listed("services/public.light.json")
    assert told["service_code"] == "public.light"
    assert [each["code"] for each in told["attributes"]] == ["pole", "fault", "contact", "publish_photo"]
    assert [each["order"] for each in told["attributes"]] == [1, 2, 3, 4]
    assert told["attributes"][1]["values"][0] == {"key": "out", "name": "不亮"}
    root = etree.fromstring(get("services/public.light.xml").content)
    assert root.tag == "service_definition"
    assert root.findtext("attributes/attribute[code='fault']/values/value/key") == "out"
    assert [each["code"] for each in listed("services/fire.exit.json")["attributes"]] == ["contact", "publish_photo"]
    assert listed("services/no.such.json", 404)[0]["code"] == 404
    assert listed("services/dispute.rent.json", 404)[0]["code"] == 404


@pytest.mark.parametrize(
    ("path", "accept", "same"),
    [
        ("discovery", None, "discovery.xml"),
        ("discovery/", "application/json", "discovery.json"),
        ("services", None, "services.xml"),
        ("services", "application/json, text/plain, */*", "services.json"),
        ("services", "text/html,application/xml;q=0.9,*/*;q=0.8", "services.xml"),
        ("services.json/", "text/xml", "services.json"),
        ("services/public.light", "application/json", "services/public.light.json"),
        ("services/public.light/", None, "services/public.light.xml"),
        ("services/no.such", "application/json", "services/no.such.json"),
    ],
)
def test_an_address_without_a_form_or_with_a_slash_too_many_leads_where_it_was_meant(house, path, accept, same):
    answer = Client().get(AT + path, headers={"accept": accept} if accept else {})
    wanted = Client().get(AT + same)
    assert (answer.status_code, answer.content) == (wanted.status_code, wanted.content)
    assert answer.headers["Content-Type"] == wanted.headers["Content-Type"]


def test_what_is_posted_without_a_form_is_taken(house, raw):
    for path in ("requests", "requests/", "requests.json/"):
        (told,) = post(raw, path=path, description=path, headers={"accept": "application/json"})
        assert listed(f"requests/{told['service_request_id']}.json")
    assert Matter.objects.count() == 3
    assert Client().get("/open311/").status_code == 404
    assert listed("nothing.json", 404)[0]["code"] == 404


@pytest.mark.parametrize("path", ["nothing", "nothing/", "services", "services.json/"])
def test_what_is_kept_of_an_address_without_a_form_is_for_those_who_take_the_same_form(house, path):
    kept = Client().get(AT + path).headers["Vary"]
    assert {"Accept", "Accept-Language"} <= {each.strip() for each in kept.split(",")}


def test_a_jurisdiction_is_a_station(house):
    assert get("services.json", jurisdiction_id="XH")
    assert get("requests.json", jurisdiction_id="XH")
    assert listed("requests.json") == []  # one station alone need not be named
    assert listed("requests.json", jurisdiction_id="") == []
    for path in ("services.json", "requests.json", "servicerequestupdates.json", "services/public.light.json"):
        (error,) = listed(path, 404, jurisdiction_id="nowhere")
        assert error["code"] == 404
        assert "nowhere" in error["description"]
    factory.a_station("DL", "东路派出所", house.station.bureau)
    assert listed("requests.json", 400)[0]["code"] == 400
    assert len(listed("services.json")) > 10


# A post


def test_a_post_gives_a_number_and_never_a_token_with_it(house, raw):
    (told,) = post(
        raw, email=EMAIL, phone=PHONE, account_id=ACCOUNT, first_name="灯火", last_name="欧阳", device_id="d1"
    )
    assert set(told) == {"service_request_id", "service_notice", "account_id"}
    assert told["account_id"] is None
    matter = Matter.objects.get(number=told["service_request_id"])
    assert (matter.channel, matter.category_id, matter.state) == ("open311", "public.light", "reported")
    assert (matter.lat, matter.lon) == (38.012346, 114.512346)
    assert Party.objects.filter(matter=matter).count() == 1
    assert Text.objects.get(matter=matter, kind="description").body == "路灯不亮"
    root = etree.fromstring(post(raw, path="requests.xml", description="又一盏").content)
    assert root.tag == "service_requests"
    assert root.findtext("request/service_request_id").startswith("XH-")
    assert root.find("request/token") is None


@pytest.mark.parametrize(
    ("fields", "status", "word"),
    [
        ({"api_key": ""}, 403, "api_key"),
        ({"api_key": "jishi_open311_wrong"}, 403, "api_key"),
        ({"service_code": ""}, 400, "service_code"),
        ({"service_code": "no.such"}, 404, "no.such"),
        ({"service_code": "dispute.rent"}, 404, "dispute.rent"),
        ({"jurisdiction_id": "nowhere"}, 404, "nowhere"),
        ({"lat": None, "long": None}, 400, "address_string"),
        ({"lat": None}, 400, "lat"),
        ({"lat": "91"}, 400, "lat"),
        ({"lat": "nan"}, 400, "lat"),
        ({"lat": "x"}, 400, "lat"),
        ({"description": "长" * 4001}, 400, "4000"),
        ({"media_url": "javascript:1"}, 400, "media_url"),
        ({"service_code": "public.lift"}, 400, "attribute[standing]"),
        ({"service_code": "public.lift", "attribute[standing]": "flying"}, 400, "attribute[standing]"),
        ({"service_code": "public.road", "attribute[depth]": "deep"}, 400, "attribute[depth]"),
        ({"service_code": "nuisance.noise", "attribute[since]": "gestern"}, 400, "attribute[since]"),
        ({"lat": None, "long": None, "address_id": "no-such"}, 400, "no-such"),
    ],
)
def test_what_is_wrong_is_an_array_of_code_and_description(house, raw, fields, status, word):
    (error,) = post(raw, status, **fields)
    assert set(error) == {"code", "description"}
    assert error["code"] == status
    assert word in error["description"]
    root = etree.fromstring(post(raw, status, path="requests.xml", **fields).content)
    assert root.tag == "errors"
    assert root.findtext("error/code") == str(status)
    assert root.findtext("error/description") == error["description"]
    assert Matter.objects.count() == 0


def test_all_that_is_wrong_is_said_at_once(house, raw):
    assert len(post(raw, 400, service_code="", lat="x", description="长" * 4001)) == 3


def test_a_plus_that_was_not_encoded_is_a_plus(house, raw):
    fields = {"service_code": "nuisance.noise", "attribute[since]": "2026-03-01T08:00:00 08:00"}
    assert "2026-03-01T08:00:00 08:00" in Text.objects.get(matter=reported(raw, **fields), kind="description").body


@pytest.mark.parametrize("name", ["attribute[source][]", "attribute[source]", "attribute[source][0]"])
def test_attributes_may_have_several_values(house, raw, name):
    matter = reported(raw, service_code="nuisance.noise", **{name: ["shop", "machines"], "attribute[other]": "x"})
    assert "噪声来源：商铺、设备" in Text.objects.get(matter=matter, kind="description").body


def test_where_may_be_words_or_a_number_of_the_register(house, raw):
    matter = reported(raw, lat=None, long=None, address_string="和平里3号楼前")
    assert (matter.place_name, matter.lat) == ("和平里3号楼前", None)
    longer = "和平里" * 60
    matter = reported(raw, address_string=longer, description="远处")
    assert matter.place_name == longer[:120]
    assert longer in Text.objects.get(matter=matter, kind="description").body
    matter = reported(raw, address_string="和平里3号楼，电话13800138000", description="有电话")
    assert "13800138000" not in matter.place_name
    assert "13800138000" in Text.objects.get(matter=matter, kind="description").body


def test_photos_come_with_the_form_or_by_their_address(house, raw):
    matter = reported(raw, media=a_photo(), media_url="https://photos.example.org/1.jpg")
    assert Evidence.objects.filter(matter=matter).count() == 1
    picture = Picture.objects.get(receipt__matter=matter)
    assert picture.url == "https://photos.example.org/1.jpg"


def test_a_photo_that_cannot_be_taken_costs_nobody_their_report(house, raw):
    (told,) = post(raw, media=ContentFile(b"GIF89a", name="a.jpg"))
    assert Evidence.objects.filter(matter__number=told["service_request_id"]).count() == 0
    assert "1 张照片" in told["service_notice"]
    addresses = ["http://photos.example.org/1.jpg", "https://10.0.0.1/2.jpg", "https://photos.example.org/3.jpg"]
    (told,) = post(raw, description="又一盏", media_url=addresses)
    assert "2 张照片" in told["service_notice"]
    assert Picture.objects.filter(receipt__matter__number=told["service_request_id"]).count() == 3


def test_what_is_sent_again_is_done_once(house, raw):
    first, again = reported(raw), reported(raw)
    assert first == again
    other = reported(raw, description="别的")
    assert other != first
    named = {"Idempotency-Key": "k1"}
    (one,) = post(raw, headers=named, description="甲")
    assert post(raw, headers=named, description="甲") == [one]
    assert post(raw, 400, headers=named, description="乙")[0]["code"] == 400
    assert Matter.objects.count() == 3
    Posted.objects.update(until=timezone.now())
    assert reported(raw) != first


def test_a_key_is_for_its_station_and_can_be_revoked(house, raw):
    neighbour = factory.a_station("DL", "东路派出所", house.station.bureau)
    assert post(raw, 403, jurisdiction_id="DL")[0]["code"] == 403
    assert reported(raw, jurisdiction_id="XH").station == house.station
    assert reported(raw, description="未写").station == house.station
    key = ClientKey.objects.get()
    assert key.used_at is not None
    assert raw not in key.digest
    revoke_key(key, by=house.administrator)
    assert post(raw, 403)[0]["code"] == 403
    _key, short = make_key(neighbour.station, label="x", by=neighbour.administrator, days=1)
    ClientKey.objects.filter(station=neighbour.station).update(
        made_at=timezone.now() - timedelta(days=2), expires_at=timezone.now() - timedelta(days=1)
    )
    assert post(short, 403)[0]["code"] == 403


def test_a_key_takes_so_many_posts_a_minute(house):
    _key, raw = make_key(house.station, label="x", by=house.administrator, per_minute=2)
    for number in range(2):
        post(raw, description=f"第{number}盏")
    answer = Client().post(AT + "requests.json", {"api_key": raw, "service_code": "public.light", **POINT})
    assert answer.status_code == 429
    assert answer.json()[0]["code"] == 429
    assert answer.headers["Retry-After"] == "60"
