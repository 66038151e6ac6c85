"""Giving out receipts."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from jishi.base.writes import insert_row
from jishi.matters.models import Matter
from jishi.privacy import keyed_number
from jishi.window.models import Held, Receipt
from jishi.window.queries.receipts import PURPOSE, hash_of
from jishi.window.secrets import BITS, new_secret, spelled


@dataclass(frozen=True, slots=True)
class Issued:
    """A receipt as it is given out, once: the secret is kept nowhere.  ``held`` says that its report is in quarantine.

    ``left_out`` are the files that were not taken, each with why.
    """

    receipt: int
    number: str
    secret: str
    held: bool = False
    replayed: bool = False
    left_out: tuple[tuple[str, str], ...] = ()


def secret_for(key: str) -> str:
    """The secret that belongs to an idempotency key, so that whoever sends the same again is given the same receipt.

    It follows from the key and the master key: from neither alone.  The key must be one that nobody can guess.
    """
    return spelled(keyed_number(f"{PURPOSE}.secret", key, BITS))


def issue_receipt(
    matter_id: int, *, kind: str, now: datetime, party_id: int | None = None, language: str = "zh-hans",
    secret: str = "", number: str = "",
) -> Issued:  # fmt: skip
    """Give out a receipt for a matter, as part of the caller's transaction; without ``secret`` a random one."""
    secret = secret or new_secret()
    made = insert_row(Receipt, {
        "matter_id": matter_id, "kind": str(kind), "party_id": party_id, "language": language,
        "secret_hash": hash_of(secret), "created_at": now,
    })  # fmt: skip
    number = number or Matter.objects.values_list("number", flat=True).get(pk=matter_id)
    return Issued(made, number, secret)


def issue_held_receipt(held: Held, *, secret: str, language: str, now: datetime) -> Issued:
    """Give out the receipt of a report in quarantine; it stays the same once the report is released."""
    made = Receipt.objects.create(
        held=held, kind=Receipt.Kind.REPORTER, language=language, secret_hash=hash_of(secret), created_at=now
    )
    return Issued(made.pk, held.number, secret, held=True)
