"""What the window keeps goes with its matter, or when its own time is over; a stub is left that opens nothing."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from jishi import privacy
from jishi.base.errors import Refused
from jishi.matters import verify as ledger
from jishi.matters.actions import Place
from jishi.matters.keeping.holds import hold_matter, lift_hold
from jishi.matters.models import Evidence, Matter, Party
from jishi.matters.publishing.sources import may_be_published
from jishi.matters.tests import factory
from jishi.matters.tests.factory import House, a_station, give
from jishi.privacy.models import SubjectKey
from jishi.privacy.purge import run_purge
from jishi.window.actions import held
from jishi.window.actions.following import follow_matter
from jishi.window.actions.receipts import Issued
from jishi.window.actions.reporting import Report, prepare_all, report_at_window
from jishi.window.actions.services import seed_services
from jishi.window.contact import Contact
from jishi.window.models import Appointment, CounterDay, Held, Letter, Receipt, Service
from jishi.window.queries.receipts import open_receipt
from tests.support.photos import a_photo

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 2, 2, tzinfo=UTC)
DAY = timedelta(days=1)
LATE = NOW + 181 * DAY
PLACE, WORDS = "和平里3号楼", "紫檀木匣旁的路灯灭了"
SECRETS = (NAME, PHONE, EMAIL) = ("欧阳灯火", "13800138000", "ouyang@lamp.example")


@pytest.fixture
def house() -> House:
    return a_station()


def reported(house: House, consent: str = "contact.1") -> tuple[Matter, Issued]:
    assert house.area
    issued = report_at_window(
        house.station, words=WORDS, category="public.light", place=Place(PLACE, house.area.pk, 116.4, 39.9),
        language="zh-hans", key="k" * 32, now=NOW, uploads=[a_photo()], contact=Contact(NAME, PHONE, EMAIL),
        consent=consent,
    )  # fmt: skip
    return Matter.objects.get(number=issued.number), issued


def closed(house: House) -> tuple[Matter, Issued]:
    """A matter of the window that one more follows, both to be told by mail, closed."""
    matter, issued = reported(house)
    follow_matter(matter, language="en", key="f" * 32, now=NOW)
    for receipt in Receipt.objects.filter(matter=matter):
        sealed = privacy.seal(("receipt", receipt.pk), "reach", EMAIL)
        Receipt.objects.filter(pk=receipt.pk).update(reach_sealed=sealed, consent="contact.1")
        Letter.objects.get_or_create(receipt=receipt, what="answered", defaults={"due": NOW, "created_at": NOW})
    for verb in factory.WAYS["closed"]:
        give(house, matter, verb, category="public.light", now=NOW)
    return matter, issued


def told_anywhere() -> str:
    """All text that any table holds."""
    texts = (models.CharField, models.TextField, models.JSONField)
    found: list[list[str]] = []
    for model in apps.get_models():
        names = [field.name for field in model._meta.concrete_fields if isinstance(field, texts)]
        if names:
            found += [list(map(str, row)) for row in model._default_manager.values_list(*names)]
    return json.dumps(found, ensure_ascii=False)


def test_receipts_and_letters_go_with_their_matter_and_nothing_of_the_report_is_left(house: House) -> None:
    matter, issued = closed(house)
    assert open_receipt(issued.number, issued.secret, now=LATE).matter == matter
    letters, here = Letter.objects.count(), house.station.pk
    counts = run_purge(LATE)
    assert (counts["receipt"], counts["letter"]) == ({here: 2}, {here: letters})
    with pytest.raises(Refused, match="receipt_unknown"):
        open_receipt(issued.number, issued.secret, now=LATE)
    stubs = list(Receipt.objects.values_list("secret_hash", "party", "reach_sealed", "consent", "purged_at"))
    assert stubs == [("", None, None, "", LATE)] * 2
    assert Letter.objects.count() == 0
    assert not SubjectKey.objects.filter(subject_kind__in=("matter", "receipt", "letter")).exists()
    left = told_anywhere()
    for secret in (*SECRETS, PLACE, WORDS):
        assert secret not in left, secret
    assert ledger.verify().problems == []


def test_a_hold_keeps_receipts_and_what_they_open(house: House) -> None:
    matter, issued = closed(house)
    hold_matter(matter, reason="案件需要", by=house.chief, now=NOW)
    counts = run_purge(LATE)
    assert (counts["matter"], counts["receipt"], counts["party"]) == ({}, {}, {})
    assert open_receipt(issued.number, issued.secret, now=LATE).matter == matter
    lift_hold(matter, by=house.chief, now=LATE)
    assert run_purge(LATE)["receipt"] == {house.station.pk: 2}


def test_what_was_agreed_to_stands_with_the_party_and_with_the_photo(house: House) -> None:
    matter, _issued = reported(house, "publish_photo.1 contact.1")
    assert Party.objects.get(matter=matter).consent == "contact.1 publish_photo.1"
    assert may_be_published(Evidence.objects.get(matter=matter))


def test_a_photo_of_somebody_who_did_not_agree_is_not_published(house: House) -> None:
    matter, _issued = reported(house)
    assert not may_be_published(Evidence.objects.get(matter=matter))


def thrown(house: House) -> Held:
    said = Report(WORDS, None, Place(PLACE), Contact(NAME, PHONE, EMAIL))
    prepared, _left_out = prepare_all([a_photo()])
    held.hold_report(house.station, said, prepared, doubts=["trap"], key="h" * 32, now=NOW)
    return held.throw_away(Held.objects.get().pk, by=house.desk, now=NOW)


def test_what_was_thrown_away_goes_after_its_days_and_is_counted_before(house: House) -> None:
    row, end = thrown(house), NOW + 7 * DAY
    assert run_purge(end - timedelta(seconds=1), dry_run=True)["held"] == {}
    assert run_purge(end, dry_run=True)["held"] == {house.station.pk: 1}
    row.refresh_from_db()
    assert row.purged_at is None
    run_purge(end)
    row.refresh_from_db()
    assert (row.content_sealed, row.place_name, row.purged_at) == (None, "", end)
    left = told_anywhere()
    for secret in (*SECRETS, PLACE, WORDS):
        assert secret not in left, secret
    with pytest.raises(Refused, match="undo_late"):
        held.undo(row.pk, by=house.desk, now=end)


def test_what_was_taken_back_from_there_is_not_purged(house: House) -> None:
    row = thrown(house)
    held.undo(row.pk, by=house.desk, now=NOW + DAY)
    assert run_purge(NOW + 30 * DAY)["held"] == {}


def test_appointments_of_yesterday_go_and_leave_counts(house: House) -> None:
    seed_services()
    service, today = Service.objects.order_by("pk").first(), NOW.date()
    CounterDay.objects.create(station=house.station, day=today, last=1)
    made: dict[str, Any] = {"station": house.station, "service": service, "day": today, "queue": 1}
    Appointment.objects.create(**made, starts=NOW, code_hash="c", made_at=NOW)
    assert run_purge(NOW)["appointment"] == {}
    assert run_purge(NOW + DAY, dry_run=True)["appointment"] == {house.station.pk: 1}
    assert Appointment.objects.count() == 1
    run_purge(NOW + DAY)
    assert Appointment.objects.count() == 0
    assert CounterDay.objects.get().missed == 1
