"""Keys by which the systems of outside agencies come to the API."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime, timedelta

from django.utils import timezone

from jishi.base.errors import Refused
from jishi.stations.actions.tokens import LONGEST_TOKEN_DAYS
from jishi.stations.models import Agency, AgencyKey

#: How such a key begins, so that one that leaks is known for what it is.
AGENCY_KEY_PREFIX = "jishi_agency_"


def make_agency_key(agency: Agency, *, label: str, days: int, now: datetime | None = None) -> tuple[AgencyKey, str]:
    """Make a key; its second half is the key itself, which is kept nowhere and shown once."""
    if not label.strip():
        raise Refused("label_missing")
    if not 1 <= days <= LONGEST_TOKEN_DAYS:
        raise Refused("token_too_long", days=LONGEST_TOKEN_DAYS)
    raw = AGENCY_KEY_PREFIX + secrets.token_urlsafe(32)
    now = now or timezone.now()
    key = AgencyKey.objects.create(
        agency=agency, label=label.strip()[:60], digest=hashlib.sha256(raw.encode()).hexdigest(), created_at=now,
        expires_at=now + timedelta(days=days),
    )  # fmt: skip
    return key, raw


def revoke_agency_key(key: AgencyKey) -> None:
    """Let this key open nothing any more."""
    AgencyKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=timezone.now())
