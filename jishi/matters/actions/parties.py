"""Parties: people of the public inside one matter.  Sealed when written, opened one at a time, purged."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from jishi import privacy
from jishi.base.errors import Refused
from jishi.matters.actions.apply import actor_of
from jishi.matters.loop import LEADERS
from jishi.matters.models import Matter, Party
from jishi.stations.models import Staff


@dataclass(frozen=True, slots=True)
class PartyInput:
    """What is told about a party: a role in this matter, and as little else as is needed."""

    role: str = "reporter"
    name: str = ""
    contact: str = ""


def add_parties(matter_id: int, parties: Sequence[PartyInput]) -> int:
    """Seal and keep the parties that have a name or a contact; returns how many there were."""
    kept = [party for party in parties if party.name or party.contact]
    for party in kept:
        row = Party.objects.create(matter_id=matter_id, role=party.role)
        values = {"name": party.name, "contact": party.contact}
        slots = {f"party:{row.pk}:{name}": value for name, value in values.items() if value}
        sealed = privacy.seal_all(("matter", matter_id), slots)
        row.name_sealed = sealed.get(f"party:{row.pk}:name")
        row.contact_sealed = sealed.get(f"party:{row.pk}:contact")
        row.save(update_fields=["name_sealed", "contact_sealed"])
    return len(kept)


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
    """Delete what is told about the parties of these matters; the rows stay as stubs."""
    parties = Party.objects.filter(matter__in=list(matter_ids), purged_at=None)
    return parties.update(name_sealed=None, contact_sealed=None, purged_at=now)
