"""The documents of the standard, in XML and in JSON made from the same values.  Pure: no Django.

A list in JSON is an element in XML whose children have one name (the Spark convention).  The XML holds nothing but
ASCII, other signs as character references: it is sent as ``text/xml`` without a charset, which old clients insist on,
and so reads the same whatever they take it for.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from lxml import etree

FORMS = ("xml", "json")
#: Without a charset: a validator compares the type by the letter.
TYPES = {"xml": "text/xml", "json": "application/json"}
#: What the children of each list are called in XML.
CHILD = {
    "services": "service", "attributes": "attribute", "values": "value", "service_requests": "request",
    "service_request_updates": "request_update", "errors": "error", "endpoints": "endpoint", "formats": "format",
}  # fmt: skip
_UNWRITABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def write(form: str, root: str, content: Any) -> bytes:
    """A document: ``content`` is a list of mappings or a mapping, ``root`` the name of its outermost element."""
    if form == "json":
        return json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    top = etree.Element(root)
    _fill(top, root, content)
    body: bytes = etree.tostring(top, encoding="US-ASCII", xml_declaration=False)
    return b'<?xml version="1.0" encoding="utf-8"?>\n' + body


def read_xml(body: bytes) -> etree._Element:
    """The outermost element of what another system sent: no entities, no network.  Raises ``ValueError``."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        found: etree._Element = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise ValueError("no XML") from error
    if found is None or found.getroottree().docinfo.doctype:
        raise ValueError("no plain XML")
    return found


def _fill(element: etree._Element, name: str, value: Any) -> None:
    if isinstance(value, Mapping):
        for key, each in value.items():
            _fill(etree.SubElement(element, key), key, each)
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for each in value:
            _fill(etree.SubElement(element, CHILD[name]), CHILD[name], each)
    elif value is not None:
        element.text = _text(value)


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return _UNWRITABLE.sub("", str(value))
