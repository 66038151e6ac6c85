"""What a browser keeps that opened a receipt: signed, for half an hour, sent to these pages alone and by none but them.

It names the receipt and neither its number nor its secret, so that no address holds either.
"""

from __future__ import annotations

from datetime import datetime

from django.core import signing
from django.http import HttpRequest, HttpResponse

from jishi.window.queries.receipts import Opened, receipt_of

COOKIE = "jishi_receipt"
PATH = "/window/track/"
SALT = "jishi.window.receipt"
#: For so long, in seconds; looking at the page begins it anew.
SECONDS = 30 * 60
LONGEST = 200


def remember(request: HttpRequest, response: HttpResponse, receipt_id: int) -> None:
    """Let this browser see this receipt for the next half hour."""
    value = signing.TimestampSigner(salt=SALT).sign(str(receipt_id))
    response.set_cookie(
        COOKIE, value, max_age=SECONDS, path=PATH, secure=request.is_secure(), httponly=True, samesite="Strict"
    )


def forget(response: HttpResponse) -> None:
    """Let this browser see it no longer."""
    response.delete_cookie(COOKIE, path=PATH, samesite="Strict")


def opened_by(request: HttpRequest, now: datetime) -> Opened | None:
    """The receipt that this browser opened in the last half hour and that still opens something."""
    try:
        value = signing.TimestampSigner(salt=SALT).unsign(request.COOKIES.get(COOKIE, "")[:LONGEST], max_age=SECONDS)
        return receipt_of(int(value), now)
    except (signing.BadSignature, ValueError):
        return None
