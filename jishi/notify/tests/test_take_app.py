"""The installed app: manifest, service worker, and devices that take notices."""

from __future__ import annotations

import json

import pytest
from django.contrib.staticfiles import finders
from django.test import RequestFactory
from django.urls import reverse
from django.utils import translation

from jishi.base.errors import Refused
from jishi.notify import slots
from jishi.notify.channels import vapid
from jishi.notify.channels.config import subscription_of
from jishi.notify.endpoints.devices import MOST, devices_of, subscribe, unsubscribe
from jishi.notify.models import PushSubscription, VapidKey
from jishi.notify.tests.posting import a_person, a_station
from tests.support.pushing import Browser

CHROME = "Mozilla/5.0 (Linux; Android 14) AppleWebKit/537.36 Chrome/126.0 Mobile Safari/537.36"


def said(path="/push/1", **more):
    return {"endpoint": f"https://push.example.org{path}", "keys": Browser(path).keys(), **more}


@pytest.fixture
def staff(db):
    return a_person(a_station(), language="en")


@pytest.fixture
def browser(client, staff):
    client.force_login(staff)
    return client


def post(browser, name, body):
    return browser.post(reverse(f"notify:{name}"), json.dumps(body), "application/json", headers={"User-Agent": CHROME})


def test_the_manifest_speaks_the_readers_language(client):
    for language, name in (("zh-CN", "基石"), ("en", "Jishi")):
        answer = client.get("/manifest.webmanifest", headers={"Accept-Language": language})
        assert answer["Content-Type"] == "application/manifest+json"
        manifest = json.loads(answer.content)
        assert manifest["short_name"] == name
        assert (manifest["display"], manifest["start_url"], manifest["scope"]) == ("standalone", "/", "/")
    for icon in manifest["icons"]:
        assert finders.find(icon["src"].removeprefix("/static/")), icon["src"]
    assert {icon["sizes"] for icon in manifest["icons"]} == {"any", "192x192", "512x512"}


def test_the_worker_comes_from_the_root_and_is_asked_for_anew(client):
    answer = client.get("/sw.js")
    assert answer["Content-Type"].startswith("text/javascript")
    assert answer["Cache-Control"] == "no-cache"
    assert b"showNotification" in answer.content
    assert "worker-src 'self'; manifest-src 'self'" in answer["Content-Security-Policy"]
    page = client.get("/offline/").content.decode()
    assert "没有网络" in page
    assert 'rel="manifest" href="/manifest.webmanifest"' in page


def test_a_device_is_kept_sealed(browser, staff):
    body = said()
    assert post(browser, "subscribe", body).status_code == 201
    (device,) = devices_of(staff)
    assert device.device == "Chrome · Android"
    assert subscription_of(device) == {"endpoint": body["endpoint"], "keys": body["keys"]}
    assert b"push.example" not in bytes(device.config_sealed)
    assert post(browser, "subscribe", body).status_code == 201
    assert devices_of(staff).count() == 1


def test_a_device_belongs_to_who_used_it_last(browser, staff):
    other = a_person()
    body = said()
    subscribe(other, endpoint=body["endpoint"], **body["keys"])
    post(browser, "subscribe", body)
    assert (devices_of(staff).count(), devices_of(other).count()) == (1, 0)
    assert not unsubscribe(other, body["endpoint"])
    assert post(browser, "unsubscribe", {"endpoint": body["endpoint"]}).status_code == 200
    assert not PushSubscription.objects.exists()


def test_the_oldest_device_goes_when_there_are_too_many(staff):
    for place in range(MOST + 2):
        body = said(f"/push/{place}")
        subscribe(staff, endpoint=body["endpoint"], **body["keys"])
    assert devices_of(staff).count() == MOST
    assert devices_of(staff).first().digest != devices_of(staff).last().digest


def test_only_ones_own_device_is_removed(browser, staff):
    mine, other = said("/a"), said("/b")
    own = subscribe(staff, endpoint=mine["endpoint"], **mine["keys"])
    theirs = subscribe(a_person(), endpoint=other["endpoint"], **other["keys"])
    assert browser.post(reverse("notify:device_remove", args=[theirs.pk])).status_code == 404
    answer = browser.post(reverse("notify:device_remove", args=[own.pk]), {"next": "https://evil.example.org/"})
    assert (answer.status_code, answer.url) == (302, reverse("stations:account"))
    assert list(PushSubscription.objects.all()) == [theirs]


@pytest.mark.parametrize(
    "wrong",
    [
        {"endpoint": "http://push.example.org/1"},
        {"endpoint": "https://10.0.0.1/1"},
        {"endpoint": ""},
        {"keys": {"p256dh": "AAAA", "auth": "AAAA"}},
        {"keys": {"p256dh": "!!", "auth": "é"}},
        {"keys": None},
        {"endpoint": "https://push.example.org/" + "x" * 2000},
    ],
)
def test_what_no_browser_says_is_refused(browser, wrong):
    assert post(browser, "subscribe", said(**wrong)).status_code == 422
    assert not PushSubscription.objects.exists()


def test_what_is_no_json_is_refused(browser):
    for body in ("nonsense", "[]"):
        answer = browser.post(reverse("notify:subscribe"), body, "application/json")
        assert answer.status_code == 422
    with pytest.raises(Refused, match="bad_subscription"):
        subscribe(a_person(), endpoint="https://push.example.org/1", p256dh="", auth="")


def test_the_panel_lists_my_devices(browser, staff):
    from django.template.loader import render_to_string

    post(browser, "subscribe", said())
    request = RequestFactory().get("/notices/settings/")
    request.user = staff
    ((template, panel),) = slots.panels_for(request)
    with translation.override("en"):
        drawn = render_to_string(template, {"panel": panel}, request=request)
    assert "Chrome · Android" in drawn
    assert 'data-key=""' in drawn
    assert reverse("notify:device_key") in drawn
    assert reverse("notify:subscribe") in drawn


def test_the_key_is_made_for_the_first_who_asks_and_is_the_same_for_all(browser, client):
    vapid.forget()
    assert vapid.known_key() == ""
    assert browser.get(reverse("notify:device_key")).status_code == 405
    assert not VapidKey.objects.exists()
    made = browser.post(reverse("notify:device_key")).json()["key"]
    assert made == vapid.known_key() == browser.post(reverse("notify:device_key")).json()["key"]
    client.logout()
    assert client.post(reverse("notify:device_key")).status_code == 302
