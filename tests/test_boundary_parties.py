"""Law two where persons do stand, in the parties of a matter: who opens what, what is logged, and what leaves the house."""  # noqa: E501

from __future__ import annotations

import logging
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.db import DatabaseError, transaction
from django.test import RequestFactory
from django.urls import reverse
from django.views.debug import ExceptionReporter

from jishi.base.errors import Refused
from jishi.base.reports import NoLocals, ScrubbedFormatter, scrub
from jishi.exchange.models import KEPT, Run
from jishi.matters.actions import PartyInput, report_matter, reveal_party
from jishi.matters.models import Matter, Party
from jishi.matters.tests import factory
from jishi.privacy.models import Reveal
from tests.support.house import JISHI
from tests.support.world import CONTACT, NAME, WORDS, Caller, told_matter


@pytest.fixture
def house(db):
    return factory.a_station()


@pytest.fixture
def told(house) -> Matter:
    return told_matter(house)


def party_of(matter: Matter) -> Party:
    return Party(**next(iter(Party._base_manager.filter(matter=matter).values())))


# Parties


def test_who_works_on_a_matter_opens_one_value_and_that_is_logged(house, told):
    party = party_of(told)
    assert NAME.encode() not in bytes(party.name_sealed)
    for person in (house.desk, house.chief, house.officer):
        assert reveal_party(told, party.pk, "contact", reason="call_back", by=person) == CONTACT
    log = list(Reveal.objects.order_by("pk").values())
    assert [row["staff_id"] for row in log] == [house.desk.pk, house.chief.pk, house.officer.pk]
    assert {row["slot"] for row in log} == {f"party:{party.pk}:contact"}
    assert {(row["subject_kind"], row["subject_id"], row["reason"]) for row in log} == {
        ("matter", told.pk, "call_back")
    }


def test_nobody_else_opens_anything(house, told):
    party = party_of(told)
    away = factory.staff("officer", house, unit=house.units["community"])
    both = factory.staff("auditor", house, unit=house.patrol)
    for person in (house.analyst, house.auditor, house.administrator, house.checker, away, both):
        with pytest.raises(Refused, match="not_allowed"):
            reveal_party(told, party.pk, "name", reason="oversight", by=person)
        answer = Caller(person).send("post", f"/matters/{told.number}/reveal/{party.pk}/name/", {"reason": "visit"})
        assert answer.status_code == 403
        assert NAME not in answer.body.decode()
    for reason in ("", "curious", "他是我邻居"):
        with pytest.raises(Refused, match="reveal_reason"):
            reveal_party(told, party.pk, "name", reason=reason, by=house.desk)
    other = factory.a_matter(house)
    with pytest.raises(Refused, match="not_found"):
        reveal_party(other, party.pk, "name", reason="visit", by=house.desk)
    assert not Reveal.objects.exists()


def test_a_revealed_value_is_shown_once_and_kept_by_no_browser(house, told):
    party, desk = party_of(told), Caller(house.desk)
    address = reverse("matters:reveal", args=[told.number, party.pk, "contact"])
    asked = desk.send("get", address)
    assert CONTACT not in asked.body.decode()
    assert not Reveal.objects.exists()
    shown = desk.send("post", address, {"reason": "call_back"})
    assert CONTACT in shown.body.decode()
    assert Reveal.objects.count() == 1
    for answer in (asked, shown):
        assert "no-store" in answer["Cache-Control"]
    assert CONTACT not in desk.read(address)
    assert desk.send("get", f"{address}?reason=call_back").body.decode().count(CONTACT) == 0


def test_the_log_of_reveals_is_not_rewritten(house, told):
    reveal_party(told, party_of(told).pk, "name", reason="visit", by=house.desk)
    for rewrite in (lambda: Reveal.objects.update(reason="answer"), lambda: Reveal.objects.all().delete()):
        with pytest.raises(DatabaseError), transaction.atomic():
            rewrite()


def test_the_same_value_is_never_sealed_alike(house):
    sealed = set()
    for _each in range(3):
        done = report_matter(house.station, by=house.desk, title="灯", parties=[PartyInput("reporter", NAME, CONTACT)])
        sealed.add(bytes(party_of(Matter(pk=done.matter_id)).contact_sealed))
    assert len(sealed) == 3


def test_withdrawing_removes_the_party(house, told):
    party = party_of(told)
    factory.give(house, told, "withdraw", reason="报告人撤回")
    left = party_of(told)
    assert (left.name_sealed, left.contact_sealed) == (None, None)
    assert left.purged_at is not None
    with pytest.raises(Refused, match="purged"):
        reveal_party(told, party.pk, "name", reason="visit", by=house.desk)


# What leaves the house


def test_pages_are_private(house, told):
    desk = Caller(house.desk)
    for address in ("/", "/matters/", f"/matters/{told.number}/", "/matters/export/", "/report/", "/api/v1/matters"):
        answer = desk.send("get", address)
        assert {"private", "no-store"} & {part.strip() for part in answer["Cache-Control"].split(",")}, address


def test_what_is_begun_on_a_screen_goes_within_a_day():
    run = Run()
    assert timedelta(hours=24) >= KEPT
    assert run.expires_at - run.began_at < timedelta(hours=24, seconds=1)


def fail(secret: str) -> None:
    words = {"contact": secret}
    raise ValueError(sorted(words))


def test_tracebacks_hold_no_locals():
    request = RequestFactory().post("/report/", {"contact": CONTACT, "description": WORDS})
    try:
        fail(CONTACT)
    except ValueError as error:
        reporter = ExceptionReporter(request, type(error), error, error.__traceback__)
    assert f"{NoLocals.__module__}.{NoLocals.__name__}" == settings.DEFAULT_EXCEPTION_REPORTER_FILTER
    for text in (reporter.get_traceback_html(), reporter.get_traceback_text()):
        assert "ValueError" in text
        assert CONTACT not in text
        assert WORDS not in text


def test_logs_hold_no_rows_and_no_secrets_of_addresses():
    assert {name for name, each in settings.LOGGING["formatters"].items()} == {"plain"}
    assert all(handler["formatter"] == "plain" for handler in settings.LOGGING["handlers"].values())
    token = "k7Qm2Xw9Zr4Tn8Lp3Vb6Yc1D"
    words = f'duplicate key\nDETAIL:  Key (name)=({NAME}) already exists.\n"GET /track/{token}/?key={token} HTTP/1.1"'
    record = logging.LogRecord("jishi", logging.ERROR, __file__, 1, words, None, None)
    for line in (scrub(words), ScrubbedFormatter().format(record)):
        assert NAME not in line
        assert token not in line
        assert "duplicate key" in line


def test_there_is_no_second_way_to_what_is_sealed():
    """Values are opened in one place, and nobody lists parties but the room's own page; a report asks for its own one.

    Channels open what is their own and of no party: where an endpoint leads with its secrets, the number of a member
    of staff that gave it, and the installation's key for Web Push.  Open311 opens an agency's key.  The window opens
    what lies behind a receipt for whoever holds it, its secret for the letter that carries it, and a held report.
    """
    opening = [path for path in _sources() if re.search(r"\bopen_sealed\(", path.read_text(encoding="utf-8"))]
    assert {path.relative_to(JISHI).as_posix() for path in opening} == {
        "matters/actions/parties.py", "matters/actions/parties_own.py", "privacy/keys.py",
        "register/actions/contacts.py", "exchange/open311/actions/counterparts.py",
        "window/actions/own.py", "window/actions/letters.py", "window/actions/held.py",
        "notify/channels/config.py", "notify/channels/sms.py", "notify/channels/vapid.py",
    }  # fmt: skip
    listing = [path for path in _sources() if re.search(r"\bparties_of\(", path.read_text(encoding="utf-8"))]
    assert {path.relative_to(JISHI).as_posix() for path in listing} == {
        "matters/queries/page.py", "matters/queries/parties.py", "window/actions/reporting.py"
    }  # fmt: skip


def _sources() -> list[Path]:
    return [path for path in JISHI.rglob("*.py") if not {"tests", "migrations"} & set(path.relative_to(JISHI).parts)]
