"""Keeping the catalogue on screen: categories, and new versions of their attributes and cadences."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.db import transaction

from jishi.base.errors import Refused
from jishi.jobs.actions import enqueue
from jishi.register import catalogue
from jishi.register.attributes import Attribute, to_schema
from jishi.register.models import Category, CategoryVersion

RESTAND_JOB = "register.restand"


@transaction.atomic
def save_category(
    category: Category, attributes: Sequence[Attribute], cadence: Mapping[str, int], *, photo: bool, position: bool
) -> CategoryVersion | None:
    """Keep a category; where its attributes, cadence or needs differ from the newest version, put a new one in force.

    The elements of the category are then held against it anew, in the background.  Raises ``Refused`` as
    ``catalogue.check_category``, ``check_attributes``, ``check_cadence`` and :func:`check_parent` do.
    """
    catalogue.check_category(category.code, category.name_zh, category.name_en)
    check_parent(category)
    category.save()
    last = CategoryVersion.objects.filter(category=category).order_by("-version").first()
    wanted = (to_schema(attributes), dict(cadence), photo, position)
    if last is not None and (last.schema, last.cadence, last.needs_photo, last.needs_position) == wanted:
        catalogue.forget()
        transaction.on_commit(catalogue.forget)
        return None
    made = catalogue.publish(category, attributes, cadence, photo=photo, position=position)
    enqueue(RESTAND_JOB, {"category": category.code, "after": 0}, dedupe_key=f"{RESTAND_JOB}:{category.code}")
    return made


def check_parent(category: Category) -> None:
    """Refuse a parent of another kind, and one that lies below the category itself.

    Raises ``Refused("parent_other_kind" | "category_cycle")``.
    """
    above, seen = category.parent, {category.code}
    if above is not None and above.kind != category.kind:
        raise Refused("parent_other_kind")
    while above is not None:
        if above.code in seen:
            raise Refused("category_cycle", name=above.name)
        seen.add(above.code)
        above = above.parent
