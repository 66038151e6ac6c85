"""A message of the Common Alerting Protocol 1.2 as XML.  Pure: no Django, no clock.

Times carry an offset and never ``Z``: the standard writes UTC as ``-00:00``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from lxml import etree

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"
SCOPE = "Public"
Position = tuple[float, float]
_MINUTE = timedelta(minutes=1)
_UNWRITABLE = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_BREAKS = re.compile("\r\n?|[\x85\u2028\u2029]")
#: What an identifier or a sender may not hold: references put them between commas and blanks.
_APART = re.compile(r"[\s,<&]")


@dataclass(frozen=True, slots=True)
class Reference:
    """An earlier message."""

    sender: str
    identifier: str
    sent: datetime


@dataclass(frozen=True, slots=True)
class Info:
    """What is said in one language."""

    language: str
    event: str
    headline: str
    description: str
    instruction: str
    area: str


@dataclass(frozen=True, slots=True)
class Circle:
    """A circle: its middle in WGS-84, its radius in kilometres."""

    lat: float
    lon: float
    km: float


@dataclass(frozen=True, slots=True)
class Message:
    """One message.  ``polygons`` are closed rings of latitude and longitude; ``zone`` is that of its times."""

    identifier: str
    sender: str
    sender_name: str
    sent: datetime
    status: str
    msg_type: str
    categories: Sequence[str]
    urgency: str
    severity: str
    certainty: str
    effective: datetime
    expires: datetime
    infos: Sequence[Info]
    zone: tzinfo = UTC
    onset: datetime | None = None
    responses: Sequence[str] = ()
    note: str = ""
    references: Sequence[Reference] = ()
    polygons: Sequence[Sequence[Position]] = ()
    circle: Circle | None = None


def plain(text: str) -> str:
    """``text`` without what XML cannot hold (control characters, halves of characters), line breaks made one kind."""
    return _UNWRITABLE.sub("", _BREAKS.sub("\n", text)).strip()


def one_line(text: str) -> str:
    """As :func:`plain`, on one line."""
    return " ".join(plain(text).split())


def moment(at: datetime, zone: tzinfo = UTC) -> str:
    """A time as CAP writes it: whole seconds, with its offset in hours and minutes."""
    local = at.astimezone(zone)
    if (local.utcoffset() or timedelta()) % _MINUTE:
        local = at.astimezone(UTC)
    written = local.replace(microsecond=0).isoformat()
    return written[:-6] + "-00:00" if written.endswith("+00:00") else written


def ring(positions: Sequence[Position]) -> str:
    """A closed ring as CAP writes it: latitude before longitude, blanks between the pairs."""
    return " ".join(pair(lat, lon) for lat, lon in positions)


def pair(lat: float, lon: float) -> str:
    """A position: latitude before longitude."""
    return f"{_number(lat)},{_number(lon)}"


def reference(each: Reference, zone: tzinfo = UTC) -> str:
    """One earlier message, as ``references`` names it."""
    return f"{each.sender},{each.identifier},{moment(each.sent, zone)}"


def write(message: Message) -> bytes:
    """The message as XML in UTF-8.  Raises ``ValueError`` for an identifier that references could not name."""
    for name in (message.identifier, message.sender):
        if not name or _APART.search(name):
            raise ValueError(f"an identifier or a sender may not be {name!r}")
    zone = message.zone
    alert = etree.Element(f"{{{NAMESPACE}}}alert", nsmap={None: NAMESPACE})
    _add(alert, "identifier", message.identifier)
    _add(alert, "sender", message.sender)
    _add(alert, "sent", moment(message.sent, zone))
    _add(alert, "status", message.status)
    _add(alert, "msgType", message.msg_type)
    _add(alert, "scope", SCOPE)
    _add_text(alert, "note", one_line(message.note))
    _add_text(alert, "references", " ".join(reference(each, zone) for each in message.references))
    for info in message.infos:
        _add_info(alert, message, info)
    written: bytes = etree.tostring(alert, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return written


def _add_info(alert: etree._Element, message: Message, info: Info) -> None:
    block = etree.SubElement(alert, f"{{{NAMESPACE}}}info")
    _add(block, "language", info.language)
    for category in message.categories:
        _add(block, "category", category)
    _add(block, "event", one_line(info.event))
    for response in message.responses:
        _add(block, "responseType", response)
    _add(block, "urgency", message.urgency)
    _add(block, "severity", message.severity)
    _add(block, "certainty", message.certainty)
    _add(block, "effective", moment(message.effective, message.zone))
    if message.onset is not None:
        _add(block, "onset", moment(message.onset, message.zone))
    _add(block, "expires", moment(message.expires, message.zone))
    _add_text(block, "senderName", one_line(message.sender_name))
    _add_text(block, "headline", one_line(info.headline))
    _add_text(block, "description", plain(info.description))
    _add_text(block, "instruction", plain(info.instruction))
    area = etree.SubElement(block, f"{{{NAMESPACE}}}area")
    _add(area, "areaDesc", one_line(info.area))
    for positions in message.polygons:
        _add(area, "polygon", ring(positions))
    if message.circle is not None:
        _add(area, "circle", f"{pair(message.circle.lat, message.circle.lon)} {_number(message.circle.km)}")


def _add(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, f"{{{NAMESPACE}}}{name}").text = text


def _add_text(parent: etree._Element, name: str, text: str) -> None:
    if text:
        _add(parent, name, text)


def _number(value: float) -> str:
    written = f"{value:.6f}".rstrip("0").rstrip(".")
    return "0" if written == "-0" else written
