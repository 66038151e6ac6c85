"""How somebody is told: channels by group, quiet hours, the sealed number, and what would come at night."""

from __future__ import annotations

from datetime import time

import pytest

from jishi.notify import slots, ways
from jishi.notify.channels import sms
from jishi.notify.models import Preference
from jishi.privacy import open_sealed

pytestmark = pytest.mark.django_db
SETTINGS, MOBILE = "/notices/settings/", "/notices/settings/sms/"


@pytest.fixture
def reader(client, li, carrier):
    client.force_login(li)
    client.defaults["HTTP_ACCEPT_LANGUAGE"] = "zh-hans"
    return client


def page(reader):
    return reader.get(SETTINGS).content.decode()


def test_the_usual_channels_hold_until_one_chooses(reader, li):
    shown = page(reader)
    assert 'name="to_mine" value="email" checked' in shown
    assert 'name="to_late" value="push" checked' in shown
    assert 'name="to_mine" value="sms" aria' in shown
    assert shown.count("checked disabled") == 2
    assert not Preference.objects.exists()


def test_a_choice_is_kept(reader, li):
    sent = {"to_mine": ["push", "sms"], "quiet_from": "22:00", "quiet_until": "07:00"}
    assert reader.post(SETTINGS, sent)["Location"] == SETTINGS
    kept = Preference.objects.get(staff=li)
    assert kept.channels == {"mine": ["push", "sms"], "late": []}
    assert (kept.quiet_from, kept.quiet_until) == (time(22, 0), time(7, 0))
    assert 'name="to_mine" value="email" aria' in page(reader)


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"quiet_from": "22:00"}, "免打扰时段要有开始和结束"),
        ({"quiet_from": "22:00", "quiet_until": "22:00"}, "全天免打扰"),
        ({"to_mine": ["app"]}, "banner-wrong"),
    ],
)
def test_half_a_choice_is_refused(reader, sent, said):
    answer = reader.post(SETTINGS, sent)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert not Preference.objects.exists()


def test_the_number_is_sealed_and_its_end_is_shown(reader, li):
    reader.post(MOBILE, {"mobile": "138 0013-8000"})
    kept = Preference.objects.get(staff=li)
    assert b"13800138000" not in bytes(kept.mobile_sealed)
    assert open_sealed(("staff", li.pk), sms.SLOT, bytes(kept.mobile_sealed)) == "13800138000"
    shown = page(reader)
    assert "尾号 8000" in shown
    assert "13800138000" not in shown
    assert ways.look_at(li.pk).reach == {"email", "sms"}
    reader.post(MOBILE, {"remove": "1"})
    assert ways.look_at(li.pk).reach == {"email"}
    assert reader.post(MOBILE, {"mobile": "电话"}).status_code == 422


def test_the_page_says_what_would_come_at_night(reader, li):
    assert "夜里也会立即通知您" in page(reader)
    reader.post(SETTINGS, {"to_mine": ["email"], "quiet_from": "22:00", "quiet_until": "06:30"})
    assert "其他通知等到 06:30" in page(reader)
    reader.post(SETTINGS, {})
    assert "在基石之外收不到任何通知" in page(reader)


def test_channels_put_panels_there(reader, monkeypatch):
    monkeypatch.setattr(slots, "_panels", {})
    slots.register(slots.Panel("none", "notify/nothing.html", lambda request: None))
    slots.register(slots.Panel("toasts", "base/_toasts.html", lambda request: {}))
    assert page(reader).count('id="toasts"') == 2
