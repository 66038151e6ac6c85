"""Web Push to the apps that a member of staff installed: VAPID (RFC 8292) and encryption (RFC 8291) by pywebpush."""

from __future__ import annotations

import base64
import json
import time
from hashlib import sha256
from typing import Any
from urllib.parse import urlsplit

from django.utils import timezone
from pywebpush import WebPusher, WebPushException

from jishi.notify.channels import http, texts, vapid
from jishi.notify.channels.config import subscription_of
from jishi.notify.channels.parcel import Failed, Parcel, Reply
from jishi.notify.models import PushSubscription

#: A push service keeps a message for a phone that is off for so long.
TTL = 24 * 3600
#: A token is good for so long; a service refuses more than a day.
TOKEN_SECONDS = 6 * 3600
#: Seconds for all apps of one person.
WHOLE = 30.0


def deliver(staff_id: int, parcel: Parcel) -> Reply:
    """Send it to every app of a member of staff; it arrived when one took it.

    An app that its service no longer knows is deleted.  Raises ``Failed`` with ``gone`` when there is none left.
    """
    took: list[Reply] = []
    failed: list[Failed] = []
    until = time.monotonic() + WHOLE
    for subscription in PushSubscription.objects.filter(staff_id=staff_id, staff__is_active=True).order_by("pk"):
        try:
            took.append(_send(subscription, parcel, until - time.monotonic()))
        except Failed as problem:
            failed.append(problem)
            if problem.gone:
                _drop(subscription)
    if took:
        return took[0]
    lasting = [problem for problem in failed if not problem.gone]
    if not lasting:
        raise failed[0] if failed else Failed("no_device", gone=True)
    raise next((problem for problem in lasting if problem.retry), lasting[0])


def content_of(parcel: Parcel) -> dict[str, Any]:
    """What the service worker shows."""
    lines = [texts.of_what(parcel), texts.clock(parcel), *parcel.message.lines]
    body = "\n".join(line for line in lines if line)
    return {
        "title": texts.what(parcel), "body": texts.cut(body, 2000), "tag": parcel.thread, "url": parcel.link,
        "red": parcel.grade == 1,
    }  # fmt: skip


def _send(subscription: PushSubscription, parcel: Parcel, seconds: float) -> Reply:
    if seconds <= 1:
        raise Failed("timeout")
    try:
        config = subscription_of(subscription)
        url = config["endpoint"]
        content = json.dumps(content_of(parcel), ensure_ascii=False).encode()
        body: bytes = WebPusher(config).encode(content)["body"]
    except (WebPushException, ValueError, KeyError, TypeError) as error:
        raise Failed("bad_subscription", gone=True) from error
    headers = {
        **vapid.signer().sign(_claims(url, parcel.link)),
        "Content-Encoding": "aes128gcm",
        "Content-Type": "application/octet-stream",
        "TTL": str(TTL),
        "Topic": _topic(parcel.thread),
        "Urgency": "high" if parcel.grade == 1 else "normal",
    }
    answer = http.post(url, body, headers, whole=min(seconds, http.WHOLE))
    if answer.status in (404, 410):
        raise Failed(f"http_{answer.status}", gone=True, answer=http.said(answer))
    http.accepted(answer)
    PushSubscription.objects.filter(pk=subscription.pk).update(last_ok_at=timezone.now())
    return Reply(str(answer.status), http.said(answer))


def _drop(subscription: PushSubscription) -> None:
    from jishi.notify.endpoints.devices import drop  # that room of actions stands above the channels

    drop(subscription)


def _claims(url: str, link: str) -> dict[str, str | int]:
    """To whom the token speaks, until when, and who is to be asked when something is wrong."""
    parts = urlsplit(url)
    host = urlsplit(link).hostname or "localhost"
    asked = f"mailto:webmaster@{host if '.' in host and not host.replace('.', '').isdigit() else 'localhost'}"
    return {"aud": f"{parts.scheme}://{parts.netloc}", "exp": int(time.time()) + TOKEN_SECONDS, "sub": asked}


def _topic(thread: str) -> str:
    """The newest message of a thread takes the place of one that still waits: 32 signs of the alphabet that is allowed."""  # noqa: E501
    return base64.urlsafe_b64encode(sha256(thread.encode()).digest())[:32].decode()
