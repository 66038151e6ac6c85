"""Web Push against a service that checks the token and a browser that decrypts."""

from __future__ import annotations

import email.utils
import time

import pytest

from jishi.notify import channels
from jishi.notify.channels import Failed, http, vapid
from jishi.notify.endpoints.devices import devices_of, subscribe
from jishi.notify.models import PushSubscription, VapidKey
from jishi.notify.tests.posting import THIS_MACHINE, a_delivery, a_message, a_parcel, a_person, a_station
from jishi.privacy.models import SubjectKey
from tests.support.pushing import Browser, PushService, decoded
from tests.support.receivers import receiving

pytestmark = pytest.mark.django_db


@pytest.fixture
def service(settings):
    settings.WEBHOOK_PRIVATE = THIS_MACHINE
    with receiving(PushService(vapid.public_key())) as found:
        yield found
    http.forget()


@pytest.fixture
def station():
    return a_station()


def installed(service, staff, path="/push/1"):
    browser = Browser(path)
    return browser, subscribe(staff, endpoint=service.address + path, **browser.keys(), device="手机")


def push(station, staff, parcel=None):
    return channels.send(a_delivery(station, staff=staff, channel="push"), parcel or a_parcel())


def test_the_key_is_made_once_and_sealed(service):
    row = VapidKey.objects.get()
    assert row.public == vapid.public_key() == service.known
    assert len(decoded(row.public)) == 65
    assert b"PRIVATE" not in bytes(row.private_sealed)
    vapid.forget()
    assert vapid.public_key() == service.known


def test_the_browser_reads_what_was_sent(service, station):
    staff = a_person(station)
    browser, subscription = installed(service, staff)
    assert push(station, staff) == "201"
    (asked,) = service.asked
    assert browser.read(asked.body) == {
        "title": "[橙] 推给你处理", "body": "XH-2026-000123 · 租房纠纷 · 和平里3号楼\n2026-03-05 14:30 前：接收",
        "tag": "matter:123", "url": "https://jishi.example.org/matters/XH-2026-000123/", "red": False,
    }  # fmt: skip
    assert "和平里".encode() not in asked.body
    assert service.claims[0]["sub"] == "mailto:webmaster@jishi.example.org"
    assert (asked.headers["ttl"], asked.headers["urgency"]) == ("86400", "normal")
    assert len(asked.headers["topic"]) == 32
    subscription.refresh_from_db()
    assert subscription.last_ok_at is not None


def test_red_is_urgent_and_a_thread_has_one_topic(service, station):
    staff = a_person(station)
    installed(service, staff)
    push(station, staff, a_parcel(grade=1))
    push(station, staff)
    push(station, staff, a_parcel(thread="matter:9"))
    first, second, third = (asked.headers for asked in service.asked)
    assert (first["urgency"], second["urgency"]) == ("high", "normal")
    assert first["topic"] == second["topic"] != third["topic"]


def test_every_device_is_tried_and_a_dead_one_deleted(service, station):
    staff = a_person(station)
    _old, gone = installed(service, staff, "/push/old")
    browser, kept = installed(service, staff, "/push/new")
    service.script.append((410, {}, b"gone"))
    assert push(station, staff) == "201"
    assert [asked.path for asked in service.asked] == ["/push/old", "/push/new"]
    assert browser.read(service.asked[1].body)["tag"] == "matter:123"
    assert list(devices_of(staff)) == [kept]
    assert not SubjectKey.objects.filter(subject_kind="subscription", subject_id=gone.pk).exists()


@pytest.mark.parametrize("status", [404, 410])
def test_when_all_are_gone_the_delivery_is_gone(service, station, status):
    staff = a_person(station)
    installed(service, staff)
    service.script.append((status, {}, b""))
    with pytest.raises(Failed) as problem:
        push(station, staff)
    assert (problem.value.gone, problem.value.retry) == (True, False)
    assert not PushSubscription.objects.exists()
    with pytest.raises(Failed) as problem:
        push(station, staff)
    assert (problem.value.code, problem.value.gone) == ("no_device", True)


@pytest.mark.parametrize("as_date", [False, True])
def test_a_service_that_is_busy_is_asked_later(service, station, as_date):
    staff = a_person(station)
    installed(service, staff)
    wait = email.utils.formatdate(time.time() + 300, usegmt=True) if as_date else "300"
    service.script.append((429, {"Retry-After": wait}, b""))
    with pytest.raises(Failed) as problem:
        push(station, staff)
    assert (problem.value.code, problem.value.retry) == ("http_429", True)
    assert 200 < problem.value.after <= 300
    assert PushSubscription.objects.count() == 1


def test_another_key_is_refused_by_the_service(service, station):
    staff = a_person(station)
    installed(service, staff)
    service.known = Browser("").keys()["p256dh"]
    with pytest.raises(Failed, match="http_403"):
        push(station, staff)


def test_a_long_message_stays_within_what_a_service_takes(service, station):
    staff = a_person(station)
    browser, _subscription = installed(service, staff)
    push(station, staff, a_parcel(a_message(lines=tuple("很长的一行" * 40 for _ in range(40)))))
    assert len(browser.read(service.asked[0].body)["body"].encode()) <= 2000


def test_a_closed_account_is_told_nothing(service, station):
    staff = a_person(station)
    installed(service, staff)
    staff.is_active = False
    staff.save()
    with pytest.raises(Failed, match="no_device"):
        push(station, staff)
    assert service.asked == []
