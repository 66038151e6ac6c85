"""Text messages through a gateway that the operator has: a signed POST with the number, 70 signs and a key."""

from __future__ import annotations

import json

from jishi.notify.channels import http, signing, texts
from jishi.notify.channels.config import Config
from jishi.notify.channels.parcel import Failed, Parcel, Reply
from jishi.notify.models import Preference
from jishi.privacy import Unreadable, open_sealed

#: Under which name the number of a member of staff is sealed, for the subject ("staff", id).
SLOT = "mobile"


def number_of(staff_id: int) -> str:
    """The number that a member of staff gave.  Raises ``Failed`` where there is none."""
    there = Preference.objects.filter(staff_id=staff_id, staff__is_active=True)
    given = there.values_list("mobile_sealed", flat=True).first()
    if not given:
        raise Failed("no_number", retry=False)
    try:
        return open_sealed(("staff", staff_id), SLOT, bytes(given))
    except Unreadable as error:
        raise Failed("unreadable", retry=False) from error


def deliver(config: Config, parcel: Parcel, number: str) -> Reply:
    """Send one text message to ``number``."""
    body = json.dumps({"to": number, "text": texts.short(parcel), "key": parcel.key}, ensure_ascii=False)
    answer = http.post(config["url"], body.encode(), signing.headers(config["secret"], parcel.key, body))
    http.accepted(answer)
    return Reply(str(answer.status), http.said(answer))
