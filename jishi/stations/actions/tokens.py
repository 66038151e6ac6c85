"""Keys to the API."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Sequence
from datetime import timedelta

from django.utils import timezone

from jishi.base.errors import Refused
from jishi.stations.models import ApiToken, Staff

LONGEST_TOKEN_DAYS = 365
KEY_PREFIX = "jishi_"


def make_token(staff: Staff, *, label: str, scopes: Sequence[str], days: int) -> tuple[ApiToken, str]:
    """Make an API token; its second half is the key itself, which is kept nowhere and shown once."""
    if not label.strip():
        raise Refused("label_missing")
    if not scopes or not set(scopes) <= set(ApiToken.Scope.values):
        raise Refused("unknown_scope")
    if not 1 <= days <= LONGEST_TOKEN_DAYS:
        raise Refused("token_too_long", days=LONGEST_TOKEN_DAYS)
    raw = KEY_PREFIX + secrets.token_urlsafe(32)
    now = timezone.now()
    token = ApiToken.objects.create(
        staff=staff,
        label=label.strip()[:60],
        digest=hashlib.sha256(raw.encode()).hexdigest(),
        scopes=sorted(set(scopes)),
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    return token, raw


def revoke_token(token: ApiToken) -> None:
    """Let this token open nothing any more."""
    ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now())
