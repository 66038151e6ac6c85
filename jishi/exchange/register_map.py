"""Reads and checks a map file of the register: what the columns of a list of places mean here."""

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

KEY, NEWEST = "external_id", "newest_by"
MOMENTS = (NEWEST, "verified_at")
TRANSLATED = ("category", "status", "grade", "reasons", "area")
PLAIN = ("name", "address", "lon", "lat", "point")
STATUSES = ("active", "closed")
#: Where an attribute's code stands in the name of its field.
ATTRIBUTE = "attributes."
_FIELDS = (*PLAIN, "verified_at", *TRANSLATED, "attributes")
_FIXED = {"status": STATUSES, "grade": GRADES}


@dataclass(frozen=True)
class RegisterMap(TableMap):
    """A checked map file of the register.  A ``strict`` one rejects a row for what others leave out and mark."""

    strict: bool = False

    @property
    def required(self) -> tuple[str, ...]:
        """The fields that no element can come in without."""
        return (KEY, "category")

    @property
    def plain_names(self) -> tuple[str, ...]:
        """The columns that an element's name comes from: a shop's name is not a person's."""
        return self.fields["name"].columns if "name" in self.fields else ()

    @property
    def ordered(self) -> bool:
        """Whether rows of one key have an order."""
        return NEWEST in self.fields


def read_register_map(path: Path) -> RegisterMap:
    """Read and check a map file; raises Refused as :func:`jishi.exchange.mapping.read_map` does."""
    return parse_register_map(read_bytes(path))


def parse_register_map(raw: bytes) -> RegisterMap:
    """Check the text of a map file; see :func:`read_register_map`."""
    top = top_of(raw)
    top.only(*TOP, "key", NEWEST, "strict")
    if "key" not in top.data:
        raise Refused("map_missing_key", key="key")
    fields = {KEY: read_field("key", top, _kinds(()))}
    if NEWEST in top.data:
        fields[NEWEST] = read_field(NEWEST, top, _kinds(()))
    return RegisterMap(**common(top), fields={**fields, **_fields(top.section("fields"))}, strict=top.flag("strict"))


def _kinds(attributes: tuple[str, ...]) -> Kinds:
    return Kinds(MOMENTS, (*TRANSLATED, *attributes), _FIXED, key="key")


def _fields(section: Section) -> dict[str, Field]:
    section.only(*_FIELDS)
    kinds = _kinds(())
    fields = {name: read_field(name, section, kinds) for name in section.data if name != "attributes"}
    attributes = section.section("attributes")
    codes = tuple(attributes.data)
    fields |= {f"{ATTRIBUTE}{code}": read_field(code, attributes, _kinds(codes)) for code in codes}
    if "category" not in fields:
        raise Refused("map_missing_key", key="fields.category")
    check_points(fields)
    return fields
