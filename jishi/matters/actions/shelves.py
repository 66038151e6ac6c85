"""Writes to what all stations share: the categories, and the time limits by version."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.db.models import Max

from jishi.base.errors import Refused
from jishi.matters import catalogue
from jishi.matters.models import Category, PolicyVersion
from jishi.matters.terms import LADDER, LIMITS, URGENT, check_policy
from jishi.privacy import outside_law, refuse_personal

CHECKED = ("code", "parent", "name_zh", "name_en", "grade", "words")


def check_category(values: Mapping[str, Any]) -> None:
    """Refuse a category outside the law, one above itself, a wrong usual grade, and words that are no list.

    Raises ``Refused("category_outside_law" | "category_cycle" | "personal" | "bad_grade" | "bad_words")``.
    """
    above = values["parent"]
    while above is not None:
        if above.code == values["code"]:
            raise Refused("category_cycle", name=above.name)
        above = above.parent
    for name in ("code", "name_zh", "name_en"):
        if outside_law(values[name]):
            raise Refused("category_outside_law", name=values[name])
        refuse_personal(values[name], name)
    if values["grade"] not in (1, 2, 3, 4):
        raise Refused("bad_grade", grade=values["grade"])
    words = values["words"]
    if not (isinstance(words, list) and all(isinstance(word, str) and word.strip() for word in words)):
        raise Refused("bad_words", example='["井盖", "manhole"]')
    for word in words:
        refuse_personal(word, "words")


@transaction.atomic
def save_category(category: Category) -> Category:
    """Add or change a category; matters that have it keep it."""
    check_category({name: getattr(category, name) for name in CHECKED})
    category.save()
    _look_again()
    return category


def check_limits(data: Any) -> None:
    """Refuse time limits of another shape, with a term or ladder that cannot be read, or without a default for some step.

    Raises ``Refused("bad_limits" | "bad_term" | "bad_ladder" | "bad_limit" | "no_term")``.
    """  # noqa: E501
    if not isinstance(data, dict) or not all(isinstance(table, dict) for table in data.values()):
        raise Refused("bad_limits")
    urgent = data.get(URGENT, {})
    if not all(isinstance(table, dict) for table in urgent.values()):
        raise Refused("bad_limits")
    tables = [*urgent.values(), *(table for name, table in data.items() if name not in (LADDER, LIMITS, URGENT))]
    terms = [row for table in tables for row in table.values()]
    rows = [*terms, *data.get(LADDER, {}).values()]
    if not all(isinstance(row, dict) for row in rows):
        raise Refused("bad_limits")
    if not all(isinstance(text, str) for row in terms for text in row.values()):
        raise Refused("bad_limits")
    check_policy(data)


@transaction.atomic
def publish_policy(data: Mapping[str, Any]) -> PolicyVersion:
    """Put a new version of the time limits in force.  Earlier ones stay: clocks were computed with them."""
    check_limits(data)
    last = PolicyVersion.objects.aggregate(last=Max("version"))["last"] or 0
    made = PolicyVersion.objects.create(version=last + 1, data=data)
    _look_again()
    return made


def _look_again() -> None:
    catalogue.forget()
    transaction.on_commit(catalogue.forget)
