"""Text messages through a gateway; and what no channel may ever say."""

from __future__ import annotations

import base64
import hashlib
import hmac

import pytest

from jishi.notify import channels
from jishi.notify.channels import Failed, http, texts
from jishi.notify.channels.sms import SLOT
from jishi.notify.models import Preference
from jishi.notify.tests.posting import (
    THIS_MACHINE,
    a_delivery,
    a_message,
    a_parcel,
    a_person,
    a_station,
    an_endpoint,
)
from jishi.privacy import seal
from tests.support.receivers import receiving

pytestmark = pytest.mark.django_db
NUMBER = "13800138000"


@pytest.fixture
def receiver(settings):
    settings.WEBHOOK_PRIVATE = THIS_MACHINE
    with receiving() as found:
        yield found
    http.forget()


def with_mobile(station):
    staff = a_person(station)
    Preference.objects.create(staff=staff, mobile_sealed=seal(("staff", staff.pk), SLOT, NUMBER))
    return staff


def test_a_text_message_is_signed_and_short(receiver):
    station = a_station()
    _endpoint, secret = an_endpoint(station, "sms", {"url": f"{receiver.address}/sms"})
    channels.forget()
    parcel = a_parcel()
    assert channels.send(a_delivery(station, staff=with_mobile(station), channel="sms"), parcel) == "204"
    (asked,) = receiver.asked
    said = asked.json
    assert (said["to"], said["key"]) == (NUMBER, parcel.key)
    assert said["text"] == "[橙] 推给你处理 XH-2026-000123 2026-03-05 14:30 前 租房纠纷 和平里3号楼"
    signed = f"{parcel.key}.{asked.headers['webhook-timestamp']}.".encode() + asked.body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert asked.headers["webhook-signature"] == f"v1,{expected}"


@pytest.mark.parametrize("size", [1, 20, 60, 200])
def test_seventy_signs_are_never_passed(size):
    message = a_message(title="题" * size, category="类" * size, place="地" * size)
    assert len(texts.short(a_parcel(message))) <= 70


def test_who_gave_no_number_gets_none(receiver):
    station = a_station()
    an_endpoint(station, "sms", {"url": receiver.address})
    channels.forget()
    with pytest.raises(Failed) as problem:
        channels.send(a_delivery(station, staff=a_person(station), channel="sms"), a_parcel())
    assert (problem.value.code, problem.value.retry) == ("no_number", False)
    assert receiver.asked == []


def test_a_number_sealed_for_another_is_not_opened(receiver):
    station = a_station()
    an_endpoint(station, "sms", {"url": receiver.address})
    channels.forget()
    staff, other = with_mobile(station), with_mobile(station)
    theirs = Preference.objects.get(staff=other).mobile_sealed
    Preference.objects.filter(staff=staff).update(mobile_sealed=theirs)
    with pytest.raises(Failed, match="unreadable"):
        channels.send(a_delivery(station, staff=staff, channel="sms"), a_parcel())
    assert receiver.asked == []
