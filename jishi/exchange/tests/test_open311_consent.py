"""What is agreed to in another system: a purpose and a version, asked and answered as an attribute."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from jishi.base.errors import Refused
from jishi.exchange.open311.actions import pictures
from jishi.exchange.open311.actions.pictures import fetch_picture
from jishi.exchange.open311.models import Picture, Service
from jishi.exchange.open311.services import CONSENTS, PHOTOS, check_questions
from jishi.exchange.tests.open311 import AT, EMAIL, listed, post, reported
from jishi.journal import queries as journal
from jishi.matters import commands
from jishi.matters.actions import apply
from jishi.matters.events import SUBJECT
from jishi.matters.models import Evidence, Matter, Party, Text
from jishi.matters.publishing.actions import publish_photo
from jishi.matters.tests import factory
from jishi.notify import channels
from jishi.notify.channels import http
from jishi.privacy import consent
from jishi.window.actions.held import release
from jishi.window.models import Held, Letter
from tests.support.photos import a_photo

pytestmark = pytest.mark.django_db

AGREED = {"attribute[publish_photo]": "publish_photo.1"}
DESCRIBED = Path(__file__).parents[3] / "docs" / "open311.openapi.json"
UPDATES = "servicerequestupdates.json"
SPAM = "看 http://a.example http://b.example http://c.example"


def publish(house, evidence):
    """Publish a photo as the desk does."""
    return publish_photo(evidence.matter_id, evidence.pk, boxes=[], when="before", confirmed=True, by=house.desk)


def agreed_to(matter):
    """The consents that each event of a matter holds, in order."""
    events = journal.events_of(SUBJECT, matter.pk).order_by("subject_version")
    return [json.loads(event.payload).get("facts", {}).get("consents", []) for event in events]


@pytest.fixture
def photo_there(monkeypatch):
    """Every address that is asked for a photo has one."""
    body = a_photo().read()
    answer = http.Answer(200, body=body, kind="image/jpeg")
    monkeypatch.setattr(pictures.http, "get", lambda *_args, **_kwargs: answer)


def test_a_service_asks_in_the_words_of_the_house_and_names_their_version(house):
    told = {each["code"]: each for each in listed("services/public.light.json")["attributes"]}
    for purpose in CONSENTS:
        text, asked = consent.current(purpose), told[purpose]
        assert asked["description"] == text.zh
        assert (asked["required"], asked["datatype"]) == (False, "singlevaluelist")
        assert asked["values"] == [{"key": text.code, "name": "我同意"}]
    english = Client().get(f"{AT}services/public.light.json", headers={"accept-language": "en"}).json()
    assert english["attributes"][-1]["description"] == consent.current("publish_photo").en
    assert {row["metadata"] for row in listed("services.json")} == {True}


def test_a_service_that_asks_for_no_consent_takes_one_all_the_same(house, raw):
    Service.objects.filter(category="fire.exit").update(asks_consent=False)
    assert listed("services/fire.exit.json")["attributes"] == []
    rows = {row["service_code"]: row["metadata"] for row in listed("services.json")}
    assert (rows["fire.exit"], rows["public.light"]) == (False, True)
    matter = reported(raw, service_code="fire.exit", media=a_photo(), **AGREED)
    assert publish(house, Evidence.objects.get(matter=matter))


def test_a_photo_is_published_where_whoever_sent_it_agreed(house, raw):
    without = reported(raw, media=a_photo())
    with pytest.raises(Refused, match="no_consent"):
        publish(house, Evidence.objects.get(matter=without))
    matter = reported(raw, description="又一盏", media=a_photo(), **AGREED)
    assert agreed_to(matter) == [["publish_photo.1"]]
    assert "publish_photo" not in Text.objects.get(matter=matter, kind="description").body
    shown = publish(house, Evidence.objects.get(matter=matter))
    (row,) = listed(f"requests/{matter.number}.json")
    assert row["media_url"] == f"http://testserver/published/{shown.token}/"


def test_a_photo_by_its_address_carries_the_consent_that_came_with_it(house, raw, photo_there):
    matter = reported(raw, media_url="https://photos.example.org/1.jpg", **AGREED)
    fetch_picture(Picture.objects.get().pk, timezone.now())
    assert agreed_to(matter) == [["publish_photo.1"], ["publish_photo.1"]]
    assert publish(house, Evidence.objects.get(matter=matter))
    other = reported(raw, description="又一盏", media_url="https://photos.example.org/2.jpg")
    fetch_picture(Picture.objects.get().pk, timezone.now())
    with pytest.raises(Refused, match="no_consent"):
        publish(house, Evidence.objects.get(matter=other))


def test_a_report_in_quarantine_keeps_what_was_agreed_to(house, raw, photo_there):
    post(raw, description=SPAM, media=a_photo(), media_url="https://photos.example.org/1.jpg", **AGREED)
    release(Held.objects.get().pk, by=house.desk, now=timezone.now())
    fetch_picture(Picture.objects.get().pk, timezone.now())
    matter = Matter.objects.get()
    for evidence in Evidence.objects.filter(matter=matter):
        assert publish(house, evidence)
    assert Evidence.objects.filter(matter=matter).count() == 2


def test_a_photo_of_what_was_merged_meanwhile_joins_what_it_is_answered_with(house, raw, photo_there):
    root = reported(raw, description="先报的")
    matter = reported(raw, media_url="https://photos.example.org/1.jpg", **AGREED)
    factory.give(house, matter.pk, "assess")
    apply(matter.pk, commands.Merge(root=root.pk), by=house.desk)
    fetch_picture(Picture.objects.get().pk, timezone.now())
    assert publish(house, Evidence.objects.get(matter=root))


def test_an_update_carries_a_consent_for_its_own_photo_alone(house, raw):
    matter = reported(raw, media=a_photo())
    post(raw, path=UPDATES, service_request_id=matter.number, description="近照", media=a_photo(), **AGREED)
    first, second = Evidence.objects.filter(matter=matter).order_by("pk")
    assert publish(house, second)
    with pytest.raises(Refused, match="no_consent"):
        publish(house, first)


def test_a_contact_is_written_to_where_that_was_agreed(house, raw, monkeypatch):
    monkeypatch.setattr(channels, "channels_ready", lambda _station: frozenset({"email"}))
    reported(raw, email=EMAIL)
    assert Letter.objects.count() == 0
    matter = reported(raw, description="又一盏", email=EMAIL, **{"attribute[contact]": "contact.1"})
    assert Party.objects.get(matter=matter).consent == "contact.1"
    assert Letter.objects.get().receipt.matter == matter


@pytest.mark.parametrize(
    ("name", "value"),
    [("publish_photo", "yes"), ("publish_photo", "publish_photo.99"), ("publish_photo", "contact.1"),
     ("contact", "true"), ("publish_photo", "publish_photo.²")],
)  # fmt: skip
def test_what_names_no_version_is_no_consent(house, raw, name, value):
    (error,) = post(raw, 400, media=a_photo(), **{f"attribute[{name}]": value})
    assert f"attribute[{name}]" in error["description"]
    assert Matter.objects.count() == 0


def test_the_description_names_the_version_that_is_asked(house):
    described = json.loads(DESCRIBED.read_text(encoding="utf-8"))
    for path, purposes in (("requests", CONSENTS), ("servicerequestupdates", (PHOTOS,))):
        body = described["paths"][f"/open311/v2/{path}.{{form}}"]["post"]["requestBody"]
        for form in body["content"].values():
            for purpose in purposes:
                known = form["schema"]["properties"][f"attribute[{purpose}]"]["enum"]
                assert consent.current(purpose).code in known


def test_an_empty_answer_is_none(house, raw):
    matter = reported(raw, **{"attribute[publish_photo]": ["", " "], "attribute[contact][]": ""})
    assert agreed_to(matter) == [[]]


def test_no_question_takes_the_name_of_a_consent(house):
    for code in CONSENTS:
        with pytest.raises(Refused, match="service_questions"):
            check_questions([{"code": code, "datatype": "string", "zh": "甲", "en": "A"}])
