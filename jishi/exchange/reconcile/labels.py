"""The words of a reconciliation: tabs, decisions, reasons, and values side by side as a reader sees them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jishi.exchange.models import ReconcileRow, RowKind, RowOutcome
from jishi.exchange.reconcile.comparing import differences
from jishi.register.attributes import Attribute
from jishi.register.catalogue import sorts
from jishi.register.labels import FIELDS, GRADES, LIKENESS, attribute_name, attribute_value
from jishi.register.models import Element, Status

Words = Mapping[str, str | Promise]

TABS: Words = {
    RowKind.THEIRS: pgettext_lazy("list", "Theirs, not ours"),
    RowKind.OURS: pgettext_lazy("list", "Ours, not theirs"),
    RowKind.ALIKE: pgettext_lazy("list", "Perhaps the same"),
    RowKind.DIFFERING: pgettext_lazy("list", "Differing"),
    RowKind.SAME: pgettext_lazy("list", "The same"),
    "done": pgettext_lazy("list", "Decided"),
}
#: What the tabs tell where nothing is left in them.
EMPTY: Words = {
    RowKind.THEIRS: _("All that is on the list is in the register."),
    RowKind.OURS: _("All of these categories that is in the register is on the list."),
    RowKind.ALIKE: _("No row has to be told from an element that looks alike."),
    RowKind.DIFFERING: _("Nothing on the list contradicts the register."),
    RowKind.SAME: _("No row that agrees waits to be verified."),
    "done": _("Nothing was decided yet."),
}
DECISIONS: Words = {
    "create": _("Register it"),
    "close": _("Close it"),
    "correct": _("Correct to theirs"),
    "verify": _("Verify"),
    "split": _("Two different ones"),
    "aside": _("Set aside"),
}
#: What was done to rows, for the toast.
TOLD: Words = {
    "create": pgettext_lazy("rows", "registered"),
    "close": pgettext_lazy("rows", "closed"),
    "correct": pgettext_lazy("rows", "corrected"),
    "verify": pgettext_lazy("rows", "verified"),
    "split": pgettext_lazy("rows", "told apart"),
    "aside": pgettext_lazy("rows", "set aside"),
}
#: The words of a decision where a kind of row needs its own.
OWN_DECISIONS: Mapping[tuple[str, str], str | Promise] = {
    (RowKind.ALIKE, "correct"): _("The same: theirs is right"),
    (RowKind.ALIKE, "verify"): _("The same: ours is right"),
}
DONE: Words = {
    RowOutcome.CREATED: pgettext_lazy("element", "Registered"),
    RowOutcome.VERIFIED: pgettext_lazy("element", "Verified"),
    RowOutcome.CORRECTED: pgettext_lazy("element", "Corrected"),
    RowOutcome.CLOSED: pgettext_lazy("element", "Closed"),
    RowOutcome.ASIDE: pgettext_lazy("row", "Set aside"),
}
ASIDE: Words = {
    "known": _("known, and right as it is"),
    "visit": _("to be looked at on the spot"),
    "elsewhere": _("not of this station"),
    "their_error": _("a mistake on their list"),
}


@dataclass(frozen=True, slots=True)
class Line:
    """A field on both sides, in words."""

    name: str
    ours: str
    theirs: str
    differs: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A row ready to be looked at."""

    row: ReconcileRow
    title: str
    lines: list[Line]
    alike: list[str]

    @property
    def pick(self) -> str:
        """The row and the version of its element that is on the screen."""
        return f"{self.row.pk}:{self.row.element.version if self.row.element else 0}"


def decision_word(kind: str, decision: str) -> str | Promise:
    """What the button of a decision says for rows of a kind."""
    return OWN_DECISIONS.get((kind, decision), DECISIONS[decision])


def shown(row: ReconcileRow, areas: Mapping[int, str]) -> Shown:
    """A row in words: what the list says beside what the register says."""
    element, said = row.element, row.said
    title = element.name if element else str({**said["usual"], **said["values"]}.get("name", "")) if said else row.key
    alike = [str(LIKENESS[code]) for code in row.alike if code in LIKENESS]
    if said is None:
        return Shown(row, title, _ours_alone(element, areas), alike)
    return Shown(row, title, _lines(said, element, areas), alike)


def _ours_alone(element: Element | None, areas: Mapping[int, str]) -> list[Line]:
    if element is None:
        return []
    told = (("address", element.address), ("category", element.category_id), ("area", element.area_id))
    return [Line(str(FIELDS[name]), in_words(name, value, areas), "", False) for name, value in told if value]


def _lines(said: Mapping[str, Any], element: Element | None, areas: Mapping[int, str]) -> list[Line]:
    """What the list says, line by line; beside it the register's, where there is an element."""
    values = {**said["usual"], **said["values"]}
    if values.get("lon") is not None:
        values["point"] = (values["lon"], values["lat"])
    wanted = [name for name in ("name", "address", "category", "area", "point", "grade", "status") if name in values]
    category = str(values.get("category") or "")
    found = []
    if element is not None:
        differing = {each.field: each for each in differences(said, element)}
        wanted += [name for name in differing if name == "status" and name not in wanted]
        ours: dict[str, Any] = {
            "name": element.name, "address": element.address, "category": element.category_id,
            "area": element.area_id, "grade": element.grade, "status": element.status,
            "point": None if element.lon is None else (element.lon, element.lat),
        }  # fmt: skip
        for name in wanted:
            own, theirs = in_words(name, ours[name], areas), in_words(name, values.get(name, "active"), areas)
            found.append(Line(str(FIELDS[name]), own, theirs, name in differing))
        for code, value in said["attributes"].items():
            name, theirs = _attribute(category or element.category_id, code, value)
            own = _attribute(element.category_id, code, element.attributes.get(code))[1]
            found.append(Line(name, own, theirs, f"attributes.{code}" in differing))
        return found
    found = [Line(str(FIELDS[name]), "", in_words(name, values[name], areas), False) for name in wanted]
    for code, value in said["attributes"].items():
        name, theirs = _attribute(category, code, value)
        found.append(Line(name, "", theirs, False))
    return found


def in_words(field: str, value: Any, areas: Mapping[int, str]) -> str:
    """A value of a field as a reader sees it."""
    if value in (None, ""):
        return ""
    if field == "category":
        sort = sorts().get(value)
        return sort.category.name if sort else str(value)
    if field == "area":
        return areas.get(value, "")
    if field == "point":
        return f"{value[0]:.5f}, {value[1]:.5f}"
    if field == "grade":
        return str(GRADES[value])
    return str(Status(value).label) if field == "status" else str(value)


def _attribute(category: str, code: str, value: Any) -> tuple[str, str]:
    sort = sorts().get(category)
    known: Attribute | None = next((each for each in sort.attributes if each.code == code), None) if sort else None
    return attribute_name(known) if known else code, attribute_value(known, value)
