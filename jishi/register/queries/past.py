"""An element as it stood on a past day, as far as is known now."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from jishi.register import cadence
from jishi.register.attributes import Attribute, from_schema
from jishi.register.catalogue import sort_of
from jishi.register.history import as_of, replay, verified_as_of
from jishi.register.models import CategoryVersion, Change, Element


@dataclass(frozen=True, slots=True)
class Past:
    """How an element stood at the end of a day: tracked values, the attributes of its category then, its cadence."""

    day: dt.date
    moment: dt.datetime
    values: Mapping[str, Any]
    attributes: list[Attribute]
    verified_at: dt.datetime | None
    standing: cadence.Standing


def past_of(element: Element, day: dt.date) -> Past | None:
    """The element at the end of ``day`` in the zone of the station; None where it was not registered yet."""
    end = timezone.make_aware(dt.datetime.combine(day, dt.time()) + dt.timedelta(days=1))
    moment = min(end - dt.timedelta(microseconds=1), timezone.now())
    values = as_of(element, moment)
    if values is None:
        return None
    version = _version_at(values["category"], moment)
    seen = verified_as_of(element, moment)
    days = cadence.days_of(version.cadence if version else sort_of(values["category"]).cadence, values["grade"])
    attributes = from_schema(version.schema) if version else sort_of(values["category"]).attributes
    return Past(day, moment, values, attributes, seen, cadence.standing(seen, days, moment))


def values_in_version(element: Element, version: int) -> dict[str, Any]:
    """The tracked values of an element as somebody saw them who saw this version."""
    steps = Change.objects.filter(element=element, version__lte=version).order_by("version")
    return replay(steps.values_list("fields", flat=True))


def _version_at(category: str, moment: dt.datetime) -> CategoryVersion | None:
    """The version of a category that was in force; its first one for a time before the catalogue began."""
    versions = CategoryVersion.objects.filter(category=category)
    return versions.filter(created_at__lte=moment).order_by("-version").first() or versions.order_by("version").first()
