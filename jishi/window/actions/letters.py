"""Telling the public: a letter waits in the transaction of what happened, and goes out by e-mail or text message.

A letter says that something happened and where to read it.  It holds no words of the matter, no category, no name and no
address; the address is opened from where it is kept as the letter goes out.  One thing is told once in a round.
"""  # noqa: E501

from __future__ import annotations

import logging
import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.core.cache import cache
from django.db import transaction
from django.db.models import Q, QuerySet

from jishi import privacy
from jishi.jobs.actions import delay_after, enqueue
from jishi.matters.models import Matter
from jishi.notify import channels
from jishi.notify.models import Channel
from jishi.privacy import consent as consents
from jishi.window.actions.own import own_of
from jishi.window.contact import Contact
from jishi.window.letter import parcel_of
from jishi.window.models import Letter, Receipt

JOB = "window.letters"
SUBJECT, SLOT = "letter", "secret"
#: A claim lasts for so long; every channel gives up sooner.
IN_FLIGHT = timedelta(seconds=60)
MOST_ATTEMPTS = 30
#: News is told within these days or not at all.
STALE = timedelta(days=3)
KEPT = timedelta(days=90)
#: So many receipts go to one address in a day.
MOST_A_DAY, DAY = 5, 86_400
_MOBILE = re.compile(r"\+?[0-9]{7,15}")
_CODE = re.compile(r"[a-z0-9_.:-]{1,60}")
log = logging.getLogger(__name__)


def write_first(receipt_id: int, secret: str, now: datetime) -> None:
    """Tell the holder of a new receipt its number and, in the address to open, its secret; in the caller's transaction."""  # noqa: E501
    if not _wanted(Receipt.objects.filter(pk=receipt_id)):
        return
    letter = Letter.objects.create(receipt_id=receipt_id, what=Letter.What.RECEIVED, due=now, created_at=now)
    sealed = privacy.seal((SUBJECT, letter.pk), SLOT, secret)
    Letter.objects.filter(pk=letter.pk).update(secret_sealed=sealed)
    _send_later([receipt_id], now)


def write_to(matter_ids: Iterable[int], what: str, cycle: int, now: datetime) -> int:
    """Tell the holders of these matters' receipts that something happened, in the caller's transaction.

    Returns to how many.
    """
    wanted = _wanted(Receipt.objects.filter(matter__in=list(matter_ids)))
    letters = [Letter(receipt_id=pk, what=what, cycle=cycle, due=now, created_at=now) for pk in wanted]
    Letter.objects.bulk_create(letters, ignore_conflicts=True)
    _send_later(wanted, now)
    return len(letters)


def _wanted(rows: QuerySet[Receipt]) -> list[int]:
    """Those of these receipts whose holders can be told: they left an address, agreed, and the station has a way."""
    reachable = Q(reach_sealed__isnull=False) | Q(
        party__contact_sealed__isnull=False, party__erase_asked_at=None, party__purged_at=None
    )
    found = rows.filter(reachable, purged_at=None, muted_at=None, matter__drill=False).values_list(
        "pk", "consent", "party__consent", "matter__station"
    )
    return [
        pk
        for pk, own, party, station in found
        if consents.covers(f"{own} {party or ''}".split(), "contact")
        and channels.channels_ready(station) & {Channel.EMAIL.value, Channel.SMS.value}
    ]


def _send_later(receipt_ids: Iterable[int], due: datetime) -> None:
    for pk in receipt_ids:
        enqueue(JOB, {"receipt": pk}, due=due, dedupe_key=f"letters:{pk}")


def send_waiting(receipt_id: int, now: datetime) -> int:
    """Send what waits for one receipt, in its order; of news only the newest.  Returns how many went out."""
    waiting = list(Letter.objects.filter(receipt=receipt_id, state=Letter.State.QUEUED).order_by("pk"))
    newest = waiting[-1].pk if waiting else None
    sent = 0
    for letter in waiting:
        first = letter.what == Letter.What.RECEIVED
        if letter.pk != newest and not first:
            _end(letter, Letter.State.DROPPED, now)
            continue
        if letter.due > now or not _send(letter, now):
            break
        sent += 1
    later = Letter.objects.filter(receipt=receipt_id, state=Letter.State.QUEUED).order_by("pk").first()
    if later is not None:
        with transaction.atomic():
            _send_later([receipt_id], later.due)
    return sent


def _send(letter: Letter, now: datetime) -> bool:
    """Send one letter; False where a later one has to wait for it."""
    claimed = Letter.objects.filter(pk=letter.pk, state=Letter.State.QUEUED, attempts=letter.attempts)
    if not claimed.update(attempts=letter.attempts + 1, due=now + IN_FLIGHT):
        return False
    letter.attempts += 1
    receipt = Receipt.objects.select_related("matter__station", "party").get(pk=letter.receipt_id)
    own = own_of(receipt)
    station = receipt.matter.station if receipt.matter else None
    way = _way(own.contact, station.pk) if station else None
    too_late = now - letter.created_at > STALE
    if way is None or station is None or not own.agreed or receipt.muted_at or receipt.purged_at or too_late:
        _end(letter, Letter.State.DROPPED, now)
        return True
    channel, address = way
    if letter.what == Letter.What.RECEIVED and _too_many(address):
        _end(letter, Letter.State.DROPPED, now)
        return True
    try:
        word = channels.send_to(channel, parcel_of(letter, receipt, station, _secret(letter)), address)
    except channels.Failed as failed:
        return _failed(letter, channel, failed, now)
    except Exception as error:  # noqa: BLE001  (whatever it is, this letter failed and the others must go on)
        return _failed(letter, channel, channels.Failed(type(error).__name__.lower()), now)
    log.debug("Letter %d went out by %s: %s.", letter.pk, channel, word)
    _end(letter, Letter.State.SENT, now, channel)
    return True


def _way(contact: Contact, station: int) -> tuple[str, str] | None:
    """By which channel and to which address; e-mail before a text message, which costs something."""
    ready = channels.channels_ready(station)
    if contact.email and Channel.EMAIL.value in ready:
        return Channel.EMAIL.value, contact.email
    number = re.sub(r"[ ()-]", "", contact.phone)
    if _MOBILE.fullmatch(number) and Channel.SMS.value in ready:
        return Channel.SMS.value, number
    return None


def _too_many(address: str) -> bool:
    """Whether so many receipts went to this address today that somebody seems to report in another's name.

    It is counted under a keyed hash, for a day at most.
    """
    key = f"letters:{privacy.keyed_hash('window.letters', address)[:24]}"
    cache.add(key, 0, timeout=DAY)
    try:
        return int(cache.incr(key)) > MOST_A_DAY
    except ValueError:  # it ran out between the two
        return False


def _failed(letter: Letter, channel: str, failed: channels.Failed, now: datetime) -> bool:
    word = failed.code if _CODE.fullmatch(failed.code) else "failed"
    if not failed.retry or letter.attempts >= MOST_ATTEMPTS:
        _end(letter, Letter.State.DEAD, now, channel, word)
        return True
    due = now + max(delay_after(letter.attempts), timedelta(seconds=failed.after or 0))
    Letter.objects.filter(pk=letter.pk, state=Letter.State.QUEUED).update(due=due, error=word)
    return False


def _end(letter: Letter, state: str, now: datetime, channel: str = "", error: str = "") -> None:
    """End a letter; the secret that it carried is gone with it."""
    Letter.objects.filter(pk=letter.pk, state=Letter.State.QUEUED).update(
        state=state, ended_at=now, channel=channel, error=error, secret_sealed=None
    )
    if letter.secret_sealed is not None:
        privacy.destroy_keys([(SUBJECT, letter.pk)])


def _secret(letter: Letter) -> str:
    if letter.secret_sealed is None:
        return ""
    try:
        return privacy.open_sealed((SUBJECT, letter.pk), SLOT, bytes(letter.secret_sealed))
    except privacy.Unreadable:
        return ""


def send_left_lying(now: datetime) -> int:
    """Ask again for letters that are due and whose job is gone; returns for how many receipts."""
    lying = Letter.objects.filter(state=Letter.State.QUEUED, due__lt=now - timedelta(minutes=5))
    ids = sorted(set(lying.values_list("receipt", flat=True)[:500]))
    with transaction.atomic():
        _send_later(ids, now)
    return len(ids)


def delete_old(now: datetime) -> int:
    """Delete letters that ended long ago; returns how many."""
    gone, _by_kind = Letter.objects.filter(created_at__lt=now - KEPT).exclude(state=Letter.State.QUEUED).delete()
    return gone


def family_of(matter_id: int) -> list[int]:
    """A matter with all that was merged into it."""
    found, new = [matter_id], [matter_id]
    while new:
        new = list(Matter.objects.filter(root__in=new).values_list("pk", flat=True))
        found += new
    return found
