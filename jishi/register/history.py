"""The history of an element: what is tracked, what changed, how it stood on a day, and what the journal keeps of it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from jishi.journal.chain import canonical
from jishi.privacy import salted_digest, salted_hash
from jishi.register.models import Change, Element

SUBJECT = "element"
#: The fields whose every value is kept; ``attributes`` are kept one by one as ``attributes.<code>``.
TRACKED = (
    "category", "name", "address", "area", "lon", "lat", "datum", "grade", "reasons", "status", "merged_into",
    "source", "external_id",
)  # fmt: skip
EMPTY: Mapping[str, Any] = {
    "category": None, "name": "", "address": "", "area": None, "lon": None, "lat": None, "datum": "wgs84", "grade": 0,
    "reasons": [], "status": "active", "merged_into": None, "source": "jishi", "external_id": None,
}  # fmt: skip
_COLUMN = {"category": "category_id", "area": "area_id", "merged_into": "merged_into_id"}

Fields = dict[str, list[Any]]


def values_of(element: Element) -> dict[str, Any]:
    """The tracked values of a row, with its attributes."""
    found = {name: getattr(element, _COLUMN.get(name, name)) for name in TRACKED}
    return {**found, "attributes": dict(element.attributes)}


def columns_of(values: Mapping[str, Any]) -> dict[str, Any]:
    """The columns that hold tracked values."""
    return {_COLUMN.get(name, name): values[name] for name in (*TRACKED, "attributes")}


def difference(before: Mapping[str, Any], after: Mapping[str, Any]) -> Fields:
    """The fields that differ, each with its value before and after."""
    found: Fields = {name: [before[name], after[name]] for name in TRACKED if before[name] != after[name]}
    was, now = before.get("attributes", {}), after.get("attributes", {})
    for code in sorted({*was, *now}):
        if was.get(code) != now.get(code):
            found[f"attributes.{code}"] = [was.get(code), now.get(code)]
    return found


def replay(steps: Iterable[Mapping[str, Any]]) -> dict[str, Any]:
    """The values after these steps, given as the ``fields`` of changes in their order."""
    values: dict[str, Any] = {**EMPTY, "attributes": {}}
    for fields in steps:
        for name, (_before, after) in fields.items():
            if not name.startswith("attributes."):
                values[name] = after
            elif after is None:
                values["attributes"].pop(name[11:], None)
            else:
                values["attributes"][name[11:]] = after
    return values


def as_of(element: Element, moment: datetime) -> dict[str, Any] | None:
    """The values that were true at ``moment``, as far as is known now; None where it was not registered yet."""
    steps = list(
        Change.objects.filter(element=element, at__lte=moment).order_by("version").values_list("fields", flat=True)
    )
    return replay(steps) if steps else None


def verified_as_of(element: Element, moment: datetime) -> datetime | None:
    """When the element had last been verified at ``moment``."""
    seen = Change.objects.filter(element=element, kind="verified", at__lte=moment)
    return seen.order_by("-at").values_list("at", flat=True).first()


def seal_fields(fields: Mapping[str, Any]) -> tuple[str, str]:
    """A salt and the digest of a change's fields; the journal keeps the digest alone."""
    return salted_hash(canonical(fields))


def digest_of(salt: str, fields: Mapping[str, Any]) -> str:
    """The digest that the fields give with this salt."""
    return salted_digest(salt, canonical(fields))
