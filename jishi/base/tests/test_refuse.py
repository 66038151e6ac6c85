import datetime as dt
import json

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory
from django.utils import translation

from jishi.base import sentences
from jishi.base.errors import Refused
from jishi.base.middleware import Refusals, refusal


@pytest.fixture
def ask(db):
    def make(path="/matters/1", **headers):
        request = RequestFactory().post(path, headers=headers)
        request.user = AnonymousUser()
        return request

    return make


@pytest.mark.parametrize(("code", "status"), [("stale", 409), ("not_allowed", 403), ("wrong_state", 422)])
def test_a_page_says_it_with_the_right_status(ask, code, status):
    answer = refusal(ask(), Refused(code))
    assert answer.status_code == status
    assert f'data-refused="{code}"' in answer.content.decode()
    assert "<!doctype html>" in answer.content.decode()


def test_the_way_back_is_ours_only(ask):
    ours = refusal(ask(referer="http://testserver/matters/7"), Refused("stale")).content.decode()
    theirs = refusal(ask(referer="http://elsewhere.example/"), Refused("stale")).content.decode()
    assert 'href="http://testserver/matters/7"' in ours
    assert "elsewhere" not in theirs


def test_htmx_gets_a_toast(ask):
    answer = refusal(ask(**{"hx-request": "true"}), Refused("stale"))
    assert answer.status_code == 409
    assert answer["HX-Retarget"] == "#toasts"
    assert "<!doctype" not in answer.content.decode()


def test_the_api_gets_a_problem_document_with_the_facts(ask):
    moment = dt.datetime(2026, 3, 5, 6, 30, tzinfo=dt.UTC)
    answer = refusal(ask("/api/v1/matters"), Refused("stale", version=3, current=4, at=moment, among={"b", "a"}))
    body = json.loads(answer.content)
    assert answer.status_code == 409
    assert answer["Content-Type"] == "application/problem+json"
    assert body["code"] == "stale"
    assert body["facts"] == {"version": 3, "current": 4, "at": moment.isoformat(), "among": ["a", "b"]}


def test_other_errors_stay_errors(ask):
    assert Refusals(lambda _request: None).process_exception(ask(), ValueError("no")) is None


def test_sentences_speak_both_languages_and_forgive_a_missing_fact(monkeypatch):
    monkeypatch.setitem(sentences._sentences, "too_late", "Not after %(until)s.")
    assert sentences.sentence(Refused("too_late", until="noon")) == "Not after noon."
    assert sentences.sentence(Refused("too_late")) == "Not after ?."
    with translation.override("zh-hans"):
        assert "其间已有人改动" in sentences.sentence(Refused("stale"))
        assert "重新打开页面" in sentences.sentence(Refused("a_code_nobody_registered"))
    assert "stale" in sentences.known()
