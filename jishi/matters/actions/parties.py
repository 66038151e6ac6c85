"""Parties: people of the public inside one matter.  Sealed when written, opened one at a time, purged."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from jishi import privacy
from jishi.base.errors import Refused
from jishi.matters.actions.apply import actor_of
from jishi.matters.loop import LEADERS
from jishi.matters.models import Matter, Party
from jishi.privacy.consent import check
from jishi.stations.models import Staff


@dataclass(frozen=True, slots=True)
class PartyInput:
    """What is told about a party: a role in this matter, as little else as is needed, and what they agreed to."""

    role: str = "reporter"
    name: str = ""
    contact: str = ""
    consent: tuple[str, ...] = ()


def add_parties(matter_id: int, parties: Sequence[PartyInput]) -> int:
    """Seal and keep the parties that have a name or a contact; returns how many there were.

    Raises ``Refused("unknown_consent")``.
    """
    kept = [party for party in parties if party.name or party.contact]
    for party in kept:
        agreed = " ".join(check(party.consent))
        row = Party.objects.create(matter_id=matter_id, role=party.role, consent=agreed)
        seal_party(row, {"name": party.name, "contact": party.contact})
    return len(kept)


def seal_party(party: Party, values: Mapping[str, str]) -> None:
    """Seal the ``name`` or the ``contact`` of a party, or both; an empty value takes it away."""
    slots = {f"party:{party.pk}:{field}": value for field, value in values.items() if value}
    sealed = privacy.seal_all(("matter", party.matter_id), slots)
    if "name" in values:
        party.name_sealed = sealed.get(f"party:{party.pk}:name")
    if "contact" in values:
        party.contact_sealed = sealed.get(f"party:{party.pk}:contact")
    party.save(update_fields=[f"{field}_sealed" for field in values])


def reveal_party(matter: Matter, party_id: int, field: str, *, reason: str, by: Staff) -> str:
    """Open one value of one party, for somebody who works on the matter, and log that it was opened.

    ``field`` is ``name`` or ``contact``; ``reason`` a code of :class:`jishi.privacy.models.Reveal.Reason`.
    Raises ``Refused("not_allowed" | "purged" | "not_found" | "reveal_reason")``.
    """
    actor = actor_of(by, matter.station_id)
    works_on_it = matter.responsible_unit_id in actor.units or matter.assignee_id == actor.id
    if not ((works_on_it and actor.roles - {"auditor", "analyst"}) or actor.roles & (LEADERS | {"desk"})):
        raise Refused("not_allowed", command="reveal")
    party = Party.objects.filter(pk=party_id, matter=matter).first()
    if party is None or field not in ("name", "contact"):
        raise Refused("not_found")
    sealed = party.name_sealed if field == "name" else party.contact_sealed
    if sealed is None:
        raise Refused("purged")
    subject, slot = ("matter", matter.pk), f"party:{party.pk}:{field}"
    try:
        with transaction.atomic():
            privacy.reveal(subject, slot, reason=reason, by=by.pk)
            return privacy.open_sealed(subject, slot, bytes(sealed))
    except privacy.Unreadable as error:
        raise Refused("purged") from error


def purge_parties(matter_ids: Iterable[int], now: datetime) -> int:
    """Delete what is told about the parties of these matters, and the keys that could read it in old copies; the rows
    stay as stubs."""
    ids = list(matter_ids)
    parties = Party.objects.filter(matter__in=ids, purged_at=None)
    gone = parties.update(name_sealed=None, contact_sealed=None, consent="", purged_at=now)
    privacy.destroy_keys(("matter", pk) for pk in ids)
    return gone


def purge_some(matter_id: int, party_ids: Sequence[int], now: datetime) -> int:
    """Delete what is told about some parties of one matter; its key goes with the last of them."""
    parties = Party.objects.filter(matter=matter_id, purged_at=None)
    gone = parties.filter(pk__in=party_ids).update(name_sealed=None, contact_sealed=None, consent="", purged_at=now)
    if not parties.exists():
        privacy.destroy_keys([("matter", matter_id)])
    return gone


def ask_erasure(matter_id: int, now: datetime) -> int:
    """Mark all parties of a matter as to be deleted; returns how many."""
    return Party.objects.filter(matter=matter_id, purged_at=None, erase_asked_at=None).update(erase_asked_at=now)


def count_parties(matter_ids: Sequence[int]) -> Counter[int]:
    """How many parties of each of these matters are still there."""
    return Counter(Party.objects.filter(matter__in=matter_ids, purged_at=None).values_list("matter", flat=True))


def consents_of(matter_id: int) -> set[str]:
    """What the parties of a matter agreed to: codes, without who."""
    rows = Party.objects.filter(matter=matter_id, purged_at=None).values_list("consent", flat=True)
    return {code for row in rows for code in row.split()}
