"""Open311 by its own description: no error of ours, no broken promise, no post that was taken and is not there."""

from __future__ import annotations

import json
import re
from pathlib import Path

import hypothesis
import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import strategies as st
from openapi_spec_validator import OpenAPIV31SpecValidator
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from jishi.exchange.open311.actions.keys import make_key
from jishi.matters.models import Matter
from jishi.matters.tests import factory
from jishi.project.wsgi import application
from jishi.window.models import Held

DESCRIBED = json.loads((Path(__file__).parents[1] / "docs" / "open311.openapi.json").read_text(encoding="utf-8"))
OPERATIONS = [(method.upper(), path) for path, found in sorted(DESCRIBED["paths"].items()) for method in sorted(found)]
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]
EXAMPLES = 15


def served(environ, start_response):
    """Jishi, with the description where schemathesis looks for it."""
    if environ["PATH_INFO"] == "/openapi.json":
        start_response("200 OK", [("Content-Type", "application/json")])
        return [json.dumps(DESCRIBED).encode()]
    return application(environ, start_response)


@pytest.fixture
def house(db):
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)  # the test's transaction lives on one connection
    yield factory.a_station()
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


def test_the_description_is_openapi_3_1():
    assert not list(OpenAPIV31SpecValidator(DESCRIBED).iter_errors())


def test_what_is_described_is_what_is_there():
    from jishi.exchange.open311.urls import urlpatterns

    routes = {str(each.pattern).replace("<open311_form:form>", "{form}").replace("<str:", "{").replace(">", "}")
              for each in urlpatterns if str(each.pattern).startswith("open311/v2/")}  # fmt: skip
    assert {path[1:] for path in DESCRIBED["paths"]} == routes - {"open311/v2/"}


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize(("method", "path"), OPERATIONS)
def test_whatever_is_made_up_from_the_description_is_answered_as_it_says(house, method, path, mode):
    raw = make_key(house.station, label="x", by=house.administrator, per_minute=600)[1]
    number = factory.a_matter(house, "handling", category="public.light").number
    Matter.objects.update(channel="open311")
    schema = schemathesis.openapi.from_wsgi("/openapi.json", served)
    known = {
        "api_key": raw, "service_code": "public.light", "lat": 38.01, "long": 114.51, "jurisdiction_id": "XH",
        "service_request_id": number, "attribute[fault]": "out", "media_url": "https://a.example/1.jpg",
    }  # fmt: skip
    in_path = {"code": "public.light", "number": number, "token": number}

    @hypothesis.seed(11)
    @hypothesis.settings(
        max_examples=EXAMPLES, database=None, derandomize=False, deadline=None, phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )  # fmt: skip
    @hypothesis.given(
        case=schema[path][method].as_strategy(generation_mode=mode), keep=st.sets(st.sampled_from(sorted(known)))
    )
    def ask(case, keep):
        before = Matter.objects.count() + Held.objects.count()
        if isinstance(case.body, dict):
            case.body.update({name: known[name] for name in known if name not in keep})
        if mode is GenerationMode.POSITIVE:
            case.path_parameters.update({name: each for name, each in in_path.items() if name in case.path_parameters})
        answer = case.call()
        case.validate_response(answer, checks=CHECKS)
        number = re.search(rb"XH-\d{4}-\d{6}", answer.content)
        if method == "POST" and path.endswith("/requests.{form}") and answer.status_code == 200:
            there = number[0].decode()
            assert Matter.objects.filter(number=there).exists() or Held.objects.filter(number=there).exists()
        else:
            assert Matter.objects.count() + Held.objects.count() == before

    ask()
