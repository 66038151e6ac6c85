"""Opening a receipt by its number and its secret."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from hmac import compare_digest

from django.db.models import Q, QuerySet

from jishi.base.errors import Refused
from jishi.matters.models import Matter
from jishi.privacy import keyed_hash
from jishi.window.models import Receipt
from jishi.window.secrets import plain

#: What the hashes of these secrets are for; under another purpose the same secret has another hash.
PURPOSE = "window.receipt"
LONGEST_NUMBER, LONGEST_SECRET = 40, 40


@dataclass(frozen=True, slots=True)
class Opened:
    """A receipt that was opened; ``matter`` is None while its report waits in quarantine, or was thrown away there."""

    receipt: Receipt
    matter: Matter | None


def hash_of(secret: str) -> str:
    """What is kept of a secret, however it was typed."""
    return keyed_hash(PURPOSE, plain(secret[:LONGEST_SECRET]))


def open_receipt(number: str, secret: str, *, now: datetime) -> Opened:
    """The receipt that this number and secret open.

    Raises ``Refused("receipt_unknown")`` whatever is wrong: the number, the secret, or a receipt that was purged before
    ``now``.  The work is the same for each, so that nothing can be told from the time it takes.
    """
    wanted = hash_of(secret)
    name = re.sub(r"[^\w-]", "", number, flags=re.ASCII)[:LONGEST_NUMBER]
    names = [name, name.upper()]
    rows = _receipts()
    found: Receipt | None = None
    for row in rows.filter(Q(matter__number__in=names) | Q(held__number__in=names), secret_hash=wanted):
        if compare_digest(row.secret_hash, wanted) and (row.purged_at is None or row.purged_at > now):
            found = row
    if found is None:
        raise Refused("receipt_unknown")
    return Opened(found, found.matter)


def receipt_of(receipt_id: int, now: datetime) -> Opened | None:
    """A receipt that was opened before; None once it was purged."""
    found = _receipts().filter(pk=receipt_id).first()
    return Opened(found, found.matter) if found and (found.purged_at is None or found.purged_at > now) else None


def _receipts() -> QuerySet[Receipt]:
    return Receipt.objects.select_related(
        "matter", "matter__station", "matter__station__bureau", "matter__responsible_unit", "held", "held__station",
        "held__station__bureau",
    )  # fmt: skip
