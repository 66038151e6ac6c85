"""``jishi verify`` compares every column of every row that stands for a matter."""

from __future__ import annotations

import io
from datetime import timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import models
from django.utils import timezone
from PIL import Image

from jishi.files.actions import root
from jishi.matters import verify as ledger
from jishi.matters.actions import PartyInput, Place, report_matter
from jishi.matters.models import (
    Assignment,
    Category,
    Clock,
    Evidence,
    Extension,
    Link,
    Matter,
    Party,
    Rating,
    Suspension,
    Text,
)
from jishi.matters.tests.factory import House, a_matter, a_station, give
from jishi.register.tests.factory import a_ground, a_hydrant

pytestmark = pytest.mark.django_db

COLUMNS = [column.name for column in Matter._meta.concrete_fields if not column.primary_key]


@pytest.fixture
def house() -> House:
    """A station with matters of which every kind of row has at least one."""
    house = a_station()
    place = Place(name="和平里3号楼", area=house.area.pk if house.area else None, lon=116.4, lat=39.9)
    party = PartyInput(name="张三", contact="13800138000")
    done = report_matter(house.station, by=house.desk, title="楼道有异味", place=place, parties=[party])
    for verb in ("assess", "push", "accept"):
        give(house, done.matter_id, verb)
    give(house, done.matter_id, "extend", by=house.chief, minutes=120, reason="等待配件")
    give(house, done.matter_id, "suspend")
    give(house, done.matter_id, "resume", by=house.chief)
    give(house, done.matter_id, "log", by=house.officer, text="已到现场")
    a_matter(house, "closed")
    give(house, a_matter(house, "answered"), "rate", mended=True, result=5)
    a_matter(house, "inherited")
    assert ledger.verify().ok, ledger.verify().problems
    return house


def codes() -> set[str]:
    return {problem.code for problem in ledger.verify().problems}


def in_hand() -> Matter:
    return Matter.objects.get(state="handling")


def another(column: Any, matter: Matter) -> dict[str, Any]:
    """A change of one column to something else of its kind that the database lets through."""
    old = getattr(matter, column.attname)
    if column.name == "root":
        return {"root": Matter.objects.exclude(pk=matter.pk).first(), "outcome": "duplicate"}
    if column.name == "element":
        return {"element": a_hydrant(a_ground("XR"))}
    if column.name == "station":
        return {"station": a_station("XI").station}
    if column.name == "category":
        return {"category": Category.objects.exclude(pk=old).first()}
    if column.is_relation:
        return {column.name: column.related_model.objects.exclude(pk=old).first()}
    if isinstance(column, models.BooleanField):
        return {column.name: not old}
    if isinstance(column, models.DateTimeField):
        return {column.name: (old or timezone.now()) + timedelta(days=1)}
    if isinstance(column, models.IntegerField | models.FloatField):
        return {column.name: (old or 0) + 1}
    return {column.name: "pushed" if column.name == "state" else f"{old or ''}x"}


@pytest.mark.parametrize("name", COLUMNS)
@pytest.mark.parametrize("state", ["handling", "inherited"])
def test_a_column_changed_by_hand_is_found(house: House, state: str, name: str) -> None:
    matter = Matter.objects.get(state=state)
    Matter.objects.filter(pk=matter.pk).update(**another(Matter._meta.get_field(name), matter))
    found = ledger.verify().problems
    assert {problem.where for problem in found} <= {matter.number, f"{matter.number}x"}
    assert found


LATER = timedelta(days=1)


@pytest.mark.parametrize(
    ("rows", "change", "code"),
    [
        (
            lambda: Clock.objects.filter(matter=in_hand(), kind="accept"),
            {"stopped_at": timezone.now() + LATER},
            "clock",
        ),
        (lambda: Clock.objects.filter(matter=in_hand(), kind="accept"), {"stopped_at": None}, "clock"),
        (lambda: Clock.objects.filter(matter=in_hand(), kind="handle"), {"cycle": 7}, "clock"),
        (lambda: Clock.objects.filter(matter=in_hand(), kind="assess"), {"due": timezone.now() + LATER}, "clock"),
        (lambda: Assignment.objects.filter(matter=in_hand()), {"accepted_at": None}, "assignment"),
        (lambda: Assignment.objects.filter(matter=in_hand()), {"offered_by": None}, "assignment"),
        (lambda: Assignment.objects.filter(matter=in_hand()), {"rule": "night"}, "assignment"),
        (lambda: Assignment.objects.filter(matter__state="closed"), {"ended_by": "recalled"}, "assignment"),
        (
            lambda: Assignment.objects.filter(matter__state="closed"),
            {"offered_at": timezone.now() - LATER},
            "assignment",
        ),
        (lambda: Suspension.objects.all(), {"until": timezone.now() + LATER}, "suspension"),
        (lambda: Suspension.objects.all(), {"ended_at": None}, "suspension"),
        (lambda: Extension.objects.all(), {"minutes": 9000}, "extension"),
        (lambda: Extension.objects.all(), {"at": timezone.now() - LATER}, "extension"),
        (lambda: Text.objects.filter(matter=in_hand(), kind="text"), {"version": 90}, "text"),
    ],
)
def test_a_row_beside_the_matter_changed_by_hand_is_found(house: House, rows: Any, change: Any, code: str) -> None:
    assert rows().update(**change) == 1
    assert any(found.startswith(code) for found in codes())


@pytest.mark.parametrize("model", [Assignment, Suspension, Extension, Clock, Text, Party, Rating])
def test_a_row_beside_the_matter_taken_away_is_found(house: House, model: type[models.Model]) -> None:
    row = model._default_manager.order_by("pk").first()
    assert row is not None
    row.delete()
    assert codes()


def test_a_row_put_in_by_hand_is_found(house: House) -> None:
    matter = in_hand()
    Extension.objects.create(matter=matter, approver=house.chief, minutes=60, at=timezone.now())
    Party.objects.create(matter=matter)
    Text.objects.create(matter=matter, version=2, kind="text", body="补记", salt="0" * 32, digest="0" * 64)
    Link.objects.create(from_matter=matter, to_matter=Matter.objects.get(state="closed"))
    assert codes() == {"extension_differs", "parties_differ", "text_unknown", "link_differs"}


def test_evidence_that_was_exchanged_or_lost_is_found(house: House) -> None:
    picture = io.BytesIO()
    Image.new("RGB", (20, 20), "red").save(picture, "JPEG")
    upload = SimpleUploadedFile("a.jpg", picture.getvalue(), "image/jpeg")
    report_matter(house.station, by=house.desk, title="井盖破损", uploads=[upload])
    assert codes() == set()
    piece = Evidence.objects.get()
    path = root() / piece.attachment.path
    kept = path.read_bytes()
    path.write_bytes(kept + b"x")
    assert codes() == {"file_changed"}
    path.unlink()
    assert codes() == {"file_missing"}
    path.write_bytes(kept)
    Evidence.objects.update(sha256="0" * 64)
    assert codes() == {"evidence_differs"}
    piece.delete()
    assert codes() == {"evidence_differs"}
