"""Taking what a client posts: a report comes into the loop by the window's own door, an update as a word of the public.

What is sent again is done once.  A client may say so itself by ``Idempotency-Key``, or by its own number of an update;
else the same post within two hours is the same.  A report that looks like a machine's is held as the window holds it:
the client is given a token, and the number when it asks for it or sends the same again.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields
from datetime import datetime, timedelta
from hashlib import sha256
from secrets import token_hex
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from jishi.exchange.open311.actions.pictures import door_of, fetch_soon, may_be_fetched
from jishi.exchange.open311.models import ClientKey, Picture, Posted
from jishi.exchange.open311.posted import Request, Update
from jishi.exchange.open311.problems import Problem
from jishi.exchange.open311.queries.requests import CHANNEL, named
from jishi.exchange.open311.queries.services import Offer
from jishi.exchange.open311.queries.updates import update_id
from jishi.exchange.open311.services import as_words, wrong_answers
from jishi.exchange.open311.words import could_not_be_taken
from jishi.files.actions import Prepared
from jishi.matters import commands
from jishi.matters.actions import Place, apply
from jishi.matters.models import MatterState
from jishi.register.models import Element
from jishi.window.actions.held import HELD_FOR, UNDO_FOR
from jishi.window.actions.reporting import Report, prepare_all
from jishi.window.actions.sending import send_report, take_photos
from jishi.window.contact import Contact
from jishi.window.models import Receipt
from jishi.window.queries.tracking import subject_of

#: How long the same post is the same: clients that had no answer try again after half an hour.
_AGAIN, BY_ITS_OWN_KEY = timedelta(hours=2), timedelta(days=30)
#: As long as a report may wait for the desk, and longer than clients go on asking.
_WHILE_HELD = HELD_FOR + UNDO_FOR
#: What clients can say since some of what they said was kept: where they do not, a post is what it was before.
_LATER = ("consents", "status")

#: The files of a post that can be taken; and the names of the others, each with why.
Photos = tuple[Sequence[Prepared], tuple[tuple[str, str], ...]]


@dataclass(frozen=True, slots=True)
class Taken:
    """What a client is told: the number of its request or the id of its update; or a token while it is looked through.

    ``left_out`` is how many photos could not be taken.
    """

    number: str = ""
    token: str = ""
    left_out: int = 0


def take_request(
    key: ClientKey, asked: Request, offer: Offer, *, own_key: str = "", language: str = "zh-hans", now: datetime
) -> Taken:
    """Report what a client posted.  Raises :class:`Problem` and ``Refused``."""
    if wrong := wrong_answers(offer.questions, asked.answers):
        raise Problem(400, *(_WHY[each.why]() % {"code": each.code} for each in wrong))
    place, words = _place(key, asked), _words(asked, offer)

    def act(photos: Photos) -> dict[str, Any]:
        prepared, refused = photos
        person = asked.person
        contact = Contact(name=person.name, phone=person.phone, email=person.email)
        said = Report(
            words, offer.code, place, contact, consent=" ".join(asked.consents), channel=CHANNEL, language=language
        )
        issued = send_report(key.station, said, uploads=prepared, doubts=(), key=token_hex(16), now=now)
        _fetch_later(Receipt.objects.get(pk=issued.receipt), asked, now)
        left_out = len(refused) + sum(not may_be_fetched(url) for url in asked.pictures)
        return {"number": issued.number, "held": issued.held, "left_out": left_out}

    said = _once(key, own_key and f"key:{own_key}", asked, take_photos, act, now)
    number, left_out = said["number"], said["left_out"]
    if said["held"] and not named(key.station, [number]).exists():
        return Taken(token=number, left_out=left_out)
    return Taken(number, left_out=left_out)


def take_update(key: ClientKey, asked: Update, *, own_key: str = "", now: datetime) -> Taken:
    """Add what a client says to a request.  Raises :class:`Problem` and ``Refused``."""
    request = named(key.station, [asked.number]).first()
    if request is None:
        raise Problem(404, _("service_request_id “%(number)s” was not found.") % {"number": asked.number})
    receipt = Receipt.objects.filter(matter=request).order_by("pk").first()
    door = door_of(request, receipt, asked.consents)

    def act(photos: Photos) -> dict[str, Any]:
        subject = subject_of(request)
        if subject.state == MatterState.CLOSED:
            raise Problem(400, _("This request is closed, and nothing is added to it. Report what is wrong anew."))
        prepared, left_out = photos
        if left_out and not (prepared or asked.words or asked.pictures or asked.status):
            raise Problem(400, *(why for _name, why in left_out))
        command = commands.Add(text=_told(asked, len(prepared), len(left_out)), photos=len(prepared))
        done = apply(subject.pk, command, by=None, door=door, uploads=prepared, now=now)
        if receipt is not None:
            _fetch_later(receipt, asked, now)
        return {"number": update_id(request.pk, asked.number, subject.pk, done.version)}

    own = (own_key and f"key:{own_key}") or (asked.own and f"update:{asked.number}:{asked.own}")
    return Taken(_once(key, own, asked, prepare_all, act, now)["number"])


def forget_posted(now: datetime) -> int:
    """Forget what can no longer be sent again."""
    return Posted.objects.filter(until__lte=now).delete()[0]


def _once(
    key: ClientKey, own: str, asked: Request | Update, prepare: Callable[[Sequence[Any]], Photos],
    act: Callable[[Photos], dict[str, Any]], now: datetime,
) -> dict[str, Any]:  # fmt: skip
    """What ``act`` answers, or what it answered when the same was posted before.

    Its photos are prepared before its transaction, and only where it is not known yet.  Raises :class:`Problem` where
    the client's own key stands for something else already.
    """
    content = digest_of(content_of(asked) + "".join(_sum(file) for file in asked.files))
    digest = digest_of(own) if own else content
    until = now + (BY_ITS_OWN_KEY if own else _AGAIN)
    known = Posted.objects.filter(key=key, digest=digest, until__gt=now)
    if (found := known.first()) is not None:
        return _before(found, content)
    photos = prepare(asked.files)
    try:
        with transaction.atomic():
            row = Posted.objects.select_for_update().filter(key=key, digest=digest).first()
            if row is not None and row.until > now:
                return _before(row, content)
            if row is None:
                row = Posted.objects.create(key=key, digest=digest, content=content, made_at=now, until=until)
            answer = act(photos)
            until = max(until, now + _WHILE_HELD) if answer.get("held") else until
            Posted.objects.filter(pk=row.pk).update(content=content, answer=answer, made_at=now, until=until)
            return answer
    except IntegrityError as error:
        if (found := known.first()) is None:
            raise error
        return _before(found, content)


def _before(row: Posted, content: str) -> dict[str, Any]:
    if row.content != content:
        raise Problem(400, _("This Idempotency-Key or update_id was used for something else."))
    answer: dict[str, Any] = row.answer
    return answer


def content_of(asked: Request | Update) -> str:
    """What a post says, without its files, as one text.  It is the same after an upgrade, as long as it may be sent
    again: the fields keep their names and order, and what came later is left out where it is empty."""
    values = ((each.name, getattr(asked, each.name)) for each in fields(asked) if each.repr)
    told = ", ".join(f"{name}={value!r}" for name, value in values if value or name not in _LATER)
    return f"{type(asked).__name__}({told})"


def digest_of(text: str) -> str:
    """A keyed hash: what was said cannot be guessed from it."""
    return salted_hmac("jishi.open311.posted", text, algorithm="sha256").hexdigest()


def _sum(file: Any) -> str:
    file.seek(0)
    return sha256(file.read()).hexdigest()


def _place(key: ClientKey, asked: Request) -> Place:
    """Where it is: what a register's number names, a point, words."""
    element = None
    if asked.element:
        element = Element.objects.filter(station=key.station, number=asked.element).values_list("pk", flat=True).first()
        if element is None and asked.point is None and not asked.address:
            raise Problem(400, _("address_id “%(id)s” is not in the register.") % {"id": asked.element})
    lon, lat = asked.point or (None, None)
    return Place(name=asked.address, lon=lon, lat=lat, element=element)


def _words(asked: Request, offer: Offer) -> str:
    """What stands in the report: the client's words and the answers."""
    parts = [asked.words, as_words(offer.questions, asked.answers)]
    return "\n\n".join(part for part in parts if part) or offer.category.name_zh


def _told(asked: Update, photos: int, left_out: int) -> str:
    """What the desk reads of an update: its words; how the client's system has the request, where that is not open or
    nothing else is said; that photos could not be taken; that there will be some, where there is nothing else yet.
    """
    parts = [asked.words]
    with translation.override("zh-hans"):
        if asked.status and (asked.status.lower() != "open" or not (asked.words or asked.pictures or photos)):
            parts.append(_("In the system that sent this: %(status)s") % {"status": asked.status})
        if left_out:
            parts.append(could_not_be_taken(left_out))
        if not any(parts) and not photos:
            parts.append(_("Photos come with this as addresses, and are being fetched."))
    return "\n\n".join(part for part in parts if part)


def _fetch_later(receipt: Receipt, asked: Request | Update, now: datetime) -> None:
    for url in asked.pictures:
        row = Picture.objects.create(receipt=receipt, url=url, consents=" ".join(asked.consents), made_at=now)
        fetch_soon(row)


_WHY = {
    "missing": lambda: _("attribute[%(code)s] is required."),
    "choice": lambda: _("attribute[%(code)s] must be a key of its list."),
    "number": lambda: _("attribute[%(code)s] must be a number."),
    "datetime": lambda: _("attribute[%(code)s] must be a time, such as 2026-03-01T08:00:00+08:00."),
    "long": lambda: _("attribute[%(code)s] is too long."),
}
