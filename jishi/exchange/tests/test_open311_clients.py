"""Open311 as the clients of others speak it, and our own client against our own server, over real connections.

What FixMyStreet, the SeeClickFix validator and ``three`` send and read is written down here from how they behave; the
schemas are made from the field list of the standard.
"""

from __future__ import annotations

import ipaddress
import json
import threading
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
import requests
from django.core.wsgi import get_wsgi_application
from django.db import connections
from django.utils import timezone
from jsonschema import Draft202012Validator, FormatChecker
from lxml import etree

from jishi.exchange.open311 import client
from jishi.exchange.open311.actions.counterparts import save_counterpart
from jishi.exchange.open311.actions.errands import begin_errands, run_errands
from jishi.exchange.open311.models import Errand
from jishi.matters import commands
from jishi.matters.actions import Place, apply, report_matter
from jishi.matters.models import Matter
from jishi.matters.tests import factory
from jishi.notify.channels import http
from jishi.notify.channels.parcel import Failed
from tests.support.photos import a_photo

pytestmark = pytest.mark.django_db(transaction=True)

_WORDS, _MOMENT = {"type": ["string", "null"]}, {"type": ["string", "null"], "format": "date-time"}
REQUEST = {
    "type": "object",
    "required": ["service_request_id", "status", "service_code", "requested_datetime"],
    "properties": {
        "service_request_id": {"type": "string"}, "status": {"enum": ["open", "closed"]},
        "service_code": {"type": "string"}, "requested_datetime": {"type": "string", "format": "date-time"},
        "updated_datetime": _MOMENT, "expected_datetime": _MOMENT, "lat": {"type": ["number", "null"]},
        "long": {"type": ["number", "null"]}, "description": {"type": ["string", "null"], "maxLength": 4000},
        **dict.fromkeys(("status_notes", "service_name", "agency_responsible", "service_notice"), _WORDS),
        **dict.fromkeys(("address", "address_id", "zipcode", "media_url"), _WORDS),
    },
}  # fmt: skip
SERVICE = {
    "type": "object",
    "required": ["service_code", "service_name", "metadata", "type"],
    "properties": {
        "service_code": {"type": "string"}, "service_name": {"type": "string"}, "description": _WORDS,
        "metadata": {"type": "boolean"}, "type": {"enum": ["realtime", "batch", "blackbox"]}, "keywords": _WORDS,
        "group": _WORDS,
    },
}  # fmt: skip
DEFINITION = {
    "type": "object",
    "required": ["service_code", "attributes"],
    "properties": {
        "service_code": {"type": "string"},
        "attributes": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["variable", "code", "datatype", "required"],
                "properties": {
                    "variable": {"type": "boolean"}, "code": {"type": "string"}, "required": {"type": "boolean"},
                    "datatype": {"enum": ["string", "number", "datetime", "text", "singlevaluelist", "multivaluelist"]},
                    "datatype_description": _WORDS, "order": {"type": "integer"}, "description": _WORDS,
                    "values": {
                        "type": "array",
                        "items": {
                            "required": ["key", "name"],
                            "properties": {"key": {"type": "string"}, "name": {"type": "string"}},
                        },
                    },
                },
            },
        },
    },
}  # fmt: skip
ERROR = {
    "type": "array", "minItems": 1,
    "items": {
        "required": ["code", "description"],
        "properties": {"code": {"type": "integer"}, "description": {"type": "string", "minLength": 1}},
    },
}  # fmt: skip


def check(schema, value):
    Draft202012Validator(schema, format_checker=FormatChecker()).validate(value)


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_words):
        """Quietly."""


@pytest.fixture
def server(settings):
    """Our own server on this machine, in a thread."""
    settings.WEBHOOK_PRIVATE = (ipaddress.ip_network("127.0.0.0/8"),)
    application = get_wsgi_application()

    def served(environ, start_response):
        try:
            yield from application(environ, start_response)
        finally:
            connections.close_all()

    with make_server("127.0.0.1", 0, served, handler_class=_Quiet) as made:
        thread = threading.Thread(target=made.serve_forever, args=(0.02,), daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{made.server_port}/open311/v2"
        made.shutdown()
        thread.join(5)
    http.forget()


def test_our_client_and_our_server_understand_each_other(server, house, raw):
    there = client.There(server, "XH", raw)
    offered = {each.code: each for each in client.read_services(there)}
    assert offered["public.light"].asks
    assert not offered["fire.exit"].asks
    fields = {"service_code": "fire.exit", "lat": 38.01, "long": 114.51, "description": "楼道堆物\n第二行 & <b>"}
    sent = client.post_request(there, fields, "one")
    assert sent == client.post_request(there, fields, "one")
    assert client.read_request(there, sent.remote) == client.Stands(
        False, client.read_request(there, sent.remote).notes
    )
    matter = Matter.objects.get(number=sent.remote)
    for verb in ("assess", "push", "accept", "submit", "check", "answer"):
        factory.give(house, matter.pk, verb)
    assert client.read_request(there, sent.remote).closed
    assert client.resolve_token(there, sent.remote) == sent.remote
    with pytest.raises(Failed, match="open311_403"):
        client.post_request(client.There(server, "XH", "wrong"), fields, "two")
    with pytest.raises(Failed, match="open311_404"):
        client.read_request(there, "no-such")
    with pytest.raises(Failed, match="open311_404"):
        client.read_services(client.There(server, "nowhere"))


def test_a_matter_goes_from_one_station_to_another_and_back(server, house, raw):
    asking = factory.a_station("DL", "东路派出所")
    save_counterpart(
        asking.station, asking.agency, url=server, services={"": "fire.exit"}, jurisdiction="XH", key=raw,
        by=asking.administrator,
    )  # fmt: skip
    done = report_matter(
        asking.station, by=asking.desk, title="防火门被拆", place=Place("市场东侧", lon=114.5, lat=38.0)
    )
    apply(done.matter_id, commands.Assess(category="fire.exit", grade=3), by=asking.desk)
    refer = commands.Refer(agency=asking.agency.pk, unit=asking.units["fire"].pk, reason="请核查")
    apply(done.matter_id, refer, by=asking.desk)
    begin_errands(timezone.now())
    run_errands(timezone.now())
    errand = Errand.objects.get()
    there = Matter.objects.get(number=errand.remote)
    assert there.station == house.station
    assert there.channel == "open311"
    for verb in ("assess", "push", "accept", "submit", "check", "answer"):
        factory.give(house, there.pk, verb)
    run_errands(errand.next_at)
    here = Matter.objects.get(pk=done.matter_id)
    assert (here.state, here.agency_state) == ("handling", "done")


def test_every_answer_keeps_to_the_schemas(server, house, raw):
    for number in range(3):
        fields = {
            "api_key": raw,
            "service_code": "other",
            "address_string": f"第{number}处",
            "description": str(number),
        }
        (told,) = requests.post(f"{server}/requests.json", data=fields, timeout=20).json()
        assert isinstance(told["service_request_id"], str)
    services = requests.get(f"{server}/services.json", timeout=20).json()
    check({"type": "array", "items": SERVICE}, services)
    for each in services:
        check(DEFINITION, requests.get(f"{server}/services/{each['service_code']}.json", timeout=20).json())
    rows = requests.get(f"{server}/requests.json", timeout=20).json()
    check({"type": "array", "minItems": 3, "items": REQUEST}, rows)
    one = requests.get(f"{server}/requests/{rows[0]['service_request_id']}.json", timeout=20).json()
    check({"type": "array", "minItems": 1, "maxItems": 1, "items": REQUEST}, one)
    for path in ("requests/none.json", "services/none.json", "tokens/none.json", "none.json"):
        check(ERROR, requests.get(f"{server}/{path}", timeout=20).json())


def test_xml_and_json_say_the_same(server, house, raw):
    fields = {"api_key": raw, "service_code": "fire.exit", "lat": "38.01", "long": "114.51", "description": "甲"}
    requests.post(f"{server}/requests.json", data=fields, timeout=20)
    for path, item in (("services", "service"), ("requests", "request")):
        rows = requests.get(f"{server}/{path}.json", timeout=20).json()
        answer = requests.get(f"{server}/{path}.xml", timeout=20)
        assert answer.headers["Content-Type"] == "text/xml"
        found = etree.fromstring(answer.content).findall(item)
        assert len(found) == len(rows)
        for element, row in zip(found, rows, strict=True):
            assert {part.tag: part.text for part in element} == {
                name: None if value is None else value if isinstance(value, str) else json.dumps(value)
                for name, value in row.items()
            }


def test_as_the_validator_walks_it(server, house):
    """SeeClickFix's validator: lists only where there are two of a kind, times by ISO 8601, types by the letter."""
    for form in ("xml", "json"):
        answer = requests.get(f"{server}/discovery.{form}", timeout=20)
        assert answer.headers["Content-Type"] == {"xml": "text/xml", "json": "application/json"}[form]
    endpoints = etree.fromstring(requests.get(f"{server}/discovery.xml", timeout=20).content).findall(
        "endpoints/endpoint"
    )
    assert len(endpoints) >= 2
    now = timezone.now()
    for each in endpoints:
        assert len(each.findall("formats/format")) >= 2
        assert timezone.datetime.fromisoformat(each.findtext("changeset")) < now
        assert not each.findtext("url").endswith("/")
        for form in each.findall("formats/format"):
            listed = requests.get(
                f"{each.findtext('url')}/services.{form.text.split('/')[1]}?jurisdiction_id=", timeout=20
            )
            assert listed.status_code == 200


def test_as_fixmystreet_speaks(server, house, raw):
    """FixMyStreet: ``endpoint`` ends with a slash, an XML reader without types, its ids in attributes and updates."""
    base = server + "/"
    listed = etree.fromstring(requests.get(f"{base}services.xml", params={"jurisdiction_id": "XH"}, timeout=20).content)
    assert listed.findtext("service/service_code")
    fields = {
        "jurisdiction_id": "XH", "api_key": raw, "service_code": "public.road", "lat": "38.012345",
        "long": "114.512345",
        "description": "title: A hole\n\ndetail: deep\n\nurl: https://fms.example/report/1\n\nvia FixMyStreet\n",
        "first_name": "Ann", "last_name": "Other", "email": "ann@example.org", "phone": "07700900001",
        "attribute[fixmystreet_id]": "1", "attribute[easting]": "1", "media_url": "https://fms.example/photo/1.jpeg",
    }  # fmt: skip
    told = etree.fromstring(requests.post(f"{base}requests.xml", data=fields, timeout=20).content)
    number = told.findtext("request/service_request_id")
    again = etree.fromstring(requests.post(f"{base}requests.xml", data=fields, timeout=20).content)
    assert again.findtext("request/service_request_id") == number
    update = {
        "jurisdiction_id": "XH", "api_key": raw, "service_request_id": number, "update_id": "9", "status": "OPEN",
        "updated_datetime": timezone.now().isoformat(), "description": "worse now", "first_name": "Ann",
        "last_name": "-", "email": "ann@example.org",
    }  # fmt: skip
    said = etree.fromstring(requests.post(f"{base}servicerequestupdates.xml", data=update, timeout=20).content)
    assert said.findtext("request_update/update_id")
    for verb in ("assess", "push"):
        factory.give(house, Matter.objects.get(number=number).pk, verb)
    asked = {"jurisdiction_id": "XH", "api_key": raw, "start_date": "2026-01-01T00:00:00Z"}
    asked["start_date"] = (timezone.now() - timezone.timedelta(hours=2)).isoformat()
    asked["end_date"] = (timezone.now() + timezone.timedelta(hours=1)).isoformat()
    steps = etree.fromstring(requests.get(f"{base}servicerequestupdates.xml", params=asked, timeout=20).content)
    assert {each.findtext("service_request_id") for each in steps} == {number}
    both = requests.get(f"{base}requests.xml", params={"service_request_id": f"{number},none"}, timeout=20)
    assert etree.fromstring(both.content).findtext("request/updated_datetime")


def test_as_three_speaks(server, house, raw):
    """The Python client ``three``: JSON everywhere, photos as a part named media, days as moments in UTC."""
    session = requests.Session()
    told = session.post(
        f"{server}/requests.json",
        data={"service_code": "public.manhole", "address_string": "建设路18号门前", "first_name": "Zach",
              "last_name": "W", "phone": "555-5555", "description": "My issue", "api_key": raw,
              "jurisdiction_id": "XH"},
        files={"media": ("photo.jpg", a_photo().read(), "image/jpeg")}, timeout=20,
    ).json()  # fmt: skip
    assert Matter.objects.get(number=told[0]["service_request_id"]).evidence.count() == 1
    day = timezone.now().strftime("%Y-%m-%dT00:00:00Z")
    for path, query in (
        ("discovery", {}), ("services", {}), ("services/public.light", {}), ("requests", {"page_size": 3}),
        ("requests", {"start_date": day, "end_date": day}), ("requests", {"service_code": "public.manhole"}),
        (f"requests/{told[0]['service_request_id']}", {}),
    ):  # fmt: skip
        answer = session.get(f"{server}/{path}.json", params={**query, "jurisdiction_id": "XH"}, timeout=20)
        assert answer.status_code == 200, path
        assert answer.json() is not None
