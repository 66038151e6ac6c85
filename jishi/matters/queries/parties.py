"""The parties of one matter: what they are and what could be revealed, never a value.  The one place that reads them."""  # noqa: E501

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from typing import NamedTuple

from jishi.matters.models import Party


class PartyRow(NamedTuple):
    """A party as everybody sees it: what they are, and what could be revealed."""

    id: int
    role: str
    has_name: bool
    has_contact: bool
    purged: bool


def parties_of(matter_id: int) -> list[PartyRow]:
    """The parties of one matter, in the order in which they were told."""
    rows = Party.objects.filter(matter_id=matter_id).order_by("pk")
    return [
        PartyRow(row.pk, row.role, row.name_sealed is not None, row.contact_sealed is not None, bool(row.purged_at))
        for row in rows
    ]


def role_in(matter_id: int, party_id: int) -> str | None:
    """What this party is in this matter, in the reader's language; None where the matter has no such party."""
    role = Party.objects.filter(pk=party_id, matter_id=matter_id).values_list("role", flat=True).first()
    return None if role is None else str(Party.Role(role).label)


def parties_of_each(matter_ids: Sequence[int]) -> Counter[int]:
    """How many parties each of these matters has; purged ones count."""
    return Counter(Party.objects.filter(matter__in=matter_ids).values_list("matter", flat=True))
