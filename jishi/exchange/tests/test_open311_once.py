"""What a client sends again is done once: nothing of it is done before it is known to be new, and an upgrade changes
nothing."""

from __future__ import annotations

import pytest
from django.db import connection
from django.utils import timezone

from jishi.exchange.open311.actions import taken
from jishi.exchange.open311.models import ClientKey, Posted
from jishi.exchange.open311.posted import Person, Request
from jishi.exchange.tests.open311 import post, reported
from jishi.matters.models import Evidence, Matter
from jishi.window.actions import reporting
from tests.support.photos import a_photo

pytestmark = pytest.mark.django_db

UPDATES = "servicerequestupdates.json"
#: What was kept of these posts before clients could agree to anything, and before a status was read.
REQUEST = (
    "Request(service='public.light', words='路灯不亮', point=(114.5, 38.0), address='', element='', "
    "person=Person(name='邓', phone='', email=''), answers={'pole': ['7']}, pictures=())"
)
UPDATE = "Update(number='{number}', words='灯杆也歪了', own='77', pictures=('https://photos.example.org/1.jpg',))"


@pytest.fixture
def prepared(monkeypatch):
    """How deep in transactions each photo was prepared."""
    depths = []
    prepare = reporting.prepare

    def watched(upload):
        depths.append(len(connection.atomic_blocks))
        return prepare(upload)

    monkeypatch.setattr(reporting, "prepare", watched)
    return depths


def test_photos_are_prepared_while_nobody_waits_for_the_database(house, raw, prepared):
    outside = len(connection.atomic_blocks)
    matter = reported(raw, media=a_photo())
    said = {"path": UPDATES, "service_request_id": matter.number, "description": ""}
    post(raw, media=a_photo(), **said)
    assert prepared == [outside, outside]
    assert Evidence.objects.filter(matter=matter).count() == 2


def test_photos_that_are_sent_again_are_not_prepared_again(house, raw, prepared):
    matter = reported(raw, media=a_photo())
    said = {"path": UPDATES, "service_request_id": matter.number, "update_id": "77"}
    first = post(raw, media=a_photo(), **said)
    assert reported(raw, media=a_photo()) == matter
    assert post(raw, media=a_photo(), **said) == first
    assert post(raw, 400, media=a_photo(), **{**said, "description": "别的"})[0]["code"] == 400
    assert len(prepared) == 2


def test_of_many_photos_the_report_takes_five_and_says_so(house, raw):
    (told,) = post(raw, media=[a_photo(f"{n}.jpg") for n in range(7)])
    assert "2 张照片" in told["service_notice"]
    assert Evidence.objects.filter(matter__number=told["service_request_id"]).count() == 5


def test_what_was_kept_of_a_request_before_it_had_consents_is_what_is_kept_today():
    asked = Request(
        "public.light", "路灯不亮", (114.5, 38.0), "", "", Person("邓"), {"pole": ["7"]}, (), (), (a_photo(),)
    )
    assert taken.content_of(asked) == REQUEST
    agreed = Request("", "", None, "", "", Person(), {}, ("publish_photo.1",), (), ())
    assert "consents=('publish_photo.1',)" in taken.content_of(agreed)


def test_an_update_that_was_posted_before_an_upgrade_is_known_after_it(house, raw):
    matter = reported(raw)
    key, now, url = ClientKey.objects.get(), timezone.now(), "https://photos.example.org/1.jpg"
    Posted.objects.create(
        key=key, digest=taken.digest_of(f"update:{matter.number}:77"), made_at=now, until=now + taken.BY_ITS_OWN_KEY,
        content=taken.digest_of(UPDATE.format(number=matter.number)), answer={"number": "before"},
    )  # fmt: skip
    said = {"path": UPDATES, "service_request_id": matter.number, "update_id": "77", "media_url": url}
    assert post(raw, description="灯杆也歪了", **said) == [{"update_id": "before"}]
    assert post(raw, 400, description="灯杆也歪了", status="CLOSED", **said)[0]["code"] == 400
    assert Matter.objects.get(pk=matter.pk).version == 1
