"""The public's form of a report, whatever is sent to it: never an error of ours, never a valid report that is lost."""

from __future__ import annotations

import json
from urllib.parse import urlencode

import hypothesis
import pytest
import schemathesis
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client
from hypothesis import strategies as st
from PIL import Image
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, status_code_conformance

from jishi.files.queries import open_file
from jishi.matters.models import Evidence, Matter, Text
from jishi.matters.tests import factory
from jishi.project.wsgi import application
from jishi.window.models import Held, Receipt
from jishi.window.tests.public import REPORT, fields, receipt_in
from tests.support import malformed
from tests.support.photos import a_photo

pytestmark = pytest.mark.django_db
PHOTO = a_photo().read()
BROKEN = sorted(malformed.broken_forms({}, PHOTO))
PICTURES = malformed.pictures()


@pytest.fixture
def house():
    cache.clear()
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)  # the test's transaction lives on one connection
    yield factory.a_station("XH")
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)
    cache.clear()


def sent(body, kind=malformed.KIND, address=REPORT):
    """What the form answers to a body, without an error going up to the test."""
    return Client(raise_request_exception=False).generic("POST", address, body, content_type=kind)


def known():
    """How many reports there are, in the loop and in quarantine."""
    return Matter.objects.count() + Held.objects.count()


def taken(answer):
    """The matter of the report that was taken; fails where there is none behind what was answered."""
    assert answer.status_code == 201, answer.status_code
    number, _secret = receipt_in(answer.content.decode())
    matter = Matter.objects.get(number=number)
    assert Receipt.objects.filter(matter=matter).count() == 1
    return matter


@pytest.mark.parametrize("wrong", BROKEN)
def test_a_form_in_pieces_is_refused_or_taken_whole_and_the_next_one_is_taken(house, wrong):
    kind, body = malformed.broken_forms(fields(), PHOTO)[wrong]
    answer = sent(body, kind)
    assert answer.status_code < 500
    assert known() == (answer.status_code == 201)
    taken(sent(malformed.whole(fields())))


@pytest.mark.parametrize("wrong", sorted(PICTURES))
def test_whatever_is_sent_as_a_photo_costs_nobody_their_report(house, wrong):
    photo = malformed.part("files", PICTURES[wrong], '; filename="a.jpg"\r\nContent-Type: image/jpeg')
    good = malformed.part("files", PHOTO, '; filename="b.jpg"\r\nContent-Type: image/jpeg')
    matter = taken(sent(malformed.whole(fields(), photo, good)))
    kept = [each.attachment for each in Evidence.objects.filter(matter=matter).select_related("attachment")]
    assert 1 <= len(kept) <= 2
    for each in kept:
        if each.media_type.startswith("image/"):
            with open_file(each) as file, Image.open(file) as image:
                image.load()
                assert not image.getexif()


@pytest.mark.parametrize("odd", sorted(malformed.TEXTS))
def test_whatever_is_written_is_kept_or_shown_again(house, odd):
    text = malformed.TEXTS[odd]
    answer = sent(malformed.whole(fields(words=text, place=text[:100])))
    if answer.status_code == 422:
        assert known() == 0
        assert "路灯" in answer.content.decode()
        return
    body = Text.objects.get(matter=taken(answer), kind="description").body
    plain = text.replace("\0", "").replace("\r\n", "\n").strip()
    assert plain in body.replace("\r\n", "\n")


_ODD = st.one_of(st.text(max_size=30), st.sampled_from(sorted(malformed.TEXTS.values())))
_NAMES = st.sampled_from(
    ["category", "other", "element", "at", "lon", "lat", "urgent", "agree", "name", "phone", "email", "step", "proof",
     "website", "csrfmiddlewaretoken", "x", ""]
)  # fmt: skip


@hypothesis.settings(max_examples=80, suppress_health_check=list(hypothesis.HealthCheck))
@hypothesis.given(more=st.dictionaries(_NAMES, _ODD, max_size=6), encoded=st.booleans())
def test_odd_values_are_said_so_and_what_was_taken_is_there(house, more, encoded):
    cache.clear()
    before, given = known(), {**fields(), **more}
    if encoded:
        body, kind = urlencode(given, errors="replace").encode(), "application/x-www-form-urlencoded"
    else:
        body, kind = malformed.whole({name: value for name, value in given.items() if name}), malformed.KIND
    answer = sent(body, kind)
    assert answer.status_code in (200, 201, 422)
    assert known() == before + (answer.status_code == 201)


@hypothesis.settings(max_examples=60, suppress_health_check=list(hypothesis.HealthCheck))
@hypothesis.given(data=st.data())
def test_a_form_with_bytes_that_fell_out_or_in_breaks_nothing(house, data):
    cache.clear()
    body = malformed.whole(fields(), malformed.part("files", PHOTO, '; filename="a.jpg"\r\nContent-Type: image/jpeg'))
    at, length = data.draw(st.integers(0, len(body))), data.draw(st.integers(0, 60))
    put = data.draw(st.binary(max_size=20))
    before, answer = known(), sent(body[:at] + put + body[at + length :])
    assert answer.status_code < 500
    assert known() == before + (answer.status_code == 201)


_TEXT = {"type": "string"}
_FIELDS = (
    "words place category other element at lon lat urgent name phone email agree stamp proof website step which number"
    " secret"
)
_FORM = dict.fromkeys(_FIELDS.split(), _TEXT)
_STATUSES = ("200", "201", "303", "302", "400", "403", "404", "409", "413", "422", "429")


def _described(*paths):
    """The addresses of the public's forms as OpenAPI has them."""
    answers = {status: {"description": "A page.", "content": {"*/*": {}}} for status in _STATUSES}
    body = {
        "application/x-www-form-urlencoded": {"schema": {"type": "object", "properties": _FORM}},
        "multipart/form-data": {
            "schema": {"type": "object", "properties": {**_FORM, "files": {"type": "string", "format": "binary"}}}
        },
    }
    post = {"requestBody": {"required": True, "content": body}, "responses": answers}
    return {
        "openapi": "3.1.0",
        "info": {"title": "window", "version": "1"},
        "paths": {each: {"post": post} for each in paths},
    }


FORMS = [REPORT, f"{REPORT}look/", f"{REPORT}stamp/", "/window/XH/follow/", "/window/receipt.pdf", "/window/track/"]


@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
@pytest.mark.parametrize("path", FORMS)
def test_the_forms_of_the_public_answer_whatever_is_made_up(house, path, mode):
    described = json.dumps(_described(*FORMS)).encode()

    def served(environ, start_response):
        if environ["PATH_INFO"] != "/openapi.json":
            return application(environ, start_response)
        start_response("200 OK", [("Content-Type", "application/json")])
        return [described]

    schema = schemathesis.openapi.from_wsgi("/openapi.json", served)

    @hypothesis.seed(13)
    @hypothesis.settings(
        max_examples=20, database=None, derandomize=False, deadline=None, phases=[hypothesis.Phase.generate],
        suppress_health_check=list(hypothesis.HealthCheck),
    )  # fmt: skip
    @hypothesis.given(case=schema[path]["POST"].as_strategy(generation_mode=mode), valid=st.booleans())
    def ask(case, valid):
        cache.clear()
        before = known()
        if valid and isinstance(case.body, dict):
            case.body.update(fields())
        answer = case.call()
        case.validate_response(answer, checks=[not_a_server_error, status_code_conformance, content_type_conformance])
        assert known() == before + (path == REPORT and answer.status_code == 201)

    ask()
