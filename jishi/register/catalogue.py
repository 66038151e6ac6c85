"""Categories of elements as the register reads them: small, remembered for a minute."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any

from django.db import transaction
from django.db.models import Max

from jishi.base.errors import Refused
from jishi.privacy import looks_personal_column, outside_law, refuse_personal
from jishi.register.attributes import MOST_TEXT, TYPES, Attribute, from_schema, to_schema
from jishi.register.models import Category, CategoryVersion
from jishi.stations.remember import Remembered

MOST_DAYS = 1_100
_CODE = re.compile(r"^[a-z][a-z0-9_]*(\.[a-z][a-z0-9_]*)*$")
_GRADES = ("0", "1", "2", "3", "4")
#: What would watch people, whatever it is called.
_WATCHING = re.compile(r"摄像|监控探头|人脸|抓拍|camera|cctv|surveillance|face recog", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Sort:
    """A category with its newest version."""

    category: Category
    version: int
    schema: Mapping[str, Any]
    cadence: Mapping[str, int]
    needs_photo: bool
    needs_position: bool

    @property
    def attributes(self) -> list[Attribute]:
        """Its attributes, in the order of the form."""
        return from_schema(self.schema)


def sorts() -> Mapping[str, Sort]:
    """All categories by code, in the catalogue's order, each with its newest version."""
    return _sorts.get(None)


def sort_of(code: str) -> Sort:
    """The category of this code.  Raises ``Refused("unknown_category")``."""
    found = sorts().get(code)
    if found is None:
        forget()
        found = sorts().get(code)
    if found is None:
        raise Refused("unknown_category", category=code)
    return found


def below(code: str) -> list[str]:
    """The code and those of all categories below it."""
    found = [code]
    for other, sort in sorts().items():
        if sort.category.parent_id in found and other not in found:
            found.append(other)
    return found


def forget() -> None:
    """Read the database anew."""
    _sorts.forget()


def check_attributes(attributes: Iterable[Attribute]) -> None:
    """Refuse attributes that ask about a person, that have no name, or whose bounds make no sense.

    Raises ``Refused("bad_attribute" | "attribute_personal" | "personal")``.
    """
    seen: set[str] = set()
    for attribute in attributes:
        if not _CODE.match(attribute.code) or "." in attribute.code or attribute.code in seen:
            raise Refused("bad_attribute", attribute=attribute.code)
        seen.add(attribute.code)
        if attribute.type not in TYPES or not attribute.zh.strip() or not attribute.en.strip():
            raise Refused("bad_attribute", attribute=attribute.code)
        if attribute.least is not None and attribute.most is not None and attribute.least > attribute.most:
            raise Refused("bad_attribute", attribute=attribute.code)
        if attribute.type == "text" and not 1 <= (attribute.most or MOST_TEXT) <= MOST_TEXT:
            raise Refused("bad_attribute", attribute=attribute.code)
        if (attribute.type == "choice") != bool(attribute.choices):
            raise Refused("bad_attribute", attribute=attribute.code)
        names = [attribute.zh, attribute.en, attribute.code.replace("_", " ")]
        names += [name for pair in (attribute.choices or {}).values() for name in pair]
        for name in names:
            refuse_personal(name, "attribute")
            if outside_law(name) or _WATCHING.search(name):
                raise Refused("attribute_personal", attribute=name)
        if any(looks_personal_column(name) for name in names[:3]):
            raise Refused("attribute_personal", attribute=attribute.zh)


def check_cadence(cadence: Mapping[str, Any]) -> None:
    """Refuse a cadence without days for grade 0, or of days out of range.  Raises ``Refused("bad_cadence")``."""
    if "0" not in cadence or set(cadence) - set(_GRADES):
        raise Refused("bad_cadence", most=MOST_DAYS)
    if not all(isinstance(days, int) and 1 <= days <= MOST_DAYS for days in cadence.values()):
        raise Refused("bad_cadence", most=MOST_DAYS)


def check_category(code: str, *names: str) -> None:
    """Refuse a category outside the law or one that would watch people, and a code that cannot be one.

    Raises ``Refused("bad_category_code" | "category_outside_law" | "personal")``.
    """
    if not _CODE.match(code):
        raise Refused("bad_category_code", category=code)
    for name in names:
        refuse_personal(name, "name")
        if outside_law(name) or _WATCHING.search(name):
            raise Refused("category_outside_law", name=name)


@transaction.atomic
def publish(
    category: Category, attributes: Iterable[Attribute], cadence: Mapping[str, int], *, photo: bool, position: bool
) -> CategoryVersion:
    """Put a new version of a category's attributes and cadences in force; earlier ones stay as they were."""
    known = list(attributes)
    check_attributes(known)
    check_cadence(cadence)
    last = CategoryVersion.objects.filter(category=category).aggregate(last=Max("version"))["last"] or 0
    made = CategoryVersion.objects.create(
        category=category, version=last + 1, schema=to_schema(known), cadence=dict(cadence), needs_photo=photo,
        needs_position=position,
    )  # fmt: skip
    forget()
    transaction.on_commit(forget)
    return made


def seed_catalogue() -> None:
    """Put the categories that ship with Jishi into the database, where there are none of that code."""
    known = set(Category.objects.values_list("code", flat=True))
    text = resources.files("jishi.register").joinpath("catalog", "categories.toml").read_text(encoding="utf-8")
    for place, row in enumerate(tomllib.loads(text)["category"]):
        if row["code"] in known:
            continue
        check_category(row["code"], row["zh"], row["en"])
        category = Category.objects.create(
            code=row["code"], parent_id=row.get("parent"), kind=row["kind"], name_zh=row["zh"], name_en=row["en"],
            family=row.get("family", ""), position=place,
        )  # fmt: skip
        attributes = [_shipped(item) for item in row.get("attributes", ())]
        publish(
            category, attributes, row["cadence"], photo=row.get("photo", False), position=row.get("position", False)
        )
    forget()


def _shipped(row: Mapping[str, Any]) -> Attribute:
    choices = {code: (names[0], names[1]) for code, names in row.get("choices", {}).items()}
    return Attribute(
        row["code"], row["type"], row["zh"], row["en"], row.get("required", False), row.get("least"), row.get("most"),
        choices or None, row.get("unit", ""),
    )  # fmt: skip


def _load(_key: None) -> dict[str, Sort]:
    newest: dict[str, CategoryVersion] = {}
    for row in CategoryVersion.objects.order_by("category", "version"):
        newest[row.category_id] = row
    found = {}
    for category in Category.objects.order_by("position", "code"):
        made = newest.get(category.code)
        if made is not None:
            found[category.code] = Sort(
                category, made.version, made.schema, made.cadence, made.needs_photo, made.needs_position
            )
    return found


_sorts: Remembered[None, dict[str, Sort]] = Remembered(_load)
