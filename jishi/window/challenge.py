"""A form that no machine sends by the thousand: a signed stamp, a little work for it, a trap, and the time it took.

A browser with scripts finds a number whose hash with the stamp begins with zeros; one without is asked for nothing, but
must have taken a few seconds and must have left the trap alone.  The stamp's mark is the idempotency key of what is
sent, so one stamp is good for one thing, however often it comes.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from secrets import token_hex

from django.core import signing

SALT = "jishi.window.stamp"
#: How long a stamp is good, in seconds: a draft may wait for the connection.
GOOD_FOR = 3 * 86_400
#: Zeros that the hash must begin with, in bits: about 30,000 tries, half a second on a cheap phone.
BITS = 15
#: Nobody reads and fills the form faster, in seconds.
QUICKEST = 3
LONGEST = 200
#: The fields of a form: the stamp, the number that was found, and the trap, which people do not see.
STAMP, PROOF, TRAP = "stamp", "proof", "website"


@dataclass(frozen=True, slots=True)
class Stamp:
    """What a form brings along: ``mark`` is its own, ``age`` the seconds since it was given out."""

    mark: str
    age: float

    @property
    def good(self) -> bool:
        """Whether it is young enough to be sent with."""
        return -60 <= self.age <= GOOD_FOR


def new_stamp(purpose: str, now: datetime) -> str:
    """A stamp for one form of this purpose."""
    return signing.Signer(salt=f"{SALT}.{purpose}").sign(f"{int(now.timestamp())}.{token_hex(16)}")


def read_stamp(purpose: str, text: str, now: datetime) -> Stamp | None:
    """The stamp, however old it is; None for any text that is no stamp of this purpose."""
    try:
        made, mark = signing.Signer(salt=f"{SALT}.{purpose}").unsign(text[:LONGEST]).split(".")
        return Stamp(mark, now.timestamp() - int(made))
    except (signing.BadSignature, ValueError):
        return None


def proves(stamp: str, proof: str) -> bool:
    """Whether the work for a stamp was done: SHA-256 of ``stamp:proof`` begins with ``BITS`` zeros."""
    if not proof or len(proof) > 20:
        return False
    digest = hashlib.sha256(f"{stamp}:{proof}".encode()).digest()
    return int.from_bytes(digest[:4], "big") >> (32 - BITS) == 0


def doubts(fields: Mapping[str, str], stamp: Stamp) -> tuple[str, ...]:
    """What makes it look as if a machine had sent the form, as codes: ``trap``, ``quick``; none for a person."""
    found = []
    if fields.get(TRAP, "").strip():
        found.append("trap")
    if stamp.age < QUICKEST and not proves(fields.get(STAMP, ""), fields.get(PROOF, "")):
        found.append("quick")
    return tuple(found)
