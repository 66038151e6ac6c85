"""The API keeps what its OpenAPI document says: no error of ours, no broken promise, whatever is made up from it."""

from __future__ import annotations

import json

import hypothesis
import jsonschema
import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import strategies as st
from openapi_spec_validator import OpenAPIV31SpecValidator
from schemathesis import GenerationMode
from schemathesis.specs.openapi import checks

from jishi.matters.loop import COMMANDS, STATES
from jishi.matters.models import Matter
from jishi.matters.tests import factory
from jishi.project.api import description
from jishi.project.wsgi import application
from jishi.register import actions as register
from jishi.register.models import Element
from jishi.stations.actions import make_agency_key, make_token

V1 = "/api/v1"
DOCUMENT = json.loads(description())
OPERATIONS = [
    (method.upper(), path) for path, operations in sorted(DOCUMENT["paths"].items()) for method in sorted(operations)
]
#: 422 is also how the loop refuses what is well formed; 428 is how a missing If-Match is said.
LEFT_OUT = [checks.positive_data_acceptance, checks.missing_required_header]
EXAMPLES = 8


@pytest.fixture
def house(db):
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)  # the test's transaction lives on one connection
    yield from _house()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def _house():
    house = factory.a_station()
    for state in ("inherited", *factory.WAYS):
        factory.a_matter(house, state)
    for _each in range(2):
        factory.give(house, factory.a_matter(house, "handling"), "refer", agency=house.agency.pk, reason="请处置")
    for name in ("一号消火栓", "二号消火栓", "三号消火栓"):
        values = {"state": "good", "type": "ground"}
        register.create_element(house.station, by=house.desk, category="thing.hydrant", name=name, attributes=values)
    register.verify_element(Element.objects.get(name="二号消火栓"), by=house.desk, source=register.Source("消防栓清单"))
    register.close_element(Element.objects.get(name="三号消火栓"), by=house.desk)
    yield house


@pytest.fixture
def token(house):
    return make_token(house.chief, label="contract", scopes=["read", "write"], days=1)[1]


@pytest.fixture
def agency_key(house):
    return make_agency_key(house.agency, label="contract", days=1)[1]


def test_the_document_is_openapi_3_1():
    assert not list(OpenAPIV31SpecValidator(DOCUMENT).iter_errors())


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_contract(house, token, agency_key, method, path, mode):
    schema = schemathesis.openapi.from_wsgi(f"{V1}/openapi.json", application)
    table, category = (Element, "thing.hydrant") if path.startswith("/elements") else (Matter, "dispute.rent")
    numbers = _numbers_for(path)
    names = {
        "category": category, "unit": "patrol", "area": "heping", "person": house.officer.username,
        "agency": house.agency.code, "station": "XH", "root": numbers[-1],
        "attributes": {"state": "good"},
    }  # fmt: skip
    strategy = schema[path][method].as_strategy(generation_mode=mode)

    @hypothesis.seed(7)
    @hypothesis.settings(
        max_examples=EXAMPLES,
        database=None,
        derandomize=False,
        deadline=None,
        suppress_health_check=list(hypothesis.HealthCheck),
        phases=[hypothesis.Phase.generate],
    )
    @hypothesis.given(case=strategy, number=st.sampled_from(numbers), known=st.sampled_from([True, True, True, False]))
    def ask(case, number, known):
        if known and mode is GenerationMode.POSITIVE:
            if "number" in case.path_parameters:
                case.path_parameters["number"] = number
                version = table._default_manager.values_list("version", flat=True).get(number=number)
                case.headers["If-Match"] = f'"{version}"'
            for asked in (case.body, case.query):
                if isinstance(asked, dict):
                    asked.update({name: value for name, value in names.items() if asked.get(name) is not None})
        bearer = agency_key if path.startswith("/agency/") else token
        case.call_and_validate(headers={"Authorization": f"Bearer {bearer}"}, excluded_checks=LEFT_OUT)

    ask()


def _numbers_for(path):
    """Matters or elements that the command of this address may be given to, as far as their state says; else all."""
    if path.startswith("/elements"):
        status = {"commands/reopen": ["closed"]}.get(path.partition("}/")[2], ["active", "closed"])
        return list(Element.objects.filter(status__in=status).order_by("number").values_list("number", flat=True))
    if path.startswith("/agency/"):
        rows = Matter.objects.filter(agency__isnull=False, state="handling").order_by("number")
        return list(rows.values_list("number", flat=True))
    verb = path.rpartition("/commands/")[2]
    states = COMMANDS[verb].from_states if verb in COMMANDS else STATES
    return list(Matter.objects.filter(state__in=states).order_by("number").values_list("number", flat=True))


def test_answers_have_their_shapes(client, house, token, agency_key):
    """What is read of a full house fits the shapes to the letter: no field more, none less."""
    number = Matter.objects.filter(state="closed").values_list("number", flat=True)[0]
    element = Element.objects.get(name="二号消火栓").number
    for path, operation in [
        ("/matters", "/matters"),
        (f"/matters/{number}", "/matters/{number}"),
        (f"/matters/{number}/events", "/matters/{number}/events"),
        (f"/elements/{element}", "/elements/{number}"),
        (f"/elements/{element}/changes", "/elements/{number}/changes"),
        *((path, path) for path in ("/events", "/categories", "/stations", "/units", "/areas", "/agencies")),
        *((path, path) for path in ("/elements", "/element-categories")),
        ("/agency/matters", "/agency/matters"),
        (f"/agency/matters/{_numbers_for('/agency/')[0]}", "/agency/matters/{number}"),
    ]:
        bearer = agency_key if path.startswith("/agency/") else token
        answer = client.get(V1 + path, headers={"Authorization": f"Bearer {bearer}"})
        told = json.loads(answer.content)
        assert told.get("items", True)
        shape = DOCUMENT["paths"][operation]["get"]["responses"]["200"]["content"]["application/json"]["schema"]
        jsonschema.validate(told, {**shape, "components": _closed(DOCUMENT["components"])})


def _closed(node):
    """The same shapes with every object's fields all required and no others."""
    if isinstance(node, list):
        return [_closed(each) for each in node]
    if not isinstance(node, dict):
        return node
    found = {name: _closed(each) for name, each in node.items()}
    if isinstance(node.get("properties"), dict) and node.get("type") == "object":
        found |= {"additionalProperties": False, "required": list(node["properties"])}
    return found
