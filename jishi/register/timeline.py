"""The history of an element in words: what each step changed, from what to what, by whom, from which source."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from django.utils.translation import gettext as _

from jishi.base.words import DAY
from jishi.register import labels
from jishi.register.attributes import Attribute
from jishi.register.catalogue import sorts
from jishi.register.grading import REASONS
from jishi.register.models import Element, Status
from jishi.register.queries.worklist import metres_between


@dataclass(frozen=True, slots=True)
class Changed:
    """One field of a step: its name, and its value before and after as a reader sees them (``""`` for none)."""

    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the history.  ``written`` is set where it was written down long after it became true."""

    version: int
    kind: str
    label: str
    at: datetime
    by: str
    changed: tuple[Changed, ...]
    source: str = ""
    source_date: date | None = None
    written: datetime | None = None


class Names:
    """What the ids in a history are called."""

    def __init__(self, areas: Mapping[int, str], numbers: Mapping[int, str]) -> None:
        self.areas, self.numbers = areas, numbers
        self.attributes: dict[str, Attribute] = {}
        for sort in sorts().values():
            for attribute in sort.attributes:
                self.attributes.setdefault(attribute.code, attribute)

    def prefer(self, category: str) -> Names:
        """Read the attributes as this category names them."""
        sort = sorts().get(category)
        if sort is not None:
            self.attributes |= {attribute.code: attribute for attribute in sort.attributes}
        return self

    def field(self, name: str) -> str:
        """The name of a field."""
        if name.startswith("attributes."):
            attribute = self.attributes.get(name[11:])
            return labels.attribute_name(attribute) if attribute else name[11:]
        return str(labels.FIELDS.get(name, name))

    def value(self, name: str, value: Any) -> str:
        """The value of a field."""
        if name.startswith("attributes."):
            return labels.attribute_value(self.attributes.get(name[11:]), value)
        if value in (None, "", []):
            return ""
        if name == "category":
            sort = sorts().get(value)
            return sort.category.name if sort else str(value)
        if name == "reasons":
            return _(", ").join(str(REASONS.get(code, code)) for code in value)
        tables: dict[str, Mapping[Any, Any]] = {
            "area": self.areas, "grade": labels.GRADES, "status": dict(Status.choices), "merged_into": self.numbers,
            "datum": labels.DATUMS,
        }  # fmt: skip
        return str(tables.get(name, {}).get(value, value))


def steps_of(history: Iterable[Mapping[str, Any]], names: Names) -> list[Step]:
    """The steps of a history as the page shows them, in their order."""
    return [_step(row, names) for row in history]


def others_named(history: Iterable[Mapping[str, Any]]) -> set[int]:
    """The ids of the elements that a history names."""
    pairs = (row["fields"].get("merged_into", ()) for row in history)
    return {pk for pair in pairs for pk in pair if pk is not None}


def _step(row: Mapping[str, Any], names: Names) -> Step:
    fields: Mapping[str, list[Any]] = row["fields"]
    late = (row["recorded_at"] - row["at"]).total_seconds() > DAY
    return Step(
        row["version"], row["kind"], str(labels.STEPS.get(row["kind"], row["kind"])), row["at"], row["by__name"] or "",
        tuple(_changed(fields, names)), row["source"], row["source_date"], row["recorded_at"] if late else None,
    )  # fmt: skip


def _changed(fields: Mapping[str, list[Any]], names: Names) -> Iterable[Changed]:
    """The fields of a step, the two numbers of a point as one."""
    for name, (before, after) in fields.items():
        if name in ("lat", "datum"):
            continue
        if name == "lon":
            yield _moved(fields, names)
            continue
        yield Changed(names.field(name), names.value(name, before), names.value(name, after))
    if "lat" in fields and "lon" not in fields:
        yield _moved(fields, names)


def _moved(fields: Mapping[str, list[Any]], names: Names) -> Changed:
    """That the point moved, and how far where both ends are known."""
    lon, lat = fields.get("lon"), fields.get("lat")
    both = lon and lat and None not in (*lon, *lat)
    if both and lon and lat:
        metres = round(metres_between((lon[0], lat[0]), (lon[1], lat[1])))
        return Changed(names.field("point"), "", _("moved by %(metres)s m") % {"metres": metres})

    def said(which: int) -> str:
        values = [pair[which] for pair in (lon, lat) if pair]
        return ", ".join(f"{value:.5f}" for value in values if value is not None)

    if lon and lat:
        return Changed(names.field("point"), said(0), said(1))
    return Changed(names.field("point"), "", _("moved"))


def distance_from(element: Element, lon: float | None, lat: float | None) -> int | None:
    """How many metres from its point somebody stood."""
    if None in (lon, lat, element.lon, element.lat):
        return None
    return round(metres_between((lon or 0.0, lat or 0.0), (element.lon or 0.0, element.lat or 0.0)))
