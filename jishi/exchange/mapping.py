"""Reads and checks a map file of matters: what the columns of somebody else's table mean here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from jishi.base.errors import Refused
from jishi.exchange.mapfile import (
    GRADES,
    TOP,
    Field,
    Kinds,
    Section,
    TableMap,
    check_points,
    common,
    read_bytes,
    read_field,
    top_of,
)

#: Fields that hold moments, fields whose words are translated into codes, and plain fields.
MOMENTS = ("reported_at", "occurred_at", "closed_at", "due_at")
TRANSLATED = ("category", "status", "grade", "outcome", "unit", "area")
PLAIN = ("external_id", "title", "place", "text", "lon", "lat", "point")
FIELDS = (*PLAIN, *MOMENTS, *TRANSLATED)
REQUIRED = ("external_id", "reported_at", "category")
#: What a translation may lead to, where that is fixed.  A duplicate would need its root, which an import cannot name.
STATUSES = ("open", "closed")
OUTCOMES = ("fixed", "no_action", "referred", "unverifiable", "withdrawn", "out_of_scope")
_KINDS = Kinds(MOMENTS, TRANSLATED, {"status": STATUSES, "grade": GRADES, "outcome": OUTCOMES})


@dataclass(frozen=True)
class MatterMap(TableMap):
    """A checked map file of matters."""

    @property
    def required(self) -> tuple[str, ...]:
        """The fields that no matter can come in without."""
        return REQUIRED


def read_map(path: Path) -> MatterMap:
    """Read and check a map file.

    Raises Refused("no_map" | "map_unreadable" | "map_unknown_key" | "map_missing_key" | "map_wrong_type" |
    "map_bad_value" | "map_one_of").
    """
    return parse_map(read_bytes(path))


def parse_map(raw: bytes) -> MatterMap:
    """Check the text of a map file; see :func:`read_map`."""
    top = top_of(raw)
    top.only(*TOP, "keep_text", "party")
    return MatterMap(
        **common(top),
        fields=_fields(top.section("fields")),
        party=_party(top.section("party")),
        keep_text=top.flag("keep_text"),
    )


def _party(section: Section) -> dict[str, str]:
    section.only("name", "contact")
    return {key: section.text(key, required=True) for key in section.data}


def _fields(section: Section) -> dict[str, Field]:
    section.only(*FIELDS)
    fields = {name: read_field(name, section, _KINDS) for name in section.data}
    for name in REQUIRED:
        if name not in fields:
            raise Refused("map_missing_key", key=section.key(name) if section.path else f"fields.{name}")
    check_points(fields)
    if "status" not in fields and "closed_at" not in fields:
        raise Refused("map_missing_key", key="fields.status")
    return fields
