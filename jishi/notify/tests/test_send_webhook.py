"""Webhooks against a receiver that checks the signature itself, and that fails in every way."""

from __future__ import annotations

import base64
import hashlib
import hmac
from datetime import datetime

import pytest

from jishi.journal.models import Event
from jishi.notify import channels
from jishi.notify.channels import Failed, guard, http
from jishi.notify.models import Endpoint
from jishi.notify.tests.posting import THIS_MACHINE, a_delivery, a_parcel, a_station, an_endpoint
from tests.support.receivers import Receiver, certificate, receiving

pytestmark = pytest.mark.django_db


@pytest.fixture
def station():
    return a_station()


@pytest.fixture
def receiver(settings):
    settings.WEBHOOK_PRIVATE = THIS_MACHINE
    with receiving() as found:
        yield found
    http.forget()


def send(station, receiver, parcel=None, path="/hook"):
    endpoint, secret = an_endpoint(station, "webhook", {"url": receiver.address + path})
    word = channels.send(a_delivery(station, endpoint=endpoint), parcel or a_parcel())
    return endpoint, secret, word


def failed(station, receiver, act):
    receiver.script.append(act)
    with pytest.raises(Failed) as problem:
        send(station, receiver)
    return problem.value


def test_a_webhook_is_signed_as_the_standard_says(station, receiver):
    parcel = a_parcel()
    _endpoint, secret, word = send(station, receiver, parcel)
    (asked,) = receiver.asked
    assert word == "204"
    assert asked.headers["webhook-id"] == parcel.key
    signed = f"{parcel.key}.{asked.headers['webhook-timestamp']}.".encode() + asked.body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    assert len(key) == 32
    expected = base64.b64encode(hmac.new(key, signed, hashlib.sha256).digest()).decode()
    assert asked.headers["webhook-signature"] == f"v1,{expected}"


def test_it_says_number_category_place_clock_and_link_and_no_more(station, receiver):
    send(station, receiver)
    said = receiver.asked[0].json
    assert said["type"] == "matter.offered"
    assert datetime.fromisoformat(said["timestamp"]) == a_parcel().at
    assert said["data"] == {
        "number": "XH-2026-000123", "category": "租房纠纷", "place": "和平里3号楼", "grade": 2,
        "clock": {"due": "2026-03-05T06:30:00+00:00", "owed": "接收"},
        "link": "https://jishi.example.org/matters/XH-2026-000123/", "station": "XH", "thread": "matter:123",
    }  # fmt: skip


def test_the_key_stays_when_it_is_tried_again(station, receiver):
    endpoint, _secret = an_endpoint(station, "webhook", {"url": receiver.address})
    delivery, parcel = a_delivery(station, endpoint=endpoint), a_parcel()
    receiver.script.append((500, {}, b"oops"))
    with pytest.raises(Failed):
        channels.send(delivery, parcel)
    assert channels.send(delivery, parcel) == "204"
    assert [asked.headers["webhook-id"] for asked in receiver.asked] == [parcel.key] * 2


def test_the_connection_is_kept(station, receiver):
    endpoint, _secret = an_endpoint(station, "webhook", {"url": receiver.address})
    for _ in range(5):
        channels.send(a_delivery(station, endpoint=endpoint), a_parcel())
    assert (len(receiver.asked), receiver.connections) == (5, 1)


@pytest.mark.parametrize(
    ("act", "code", "after"),
    [
        ((500, {}, b"oops"), "http_500", None),
        ((400, {}, b"no"), "http_400", None),
        ((429, {"Retry-After": "120"}, b""), "http_429", 120),
        ((503, {"Retry-After": "nonsense"}, b""), "http_503", None),
        ((302, {"Location": "/elsewhere"}, b""), "redirected", None),
        ("close", "broken_off", None),
        ("reset", "broken_off", None),
    ],
)
def test_what_fails_is_tried_again(station, receiver, act, code, after):
    problem = failed(station, receiver, act)
    assert (problem.code, problem.retry, problem.gone, problem.after) == (code, True, False, after)
    assert len(receiver.asked) == 1
    endpoint = Endpoint.objects.get()
    assert (endpoint.active, endpoint.last_error, endpoint.last_ok_at) == (True, code, None)


@pytest.mark.parametrize("act", ["hang", "drip"])
def test_a_slow_receiver_is_left(station, receiver, monkeypatch, act):
    monkeypatch.setattr(http, "_TIMEOUT", http.Timeout(connect=1, read=0.5 if act == "hang" else 5))
    monkeypatch.setattr(http, "WHOLE", 0.6)
    http.forget()
    assert failed(station, receiver, act).code == "timeout"


def test_who_is_gone_is_switched_off_and_that_is_recorded(station, receiver):
    problem = failed(station, receiver, (410, {}, b""))
    assert (problem.code, problem.retry, problem.gone) == ("http_410", False, True)
    endpoint = Endpoint.objects.get()
    assert (endpoint.active, endpoint.last_error) == (False, "http_410")
    event = Event.objects.get(subject_kind="endpoint", kind="endpoint.off")
    assert (event.station_id, event.subject_id, event.actor_id) == (station.pk, endpoint.pk, None)
    with pytest.raises(Failed, match="off"):
        channels.send(a_delivery(station, endpoint=endpoint), a_parcel())
    assert len(receiver.asked) == 1


def test_that_it_works_again_clears_the_error(station, receiver):
    endpoint, _secret = an_endpoint(station, "webhook", {"url": receiver.address})
    receiver.script.append((500, {}, b""))
    with pytest.raises(Failed):
        channels.send(a_delivery(station, endpoint=endpoint), a_parcel())
    channels.send(a_delivery(station, endpoint=endpoint), a_parcel())
    endpoint.refresh_from_db()
    assert endpoint.last_error == ""
    assert endpoint.last_ok_at is not None


def test_a_name_that_leads_inside_is_not_connected_to(station, settings, monkeypatch):
    settings.WEBHOOK_PRIVATE = []
    with receiving() as receiver:
        http.forget()
        port = int(receiver.address.rpartition(":")[2])
        monkeypatch.setattr(guard.socket, "getaddrinfo", lambda *_args, **_more: [(2, 1, 6, "", ("127.0.0.1", port))])
        endpoint, _secret = an_endpoint(station, "webhook", {"url": f"https://rebind.example.org:{port}/"})
        with pytest.raises(Failed) as problem:
            channels.send(a_delivery(station, endpoint=endpoint), a_parcel())
        assert (problem.value.code, problem.value.retry) == ("private_address", False)
        assert receiver.connections == 0


@pytest.mark.parametrize(
    ("url", "code"),
    [
        ("http://example.org/", "not_https"),
        ("https://10.1.2.3/", "private_address"),
        ("https://127.0.0.1/", "private_address"),
        ("http://127.0.0.1:8000/", "private_address"),
        ("https://169.254.169.254/latest/", "private_address"),
        ("https://100.64.0.1/", "private_address"),
        ("https://[::1]/", "private_address"),
        ("https://[::ffff:10.0.0.1]/", "private_address"),
        ("https://[64:ff9b::a00:1]/", "private_address"),
        ("https://[2002:a00:1::1]/", "private_address"),
        ("https://[fd00::1]/", "private_address"),
        ("https://224.0.0.1/", "private_address"),
        ("https://user:pw@example.org/", "bad_url"),
        ("ftp://example.org/", "bad_url"),
        ("https:///path", "bad_url"),
        ("https://example.org:99999/", "bad_url"),
    ],
)
def test_addresses_of_ones_own_network_are_refused(settings, url, code):
    settings.WEBHOOK_PRIVATE = []
    with pytest.raises(Failed) as problem:
        guard.check_url(url)
    assert problem.value.code == code


def test_the_operator_opens_a_network(settings):
    settings.WEBHOOK_PRIVATE = [guard.ipaddress.ip_network("10.1.0.0/16")]
    guard.check_url("https://10.1.2.3/hook")
    guard.check_url("https://93.184.215.14/hook")
    with pytest.raises(Failed, match="private_address"):
        guard.check_url("https://10.2.0.1/hook")


def test_tls_is_held_against_the_name(station, settings, tmp_path, monkeypatch):
    settings.WEBHOOK_PRIVATE = THIS_MACHINE
    context, authority = certificate(tmp_path)
    with receiving(Receiver(), tls=context) as receiver:
        http.forget()
        with pytest.raises(Failed) as problem:
            send(station, receiver)
        assert (problem.value.code, receiver.asked) == ("tls", [])
        monkeypatch.setenv("SSL_CERT_FILE", str(authority))
        http.forget()
        assert send(station, receiver)[2] == "204"
    http.forget()
