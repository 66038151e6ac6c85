"""The documents of Open311 held against schemas made from the field list of the standard, and as the validator reads them."""  # noqa: E501

from __future__ import annotations

import json
from datetime import datetime

import pytest
from django.test import Client
from django.utils import timezone
from jsonschema import Draft202012Validator, FormatChecker
from lxml import etree

from jishi.exchange.tests.open311 import AT

pytestmark = pytest.mark.django_db

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


def test_every_answer_keeps_to_the_schemas(house, raw):
    for number in range(3):
        fields = {
            "api_key": raw,
            "service_code": "other",
            "address_string": f"第{number}处",
            "description": str(number),
        }
        (told,) = Client().post(f"{AT}requests.json", fields).json()
        assert isinstance(told["service_request_id"], str)
    services = Client().get(f"{AT}services.json").json()
    check({"type": "array", "items": SERVICE}, services)
    for each in services:
        check(DEFINITION, Client().get(f"{AT}services/{each['service_code']}.json").json())
    rows = Client().get(f"{AT}requests.json").json()
    check({"type": "array", "minItems": 3, "items": REQUEST}, rows)
    one = Client().get(f"{AT}requests/{rows[0]['service_request_id']}.json").json()
    check({"type": "array", "minItems": 1, "maxItems": 1, "items": REQUEST}, one)
    for path in ("requests/none.json", "services/none.json", "tokens/none.json", "none.json"):
        check(ERROR, Client().get(f"{AT}{path}").json())


def test_xml_and_json_say_the_same(house, raw):
    fields = {"api_key": raw, "service_code": "fire.exit", "lat": "38.01", "long": "114.51", "description": "甲"}
    Client().post(f"{AT}requests.json", fields)
    for path, item in (("services", "service"), ("requests", "request")):
        rows = Client().get(f"{AT}{path}.json").json()
        answer = Client().get(f"{AT}{path}.xml")
        assert answer.headers["Content-Type"] == "text/xml"
        found = etree.fromstring(answer.content).findall(item)
        assert len(found) == len(rows)
        for element, row in zip(found, rows, strict=True):
            assert {part.tag: part.text for part in element} == {
                name: None if value in (None, "") else value if isinstance(value, str) else json.dumps(value)
                for name, value in row.items()
            }


def test_as_the_validator_walks_it(house, raw):
    """SeeClickFix's validator: lists only where there are two of a kind, times by ISO 8601, types by the letter."""
    for form in ("xml", "json"):
        answer = Client().get(f"{AT}discovery.{form}")
        assert answer.headers["Content-Type"] == {"xml": "text/xml", "json": "application/json"}[form]
    endpoints = etree.fromstring(Client().get(f"{AT}discovery.xml").content).findall("endpoints/endpoint")
    assert len(endpoints) >= 2
    now = timezone.now()
    for each in endpoints:
        assert len(each.findall("formats/format")) >= 2
        assert datetime.fromisoformat(each.findtext("changeset")) < now
        assert not each.findtext("url").endswith("/")
        for form in each.findall("formats/format"):
            url = each.findtext("url").removeprefix("http://testserver")
            assert Client().get(f"{url}/services.{form.text.split('/')[1]}?jurisdiction_id=").status_code == 200
