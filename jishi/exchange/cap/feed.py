"""What is in force as an Atom feed (RFC 4287), each entry with the address of its document and the words that receivers
sort by.  Times carry an offset; there is no name of staff in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any
from uuid import NAMESPACE_URL, uuid5
from zoneinfo import ZoneInfo

from django.conf import settings
from lxml import etree

from jishi.exchange.cap.document import NAMESPACE, moment, plain
from jishi.exchange.cap.queries import Feed
from jishi.exchange.cap.rendering import home

ATOM = "http://www.w3.org/2005/Atom"
CAP_TYPE = "application/cap+xml"
#: What a feed says that never had an entry.
_NEVER = datetime(2026, 1, 1, tzinfo=UTC)
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_TITLE = "公众预警 Public alerts"


def tag_of(feed: Feed, own: str) -> str:
    """A mark that changes whenever the feed does."""
    parts = [own, feed.station.code if feed.station else "", moment(feed.changed or _NEVER)]
    parts += [row["sha256"] for row in feed.rows]
    return sha256("\n".join(parts).encode()).hexdigest()[:32]


def changed_at(feed: Feed) -> datetime:
    """When the feed last changed."""
    return feed.changed or _NEVER


def write_feed(feed: Feed, link_to: Callable[[str], str], own: str) -> bytes:
    """The feed as XML.  ``own`` is its address, ``link_to`` gives that of a document by its identifier."""
    top = etree.Element(f"{{{ATOM}}}feed", nsmap={None: ATOM, "cap": NAMESPACE})
    top.set(_XML_LANG, "zh-CN")
    name = feed.station.name if feed.station else ""
    _atom(top, "id", urn(f"{home()}/cap/feed" + (f"?station={feed.station.code}" if feed.station else "")))
    _atom(top, "title", f"{name} {_TITLE}".strip())
    _atom(top, "updated", moment(changed_at(feed), ZoneInfo(settings.TIME_ZONE)))
    _atom(etree.SubElement(top, f"{{{ATOM}}}author"), "name", name or "Jishi")
    _link(top, own, rel="self", type="application/atom+xml")
    for row in feed.rows:
        _entry(top, row, link_to(row["identifier"]))
    written: bytes = etree.tostring(top, xml_declaration=True, encoding="UTF-8", pretty_print=True)
    return written


def urn(name: str) -> str:
    """A name for ever, made of a name."""
    return uuid5(NAMESPACE_URL, name).urn


def _entry(top: etree._Element, row: Mapping[str, Any], address: str) -> None:
    entry = etree.SubElement(top, f"{{{ATOM}}}entry")
    zone = ZoneInfo(row["station__time_zone"] or settings.TIME_ZONE)
    _atom(entry, "id", urn(f"cap:{row['sender']},{row['identifier']}"))
    _atom(entry, "title", row["headline_zh"])
    _atom(entry, "updated", moment(row["sent"], zone))
    _atom(entry, "published", moment(row["sent"], zone))
    _atom(etree.SubElement(entry, f"{{{ATOM}}}author"), "name", plain(row["station__name"]))
    _link(entry, address, rel="alternate", type=CAP_TYPE)
    _atom(entry, "summary", row["description_zh"])
    for name, text in (
        ("event", row["event_zh"]),
        ("status", row["status"]),
        ("msgType", row["msg_type"]),
        *(("category", each) for each in row["categories"]),
        ("urgency", row["urgency"]),
        ("severity", row["severity"]),
        ("certainty", row["certainty"]),
        ("effective", moment(row["effective"], zone)),
        ("onset", moment(row["onset"], zone) if row["onset"] else ""),
        ("expires", moment(row["expires"], zone)),
        ("areaDesc", row["area_zh"]),
    ):
        if text:
            etree.SubElement(entry, f"{{{NAMESPACE}}}{name}").text = text


def _atom(parent: etree._Element, name: str, text: str) -> None:
    etree.SubElement(parent, f"{{{ATOM}}}{name}").text = text


def _link(parent: etree._Element, address: str, **facts: str) -> None:
    etree.SubElement(parent, f"{{{ATOM}}}link", {"href": address, **facts})
