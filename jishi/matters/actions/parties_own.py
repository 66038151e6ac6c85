"""What a person who holds the receipt may do with what is kept of them: see it, correct it, have it deleted.

Whether the receipt is theirs, and which party it is, the window has asked before: here the ``door`` only says by which
receipt it was done.  No event names a party.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from jishi import privacy
from jishi.base.errors import Refused
from jishi.matters import store
from jishi.matters.actions.door import PublicDoor
from jishi.matters.actions.parties import purge_some, seal_party
from jishi.matters.keeping.noting import note
from jishi.matters.keeping.over import kept_of
from jishi.matters.models import Matter, Party
from jishi.matters.publishing.ending import end_photos_of_the_public

LONGEST = {"name": 60, "contact": 120}


@dataclass(frozen=True, slots=True)
class OwnParty:
    """What is kept of one person, opened for that person."""

    role: str
    name: str
    contact: str
    consent: tuple[str, ...]
    erase_asked: bool


@dataclass(frozen=True, slots=True)
class Erasure:
    """What becomes of what somebody asked to have deleted.

    ``held``: a hold keeps all of it for now, and what was asked is done when it is lifted.  ``text_until`` is when the
    words and photos go; None while the matter is open.
    """

    held: bool
    party_gone: bool
    text_until: datetime | None


def own_party(matter_id: int, party_id: int) -> OwnParty:
    """Open what is kept of a person for that person.  Raises ``Refused("not_found" | "purged")``."""
    party = Party.objects.filter(pk=party_id, matter=matter_id).first()
    if party is None:
        raise Refused("not_found")
    if party.purged_at is not None:
        raise Refused("purged")
    values = {}
    for field, sealed in (("name", party.name_sealed), ("contact", party.contact_sealed)):
        try:
            slot = f"party:{party.pk}:{field}"
            values[field] = privacy.open_sealed(("matter", matter_id), slot, bytes(sealed)) if sealed else ""
        except privacy.Unreadable as error:
            raise Refused("purged") from error
    asked = party.erase_asked_at is not None
    return OwnParty(party.role, values["name"], values["contact"], tuple(party.consent.split()), asked)


@transaction.atomic
def correct_party(
    matter_id: int, party_id: int, *, name: str | None = None, contact: str | None = None, door: PublicDoor,
    now: datetime,
) -> list[str]:  # fmt: skip
    """Write anew what a person says of themself; None leaves a value, an empty one takes it away.

    Returns which were written.  Raises ``Refused("not_found" | "purged" | "too_long")``.
    """
    state = store.lock(matter_id)
    party = Party.objects.filter(pk=party_id, matter=matter_id).first()
    if party is None:
        raise Refused("not_found")
    if party.purged_at is not None or party.erase_asked_at is not None:
        raise Refused("purged")
    values = {
        field: value.strip() for field, value in (("name", name), ("contact", contact)) if value is not None
    }  # fmt: skip
    for field, value in values.items():
        if len(value) > LONGEST[field]:
            raise Refused("too_long", field=field, most=LONGEST[field])
    if values:
        seal_party(party, values)
        note(matter_id, state.station, "corrected", None, now, {**door.facts, "what": sorted(values)})
    return sorted(values)


@transaction.atomic
def ask_deletion(
    matter_id: int, party_id: int | None, *, door: PublicDoor, now: datetime, text: bool = True
) -> Erasure:
    """Delete what is kept of a person: name and contact at once, words and photos of the report after its closing.

    ``party_id`` is None for somebody who gave no name; ``text`` is False for somebody who only followed the matter.
    With it, photos of the public are published no longer.  A hold puts all of it off.  Asking again changes nothing.
    Raises ``Refused("not_found")``.
    """
    state = store.lock(matter_id)
    parties = Party.objects.filter(pk__in=[] if party_id is None else [party_id], matter=matter_id)
    if party_id is not None and not parties.exists():
        raise Refused("not_found")
    asked = parties.filter(erase_asked_at=None, purged_at=None).update(erase_asked_at=now)
    matter = Matter.objects.filter(pk=matter_id, erase_asked_at=None, purged_at=None)
    asked_text = bool(text and matter.update(erase_asked_at=now))
    if asked or asked_text:
        note(matter_id, state.station, "erase_asked", None, now, {**door.facts, "text": asked_text})
    if text:
        end_photos_of_the_public(matter_id, state.station, None, now)
    carry_out_erasure(matter_id, state.station, now)
    kept = kept_of([matter_id])[matter_id]
    gone = party_id is not None and not parties.filter(purged_at=None).exists()
    return Erasure(kept.held, gone, kept.until)


def carry_out_erasure(matter_id: int, station: int, now: datetime) -> int:
    """Delete the parties of a matter who asked for it, where no hold keeps them; returns how many.

    The caller has locked the matter.
    """
    waiting = list(Party.objects.filter(matter=matter_id, purged_at=None).exclude(erase_asked_at=None))
    if not waiting or kept_of([matter_id])[matter_id].held:
        return 0
    gone = purge_some(matter_id, [party.pk for party in waiting], now)
    note(matter_id, station, "erased", None, now, {"parties": gone})
    return gone
