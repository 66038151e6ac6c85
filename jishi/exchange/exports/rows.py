"""The elements of an export: read in chunks, with what they are called inside and in words.

No contact, no count of people and no name of staff is among the columns.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from jishi.base.rest import iso
from jishi.base.words import moment
from jishi.exchange.exports import MOST
from jishi.exchange.register_map import ATTRIBUTE
from jishi.register import labels
from jishi.register.attributes import Attribute
from jishi.register.catalogue import Sort, sorts
from jishi.register.grading import REASONS
from jishi.register.models import Element, Kind, Status
from jishi.register.quality import names_of

CHUNK = 1_000
#: Name of a property → the column that it comes from.
PLAIN = {
    "number": "number", "station": "station__code", "kind": "kind", "category": "category_id", "name": "name",
    "address": "address",
    "area": "area__code", "grade": "grade", "reasons": "reasons", "status": "status", "freshness": "freshness",
    "verified_at": "verified_at", "due_at": "due_at", "issues": "issues", "source": "source",
    "external_id": "external_id", "version": "version", "created_at": "created_at", "changed_at": "changed_at",
}  # fmt: skip
_READ = ("pk", "lon", "lat", "attributes", "area__name", *PLAIN.values())

Row = dict[str, Any]


def chunks_of(rows: QuerySet[Element], most: int = MOST) -> Iterator[list[Row]]:
    """The elements in the order of their registration, some at a time, at most ``most`` in all."""
    after, left = 0, most
    while left > 0:
        found = read_rows(rows.filter(pk__gt=after), min(CHUNK, left))
        if not found:
            return
        yield found
        after, left = found[-1]["pk"], left - len(found)


def read_rows(rows: QuerySet[Element], most: int) -> list[Row]:
    """At most so many elements, in the order of their registration."""
    return list(rows.order_by("pk").values(*_READ)[:most])


def attributes_in(rows: QuerySet[Element]) -> dict[str, Attribute]:
    """The attributes of the categories that these elements have, by code, in the catalogue's order."""
    used = set(rows.order_by().values_list("category_id", flat=True).distinct())
    found: dict[str, Attribute] = {}
    for code, sort in sorts().items():
        if code in used:
            for attribute in sort.attributes:
                found.setdefault(attribute.code, attribute)
    return found


def properties_of(row: Row) -> dict[str, Any]:
    """What programs read of an element: codes, numbers, times in UTC; attributes as ``attributes.<code>``."""
    found: dict[str, Any] = {name: row[column] for name, column in PLAIN.items()}
    found = {name: iso(value) if isinstance(value, datetime) else value for name, value in found.items()}
    found["issues"] = names_of(row["issues"])
    return {**found, **{ATTRIBUTE + code: value for code, value in row["attributes"].items()}}


def feature_of(row: Row) -> dict[str, Any]:
    """An element as a GeoJSON feature in WGS-84; its id is its number."""
    geometry = None if row["lon"] is None else {"type": "Point", "coordinates": [row["lon"], row["lat"]]}
    return {"type": "Feature", "id": row["number"], "geometry": geometry, "properties": properties_of(row)}


def lines_of(rows: QuerySet[Element], most: int = MOST) -> Iterator[list[Any]]:
    """A table in the reader's language: the head, then one line for each element."""
    attributes, known = attributes_in(rows), sorts()
    by_category = {code: {each.code: each for each in sort.attributes} for code, sort in known.items()}
    yield [*_head(), *(_headed(attribute) for attribute in attributes.values())]
    count = 0
    for chunk in chunks_of(rows, most):
        for row in chunk:
            mine = by_category.get(row["category_id"], {})
            told = row["attributes"]
            yield [*_line(row, known), *(_cell(mine.get(code), told.get(code)) for code in attributes)]
        count += len(chunk)
    if count == most and rows.count() > most:
        yield [_("Only the first 200,000 elements are here. Narrow the filter to export the rest.")]


def _head() -> list[str]:
    return [
        _("Number"), _("Kind"), pgettext("element", "Category"), _("Category code"), pgettext("element", "Name"),
        pgettext("element", "Address"), pgettext("element", "Area"), _("Area code"), _("Longitude (WGS-84)"),
        _("Latitude (WGS-84)"), pgettext("element", "Grade"), pgettext("element", "Reasons of the grade"),
        pgettext("element", "Status"), _("Freshness"), pgettext("element", "Verified"), _("To be verified by"),
        _("Doubts"), pgettext("element", "Source"), pgettext("element", "Number in the source"), _("Version"),
        _("Registered"), pgettext("element", "Changed"),
    ]  # fmt: skip


def _headed(attribute: Attribute) -> str:
    """The name of an attribute with its unit, and its code in brackets."""
    name = " ".join(filter(None, (labels.attribute_name(attribute), attribute.unit)))
    return f"{name} ({attribute.code})"


def _line(row: Row, known: Any) -> list[Any]:
    sort: Sort | None = known.get(row["category_id"])
    reasons: Sequence[str] = row["reasons"]
    return [
        row["number"], str(Kind(row["kind"]).label), sort.category.name if sort else row["category_id"],
        row["category_id"], row["name"], row["address"], row["area__name"] or "", row["area__code"] or "", row["lon"],
        row["lat"], str(labels.GRADES[row["grade"]]), "; ".join(str(REASONS.get(code, code)) for code in reasons),
        str(Status(row["status"]).label), str(labels.FRESHNESS[row["freshness"]]), moment(row["verified_at"]),
        moment(row["due_at"]), "; ".join(labels.doubts(row["issues"])), row["source"], row["external_id"] or "",
        row["version"], moment(row["created_at"]), moment(row["changed_at"]),
    ]  # fmt: skip


def _cell(attribute: Attribute | None, value: Any) -> Any:
    """A number as a number, all else in the reader's words."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    return labels.attribute_value(attribute, value)
