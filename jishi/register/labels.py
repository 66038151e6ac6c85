"""The words of the register's screens: fields, kinds of steps, issues, datums, and values as a reader sees them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from jishi.base.words import language, number
from jishi.register.attributes import Attribute
from jishi.register.quality import names_of

Words = Mapping[str, str | Promise]

#: How an element stands against its cadence, as the list and the legend say it.
FRESHNESS: Words = {
    "fresh": pgettext_lazy("freshness", "Fresh"),
    "due": pgettext_lazy("freshness", "Due soon"),
    "overdue": pgettext_lazy("freshness", "Overdue"),
    "never": pgettext_lazy("freshness", "Never verified"),
}
KINDS: Words = {
    "place": pgettext_lazy("kinds", "Places"),
    "organisation": pgettext_lazy("kinds", "Organisations"),
    "thing": pgettext_lazy("kinds", "Things"),
}
ISSUES: Words = {
    "missing_attribute": gettext_lazy("A needed attribute is missing"),
    "no_point": gettext_lazy("No point on the map"),
    "no_address": gettext_lazy("No address"),
    "outside": gettext_lazy("The point lies outside the station's areas"),
    "area_denied": gettext_lazy("The point lies in another area than the one given"),
    "duplicate": gettext_lazy("May be registered twice"),
    "bad_attribute": gettext_lazy("An attribute does not fit its category"),
}
GRADES: Mapping[int, str | Promise] = {
    0: pgettext_lazy("grade", "Not graded"),
    1: pgettext_lazy("grade", "Red"),
    2: pgettext_lazy("grade", "Orange"),
    3: pgettext_lazy("grade", "Yellow"),
    4: pgettext_lazy("grade", "Blue"),
}
#: What a step of the history is.
STEPS: Words = {
    "created": pgettext_lazy("step", "Registered"),
    "imported": pgettext_lazy("step", "Imported"),
    "changed": pgettext_lazy("step", "Corrected"),
    "verified": pgettext_lazy("step", "Verified"),
    "closed": pgettext_lazy("step", "Closed"),
    "reopened": pgettext_lazy("step", "Opened again"),
    "merged": pgettext_lazy("step", "Merged"),
    "unmerged": pgettext_lazy("step", "Merge undone"),
}
FIELDS: Words = {
    "category": pgettext_lazy("element", "Category"),
    "name": pgettext_lazy("element", "Name"),
    "address": pgettext_lazy("element", "Address"),
    "area": pgettext_lazy("element", "Area"),
    "point": pgettext_lazy("element", "Point"),
    "datum": pgettext_lazy("element", "Datum of the source"),
    "grade": pgettext_lazy("element", "Grade"),
    "reasons": pgettext_lazy("element", "Reasons of the grade"),
    "status": pgettext_lazy("element", "Status"),
    "merged_into": pgettext_lazy("element", "Merged into"),
    "source": pgettext_lazy("element", "Source"),
    "external_id": pgettext_lazy("element", "Number in the source"),
}
DATUMS: Words = {
    "wgs84": gettext_lazy("WGS-84 (GPS, phone)"),
    "gcj02": gettext_lazy("GCJ-02 (Amap, Tencent)"),
    "bd09": gettext_lazy("BD-09 (Baidu)"),
    "cgcs2000": gettext_lazy("CGCS2000 (survey, Tianditu)"),
}
#: Why two elements may be the same one.
LIKENESS: Words = {
    "same_name": gettext_lazy("same name"),
    "similar_name": gettext_lazy("similar name"),
    "same_address": gettext_lazy("same address"),
    "similar_address": gettext_lazy("similar address"),
    "same_spot": gettext_lazy("same spot"),
    "near": gettext_lazy("close by"),
    "same_category": gettext_lazy("same category"),
    "linked_category": gettext_lazy("related category"),
}
#: What this element is to another one, and what the other one is to it.
LINKS: Mapping[str, tuple[str | Promise, str | Promise]] = {
    "inside": (pgettext_lazy("link", "Inside"), pgettext_lazy("link", "Holds")),
    "serves": (pgettext_lazy("link", "Serves"), pgettext_lazy("link", "Served by")),
    "manages": (pgettext_lazy("link", "Manages"), pgettext_lazy("link", "Managed by")),
    "belongs": (pgettext_lazy("link", "Belongs to"), pgettext_lazy("link", "Owns")),
}


def attribute_name(attribute: Attribute) -> str:
    """The name of an attribute in the reader's language."""
    return attribute.en if language() == "en" else attribute.zh


def choice_name(attribute: Attribute, code: str) -> str:
    """The name of one of its choices in the reader's language."""
    zh, en = (attribute.choices or {}).get(code, (code, code))
    return en if language() == "en" else zh


def attribute_value(attribute: Attribute | None, value: Any) -> str:
    """A value as the page shows it; ``""`` where there is none."""
    if value in (None, ""):
        return ""
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if attribute is not None and attribute.choices and isinstance(value, str):
        return choice_name(attribute, value)
    if isinstance(value, (int, float)):
        whole = float(value).is_integer()
        # Years and short numbers stand as they are; thousands are set apart from five digits on.
        said = number(value, 0 if whole else 2) if abs(value) >= 10_000 else f"{value:g}"
        return f"{said} {attribute.unit}".strip() if attribute is not None else said
    return str(value)


def doubts(bits: int) -> list[str]:
    """What is wrong with an element, in words."""
    return [str(ISSUES[name]) for name in names_of(bits)]
