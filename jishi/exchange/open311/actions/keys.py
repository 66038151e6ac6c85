"""Making and revoking the keys of clients, and noting that one was used."""

from __future__ import annotations

import secrets
from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone

from jishi.base.errors import Refused
from jishi.exchange.open311.models import ClientKey
from jishi.exchange.open311.queries.keys import PREFIX, digest_of
from jishi.journal import actions as journal
from jishi.privacy import refuse_personal
from jishi.stations.models import Staff, Station
from jishi.stations.queries import administered_by

SUBJECT = "open311_key"
USUAL_DAYS, MOST_DAYS = 365, 730
USUAL_POSTS, MOST_POSTS = 60, 600
#: That a key is used is written down once in so long.
_NOTED = timedelta(minutes=1)


@transaction.atomic
def make_key(
    station: Station, *, label: str, by: Staff, days: int = USUAL_DAYS, per_minute: int = USUAL_POSTS,
    now: datetime | None = None,
) -> tuple[ClientKey, str]:  # fmt: skip
    """Make a key for a system that reports to a station; the text is the key itself, kept nowhere and shown once.

    Raises ``Refused``: ``not_allowed``, ``label_missing``, ``token_too_long``, ``key_posts``, ``personal``.
    """
    now = now or timezone.now()
    if not administered_by(by).filter(pk=station.pk).exists():
        raise Refused("not_allowed", command="open311_key")
    label = label.strip()[:60]
    if not label:
        raise Refused("label_missing", field="label")
    refuse_personal(label, field="label")
    if not 1 <= days <= MOST_DAYS:
        raise Refused("token_too_long", field="days", days=MOST_DAYS)
    if not 1 <= per_minute <= MOST_POSTS:
        raise Refused("key_posts", field="per_minute", most=MOST_POSTS)
    raw = PREFIX + secrets.token_urlsafe(32)
    key = ClientKey.objects.create(
        station=station, label=label, digest=digest_of(raw), per_minute=per_minute, made_by=by, made_at=now,
        expires_at=now + timedelta(days=days),
    )  # fmt: skip
    _record(key, "made", 1, by, now)
    return key, raw


@transaction.atomic
def revoke_key(key: ClientKey, *, by: Staff, now: datetime | None = None) -> None:
    """Let this key open nothing any more; one that was revoked before stays as it is.  Raises ``Refused("not_allowed")``."""  # noqa: E501
    now = now or timezone.now()
    if not administered_by(by).filter(pk=key.station_id).exists():
        raise Refused("not_allowed", command="open311_key")
    if ClientKey.objects.filter(pk=key.pk, revoked_at=None).update(revoked_at=now, revoked_by=by):
        _record(key, "revoked", 2, by, now)


def note_used(key: ClientKey, now: datetime) -> None:
    """Keep when the key was last used, to the minute."""
    if key.used_at is None or now - key.used_at > _NOTED:
        ClientKey.objects.filter(pk=key.pk).update(used_at=now)


def _record(key: ClientKey, what: str, version: int, by: Staff, now: datetime) -> None:
    payload = {"expires": key.expires_at.isoformat(), "per_minute": key.per_minute} if what == "made" else {}
    draft = journal.Draft((SUBJECT, key.pk, version), f"{SUBJECT}.{what}", by.pk, now, payload)
    journal.append(key.station_id, [draft], now)
