"""Me too: somebody else waits for the answer to a matter, with a receipt of their own."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from jishi.matters import commands
from jishi.matters.actions import PublicDoor, apply
from jishi.matters.models import Matter
from jishi.window.actions.receipts import Issued, issue_receipt, secret_for
from jishi.window.models import Receipt
from jishi.window.queries.receipts import hash_of


def follow_matter(matter: Matter, *, language: str, key: str, now: datetime) -> Issued:
    """Follow a matter; the same ``key`` again gives the same receipt.  Raises ``Refused`` where it is closed."""
    secret = secret_for(key)
    with transaction.atomic():
        known = Receipt.objects.filter(matter=matter, secret_hash=hash_of(secret)).first()
        if known is not None:
            return Issued(known.pk, matter.number, secret, replayed=True)
        issued = issue_receipt(
            matter.pk, kind=Receipt.Kind.FOLLOWER, language=language, secret=secret, number=matter.number, now=now
        )
        Receipt.objects.filter(pk=issued.receipt).update(answered_at=matter.answered_at)
        apply(matter, commands.Follow(), by=None, door=PublicDoor(receipt=issued.receipt), key=key, now=now)
    return issued
