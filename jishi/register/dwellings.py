"""Where the smallest residential element ends: a building or an entrance, never a flat.  Pure.

A flat's page would be a person's page.  A shop or an office in an office tower may name its room; whatever stands
behind an entrance (单元) of a residential building may not.
"""

from __future__ import annotations

import re

from jishi.register.likeness.addresses import read

#: Categories in which people live, with all below them.
DWELLINGS = ("place.residential", "place.compound")
_DOOR = re.compile(r"[室户房]|\b(?:apt|apartment|flat|unit|room|rm)\b", re.IGNORECASE)
_FLAT = re.compile(r"[a-z]?-?\d{3,4}[a-z]?")


def is_dwelling(category: str) -> bool:
    """Whether people live in elements of this category."""
    return any(category == code or category.startswith(f"{code}.") for code in DWELLINGS)


def names_a_flat(category: str, text: str) -> bool:
    """Whether a name or an address leads to one flat: a room of a dwelling, or a room behind an entrance."""
    address = read(text)
    if not address.room:
        return False
    if address.entrance:
        return True
    return is_dwelling(category) and bool(_DOOR.search(text) or _FLAT.fullmatch(address.room))
