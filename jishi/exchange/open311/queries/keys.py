"""Who a post comes from, and the keys that an administrator manages."""

from __future__ import annotations

import hashlib
from datetime import datetime

from django.db.models import QuerySet

from jishi.exchange.open311.models import ClientKey, Posted
from jishi.stations.models import Staff
from jishi.stations.queries import administered_by

#: How such a key begins, so that one that leaks is known for what it is.
PREFIX = "jishi_open311_"
_LONGEST = 100


def digest_of(raw: str) -> str:
    """What is kept of a key."""
    return hashlib.sha256(raw.encode("utf-8", "replace")).hexdigest()


def key_of(raw: str, now: datetime) -> ClientKey | None:
    """The key behind these signs; None for one that is unknown, expired or revoked."""
    raw = raw.strip()
    if not raw.startswith(PREFIX) or len(raw) > _LONGEST:
        return None
    found = ClientKey.objects.select_related("station").filter(digest=digest_of(raw), revoked_at=None)
    return found.filter(expires_at__gt=now).first()


def keys_of(user: Staff) -> QuerySet[ClientKey]:
    """The keys of the stations that this person manages."""
    return ClientKey.objects.filter(station__in=administered_by(user)).select_related("station", "made_by")


def posted_since(key: ClientKey, since: datetime) -> int:
    """How much was posted with this key from a moment on; what was sent again is not counted."""
    return Posted.objects.filter(key=key, made_at__gt=since).count()
