"""Errands: a matter that was referred is posted to the agency's system, followed there, and never closed by its word."""  # noqa: E501

from __future__ import annotations

import ipaddress
from datetime import timedelta
from urllib.parse import parse_qs

import pytest
from django.utils import timezone

from jishi.base.errors import Refused
from jishi.exchange.open311.actions.counterparts import save_counterpart, switch_counterpart, there
from jishi.exchange.open311.actions.errands import MOST_TRIES, begin_errands, retry_errand, run_errands
from jishi.exchange.open311.models import Counterpart, Errand, ErrandState
from jishi.matters import commands
from jishi.matters import verify as ledger
from jishi.matters.actions import Place, apply, report_matter
from jishi.matters.models import Matter, Text
from jishi.notify.channels import http
from jishi.notify.models import Delivery
from tests.support.receivers import receiving

pytestmark = pytest.mark.django_db
ASKED, TITLE, WORDS = "请现场核查并督促恢复。", "防火门被拆", "紫檀木匣"
XML = {"Content-Type": "text/xml"}


@pytest.fixture(autouse=True)
def _this_machine(settings):
    settings.WEBHOOK_PRIVATE = (ipaddress.ip_network("127.0.0.0/8"),)
    yield
    http.forget()


@pytest.fixture
def system():
    with receiving() as receiver:
        receiver.usual = said("<service_requests><request><status>open</status></request></service_requests>")
        yield receiver


@pytest.fixture
def counterpart(house, system):
    return save_counterpart(
        house.station, house.agency, url=f"{system.address}/v2/", services={"fire.exit": "FX1", "": "GEN"},
        jurisdiction="fire.example", key="their-key", by=house.administrator,
    )  # fmt: skip


def said(xml, status=200):
    return status, XML, f'<?xml version="1.0" encoding="utf-8"?>{xml}'.encode()


def numbered(number="R-77"):
    return said(
        f"<service_requests><request><service_request_id>{number}</service_request_id></request></service_requests>"
    )


def stands(status, notes=""):
    return said(
        f"<service_requests><request><service_request_id>R-77</service_request_id><status>{status}</status>"
        f"<status_notes>{notes}</status_notes></request></service_requests>"
    )


def referred(house, *, category="fire.exit"):
    where = Place(name="和平里3号楼2单元502室", area=house.area.pk, lon=114.5123456, lat=38.0123456)
    done = report_matter(house.station, by=house.desk, title=TITLE, description=WORDS, place=where)
    apply(done.matter_id, commands.Assess(category=category, grade=3), by=house.desk)
    unit = house.units["fire"].pk
    apply(done.matter_id, commands.Refer(agency=house.agency.pk, unit=unit, reason=ASKED), by=house.desk)
    return Matter.objects.get(pk=done.matter_id)


def run(after=timedelta(0)):
    now = timezone.now() + after
    begin_errands(now)
    run_errands(now)
    return Errand.objects.order_by("pk").last()


def test_what_was_referred_is_posted_once_and_taken_on_when_it_has_a_number(house, system, counterpart):
    system.script.append(numbered())
    matter = referred(house)
    errand = run()
    assert (errand.state, errand.remote, errand.error) == (ErrandState.OPEN, "R-77", "")
    assert begin_errands(timezone.now()) == 0
    (asked,) = system.asked
    assert asked.path == "/v2/requests.xml"
    assert asked.headers["idempotency-key"] == str(errand.idempotency)
    form = parse_qs(asked.body.decode())
    assert form["service_code"] == ["FX1"]
    assert form["api_key"] == ["their-key"]
    assert form["jurisdiction_id"] == ["fire.example"]
    assert (form["lat"], form["long"]) == (["38.01235"], ["114.51235"])
    text = asked.body.decode() + form["description"][0] + form["address_string"][0]
    assert ASKED in text
    assert matter.number in text
    assert "和平里3号楼" in text
    for secret in (TITLE, WORDS, "502"):
        assert secret not in text, secret
    matter.refresh_from_db()
    assert (matter.state, matter.agency_state) == ("handling", "accepted")


def test_other_categories_go_to_the_service_for_all_others_or_fail_aloud(house, system, counterpart):
    system.script.append(numbered())
    referred(house, category="public.road")
    run()
    assert parse_qs(system.asked[0].body.decode())["service_code"] == ["GEN"]
    save_counterpart(
        house.station, house.agency, url=counterpart.url, services={"fire.exit": "FX1"}, by=house.administrator
    )
    referred(house, category="public.tree")
    assert (run().state, run().error) == (ErrandState.FAILED, "open311_no_service")


def test_a_token_is_resolved_later(house, system, counterpart):
    system.script.append(said("<service_requests><request><token>T9</token></request></service_requests>"))
    matter = referred(house)
    errand = run()
    assert (errand.state, errand.token, errand.remote) == (ErrandState.TOKEN, "T9", "")
    matter.refresh_from_db()
    assert matter.agency_state == "asked"
    system.script.append(numbered())
    errand = run(timedelta(minutes=20))
    assert (errand.state, errand.remote) == (ErrandState.OPEN, "R-77")
    assert system.asked[-1].path == "/v2/tokens/T9.xml?jurisdiction_id=fire.example"
    matter.refresh_from_db()
    assert matter.agency_state == "accepted"


def test_a_remote_closing_is_the_agencys_word_and_closes_nothing(house, system, counterpart):
    system.script.extend([numbered(), stands("open"), stands("closed", "已恢复，联系 13800138000")])
    matter = referred(house)
    before = Matter.objects.values("state", "responsible_unit", "next_due").get(pk=matter.pk)
    run()
    assert run(timedelta(minutes=20)).state == ErrandState.OPEN
    errand = run(timedelta(minutes=40))
    assert errand.state == ErrandState.CLOSED
    assert Matter.objects.values("state", "responsible_unit", "next_due").get(pk=matter.pk) == before
    matter.refresh_from_db()
    assert matter.agency_state == "done"
    words = Text.objects.get(matter=matter, version=matter.version).body
    assert "已恢复" in words
    assert "13800138000" not in words
    asked = len(system.asked)
    run(timedelta(hours=7))
    assert len(system.asked) == asked + 1
    assert Matter.objects.get(pk=matter.pk).version == matter.version
    assert ledger.verify().ok


def test_what_fails_is_tried_again_under_the_same_key_and_later_each_time(house, system, counterpart):
    system.script.extend([(500, {}, b""), "close", said("<x/>"), numbered()])
    referred(house)
    errand = run()
    waits = []
    for minutes in (1, 3, 7):
        waits.append(errand.next_at - timezone.now())
        assert errand.error
        errand = run(timedelta(minutes=minutes * 2))
    assert waits == sorted(waits)
    assert errand.remote == "R-77"
    assert errand.tries == 0
    assert errand.error == ""
    assert len({asked.headers["idempotency-key"] for asked in system.asked}) == 1
    assert Counterpart.objects.get().ok_at is not None


def test_a_refusal_waits_for_a_person_and_tells_the_desk(house, system, counterpart):
    system.script.append(said("<errors><error><code>403</code><description>key</description></error></errors>", 403))
    matter = referred(house)
    errand = run()
    assert (errand.state, errand.error, errand.next_at) == (ErrandState.FAILED, "open311_403", None)
    assert Delivery.objects.filter(notice__kind="errand.failed", staff=house.desk).exists()
    run(timedelta(days=1))
    assert len(system.asked) == 1
    with pytest.raises(Refused, match="not_allowed"):
        retry_errand(errand, by=house.analyst)
    retry_errand(errand, by=house.desk)
    system.script.append(numbered())
    assert run().state == ErrandState.OPEN
    assert Matter.objects.get(pk=matter.pk).state == "handling"


def test_it_gives_up_after_a_while(house, system, counterpart):
    system.usual = (503, {}, b"")
    referred(house)
    for hours in range(MOST_TRIES + 3):
        errand = run(timedelta(hours=7 * hours))
    assert (errand.state, errand.next_at, errand.tries) == (ErrandState.FAILED, None, MOST_TRIES)
    assert len(system.asked) == MOST_TRIES


def test_what_the_agency_has_no_more_is_not_followed(house, system, counterpart):
    system.script.append(numbered())
    matter = referred(house)
    run()
    apply(matter, commands.Recall(reason="转由本所处理"), by=house.desk)
    assert run(timedelta(minutes=20)).state == ErrandState.OVER
    assert len(system.asked) == 1
    with pytest.raises(Refused, match="errand_over"):
        retry_errand(Errand.objects.get(), by=house.desk)
    apply(matter, commands.Refer(agency=house.agency.pk, unit=house.units["fire"].pk, reason=ASKED), by=house.desk)
    system.script.append(numbered("R-78"))
    assert run(timedelta(minutes=21)).remote == "R-78"
    assert Errand.objects.count() == 2


def test_nothing_is_sent_while_it_is_off(house, system, counterpart):
    switch_counterpart(counterpart, on=False, by=house.administrator)
    referred(house)
    assert run() is None
    assert system.asked == []
    switch_counterpart(counterpart, on=True, by=house.administrator)
    system.script.append(numbered())
    assert run().remote == "R-77"


@pytest.mark.parametrize(
    "body",
    [
        b"", b"<", b"{}", b"<a>" * 400, b'<!DOCTYPE a [<!ENTITY e SYSTEM "file:///etc/passwd">]><a>&e;</a>',
        b"<service_requests><request><service_request_id>a b</service_request_id></request></service_requests>",
        b"<service_requests><request><service_request_id>%s</service_request_id></request></service_requests>"
        % (b"9" * 200),
        b"\xff\xfe\x00",
    ],
)  # fmt: skip
def test_an_answer_that_is_none_breaks_nothing(house, system, counterpart, body):
    system.script.append((200, XML, body))
    referred(house)
    errand = run()
    assert (errand.state, errand.error, errand.remote) == (ErrandState.WAITING, "open311_unclear", "")


def test_its_key_is_sealed_and_only_what_leads_outside_is_taken(house, counterpart, settings):
    assert b"their-key" not in bytes(counterpart.key_sealed)
    assert there(counterpart).key == "their-key"
    same = save_counterpart(
        house.station, house.agency, url=counterpart.url, services={"": "G"}, by=house.administrator
    )
    assert there(same).key == "their-key"
    for url in ("ftp://a", "http://example.org", "https://user:x@example.org", "", "https://"):
        with pytest.raises(Refused, match="counterpart_url"):
            save_counterpart(house.station, house.agency, url=url, services={"": "G"}, by=house.administrator)
    with pytest.raises(Refused, match="counterpart_services"):
        save_counterpart(house.station, house.agency, url=counterpart.url, services={}, by=house.administrator)
    with pytest.raises(Refused, match="not_allowed"):
        save_counterpart(house.station, house.agency, url=counterpart.url, services={"": "G"}, by=house.chief)
    settings.WEBHOOK_PRIVATE = ()
    referred(house)
    assert run().error == "private_address"
