"""Reporting at the window: a matter, its reporter and the receipt, in one transaction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from secrets import token_hex
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from jishi.base.errors import Refused
from jishi.base.sentences import sentence
from jishi.base.writes import twice
from jishi.files.actions import Prepared, prepare
from jishi.matters import catalogue
from jishi.matters.actions import PartyInput, Place, PublicDoor, report_matter
from jishi.matters.queries.parties import parties_of
from jishi.privacy import consent as consents
from jishi.privacy import mask_personal
from jishi.stations.models import Station
from jishi.window.actions.letters import write_first
from jishi.window.actions.receipts import Issued, issue_receipt, secret_for
from jishi.window.contact import Contact
from jishi.window.models import Receipt
from jishi.window.queries.receipts import hash_of

LONGEST_WORDS = 5_000
LONGEST_PLACE = 120


@dataclass(frozen=True, slots=True)
class Report:
    """What somebody of the public says, whole, as it is given into the loop or held in quarantine.

    ``consent`` are the codes of what they agreed to, such as ``contact.1``, with blanks between.
    """

    words: str
    category: str | None
    place: Place
    contact: Contact
    urgent: bool = False
    consent: str | None = None
    channel: str = "window"
    language: str = "zh-hans"

    def packed(self) -> dict[str, Any]:
        """As plain values."""
        return asdict(self)

    @classmethod
    def unpacked(cls, values: dict[str, Any]) -> Report:
        """From plain values."""
        return cls(**{**values, "place": Place(**values["place"]), "contact": Contact(**values["contact"])})


def report_at_window(
    station: Station, *, words: str, category: str | None, place: Place, language: str, key: str, now: datetime,
    uploads: Sequence[Any] = (), contact: Contact | None = None, urgent: bool = False, consent: str | None = None,
    channel: str = "window",
) -> Issued:  # fmt: skip
    """Report a matter in somebody's name, and give out the receipt of it.

    A file that cannot be taken is left out and named in the answer; it never costs the report.  ``key`` makes the same
    call harmless to repeat, with the same receipt; whoever can guess it can guess the secret, so it is random.  Raises
    ``Refused``: ``unknown_category``, ``key_reused``, ``too_long``.
    """
    said = Report(
        words.strip(), category, place, contact or Contact(), urgent, consent or None, channel, language
    )  # fmt: skip
    prepared, left_out = prepare_all(uploads)
    key = key or token_hex(16)
    return replace(twice(lambda: report(station, said, prepared, key=key, now=now)), left_out=left_out)


def report(
    station: Station, said: Report, prepared: Sequence[Prepared], *, key: str, now: datetime, number: str = "",
    secret: str = "", receipt: Receipt | None = None,
) -> Issued:  # fmt: skip
    """Give a report into the loop.  ``number``, ``secret`` and ``receipt`` are those of one that was held before."""
    category = catalogue.category(said.category).code if said.category else None
    agreed = tuple(consents.check((said.consent or "").split()))
    place, words = _shown(said)
    parties = [PartyInput("reporter", said.contact.name, said.contact.reach, agreed)] if said.contact else []
    with transaction.atomic(savepoint=False):  # what it refuses, it refuses to the caller's transaction as a whole
        done = report_matter(
            station, by=None, door=PublicDoor(consents=agreed), title=title_of(category, place), category=category,
            place=place, description=words, parties=parties, channel=said.channel, urgent=said.urgent, key=key,
            uploads=prepared, now=now, number=number, savepoint=False,
        )  # fmt: skip
        if receipt is not None:
            return _joined(done.matter_id, receipt, number, secret_for(key), now)
        secret = secret or secret_for(key)
        if done.replayed:
            known = Receipt.objects.filter(matter_id=done.matter_id, secret_hash=hash_of(secret)).first()
            if known is None:
                raise Refused("key_reused")
            return Issued(known.pk, _number(known), secret, replayed=True)
        issued = issue_receipt(
            done.matter_id, kind=Receipt.Kind.REPORTER, party_id=_reporter(done.matter_id) if parties else None,
            language=said.language, secret=secret, number=done.number, now=now,
        )  # fmt: skip
        if parties:
            write_first(issued.receipt, secret, now)
        return issued


def prepare_all(uploads: Sequence[Any]) -> tuple[list[Prepared], tuple[tuple[str, str], ...]]:
    """The files that can be taken, clean on the disk; and the names of the others, each with why."""
    taken, left_out = [], []
    for upload in uploads:
        try:
            taken.append(upload if isinstance(upload, Prepared) else prepare(upload))
        except Refused as refused:
            left_out.append((str(upload.name or _("a file")), sentence(refused)))
    return taken, tuple(left_out)


def title_of(category: str | None, place: Place) -> str:
    """The title of a report: its category and place, in the language of the station, never the reporter's words."""
    with translation.override(settings.LANGUAGE_CODE):
        what = catalogue.category(category).name if category else _("Report from the window")
    return f"{what} · {place.name}"[:120] if place.name else what


def _shown(said: Report) -> tuple[Place, str]:
    """The place without what identifies a person, and the words with the place as it was told where it says more."""
    told = " ".join(said.place.name.split())
    name = mask_personal(told)[:LONGEST_PLACE]
    words = said.words if name == told else f"{said.words}\n\n{_('Place as it was told:')} {told}".strip()
    return said.place if name == said.place.name else replace(said.place, name=name), words


def _reporter(matter_id: int) -> int | None:
    return next((party.id for party in parties_of(matter_id)), None)


def _number(receipt: Receipt) -> str:
    return receipt.matter.number if receipt.matter else ""


def _joined(matter_id: int, receipt: Receipt, number: str, secret: str, now: datetime) -> Issued:
    """The receipt of a report that was held stands for its matter from now on, and its holder is told."""
    Receipt.objects.filter(pk=receipt.pk).update(matter_id=matter_id, party_id=_reporter(matter_id))
    write_first(receipt.pk, secret, now)
    return Issued(receipt.pk, number, "")
