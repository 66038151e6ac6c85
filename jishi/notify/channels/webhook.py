"""Webhooks: a signed POST of what a message says, for a program to read."""

from __future__ import annotations

import json

from jishi.notify.channels import http, signing
from jishi.notify.channels.config import Config
from jishi.notify.channels.parcel import Failed, Parcel, Reply


def body_of(parcel: Parcel) -> str:
    """The JSON of a message: codes, number, category, place, clock and link."""
    message = parcel.message
    data = {
        "number": message.number,
        "category": message.category,
        "place": message.place,
        "grade": parcel.grade,
        "clock": {"due": message.due.isoformat() if message.due else None, "owed": message.owed},
        "link": parcel.link,
        "station": parcel.station,
        "thread": parcel.thread,
    }
    said = {"type": parcel.kind, "timestamp": parcel.at.isoformat(), "data": data}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"))


def deliver(config: Config, parcel: Parcel) -> Reply:
    """Send it; only 2xx says that it was taken, 410 that nobody is there any more."""
    body = body_of(parcel)
    answer = http.post(config["url"], body.encode(), signing.headers(config["secret"], parcel.key, body))
    if answer.status == 410:
        raise Failed("http_410", gone=True, answer=http.said(answer))
    http.accepted(answer)
    return Reply(str(answer.status), http.said(answer))
