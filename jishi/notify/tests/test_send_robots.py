"""Group robots through Apprise, against a receiver in the place of the real service."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from urllib.parse import parse_qs, urlsplit

import pytest

from jishi.notify import channels
from jishi.notify.channels import Failed, http, robots
from jishi.notify.tests.posting import THIS_MACHINE, a_delivery, a_message, a_parcel, a_station, an_endpoint
from tests.support.receivers import receiving

pytestmark = pytest.mark.django_db
OK = (200, {}, b'{"errcode":0,"errmsg":"ok"}')
TOKEN, SECRET = "0a1b2c3d4e5f", "SEC9f8e7d6c5b4a39281706"
CONFIGS = {"wecombot": {"token": TOKEN}, "dingtalk": {"token": TOKEN, "secret": SECRET}, "feishu": {"token": TOKEN}}


@pytest.fixture
def receiver(settings, monkeypatch):
    settings.WEBHOOK_PRIVATE = THIS_MACHINE
    with receiving() as found:
        found.usual = OK
        ways = {"wecombot": "/send?key={key}", "dingtalk": "/robot?access_token={token}", "feishu": "/hook/{token}/"}
        for kind, path in ways.items():
            monkeypatch.setattr(robots.PLUGINS[kind][0], "notify_url", found.address + path)
        yield found
    http.forget()


def send(kind, parcel=None, config=None):
    station = a_station()
    endpoint, secret = an_endpoint(station, kind, config or CONFIGS[kind])
    assert secret == ""
    return channels.send(a_delivery(station, endpoint=endpoint), parcel or a_parcel())


TEXT = (
    "[橙] 推给你处理\nXH-2026-000123 · 租房纠纷 · 和平里3号楼\n2026-03-05 14:30 前：接收\n"
    "https://jishi.example.org/matters/XH-2026-000123/"
)


def test_wecom_gets_a_text(receiver):
    assert send("wecombot") == "200"
    (asked,) = receiver.asked
    assert asked.path == f"/send?key={TOKEN}"
    assert asked.json == {"msgtype": "text", "text": {"content": TEXT}}


def test_dingtalk_gets_a_text_with_a_signature_that_holds(receiver):
    assert send("dingtalk") == "200"
    (asked,) = receiver.asked
    query = parse_qs(urlsplit(asked.path).query, strict_parsing=True)
    assert query["access_token"] == [TOKEN]
    (at,), (sign,) = query["timestamp"], query["sign"]
    digest = hmac.new(SECRET.encode(), f"{at}\n{SECRET}".encode(), hashlib.sha256).digest()
    assert sign == base64.b64encode(digest).decode()
    assert asked.json["text"] == {"content": TEXT}
    assert SECRET not in asked.path + asked.body.decode()


def test_dingtalk_without_a_secret_is_not_signed(receiver):
    send("dingtalk", config={"token": TOKEN})
    assert receiver.asked[0].path == f"/robot?access_token={TOKEN}"


def test_feishu_gets_a_text(receiver):
    receiver.usual = (200, {}, b'{"code":0,"msg":"success","data":{}}')
    assert send("feishu") == "200"
    (asked,) = receiver.asked
    assert asked.path == f"/hook/{TOKEN}/"
    assert asked.json == {"msg_type": "text", "content": {"text": TEXT}}


def test_wecom_counts_bytes_and_the_link_stays(receiver):
    send("wecombot", a_parcel(a_message(lines=tuple("这是很长的一行" * 10 for _ in range(30)))))
    content = json.loads(receiver.asked[0].body)["text"]["content"]
    assert len(content.encode()) <= 2048
    assert content.endswith("…\nhttps://jishi.example.org/matters/XH-2026-000123/")
    assert content.startswith("[橙] 推给你处理")


@pytest.mark.parametrize(
    ("kind", "act", "code", "retry", "after"),
    [
        ("wecombot", (200, {}, b'{"errcode":93000,"errmsg":"invalid webhook url"}'), "robot_93000", False, None),
        ("wecombot", (200, {}, b'{"errcode":45009,"errmsg":"freq out of limit"}'), "robot_45009", True, 60),
        ("dingtalk", (200, {}, b'{"errcode":310000,"errmsg":"sign not match"}'), "robot_310000", True, None),
        ("dingtalk", (200, {}, b'{"errcode":300005,"errmsg":"token is not exist"}'), "robot_300005", False, None),
        ("feishu", (200, {}, b'{"code":19001,"msg":"param invalid"}'), "robot_19001", False, None),
        ("feishu", (200, {}, b"<html>"), "robot_unclear", True, None),
        ("feishu", (302, {"Location": "/x"}, b""), "redirected", True, None),
        ("wecombot", (502, {}, b""), "http_502", True, None),
        ("wecombot", "close", "broken_off", True, None),
    ],
)
def test_a_refusal_with_200_is_a_failure(receiver, kind, act, code, retry, after):
    receiver.script.append(act)
    with pytest.raises(Failed) as problem:
        send(kind)
    assert (problem.value.code, problem.value.retry, problem.value.after) == (code, retry, after)
    assert len(receiver.asked) == 1


def test_no_token_is_logged(receiver, caplog):
    caplog.set_level("DEBUG")
    receiver.script.append((200, {}, b'{"errcode":310000,"errmsg":"sign not match"}'))
    with pytest.raises(Failed):
        send("dingtalk")
    jishis = [record for record in caplog.records if record.levelname != "DEBUG"]
    assert not any(TOKEN in record.getMessage() or SECRET in record.getMessage() for record in jishis)
