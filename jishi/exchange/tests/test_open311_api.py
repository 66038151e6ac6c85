"""Open311 as a client meets it: discovery, services, requests, tokens and updates, in XML and in JSON."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from lxml import etree

from jishi.exchange.open311.actions.keys import make_key, revoke_key
from jishi.exchange.open311.models import ClientKey, Picture, Posted
from jishi.geo import cells
from jishi.matters.actions import purge_parties
from jishi.matters.models import Evidence, Matter, Party, Text
from jishi.matters.tests import factory
from jishi.stations.models import Staff
from tests.support.photos import a_photo

pytestmark = pytest.mark.django_db
AT = "/open311/v2/"
POINT = {"lat": "38.0123456", "long": "114.5123456"}
PHONE, EMAIL, ACCOUNT = "13800138000", "deng@example.org", "account-4711"


@pytest.fixture
def house():
    return factory.a_station()


@pytest.fixture
def raw(house):
    return make_key(house.station, label="市民热线", by=house.administrator)[1]


def get(path, expected=200, /, **query):
    answer = Client().get(AT + path, query)
    assert answer.status_code == expected, answer.content
    return answer


def listed(path, expected=200, /, **query):
    return get(path, expected, **query).json()


def post(raw, expected=200, /, path="requests.json", headers=None, **fields):
    given = {"api_key": raw, "service_code": "public.light", "description": "路灯不亮", **POINT, **fields}
    given = {name: value for name, value in given.items() if value is not None}
    answer = Client().post(AT + path, given, headers=headers or {})
    assert answer.status_code == expected, answer.content
    return answer.json() if path.endswith("json") else answer


def reported(raw, **fields):
    return Matter.objects.get(number=post(raw, **fields)[0]["service_request_id"])


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
    assert "public.light" in codes and not [code for code in codes if code.startswith(("dispute", "help"))]
    root = etree.fromstring(get("services.xml").content)
    assert [each.text for each in root.findall("service/service_code")] == codes
    light = next(row for row in rows if row["service_code"] == "public.light")
    assert light["metadata"] is True and light["type"] == "realtime" and light["group"] == "公共设施"
    assert root.findtext("service[service_code='public.light']/metadata") == "true"
    english = Client().get(AT + "services.json", headers={"accept-language": "en"}).json()
    assert next(row for row in english if row["service_code"] == "public.light")["service_name"] == "Street lighting"


def test_a_definition_asks_its_questions_in_order(house):
    told = listed("services/public.light.json")
    assert told["service_code"] == "public.light"
    assert [each["code"] for each in told["attributes"]] == ["pole", "fault"]
    assert [each["order"] for each in told["attributes"]] == [1, 2]
    assert told["attributes"][1]["values"][0] == {"key": "out", "name": "不亮"}
    root = etree.fromstring(get("services/public.light.xml").content)
    assert root.tag == "service_definition"
    assert root.findtext("attributes/attribute[code='fault']/values/value/key") == "out"
    assert listed("services/fire.exit.json")["attributes"] == []
    assert listed("services/no.such.json", 404)[0]["code"] == 404
    assert listed("services/dispute.rent.json", 404)[0]["code"] == 404


def test_a_jurisdiction_is_a_station(house):
    assert get("services.json", jurisdiction_id="XH")
    assert get("requests.json", jurisdiction_id="XH")
    assert listed("requests.json") == []  # one station alone need not be named
    assert listed("requests.json", jurisdiction_id="") == []
    for path in ("services.json", "requests.json", "servicerequestupdates.json", "services/public.light.json"):
        (error,) = listed(path, 404, jurisdiction_id="nowhere")
        assert error["code"] == 404 and "nowhere" in error["description"]
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
    picture = Picture.objects.get(matter=matter)
    assert picture.url == "https://photos.example.org/1.jpg"


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
    assert key.used_at is not None and raw not in key.digest
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


# What everybody may read


def test_a_request_gives_no_words_no_person_and_no_exact_point(house, raw):
    matter = reported(
        raw, email=EMAIL, phone=PHONE, account_id=ACCOUNT, first_name="灯火", last_name="欧阳", address_string="和平里3号楼前",
        description="紫檀木匣旁的路灯",
    )  # fmt: skip
    for path in ("requests", f"requests/{matter.number}"):
        for form in ("xml", "json"):
            body = get(f"{path}.{form}").content.decode()
            for secret in (EMAIL, PHONE, ACCOUNT, "灯火", "欧阳", "和平里3号楼", "紫檀木匣", "38.0123", "114.5123"):
                assert secret not in body, secret
    (told,) = listed(f"requests/{matter.number}.json")
    assert (told["lat"], told["long"]) == cells.middle(cells.cell_of(114.512346, 38.012346))
    assert told["description"] is None and told["media_url"] is None
    assert told["service_request_id"] == matter.number and told["status"] == "open"
    assert told["requested_datetime"].endswith("+08:00")
    assert told["expected_datetime"].endswith("+08:00")
    root = etree.fromstring(get(f"requests/{matter.number}.xml").content)
    assert root.findtext("request/lat") == str(told["lat"])
    assert root.findtext("request/description") is None or root.findtext("request/description") == ""


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


def test_a_token_that_nobody_was_given_is_not_found(house):
    assert listed("tokens/nothing.json", 404)[0]["code"] == 404


# Updates


def test_updates_are_the_steps_that_show(house, raw):
    matter = reported(raw)
    assert listed("servicerequestupdates.json") == []
    for verb in ("assess", "push", "accept", "submit", "check", "answer"):
        factory.give(house, matter.pk, verb)
    rows = listed("servicerequestupdates.json")
    assert {row["service_request_id"] for row in rows} == {matter.number}
    assert [row["status"] for row in rows] == ["open"] * (len(rows) - 1) + ["closed"]
    assert len({row["update_id"] for row in rows}) == len(rows)
    assert all(row["description"] and row["updated_datetime"].endswith("+08:00") for row in rows)
    assert not [name for name in Staff.objects.values_list("name", flat=True) if name in str(rows)]
    root = etree.fromstring(get("servicerequestupdates.xml", api_key=raw).content)
    assert root.tag == "service_request_updates"
    assert len(root.findall("request_update/update_id")) == len(rows)
    later = (timezone.now() + timedelta(hours=1)).isoformat()
    assert listed("servicerequestupdates.json", start_date=later, end_date=later) == []
    assert listed("servicerequestupdates.json", service_request_id=matter.number) == rows


def test_an_update_joins_the_matter_once(house, raw):
    matter = reported(raw)
    said = {"path": "servicerequestupdates.json", "service_request_id": matter.number, "update_id": "77",
            "updated_datetime": timezone.now().isoformat(), "status": "OPEN"}  # fmt: skip
    (told,) = post(raw, description="灯杆也歪了", email=EMAIL, **said)
    assert set(told) == {"update_id"}
    assert post(raw, description="灯杆也歪了", email=EMAIL, **said) == [told]
    matter.refresh_from_db()
    assert Text.objects.filter(matter=matter, kind="text").values_list("body", flat=True)[0] == "灯杆也歪了"
    assert matter.version == 2
    assert post(raw, 404, description="x", path=said["path"], service_request_id="no-such")[0]["code"] == 404
    assert post(raw, 400, description="", path=said["path"], service_request_id=matter.number)[0]["code"] == 400
    assert post("", 403, description="x", path=said["path"], service_request_id=matter.number)[0]["code"] == 403


# Everything else


def test_a_wrong_method_or_address_is_an_array_of_errors_too(house):
    answer = Client().delete(AT + "requests.json")
    assert answer.status_code == 405 and answer.json()[0]["code"] == 405 and "POST" in answer.headers["Allow"]
    assert Client().post(AT + "services.xml").status_code == 405
    for address in ("/open311/v2/nothing.json", "/open311/v1/services.json"):
        answer = Client().get(address)
        assert answer.status_code == 404 and answer.json()[0]["code"] == 404
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
