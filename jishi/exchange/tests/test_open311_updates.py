"""Updates of requests, and reports that the desk looks through first."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.files.base import ContentFile
from django.utils import timezone, translation
from lxml import etree

from jishi.exchange.open311.actions import pictures
from jishi.exchange.open311.actions.pictures import fetch_picture, let_in
from jishi.exchange.open311.models import Picture
from jishi.exchange.tests.open311 import EMAIL, get, listed, post, reported
from jishi.matters.actions import Place
from jishi.matters.models import Evidence, Matter, Text
from jishi.matters.tests import factory
from jishi.notify.channels import http
from jishi.stations.models import Staff
from jishi.window.actions.held import purge_thrown, release, throw_away
from jishi.window.actions.reporting import report_at_window
from jishi.window.models import Held, Receipt
from jishi.window.queries.receipts import receipt_of
from jishi.window.queries.tracking import tracked
from tests.support.photos import a_photo

pytestmark = pytest.mark.django_db


def seen_by(receipt_id):
    """What the holder of a receipt reads, the newest first: each line, the words and the photos with it."""
    with translation.override("zh-hans"):
        lines = tracked(receipt_of(receipt_id, timezone.now()), timezone.now()).lines
        return [(str(line.sentence), line.words, line.photos) for line in lines]


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


@pytest.mark.parametrize(
    ("status", "words", "read"),
    [
        ("FIXED", "路灯亮了", "路灯亮了\n\n来源系统中的状态：FIXED"),
        ("CLOSED", "", "来源系统中的状态：CLOSED"),
        ("OPEN", "", "来源系统中的状态：OPEN"),
        ("open", "还是不亮", "还是不亮"),
        ("已修好", "还是不亮", "还是不亮"),
    ],
)
def test_how_the_other_system_has_it_is_a_word_to_the_desk(house, raw, status, words, read):
    matter = reported(raw)
    said = {"path": "servicerequestupdates.json", "service_request_id": matter.number, "update_id": "78"}
    (told,) = post(raw, description=words, status=status, **said)
    assert post(raw, description=words, status=status, **said) == [told]
    assert Text.objects.get(matter=matter, kind="text").body == read
    matter.refresh_from_db()
    assert (matter.state, matter.version) == ("reported", 2)
    assert post(raw, 400, description="", status="已修好", **said)[0]["code"] == 400


def test_a_photo_alone_gets_an_update_of_its_own(house, raw):
    matter = reported(raw)
    said = {"path": "servicerequestupdates.json", "service_request_id": matter.number, "description": ""}
    ids = [post(raw, media_url=f"https://photos.example.org/{n}.jpg", **said)[0]["update_id"] for n in range(2)]
    assert len({*ids, f"{matter.number}-1"}) == 3
    assert Picture.objects.filter(receipt__matter=matter).count() == 2
    assert set(Text.objects.filter(matter=matter, kind="text").values_list("body", flat=True)) == {
        "随附照片以网址提供，正在取回。"
    }
    assert post(raw, media=a_photo(), **said)[0]["update_id"] not in ids
    assert Evidence.objects.filter(matter=matter).count() == 1


def test_a_photo_that_cannot_be_taken_costs_no_word(house, raw):
    matter = reported(raw)
    said = {"path": "servicerequestupdates.json", "service_request_id": matter.number}
    post(raw, description="灯杆也歪了", media=ContentFile(b"GIF89a", name="a.jpg"), **said)
    assert Text.objects.get(matter=matter, kind="text").body == "灯杆也歪了\n\n有 1 张照片无法接收。"
    assert post(raw, 400, description="", media=ContentFile(b"GIF89a", name="a.jpg"), **said)[0]["code"] == 400
    matter.refresh_from_db()
    assert matter.version == 2


def test_what_a_client_adds_is_not_said_to_be_the_reporters_own(house, raw, monkeypatch):
    answer = http.Answer(200, body=a_photo().read(), kind="image/jpeg")
    monkeypatch.setattr(pictures.http, "get", lambda *_args, **_kwargs: answer)
    issued = report_at_window(
        house.station, words="路灯不亮", category="public.light", place=Place(name="和平里3号楼"), language="zh-hans",
        key="k", now=timezone.now(),
    )  # fmt: skip
    said = {"path": "servicerequestupdates.json", "service_request_id": issued.number,
            "media_url": "https://photos.example.org/1.jpg", "media": a_photo()}  # fmt: skip
    post(raw, description="我是别人", **said)
    fetch_picture(Picture.objects.get(receipt=issued.receipt).pk, timezone.now())
    assert Evidence.objects.filter(matter__number=issued.number).count() == 2
    lines = seen_by(issued.receipt)
    assert lines == [("有人补充了情况。", "", 0), ("有人补充了情况。", "", 0), ("上报已收到。", "路灯不亮", 0)]


def test_what_a_client_adds_to_its_own_request_is_its_reporters(house, raw):
    matter = reported(raw)
    post(raw, path="servicerequestupdates.json", service_request_id=matter.number, description="灯杆也歪了")
    assert seen_by(Receipt.objects.get(matter=matter).pk)[0] == ("您补充了情况。", "灯杆也歪了", 0)


def test_nothing_is_added_to_what_is_closed(house, raw):
    matter = reported(raw)
    said = {"path": "servicerequestupdates.json", "service_request_id": matter.number}
    before = post(raw, description="灯杆也歪了", **said)
    for verb in ("assess", "push", "accept", "submit", "check", "answer"):
        factory.give(house, matter.pk, verb)
    assert post(raw, description="又不亮了", **said)[0]["update_id"]
    factory.give(house, matter.pk, "close")
    for fields in ({"description": "还是不亮"}, {"description": "", "media_url": "https://photos.example.org/1.jpg"}):
        (error,) = post(raw, 400, **fields, **said)
        assert "已办结" in error["description"]
    assert Picture.objects.count() == 0
    assert post(raw, description="灯杆也歪了", **said) == before


def test_a_time_with_a_blank_costs_no_update(house, raw):
    said = {"path": "servicerequestupdates.json", "service_request_id": reported(raw).number, "description": "x"}
    for number, moment in enumerate(("2026-03-01 08:00:00", "2026-03-01T08:00:00 08:00", "2026-03-01T08:00:00")):
        assert post(raw, updated_datetime=moment, update_id=number, **said)[0]["update_id"]
    assert post(raw, 400, updated_datetime="gestern", **said)[0]["code"] == 400


def test_a_token_that_nobody_was_given_is_not_found(house):
    assert listed("tokens/nothing.json", 404)[0]["code"] == 404


# What the desk looks through first

SPAM = "买 http://a.example http://b.example http://c.example"


def test_a_report_that_looks_like_a_machines_gets_a_token(house, raw):
    (told,) = post(raw, description=SPAM, media_url="https://photos.example.org/1.jpg", email=EMAIL)
    assert set(told) == {"token", "service_notice", "account_id"}
    token = told["token"]
    assert Matter.objects.count() == 0
    assert listed("requests.json") == []
    assert listed(f"requests/{token}.json", 404)[0]["code"] == 404
    assert listed(f"tokens/{token}.json") == [{"token": token}]
    root = etree.fromstring(get(f"tokens/{token}.xml").content)
    assert [(each.tag, each.text) for each in root.find("request")] == [("token", token)]
    assert listed(f"tokens/{token}.json", jurisdiction_id="XH") == [{"token": token}]
    assert post(raw, description=SPAM, media_url="https://photos.example.org/1.jpg", email=EMAIL) == [told]
    assert Held.objects.count() == 1


def test_a_token_leads_to_the_number_once_it_is_let_in(house, raw):
    (told,) = post(raw, description=SPAM, media_url="https://photos.example.org/1.jpg")
    held, picture = Held.objects.get(), Picture.objects.get()
    fetch_picture(picture.pk, timezone.now())
    assert Picture.objects.filter(pk=picture.pk, tries=0).exists()
    assert let_in() == 0
    release(held.pk, by=house.desk, now=timezone.now())
    (found,) = listed(f"tokens/{told['token']}.json")
    assert found == {"service_request_id": held.number, "token": told["token"]}
    assert Matter.objects.get().channel == "open311"
    assert listed("requests.json")[0]["service_request_id"] == held.number
    assert let_in() == 1
    (again,) = post(raw, description=SPAM, media_url="https://photos.example.org/1.jpg")
    assert again["service_request_id"] == held.number
    assert "token" not in again


def test_what_was_thrown_away_is_found_no_more_and_its_photos_go_with_it(house, raw):
    (told,) = post(raw, description=SPAM, media_url="https://photos.example.org/1.jpg")
    throw_away(Held.objects.get().pk, by=house.desk, now=timezone.now())
    assert listed(f"tokens/{told['token']}.json", 404)[0]["code"] == 404
    let_in()
    assert Picture.objects.count() == 1
    purge_thrown(timezone.now() + timedelta(days=8))
    let_in()
    assert Picture.objects.count() == 0
