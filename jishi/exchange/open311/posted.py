"""What a client posts, read and checked: a request, or an update of one.

``account_id`` and ``device_id`` are taken and forgotten: there is no page of a person here that they could lead to.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from django.http import QueryDict
from django.utils.translation import gettext as _

from jishi.base.errors import Refused
from jishi.base.uploads import MOST_FILES
from jishi.exchange.open311 import moments
from jishi.exchange.open311.problems import Problem
from jishi.exchange.open311.services import CONSENTS, PHOTOS
from jishi.privacy import consent

#: The standard's own limit.
LONGEST_WORDS = 4000
_ATTRIBUTE = re.compile(r"attribute\[([^\[\]]{1,60})\](?:\[\d*\])?")
_UNPRINTABLE = re.compile(r"[^\S\n ]|[\x00-\x09\x0b-\x1f\x7f-\x9f\ud800-\udfff]")
_STATUS = re.compile(r"[A-Za-z][A-Za-z_ -]*")
_HAN = re.compile(r"[\u3400-\u9fff]")


@dataclass(frozen=True, slots=True)
class Person:
    """How whoever reports may be answered; everything may be empty."""

    name: str = ""
    phone: str = ""
    email: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """A report.  ``point`` is longitude and latitude in WGS-84, ``element`` the number of something in the register,
    ``consents`` the codes of what whoever reports agreed to, such as ``publish_photo.1``."""

    service: str
    words: str
    point: tuple[float, float] | None
    address: str
    element: str
    person: Person
    answers: Mapping[str, Sequence[str]]
    consents: tuple[str, ...]
    pictures: tuple[str, ...]
    files: tuple[Any, ...] = field(compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Update:
    """What a client adds to a request.  ``own`` is the client's number of it, ``status`` how its system has the
    request."""

    number: str
    words: str
    status: str
    own: str
    consents: tuple[str, ...]
    pictures: tuple[str, ...]
    files: tuple[Any, ...] = field(compare=False, repr=False)


def read_request(given: QueryDict, files: Any) -> Request:
    """A report, whole.  Raises :class:`Problem` with everything that is wrong."""
    wrong: list[str] = []
    service = line(given, "service_code", 60)
    if not service:
        wrong.append(_("service_code was not provided."))
    point = _point(given, wrong)
    address, element = line(given, "address_string", 500), line(given, "address_id", 60)
    if point is None and not address and not element and not wrong:
        wrong.append(_("Say where: lat and long, or address_string, or address_id."))
    words, answers = _words(given, "description", wrong), _answers(given)
    agreed = _agreed(answers, CONSENTS, wrong)
    pictures, kept = _pictures(given, wrong), _files(files, wrong)
    if wrong:
        raise Problem(400, *wrong)
    return Request(service, words, point, address, element, _person(given), answers, agreed, pictures, kept)


def read_update(given: QueryDict, files: Any) -> Update:
    """An update, whole.  Raises :class:`Problem`."""
    wrong: list[str] = []
    number = line(given, "service_request_id", 40)
    if not number:
        wrong.append(_("service_request_id was not provided."))
    words, status = _words(given, "description", wrong), _status(given)
    agreed = _agreed(_answers(given), (PHOTOS,), wrong)
    pictures, kept = _pictures(given, wrong), _files(files, wrong)
    if not words and not status and not pictures and not kept and not wrong:
        wrong.append(_("An update needs a description or a photo."))
    _check_moment(given.get("updated_datetime", ""), wrong)
    if wrong:
        raise Problem(400, *wrong)
    return Update(number, words, status, line(given, "update_id", 80), agreed, pictures, kept)


def line(given: Mapping[str, str], name: str, most: int) -> str:
    """A field of one line, without what cannot be printed."""
    return " ".join(_UNPRINTABLE.sub(" ", given.get(name, "")).split())[:most]


def _words(given: Mapping[str, str], name: str, wrong: list[str]) -> str:
    text = _UNPRINTABLE.sub("", given.get(name, "").replace("\r\n", "\n").replace("\r", "\n").replace("\t", " "))
    if len(text.strip()) > LONGEST_WORDS:
        wrong.append(_("%(name)s may have %(most)s characters at most.") % {"name": name, "most": LONGEST_WORDS})
    return text.strip()


def _point(given: Mapping[str, str], wrong: list[str]) -> tuple[float, float] | None:
    texts = [given.get(name, "").strip() for name in ("long", "lat")]
    if not any(texts):
        return None
    try:
        lon, lat = (float(text[:40]) for text in texts)
    except ValueError:
        lon = lat = math.nan
    if not (-180 <= lon <= 180 and -90 <= lat <= 90):
        wrong.append(_("lat and long must both be given, as degrees in WGS-84."))
        return None
    return lon, lat


def _person(given: Mapping[str, str]) -> Person:
    first, last = line(given, "first_name", 60), line(given, "last_name", 60)
    name = f"{last}{first}" if _HAN.search(first + last) else f"{first} {last}".strip()
    return Person(name, line(given, "phone", 40), line(given, "email", 120))


def _answers(given: QueryDict) -> dict[str, list[str]]:
    """``attribute[CODE]`` and ``attribute[CODE][]``."""
    found: dict[str, list[str]] = {}
    for name, values in given.lists():
        named = _ATTRIBUTE.fullmatch(name)
        if named:
            found.setdefault(named[1], []).extend(_UNPRINTABLE.sub(" ", str(value)) for value in values)
    return found


def _agreed(answers: dict[str, list[str]], purposes: Sequence[str], wrong: list[str]) -> tuple[str, ...]:
    """What was agreed to, taken out of the answers: each names the version of the text that was shown."""
    found = set()
    for purpose in purposes:
        codes = {code.strip() for code in answers.pop(purpose, ()) if code.strip()}
        if not all(_is_consent(code, purpose) for code in codes):
            wrong.append(_("attribute[%(code)s] must be a key of its list.") % {"code": purpose})
        found |= codes
    return tuple(sorted(found))


def _is_consent(code: str, purpose: str) -> bool:
    try:
        return consent.read(code).purpose == purpose
    except Refused:
        return False


def _status(given: Mapping[str, str]) -> str:
    """How the client's system has the request: FixMyStreet sends it with every update, at times without a word."""
    status = line(given, "status", 40)
    return status if _STATUS.fullmatch(status) else ""


def _pictures(given: QueryDict, wrong: list[str]) -> tuple[str, ...]:
    urls = [url.strip() for name in ("media_url", "media_url[]") for url in given.getlist(name) if url.strip()]
    if len(urls) > MOST_FILES:
        wrong.append(_("At most %(most)s photos.") % {"most": MOST_FILES})
    if any(not _is_address(url) for url in urls):
        wrong.append(_("media_url must be an address that begins with https."))
    return tuple(dict.fromkeys(urls))


def _is_address(url: str) -> bool:
    try:
        return len(url) <= 1000 and url.isprintable() and urlsplit(url).scheme in ("http", "https")
    except ValueError:
        return False


def _files(files: Any, wrong: list[str]) -> tuple[Any, ...]:
    found = [file for name in files for file in files.getlist(name)]  # whatever a client calls them
    if len(found) > MOST_FILES:
        wrong.append(_("At most %(most)s photos.") % {"most": MOST_FILES})
    return tuple(found)


def _check_moment(text: str, wrong: list[str]) -> None:
    if not text.strip():
        return
    if moments.read(text) is None:
        wrong.append(
            _("%(name)s must be a time with an offset, such as 2026-03-01T08:00:00Z.") % {"name": "updated_datetime"}
        )
