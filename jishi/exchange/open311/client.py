"""Speaking Open311 to another system: posting a request, resolving a token, reading how one stands, the list of services.

Everything goes through the guarded door of the channels: https, no address of an internal network, no redirect, bounded
in size and time.  XML is asked for, since every server of the standard speaks it.  No database.
"""  # noqa: E501

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

from lxml import etree

from jishi.exchange.open311.documents import read_xml
from jishi.notify.channels import http
from jishi.notify.channels.parcel import Failed

_MOST = 512 * 1024
_LONGEST_ID = 100
_LONGEST_NOTES = 1000
_AGENT = {"User-Agent": "Jishi Open311", "Accept": "text/xml, application/xml"}


@dataclass(frozen=True, slots=True)
class There:
    """Where a system is, and how it is spoken to: address without a slash at its end, jurisdiction, API key."""

    url: str
    jurisdiction: str = ""
    key: str = ""


@dataclass(frozen=True, slots=True)
class Sent:
    """What a post led to: the request's number there, or a token for it."""

    remote: str = ""
    token: str = ""


@dataclass(frozen=True, slots=True)
class Stands:
    """How a request stands there."""

    closed: bool
    notes: str = ""


@dataclass(frozen=True, slots=True)
class Offered:
    """A service of theirs; ``asks`` whether it has questions of its own."""

    code: str
    name: str
    asks: bool


def post_request(there: There, fields: Mapping[str, Any], idempotency: str) -> Sent:
    """Post a request.  Raises ``Failed`` (``open311_403`` where they say so, ``open311_unclear`` for no answer of the standard)."""  # noqa: E501
    given = {name: value for name, value in fields.items() if value not in (None, "")}
    given |= {"jurisdiction_id": there.jurisdiction} if there.jurisdiction else {}
    given |= {"api_key": there.key} if there.key else {}
    kind = {"Content-Type": "application/x-www-form-urlencoded; charset=utf-8", "Idempotency-Key": idempotency}
    answer = http.post(f"{there.url}/requests.xml", urlencode(given).encode(), {**_AGENT, **kind}, most=_MOST)
    found = _first(_read(answer), "request")
    remote, token = _text(found, "service_request_id"), _text(found, "token")
    if not remote and not token:
        raise Failed("open311_unclear", answer=http.said(answer))
    return Sent(_id(remote), "" if remote else _id(token))


def resolve_token(there: There, token: str) -> str:
    """The number that a token stands for by now; empty where there is none yet.  Raises ``Failed``."""
    return _id(_text(_first(_get(there, f"tokens/{quote(token, safe='')}"), "request"), "service_request_id"))


def read_request(there: There, remote: str) -> Stands:
    """How a request stands.  Raises ``Failed``."""
    found = _first(_get(there, f"requests/{quote(remote, safe='')}"), "request")
    status = _text(found, "status").lower()
    if status not in ("open", "closed"):
        raise Failed("open311_unclear")
    return Stands(status == "closed", _text(found, "status_notes")[:_LONGEST_NOTES])


def read_services(there: There) -> list[Offered]:
    """What they offer.  Raises ``Failed``."""
    rows = _get(there, "services").iter("service")
    found = [
        Offered(_text(row, "service_code"), _text(row, "service_name"), _text(row, "metadata") == "true")
        for row in rows
    ]
    return [each for each in found if each.code]


def _get(there: There, path: str) -> etree._Element:
    asked = "?" + urlencode({"jurisdiction_id": there.jurisdiction}) if there.jurisdiction else ""
    return _read(http.get(f"{there.url}/{path}.xml{asked}", _AGENT, most=_MOST))


def _read(answer: http.Answer) -> etree._Element:
    """The document of an answer; what is said to be wrong becomes a failure."""
    if answer.status in (400, 403, 404):
        # The request itself is refused: trying the same again is of no use until somebody looks at it.
        raise Failed(f"open311_{answer.status}", retry=False, answer=http.said(answer))
    http.accepted(answer)
    if not answer.whole:
        raise Failed("open311_unclear")
    try:
        return read_xml(answer.body)
    except ValueError as error:
        raise Failed("open311_unclear", answer=http.said(answer)) from error


def _first(root: etree._Element, name: str) -> etree._Element:
    found = next(iter(root.iter(name)), None)
    if found is None:
        raise Failed("open311_unclear")
    return found


def _text(element: etree._Element, name: str) -> str:
    return " ".join((element.findtext(name) or "").split())


def _id(text: str) -> str:
    """A number of theirs that can be kept; anything else is not the answer of a standard server."""
    if len(text) > _LONGEST_ID or not text.isprintable() or " " in text:
        raise Failed("open311_unclear")
    return text
