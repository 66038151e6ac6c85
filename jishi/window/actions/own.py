"""What the window keeps of whoever holds a receipt: to be seen, corrected and deleted by its holder alone.

A reporter's name and contact are a party of the matter, which those who work on it may open.  Whoever follows, or gave no
contact with the report, may leave an address to be told at: that one is sealed with the receipt, and nobody opens it.
"""  # noqa: E501

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from jishi import privacy
from jishi.base.errors import Refused
from jishi.matters.actions import PublicDoor
from jishi.matters.actions.parties_own import Erasure, ask_deletion, correct_party, own_party
from jishi.privacy import consent as consents
from jishi.window.contact import Contact
from jishi.window.models import Letter, Receipt

SUBJECT, SLOT = "receipt", "reach"


@dataclass(frozen=True, slots=True)
class Own:
    """What is kept of the holder of a receipt, opened for them.

    ``as_party``: as a party of the matter, beside which a name may stand.  ``erased``: it was deleted, or will be as
    soon as nothing keeps it.
    """

    contact: Contact
    consent: tuple[str, ...] = ()
    as_party: bool = False
    erased: bool = False

    @property
    def agreed(self) -> bool:
        """Whether the holder may be told something at that address."""
        return consents.covers(self.consent, "contact")


def own_of(receipt: Receipt) -> Own:
    """What is kept of the holder of a receipt."""
    if receipt.party_id is not None and receipt.matter_id is not None:
        try:
            party = own_party(receipt.matter_id, receipt.party_id)
        except Refused:
            return Own(Contact(), as_party=True, erased=True)
        return Own(Contact.read(party.name, party.contact), party.consent, True, party.erase_asked)
    if receipt.reach_sealed is None:
        return Own(Contact())
    try:
        reach = privacy.open_sealed((SUBJECT, receipt.pk), SLOT, bytes(receipt.reach_sealed))
    except privacy.Unreadable:
        return Own(Contact(), erased=True)
    return Own(Contact.read("", reach), tuple(receipt.consent.split()))


def keep_own(receipt: Receipt, contact: Contact, *, agreed: str, now: datetime) -> None:
    """Keep what the holder of a receipt says of themself now.  ``agreed`` is the code of the consent to an address that is
    kept with the receipt.

    Raises ``Refused``: ``purged`` (a party that was deleted), ``too_long``, ``unknown_consent``.
    """  # noqa: E501
    if receipt.party_id is not None and receipt.matter_id is not None:
        door = PublicDoor(receipt=receipt.pk)
        correct_party(
            receipt.matter_id, receipt.party_id, name=contact.name, contact=contact.reach, door=door, now=now
        )  # fmt: skip
        return
    with transaction.atomic():
        if not contact.reach:
            forget_reach(receipt)
            return
        sealed = privacy.seal((SUBJECT, receipt.pk), SLOT, contact.reach)
        code = " ".join(consents.check([agreed]))
        Receipt.objects.filter(pk=receipt.pk).update(reach_sealed=sealed, consent=code, muted_at=None)


def erase_own(receipt: Receipt, now: datetime) -> Erasure:
    """Delete what is kept of the holder; of a reporter also the words and photos, once the matter is over.

    Raises ``Refused("not_found")``.
    """
    with transaction.atomic():
        forget_reach(receipt)
        drop_letters(receipt.pk, now)
        is_reporter = receipt.kind == Receipt.Kind.REPORTER
        if receipt.matter_id is None:
            return Erasure(False, True, None)
        return ask_deletion(
            receipt.matter_id, receipt.party_id, door=PublicDoor(receipt=receipt.pk), now=now, text=is_reporter
        )


def mute(receipt: Receipt, muted: bool, now: datetime) -> None:
    """Tell the holder nothing more, or again."""
    Receipt.objects.filter(pk=receipt.pk).update(muted_at=now if muted else None)
    if muted:
        drop_letters(receipt.pk, now)


def unfollow(receipt: Receipt, now: datetime) -> None:
    """Let a follower's receipt open nothing any more, with all that was kept with it.

    Raises ``Refused("cannot_unfollow")`` for a reporter's: a report is taken back instead.
    """
    if receipt.kind != Receipt.Kind.FOLLOWER:
        raise Refused("cannot_unfollow")
    with transaction.atomic():
        forget_reach(receipt)
        drop_letters(receipt.pk, now)
        Receipt.objects.filter(pk=receipt.pk).update(secret_hash="", purged_at=now)


def forget_reach(receipt: Receipt) -> None:
    """Delete the address that was left with a receipt, and the key that could read it in old copies."""
    Receipt.objects.filter(pk=receipt.pk).update(reach_sealed=None, consent="")
    privacy.destroy_keys([(SUBJECT, receipt.pk)])


def drop_letters(receipt_id: int, now: datetime) -> None:
    """Send nothing that waits for this receipt."""
    waiting = Letter.objects.filter(receipt=receipt_id, state=Letter.State.QUEUED)
    waiting.update(state=Letter.State.DROPPED, ended_at=now, secret_sealed=None)
