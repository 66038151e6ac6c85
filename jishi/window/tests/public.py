"""Somebody of the public at the form of a report, for the tests."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.test import Client
from django.utils import timezone

from jishi.window import challenge

EN = {"HTTP_ACCEPT_LANGUAGE": "en"}
REPORT = "/window/XH/report/"


def a_stamp(seconds: float = 60) -> str:
    """A stamp that was given out so long ago."""
    return challenge.new_stamp("report", timezone.now() - timedelta(seconds=seconds))


def fields(**more: Any) -> dict[str, Any]:
    """What a report sends: the fewest fields, from a form that was open for a minute."""
    return {"words": "东门外路灯三天不亮", "place": "和平里小区东门", "stamp": a_stamp(), **more}


def send(address: str = REPORT, **more: Any) -> Any:
    """Send a report; the page that answers, in English."""
    return Client().post(address, fields(**more), **EN)


def receipt_in(page: str) -> tuple[str, str]:
    """The number and the secret on a page with a receipt."""
    number, secret = (part.split("<")[0] for part in page.split('class="receipt-code">')[1:3])
    return number, secret
