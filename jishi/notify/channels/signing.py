"""Standard Webhooks: the headers that say who sent a body, which delivery it is, and when."""

from __future__ import annotations

import base64
import secrets
from datetime import UTC, datetime

from standardwebhooks import Webhook

from jishi.notify.channels.parcel import Failed

PREFIX = "whsec_"


def new_secret() -> str:
    """A new signing secret: 32 random bytes as the standard writes them."""
    return PREFIX + base64.b64encode(secrets.token_bytes(32)).decode()


def headers(secret: str, key: str, body: str) -> dict[str, str]:
    """The headers of a signed POST; ``key`` is the same each time that a delivery is tried."""
    try:
        signer = Webhook(secret)
    except (ValueError, RuntimeError) as error:
        raise Failed("bad_secret", retry=False) from error
    now = datetime.now(UTC)
    return {
        "Content-Type": "application/json",
        "User-Agent": "Jishi",
        "webhook-id": key,
        "webhook-timestamp": str(int(now.timestamp())),
        "webhook-signature": signer.sign(key, now, body),
    }
