"""Taking what a client posts: a report comes into the loop by the window's own door, an update as a word of the public.

What is sent again is done once.  A client may say so itself by ``Idempotency-Key``, or by its own number of an update;
else the same post within ten minutes is the same.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from jishi.exchange.open311.models import ClientKey, Picture, Posted
from jishi.exchange.open311.posted import Request, Update
from jishi.exchange.open311.problems import Problem
from jishi.exchange.open311.queries.requests import named
from jishi.exchange.open311.queries.services import Offer
from jishi.exchange.open311.queries.updates import update_id
from jishi.exchange.open311.services import as_words, wrong_answers
from jishi.jobs.actions import enqueue
from jishi.matters import commands
from jishi.matters.actions import Place, apply
from jishi.matters.actions.door import PublicDoor
from jishi.matters.models import Matter
from jishi.privacy import find_personal, mask_personal
from jishi.register.models import Element
from jishi.window.actions.reporting import report_at_window
from jishi.window.contact import Contact
from jishi.window.models import Receipt

CHANNEL = "open311"
PICTURE_JOB = "exchange.open311_picture"
_AGAIN, _BY_ITS_OWN_KEY = timedelta(minutes=10), timedelta(days=30)
_LONGEST_PLACE = 120


@dataclass(frozen=True, slots=True)
class Taken:
    """What a client is told: the number of its request or the id of its update; or a token while it is looked through."""

    number: str = ""
    token: str = ""
    again: bool = False


def take_request(
    key: ClientKey, asked: Request, offer: Offer, *, own_key: str = "", language: str = "zh-hans", now: datetime
) -> Taken:
    """Report what a client posted.  Raises :class:`Problem` and ``Refused``."""
    if wrong := wrong_answers(offer.questions, asked.answers):
        raise Problem(400, *(_WHY[each.why]() % {"code": each.code} for each in wrong))
    place, words = _place(key, asked), _words(asked, offer)

    def report() -> dict[str, Any]:
        person = asked.person
        contact = Contact(name=person.name, phone=person.phone, email=person.email) if person else None
        issued = report_at_window(
            key.station, words=words, category=offer.code, place=place, uploads=asked.files, contact=contact,
            channel=CHANNEL, language=language, now=now,
        )  # fmt: skip
        matter = Matter.objects.filter(number=issued.number).values_list("pk", flat=True).first()
        if matter is not None:
            _fetch_later(matter, issued.receipt, asked.pictures, now)
        return {"number": issued.number, "held": matter is None}

    said, again = _once(key, own_key and f"key:{own_key}", asked, report, now)
    return Taken(token=said["number"], again=again) if said["held"] else Taken(said["number"], again=again)


def take_update(key: ClientKey, asked: Update, *, own_key: str = "", now: datetime) -> Taken:
    """Add what a client says to a request.  Raises :class:`Problem` and ``Refused``."""
    matter = named(key.station, [asked.number]).values_list("pk", flat=True).first()
    if matter is None:
        raise Problem(404, _("service_request_id “%(number)s” was not found.") % {"number": asked.number})
    receipt = Receipt.objects.filter(matter_id=matter).order_by("pk").values_list("pk", flat=True).first()

    def add() -> dict[str, Any]:
        done = None
        if asked.words or asked.files:
            command = commands.Add(text=asked.words, photos=len(asked.files))
            done = apply(matter, command, by=None, door=PublicDoor(receipt=receipt), uploads=asked.files, now=now)
        _fetch_later(matter, receipt, asked.pictures, now)
        version = done.version if done else Matter.objects.values_list("version", flat=True).get(pk=matter)
        return {"number": update_id(asked.number, version)}

    own = (own_key and f"key:{own_key}") or (asked.own and f"update:{asked.number}:{asked.own}")
    said, again = _once(key, own, asked, add, now)
    return Taken(said["number"], again=again)


def forget_posted(now: datetime) -> int:
    """Forget what can no longer be sent again."""
    return Posted.objects.filter(until__lte=now).delete()[0]


def _once(
    key: ClientKey, own: str, asked: Request | Update, act: Callable[[], dict[str, Any]], now: datetime
) -> tuple[dict[str, Any], bool]:
    """What ``act`` answers, or what it answered when the same was posted before; with whether it was.

    Raises :class:`Problem` where the client's own key stands for something else already.
    """
    content = _digest(repr(asked) + "".join(_sum(file) for file in asked.files))
    digest = _digest(own) if own else content
    until = now + (_BY_ITS_OWN_KEY if own else _AGAIN)
    try:
        with transaction.atomic():
            row = Posted.objects.select_for_update().filter(key=key, digest=digest).first()
            if row is not None and row.until > now:
                return _before(row, content), True
            if row is None:
                row = Posted.objects.create(key=key, digest=digest, content=content, made_at=now, until=until)
            answer = act()
            Posted.objects.filter(pk=row.pk).update(content=content, answer=answer, made_at=now, until=until)
            return answer, False
    except IntegrityError as error:
        found = Posted.objects.filter(key=key, digest=digest, until__gt=now).first()
        if found is None:
            raise error
        return _before(found, content), True


def _before(row: Posted, content: str) -> dict[str, Any]:
    if row.content != content:
        raise Problem(400, _("This Idempotency-Key or update_id was used for something else."))
    answer: dict[str, Any] = row.answer
    return answer


def _digest(text: str) -> str:
    """A keyed hash: what was said cannot be guessed from it."""
    return salted_hmac("jishi.open311.posted", text, algorithm="sha256").hexdigest()


def _sum(file: Any) -> str:
    file.seek(0)
    return sha256(file.read()).hexdigest()


def _place(key: ClientKey, asked: Request) -> Place:
    """Where it is: what a register's number names, a point, words; of words what no person can be known by."""
    element = None
    if asked.element:
        element = Element.objects.filter(station=key.station, number=asked.element).values_list("pk", flat=True).first()
        if element is None and asked.point is None and not asked.address:
            raise Problem(400, _("address_id “%(id)s” is not in the register.") % {"id": asked.element})
    lon, lat = asked.point or (None, None)
    return Place(name=mask_personal(asked.address)[:_LONGEST_PLACE], lon=lon, lat=lat, element=element)


def _words(asked: Request, offer: Offer) -> str:
    """What stands in the report: the client's words, the answers, and an address that the place could not hold."""
    whole = asked.address if len(asked.address) > _LONGEST_PLACE or find_personal(asked.address) else ""
    parts = [asked.words, as_words(offer.questions, asked.answers), whole]
    return "\n\n".join(part for part in parts if part) or offer.category.name_zh


def _fetch_later(matter: int, receipt: int | None, urls: tuple[str, ...], now: datetime) -> None:
    for url in urls:
        row = Picture.objects.create(matter_id=matter, receipt=receipt, url=url, made_at=now)
        enqueue(PICTURE_JOB, {"picture": row.pk}, dedupe_key=f"open311:picture:{row.pk}")


_WHY = {
    "missing": lambda: _("attribute[%(code)s] is required."),
    "choice": lambda: _("attribute[%(code)s] must be a key of its list."),
    "number": lambda: _("attribute[%(code)s] must be a number."),
    "datetime": lambda: _("attribute[%(code)s] must be a time, such as 2026-03-01T08:00:00+08:00."),
    "long": lambda: _("attribute[%(code)s] is too long."),
}
