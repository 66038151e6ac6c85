"""Quarantine: the desk takes what is held into the loop or throws it away; after a day it goes there by itself."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jishi.base.errors import Refused
from jishi.files.models import Attachment
from jishi.matters import verify as ledger
from jishi.matters.models import Evidence, Matter
from jishi.matters.queries.parties import parties_of
from jishi.matters.tests import factory
from jishi.notify.models import Delivery
from jishi.window.actions.held import purge_thrown, release, release_overdue, throw_away, undo
from jishi.window.models import Held
from jishi.window.queries.held import count_waiting, thrown_at, waiting_at
from jishi.window.queries.receipts import open_receipt
from jishi.window.tests.public import EN, receipt_in, send
from tests.support.photos import a_photo

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return factory.a_station("XH")


@pytest.fixture
def receipt(house):
    """The number and secret of a held report with a contact and a photo."""
    page = send(website="x", name="王女士", phone="13900000001", agree="contact.1", files=[a_photo()])
    return receipt_in(page.content.decode())


def test_released_it_is_a_matter_with_number_receipt_contact_and_photo(house, receipt):
    held = Held.objects.get()
    release(held.pk, by=house.desk, now=timezone.now())
    matter = Matter.objects.get()
    assert matter.number == receipt[0]
    assert open_receipt(*receipt, now=timezone.now()).matter == matter
    assert len(parties_of(matter.pk)) == 1
    assert Evidence.objects.filter(matter=matter).count() == 1
    held.refresh_from_db()
    assert (held.state, held.content_sealed, held.matter) == ("released", None, matter)
    with pytest.raises(Refused, match="held_decided"):
        throw_away(held.pk, by=house.desk, now=timezone.now())


def test_after_a_day_it_goes_into_the_loop_by_itself(house, receipt):
    now = timezone.now()
    assert release_overdue(now + timedelta(hours=23)) == 0
    assert release_overdue(now + timedelta(hours=25)) == 1
    assert release_overdue(now + timedelta(hours=25)) == 0
    assert Matter.objects.get().number == receipt[0]


def test_thrown_away_it_can_be_taken_back_for_seven_days_and_is_then_gone(house, receipt):
    now, held = timezone.now(), Held.objects.get()
    throw_away(held.pk, by=house.desk, now=now)
    assert [row.words for row in thrown_at(house.desk, house.station.pk)] == ["东门外路灯三天不亮"]
    assert release_overdue(now + timedelta(days=2)) == 0
    undo(held.pk, by=house.desk, now=now + timedelta(days=2))
    assert count_waiting(house.desk, house.station.pk) == 1
    throw_away(held.pk, by=house.desk, now=now + timedelta(days=2))
    assert purge_thrown(now + timedelta(days=8)) == 0
    assert purge_thrown(now + timedelta(days=9, minutes=1)) == 1
    held.refresh_from_db()
    assert (held.content_sealed, held.place_name) == (None, "")
    assert not Attachment.objects.filter(subject_kind="held", purged_at=None).exists()
    with pytest.raises(Refused, match="undo_late"):
        undo(held.pk, by=house.desk, now=now + timedelta(days=10))
    assert open_receipt(*receipt, now=now).matter is None


def test_the_desk_is_told_and_sees_words_and_doubt_but_no_contact(house, receipt):
    assert Delivery.objects.filter(notice__kind="window.held", staff=house.desk, channel="app").count() == 1
    browser = Client()
    browser.force_login(house.desk)
    page = browser.get("/desk/window/held/", **EN).content.decode()
    assert "东门外路灯三天不亮" in page
    assert "a field that people do not see was filled in" in page
    assert "13900000001" not in page
    assert "王女士" not in page


def test_the_desk_decides_on_its_page(house, receipt):
    browser, held = Client(), Held.objects.get()
    browser.force_login(house.desk)
    for step, state in (("throw", "thrown"), ("undo", "waiting"), ("release", "released")):
        assert browser.post(f"/desk/window/held/{held.pk}/{step}/").status_code == 303
        held.refresh_from_db()
        assert held.state == state
    page = browser.get("/desk/window/held/", **EN).content.decode()
    assert "Nothing is held" in page


def test_nobody_of_another_station_and_no_officer_decides(house, receipt):
    held, other = Held.objects.get(), factory.a_station("YH", "永和派出所")
    for person, why in ((house.officer, "not_allowed"), (other.desk, "not_found")):
        with pytest.raises(Refused, match=why):
            release(held.pk, by=person, now=timezone.now())
        assert waiting_at(person, house.station.pk) == []
    assert Matter.objects.count() == 0


def test_the_journal_holds_what_was_decided_and_verifies(house, receipt):
    held = Held.objects.get()
    throw_away(held.pk, by=house.desk, now=timezone.now())
    undo(held.pk, by=house.desk, now=timezone.now())
    release(held.pk, by=None, now=timezone.now())
    assert ledger.verify().problems == []


def test_the_desk_looks_at_its_photo_and_nobody_else_does(house, receipt):
    held = Held.objects.get()
    [photo] = waiting_at(house.desk, house.station.pk)[0].files
    address = f"/desk/window/held/{held.pk}/files/{photo.id}/"
    desk, officer = Client(), Client()
    desk.force_login(house.desk)
    officer.force_login(house.officer)
    assert f'src="{address}?small"' in desk.get("/desk/window/held/").content.decode()
    for query in ("", "?small"):
        answer = desk.get(address + query)
        assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
        assert b"".join(answer.streaming_content).startswith(b"\xff\xd8")
        assert officer.get(address + query).status_code == 403
    throw_away(held.pk, by=house.desk, now=timezone.now())
    purge_thrown(timezone.now() + timedelta(days=8))
    assert desk.get(address).status_code == 404


def test_the_files_of_all_are_asked_for_at_once(house, receipt):
    for n in range(3):
        send(website="x", words=f"第{n}处路灯不亮", files=[a_photo(), a_photo()])
    with CaptureQueriesContext(connection) as asked:
        rows = waiting_at(house.desk, house.station.pk)
    assert len([each for each in asked if "files_attachment" in each["sql"]]) == 1
    assert sorted(len(row.files) for row in rows) == [1, 2, 2, 2]
