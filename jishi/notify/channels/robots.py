"""Group robots of WeCom, DingTalk and Feishu, through Apprise."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import threading
import time
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode

import requests
from apprise import NotifyFormat
from apprise.plugins import dingtalk, feishu, wecombot
from apprise.plugins.base import NotifyBase

from jishi.notify.channels import http, texts
from jishi.notify.channels.config import Config
from jishi.notify.channels.parcel import Failed, Parcel, Reply
from jishi.notify.models import EndpointKind

#: Bytes of UTF-8 that a robot takes; WeCom counts bytes, not signs.
SIZES = {EndpointKind.WECOM: 2048, EndpointKind.DINGTALK: 19_000, EndpointKind.FEISHU: 19_000}
#: "Not so fast", in each robot's own number: they take 20 messages a minute.
_TOO_FAST = {45009, 45033, 130101, 410100, 9499, 11232}
_WAIT = 60
#: "There is no such robot": trying again does not help.
_UNKNOWN = {93000, 300005, 19001}


class DingTalk(dingtalk.NotifyDingTalk):  # type: ignore[no-untyped-call]
    """DingTalk's robot, its signature quoted once: Apprise quotes it, and what sends it quotes it again."""

    def get_signature(self) -> tuple[str, str]:
        """The moment, and the HMAC of moment and secret in Base64."""
        at, secret = str(round(time.time() * 1000)), str(self.secret)
        digest = hmac.new(secret.encode(), f"{at}\n{secret}".encode(), hashlib.sha256).digest()
        return at, base64.b64encode(digest).decode()


PLUGINS: Mapping[str, tuple[type[NotifyBase], dict[str, str]]] = {
    EndpointKind.WECOM: (wecombot.NotifyWeComBot, {"key": "token"}),
    EndpointKind.DINGTALK: (DingTalk, {"token": "token", "secret": "secret"}),
    EndpointKind.FEISHU: (feishu.NotifyFeishu, {"token": "token"}),
}


class _Requests:
    """What these plugins of Apprise know as ``requests``: our one bounded POST.

    Apprise says only yes or no, follows redirects, and takes HTTP 200 for a yes where WeCom and DingTalk refuse with
    200 and a number.  What they answered is kept here, on the plugin's own thread, until it is judged.
    """

    codes = requests.codes
    RequestException = requests.RequestException

    def __init__(self) -> None:
        self._here = threading.local()

    def post(
        self, url: str, data: bytes | str, headers: Mapping[str, str], params: Mapping[str, str] | None = None,
        **_others: Any,
    ) -> SimpleNamespace:  # fmt: skip
        """Send what a plugin wrote."""
        if params:
            url += f"&{urlencode(params)}"
        body = data.encode() if isinstance(data, str) else data
        answer = self._here.answer = http.post(url, body, {**headers, "User-Agent": "Jishi"})
        return SimpleNamespace(status_code=answer.status, content=answer.text.encode())

    def take(self) -> http.Answer | None:
        """What was answered to the last POST of this thread."""
        answer: http.Answer | None = getattr(self._here, "answer", None)
        self._here.answer = None
        return answer


_requests = _Requests()
for _module in (dingtalk, feishu, wecombot):
    setattr(_module, "requests", _requests)  # noqa: B010  (a name that the type of a module does not have)


def deliver(kind: str, config: Config, parcel: Parcel) -> Reply:
    """Post a text to the group; the robot's own number says whether it was taken."""
    plugin_class, fields = PLUGINS[kind]
    given = {name: config[field] for name, field in fields.items() if config.get(field)}
    plugin = plugin_class(**given)
    plugin.notify(body=texts.cut(texts.plain(parcel), SIZES[EndpointKind(kind)]), body_format=NotifyFormat.TEXT)
    answer = _requests.take()
    if answer is None:
        raise Failed("not_set_up", retry=False)
    http.accepted(answer)
    _judge(answer)
    return Reply(str(answer.status), http.said(answer))


def _judge(answer: http.Answer) -> None:
    """Raise ``Failed`` when the JSON says a number other than 0."""
    try:
        said = json.loads(answer.text)
        number = next(int(said[name]) for name in ("errcode", "code", "StatusCode") if name in said)
    except (ValueError, TypeError, StopIteration) as error:
        raise Failed("robot_unclear", answer=http.said(answer)) from error
    if number:
        after = _WAIT if number in _TOO_FAST else None
        raise Failed(f"robot_{number}", retry=number not in _UNKNOWN, after=after, answer=http.said(answer))
