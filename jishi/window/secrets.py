"""The secret of a receipt: twelve signs that can be read aloud, written on paper and typed on an old phone.  Pure."""

from __future__ import annotations

import re
from secrets import randbits

#: Crockford's base 32: no I, L, O or U, which look like others or make words.
SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH = 12
BITS = 5 * LENGTH
_MEANT = str.maketrans({"I": "1", "L": "1", "O": "0"})


def new_secret() -> str:
    """A new secret of 60 random bits, such as ``7QK2-MX94-T0BD``."""
    return spelled(randbits(BITS))


def spelled(number: int) -> str:
    """The secret that stands for a number of 60 bits, in groups of four signs."""
    signs = "".join(SIGNS[number >> 5 * place & 31] for place in reversed(range(LENGTH)))
    return "-".join(signs[start : start + 4] for start in range(0, LENGTH, 4))


def plain(text: str) -> str:
    """A secret as it was typed, without gaps and dashes, with signs that look alike read as the one that is meant."""
    return re.sub(r"[^0-9A-Z]", "", text.upper()).translate(_MEANT)
