"""What a list says of an element, field by field beside what the register says; and what a correction would write."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from jishi.register.actions import Point
from jishi.register.catalogue import sorts
from jishi.register.likeness import address_key
from jishi.register.models import Element
from jishi.register.queries.worklist import metres_between

#: Points nearer than this, in metres, are the same one: a roof, not a door.
NEAR = 50


@dataclass(frozen=True, slots=True)
class Difference:
    """One field that a list and the register say differently; an attribute's is called ``attributes.<code>``."""

    field: str
    ours: Any
    theirs: Any


def differences(said: Mapping[str, Any], element: Element) -> list[Difference]:
    """Where the list and the register differ; what the list does not say differs from nothing."""
    values, attributes = said["values"], said["attributes"]
    return [*_plain(values, element), *_attributes(attributes, values, element)]


def corrections(said: Mapping[str, Any], element: Element) -> dict[str, Any]:
    """What ``change_element`` is given, so that the register says what the list says."""
    found: dict[str, Any] = {}
    attributes = dict(element.attributes)
    for each in differences(said, element):
        if each.field == "point":
            found["point"] = point_of(said["values"])
        elif each.field.startswith("attributes."):
            attributes[each.field.removeprefix("attributes.")] = each.theirs
            found["attributes"] = attributes
        elif each.field != "status":
            found[each.field] = each.theirs
    if "category" in found:
        known = sorts()[found["category"]].schema["properties"]
        found["attributes"] = {code: value for code, value in attributes.items() if code in known}
    if "grade" in found:
        found["reasons"] = said["values"].get("reasons", [])
    return found


def point_of(values: Mapping[str, Any]) -> Point | None:
    """The point that a list gives; it was turned into WGS-84 when it was read."""
    if values.get("lon") is None:
        return None
    return Point(values["lon"], values["lat"], given=values.get("datum", ""))


def _plain(values: Mapping[str, Any], element: Element) -> Iterator[Difference]:
    if values.get("status", "active") != element.status:
        yield Difference("status", element.status, values.get("status", "active"))
    for name, ours in (("name", element.name), ("category", element.category_id), ("grade", element.grade)):
        if name in values and values[name] != ours:
            yield Difference(name, ours, values[name])
    if "address" in values and not _same_address(values["address"], element.address):
        yield Difference("address", element.address, values["address"])
    if values.get("lon") is not None and not _same_spot(values, element):
        spot = None if element.lon is None or element.lat is None else (element.lon, element.lat)
        yield Difference("point", spot, (values["lon"], values["lat"]))


def _attributes(attributes: Mapping[str, Any], values: Mapping[str, Any], element: Element) -> Iterator[Difference]:
    """The attributes that the element's category has; after another category it is theirs that counts."""
    sort = sorts().get(values.get("category", element.category_id))
    known = sort.schema["properties"] if sort else {}
    for code, theirs in attributes.items():
        ours = element.attributes.get(code)
        if code in known and ours != theirs:
            yield Difference(f"attributes.{code}", ours, theirs)


def _same_address(theirs: str, ours: str) -> bool:
    return theirs == ours or (bool(address_key(ours)) and address_key(theirs) == address_key(ours))


def _same_spot(values: Mapping[str, Any], element: Element) -> bool:
    if element.lon is None or element.lat is None:
        return False
    return metres_between((values["lon"], values["lat"]), (element.lon, element.lat)) <= NEAR
