"""The ticket with which a page opens the live stream: whose it is, signed, good for five minutes to connect."""

from __future__ import annotations

from django.core import signing

SALT = "jishi.stream"
SECONDS = 300


def make_ticket(staff_id: int, secret: str) -> str:
    """A ticket for one member of staff."""
    return signing.dumps(staff_id, key=secret, salt=SALT)


def read_ticket(ticket: str, secret: str) -> int | None:
    """Whose ticket it is; None for one that is too old or that we never gave.  Needs no settings."""
    try:
        found = signing.loads(ticket, key=secret, salt=SALT, max_age=SECONDS, fallback_keys=[])
    except signing.BadSignature:
        return None
    return found if isinstance(found, int) else None
