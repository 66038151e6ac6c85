"""The screens of endpoints: who may, what is kept and what is never shown, and a test with the real answer."""

from __future__ import annotations

import html
import json
import re

import pytest
from django.contrib.messages import get_messages
from django.urls import reverse
from django.utils import translation

from jishi.base.errors import Refused
from jishi.journal.models import Event
from jishi.notify import channels, kinds
from jishi.notify.channels import http, robots
from jishi.notify.channels.config import config_of
from jishi.notify.channels.sms import SLOT
from jishi.notify.endpoints import actions
from jishi.notify.models import Endpoint, EndpointKind, Preference
from jishi.notify.tests.posting import THIS_MACHINE, a_person, a_station, an_endpoint
from jishi.privacy import seal
from jishi.privacy.models import SubjectKey
from jishi.stations.models import Agency, Post, Role
from tests.support.receivers import PASSWORD, USER, mailing, receiving

pytestmark = pytest.mark.django_db
KEY = "693a91f6-7xxx-4bc4-97a0-0ec2sifa5aaa"


@pytest.fixture(autouse=True)
def _english():
    with translation.override("en"):
        yield


@pytest.fixture
def station():
    return a_station()


@pytest.fixture
def admin(station):
    return a_person(station, Role.ADMINISTRATOR, language="en", email="admin@example.org")


@pytest.fixture
def browser(client, admin):
    client.force_login(admin)
    return client


def text_of(answer):
    """What a reader sees, without tags."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", answer.content.decode())).split())


def add(browser, kind, **values):
    return browser.post(reverse("notify:channel_add", args=[kind]), {"label": "Group", "least_grade": "4", **values})


def test_the_list_says_what_each_kind_is_for(browser):
    page = browser.get(reverse("notify:channels")).content.decode()
    assert page.count("way-head") == len(EndpointKind)
    assert "Staff who chose e-mail get their notices through it" in page
    assert "<table" not in page


def test_a_robot_is_set_up_with_its_key_and_the_key_is_sealed(browser, station):
    answer = add(browser, "wecombot", token=KEY)
    endpoint = Endpoint.objects.get()
    assert answer.status_code == 303
    assert (endpoint.station, endpoint.bureau, endpoint.kind) == (station, station.bureau, "wecombot")
    assert config_of(endpoint) == {"token": KEY}
    assert KEY.encode() not in bytes(endpoint.config_sealed)
    page = browser.get(reverse("notify:channel", args=[endpoint.pk])).content.decode()
    assert KEY not in page
    assert "●●●" in page


@pytest.mark.parametrize(
    ("kind", "pasted", "config"),
    [
        ("wecombot", f"https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key={KEY}", {"token": KEY}),
        ("wecombot", f"wecombot://{KEY}", {"token": KEY}),
        ("wecombot", "wecombot://AbCdEf123/", {"token": "AbCdEf123"}),
        ("dingtalk", "https://oapi.dingtalk.com/robot/send?access_token=0a1b2c3d", {"token": "0a1b2c3d"}),
        ("dingtalk", "dingtalk://SEC0a1B2c@0a1b2c3d/", {"token": "0a1b2c3d", "secret": "SEC0a1B2c"}),
        ("feishu", "https://open.feishu.cn/open-apis/bot/v2/hook/ab-CD_12", {"token": "ab-CD_12"}),
        ("feishu", "feishu://ab-CD_12", {"token": "ab-CD_12"}),
    ],
)
def test_a_pasted_address_is_understood(browser, kind, pasted, config):
    assert add(browser, kind, token=pasted).status_code == 303
    assert config_of(Endpoint.objects.get()) == config


@pytest.mark.parametrize(
    ("kind", "pasted", "sentence"),
    [
        ("wecombot", "wecom://0123456789abcdef", r"“wecom://”.* PushPlus, a relay run by a third party.*key="),
        ("dingtalk", "pushplus://0123456789abcdef", r"“pushplus://”.* PushPlus, a relay.*access_token="),
        ("wecombot", "https://www.pushplus.plus/send?token=x", r"PushPlus, a relay run by a third party"),
        ("feishu", "slack://a/b/c", r"“slack://” leads to another service than a Feishu group robot.*/hook/"),
        ("feishu", "mailto://user:pass@example.org", r"“mailto://” leads to another service"),
        ("wecombot", "feishu://abcdef12", r"belongs to a Feishu group robot"),
        (
            "wecombot",
            "https://oapi.dingtalk.com/robot/send?access_token=0a1b2c3d",
            r"belongs to a DingTalk group robot",
        ),
        ("wecombot", "https://example.org/?key=abcdef12", r"not of a WeCom group robot"),
        ("wecombot", "no key at all!", r"not the key of such a robot"),
    ],
)
def test_another_service_is_refused_by_name(browser, kind, pasted, sentence):
    answer = add(browser, kind, token=pasted)
    assert answer.status_code == 422
    assert not Endpoint.objects.exists()
    assert re.search(sentence, text_of(answer))


def test_a_relay_is_refused_for_webhooks_too(browser):
    answer = add(browser, "webhook", url="https://www.pushplus.plus/send")
    assert "PushPlus, a relay run by a third party" in text_of(answer)
    assert "The address must begin with https." in text_of(add(browser, "webhook", url="http://example.org/"))
    assert not Endpoint.objects.exists()


def test_a_webhooks_secret_is_shown_once(browser):
    answer = add(browser, "webhook", url="https://example.org/hook-1234")
    endpoint = Endpoint.objects.get()
    secret = config_of(endpoint)["secret"]
    assert re.fullmatch(r"whsec_[A-Za-z0-9+/]{43}=", secret)
    assert secret in answer.content.decode().replace("&#43;", "+")
    page = browser.get(reverse("notify:channel", args=[endpoint.pk])).content.decode()
    assert secret not in page
    assert "hook-1234" not in page
    assert "Now at example.org" in page
    again = browser.post(reverse("notify:channel_secret", args=[endpoint.pk])).content.decode()
    endpoint.refresh_from_db()
    renewed = config_of(endpoint)
    assert renewed["url"] == "https://example.org/hook-1234"
    assert renewed["secret"] != secret
    assert "whsec_" in again


def test_a_secret_that_is_left_empty_stays(browser, station):
    config = {"host": "127.0.0.1", "port": 25, "security": "plain", "sender": "a@example.org", "name": "Jishi",
              "user": USER, "password": PASSWORD}  # fmt: skip
    endpoint, _secret = an_endpoint(station, "smtp", config)
    address = reverse("notify:channel", args=[endpoint.pk])
    page = browser.get(address).content.decode()
    assert PASSWORD not in page
    assert "a@example.org" in page
    values = {"label": "Mail", "host": "mail.example.org", "port": "465", "security": "tls", "sender": "b@example.org"}
    assert browser.post(address, values).status_code == 303
    endpoint.refresh_from_db()
    assert endpoint.label == "Mail"
    changed = config_of(endpoint)
    assert (changed["host"], changed["password"]) == ("mail.example.org", PASSWORD)
    assert browser.post(address, {**values, "password": "another-9"}).status_code == 303
    endpoint.refresh_from_db()
    assert config_of(endpoint)["password"] == "another-9"


def test_what_is_sent_there_is_chosen(browser, monkeypatch):
    monkeypatch.setattr(kinds, "_kinds", {})
    monkeypatch.setattr(kinds, "_groups", {})
    kinds.register_group(kinds.Group("late", "Clocks", frozenset()))
    kinds.register(kinds.Kind("matter.late", "Overdue", "late", lambda notices: {}))
    kinds.register(kinds.Kind("matter.warned", "Soon", "late", lambda notices: {}))
    agency = Agency.objects.create(bureau=Endpoint.bureau.get_queryset().get(), code="xf", name="Fire brigade")
    add(browser, "webhook", url="https://example.org/", kinds=["matter.late"], least_grade="1", agency=str(agency.pk))
    endpoint = Endpoint.objects.get()
    assert (endpoint.kinds, endpoint.least_grade, endpoint.agency) == (["matter.late"], 1, agency)
    page = browser.get(reverse("notify:channels")).content.decode()
    assert "1 kind, red only" in page
    assert "Fire brigade" in page
    assert add(browser, "webhook", url="https://example.org/", kinds=["nonsense"]).status_code == 422


def test_every_change_is_in_the_journal_in_codes(browser, admin, station):
    add(browser, "webhook", url="https://example.org/hook-1234")
    endpoint = Endpoint.objects.get()
    browser.post(reverse("notify:channel", args=[endpoint.pk]), {"label": "Renamed", "url": "", "least_grade": "2"})
    browser.post(reverse("notify:channel_secret", args=[endpoint.pk]))
    browser.post(reverse("notify:channel_switch", args=[endpoint.pk]), {"on": "0"})
    browser.post(reverse("notify:channel_switch", args=[endpoint.pk]), {"on": "0"})
    browser.post(reverse("notify:channel_delete", args=[endpoint.pk]))
    events = list(Event.objects.filter(subject_kind="endpoint").order_by("subject_version"))
    assert [event.kind for event in events] == [
        "endpoint.added", "endpoint.changed", "endpoint.secret", "endpoint.off", "endpoint.deleted",
    ]  # fmt: skip
    assert [event.subject_version for event in events] == [1, 2, 3, 4, 5]
    assert {(event.station_id, event.actor_id) for event in events} == {(station.pk, admin.pk)}
    payloads = "".join(event.payload for event in events)
    assert not re.search("hook-1234|example|Renamed|Group|whsec", payloads)
    assert json.loads(events[1].payload)["grade"] == 2
    assert not Endpoint.objects.exists()
    assert not SubjectKey.objects.filter(subject_kind="endpoint").exists()


def test_a_bureaus_channel_is_in_the_journal_of_each_station(station):
    other = a_station("YH", station.bureau)
    endpoint, _secret = an_endpoint(station, "wecombot", {"token": KEY}, of=None)
    found = Event.objects.filter(subject_kind="endpoint", subject_id=endpoint.pk)
    assert set(found.values_list("station_id", flat=True)) == {station.pk, other.pk}


def test_one_that_is_on_is_not_deleted(station, admin):
    endpoint, _secret = an_endpoint(station, "wecombot", {"token": KEY})
    with pytest.raises(Refused, match="endpoint_on"):
        actions.delete_endpoint(endpoint, by=admin)
    with pytest.raises(Refused, match="endpoint_unsigned"):
        actions.renew_secret(endpoint, by=admin)


def test_a_label_is_no_place_for_a_person(browser):
    answer = add(browser, "wecombot", token=KEY, label="找13800138000")
    assert answer.status_code == 422
    assert 'id="id_label_error"' in answer.content.decode()
    assert not Endpoint.objects.exists()


def test_a_stations_administrator_manages_its_own_and_sees_the_bureaus(browser, station):
    own, _s = an_endpoint(station, "wecombot", {"token": KEY}, label="Own group")
    bureaus, _s = an_endpoint(station, "wecombot", {"token": KEY}, label="Bureau group", of=None)
    others, _s = an_endpoint(a_station("YH", station.bureau), "wecombot", {"token": KEY}, label="Neighbour group")
    page = browser.get(reverse("notify:channels")).content.decode()
    assert "Own group" in page
    assert "Bureau group" in page
    assert "Neighbour group" not in page
    for name in ("channel", "channel_test", "channel_switch", "channel_delete", "channel_secret"):
        for endpoint in (bureaus, others):
            method = browser.get if name == "channel" else browser.post
            assert method(reverse(f"notify:{name}", args=[endpoint.pk])).status_code == 404, name
    assert browser.get(reverse("notify:channel", args=[own.pk])).status_code == 200


def test_a_bureaus_administrator_manages_all(client, station):
    person = a_person(language="en")
    Post.objects.create(staff=person, bureau=station.bureau, role=Role.ADMINISTRATOR)
    client.force_login(person)
    own, _s = an_endpoint(station, "wecombot", {"token": KEY})
    add(client, "wecombot", token=KEY, owner=f"bureau-{station.bureau.pk}")
    assert Endpoint.objects.get(station=None).bureau == station.bureau
    add(client, "feishu", token=KEY, owner=f"station-{station.pk}")
    assert Endpoint.objects.get(kind="feishu").station == station
    assert client.get(reverse("notify:channel", args=[own.pk])).status_code == 200
    assert add(client, "feishu", token=KEY, owner=f"bureau-{a_station('ZZ').bureau.pk}").status_code == 422


def test_nobody_else_comes_in(client, station):
    client.force_login(a_person(station, Role.CHIEF))
    assert client.get(reverse("notify:channels")).status_code == 403
    assert client.get(reverse("notify:channel_add", args=["smtp"])).status_code == 403


# The test


def try_it(browser, endpoint, **values):
    answer = browser.post(reverse("notify:channel_test", args=[endpoint.pk]), values)
    assert answer.status_code == 200
    return text_of(answer)


def test_a_test_of_a_webhook_shows_what_was_answered(browser, station, settings):
    settings.WEBHOOK_PRIVATE = THIS_MACHINE
    with receiving() as receiver:
        endpoint, secret = an_endpoint(station, "webhook", {"url": f"{receiver.address}/secret-path-77"})
        receiver.usual = (422, {}, f'{{"error":"no /secret-path-77 for {secret}, ask 13800138000"}}'.encode())
        page = try_it(browser, endpoint)
        assert "The receiver answered with HTTP 422." in page
        assert "no ●●● for ●●●, ask [" in page
        assert not any(word in page for word in ("secret-path-77", secret, "13800138000"))
        assert re.search(r"\d\.\d\d s", page)
        assert receiver.asked[0].json["type"] == "channel.test"
        endpoint.refresh_from_db()
        assert endpoint.last_error == "http_422"
        receiver.usual = (200, {}, b'{"ok":true}')
        page = try_it(browser, endpoint)
        assert "It was taken." in page
        assert 'HTTP 200 {"ok":true}' in page
    endpoint.refresh_from_db()
    assert endpoint.last_error == ""
    assert endpoint.last_ok_at is not None
    http.forget()


def test_a_test_of_a_robot_shows_its_own_words(browser, station, settings, monkeypatch):
    settings.WEBHOOK_PRIVATE = THIS_MACHINE
    with receiving() as receiver:
        monkeypatch.setattr(robots.PLUGINS["wecombot"][0], "notify_url", receiver.address + "/send?key={key}")
        receiver.usual = (200, {}, f'{{"errcode":93000,"errmsg":"invalid key {KEY}"}}'.encode())
        endpoint, _secret = an_endpoint(station, "wecombot", {"token": KEY})
        page = try_it(browser, endpoint)
    assert "WeCom knows no such robot. Enter its key again." in page
    assert '{"errcode":93000,"errmsg":"invalid key ●●●"}' in page
    http.forget()


def test_a_test_of_a_mail_server_goes_to_oneself_and_shows_its_reply(browser, station):
    with mailing(auth=True) as mailbox:
        config = {"host": "127.0.0.1", "port": mailbox.port, "security": "plain", "sender": "jishi@example.org",
                  "user": USER, "password": PASSWORD}  # fmt: skip
        endpoint, _secret = an_endpoint(station, "smtp", config)
        page = browser.get(reverse("notify:channel", args=[endpoint.pk])).content.decode()
        assert 'value="admin@example.org"' in page
        page = try_it(browser, endpoint, to="admin@example.org")
        assert "It was taken." in page
        assert "250 2.0.0 Queued as 4F2A" in page
        assert mailbox.recipients == ["admin@example.org"]
        mailbox.refuse_recipient = "550 5.1.1 <admin@example.org> unknown, see station"
        page = try_it(browser, endpoint, to="admin@example.org")
        assert "The mail server answered with 550." in page
        assert "550 5.1.1 <●●●> unknown, see ●●●" in page
        assert browser.post(reverse("notify:channel_test", args=[endpoint.pk]), {"to": ""}).status_code == 422


def test_a_test_of_a_gateway_goes_to_ones_own_number(browser, station, admin, settings):
    settings.WEBHOOK_PRIVATE = THIS_MACHINE
    Preference.objects.create(staff=admin, mobile_sealed=seal(("staff", admin.pk), SLOT, "13900139000"))
    with receiving() as receiver:
        endpoint, _secret = an_endpoint(station, "sms", {"url": receiver.address})
        page = browser.get(reverse("notify:channel", args=[endpoint.pk])).content.decode()
        assert "13900139000" not in page
        page = try_it(browser, endpoint, to="●●●")
        assert "It was taken." in page
        assert receiver.asked[0].json["to"] == "13900139000"
        assert "13900139000" not in page
    http.forget()


def test_a_test_of_something_inside_says_so(browser, station):
    endpoint, _secret = an_endpoint(station, "webhook", {"url": "https://10.0.0.7/hook"})
    page = try_it(browser, endpoint)
    assert "The operator allows it with JISHI_WEBHOOK_PRIVATE." in page
    assert "The other side answered nothing." in page


def test_a_test_that_finds_nobody_switches_it_off(browser, station, settings):
    settings.WEBHOOK_PRIVATE = THIS_MACHINE
    with receiving() as receiver:
        receiver.usual = (410, {}, b"")
        endpoint, _secret = an_endpoint(station, "webhook", {"url": receiver.address})
        assert "it is gone. The channel was switched off." in try_it(browser, endpoint)
    endpoint.refresh_from_db()
    assert not endpoint.active
    http.forget()


def test_what_is_switched_off_sends_nothing_by_itself_and_on_again(browser, station):
    endpoint, _secret = an_endpoint(station, "smtp", {"host": "127.0.0.1", "port": 1, "sender": "a@example.org"})
    channels.forget()
    assert "email" in channels.channels_ready(station.pk)
    answer = browser.post(reverse("notify:channel_switch", args=[endpoint.pk]), {"on": "0"})
    assert "is off" in str(next(iter(get_messages(answer.wsgi_request))))
    channels.forget()
    assert "email" not in channels.channels_ready(station.pk)
    browser.post(reverse("notify:channel_switch", args=[endpoint.pk]), {"on": "1"})
    channels.forget()
    assert "email" in channels.channels_ready(station.pk)
