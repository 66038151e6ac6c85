"""What the lists of the forms offer, read once for each form."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from jishi.matters import catalogue, loop
from jishi.matters.models import Category, Grade, Outcome
from jishi.stations import queries as stations
from jishi.stations.models import Post, Staff, Station

Choices = list[tuple[Any, Any]]
NOBODY = ("", "—")


def category_choices() -> Choices:
    """The categories in use, under the one that they belong to."""
    below: dict[str | None, list[Category]] = defaultdict(list)
    for category in catalogue.categories().values():
        if category.active:
            below[category.parent_id].append(category)
    offered: Choices = [NOBODY]
    for top in below[None]:
        if below[top.code]:
            offered.append((top.name, [(each.code, each.name) for each in (*below[top.code], top)]))
        else:
            offered.append((top.code, top.name))
    return offered


def grade_choices() -> Choices:
    """The four grades."""
    return [(grade.value, grade.label) for grade in Grade if grade]


def outcome_choices(*codes: str) -> Choices:
    """These outcomes, in this order."""
    return [(code, Outcome(code).label) for code in codes]


@dataclass
class Options:
    """What may be chosen for one matter by one member of staff."""

    user: Staff
    station: Station
    state: loop.State
    matter: int = 0

    @cached_property
    def units(self) -> Choices:
        """The working units of the station."""
        return list(stations.units_of(self.user, self.station).values_list("pk", "name"))

    @cached_property
    def agencies(self) -> Choices:
        """The outside agencies of the bureau."""
        return list(stations.agencies_of(self.user, self.station).values_list("pk", "name"))

    @cached_property
    def areas(self) -> Choices:
        """The areas of the station."""
        return [NOBODY, *stations.areas_of(self.user, self.station).values_list("pk", "name")]

    @cached_property
    def other_stations(self) -> Choices:
        """The other stations of the bureau: a matter may go to one that the sender does not see."""
        rows = Station.objects.filter(bureau=self.station.bureau_id).exclude(pk=self.station.pk)
        return list(rows.order_by("code").values_list("pk", "name"))

    @cached_property
    def people(self) -> Choices:
        """Those who work in each unit, under the unit."""
        rows = Post.objects.filter(station=self.station, unit__active=True, staff__is_active=True)
        by_unit: dict[str, Choices] = defaultdict(list)
        named = rows.order_by("unit__code", "staff__username").values_list("unit__name", "staff_id", "staff__name")
        for unit, pk, name in named.distinct():
            by_unit[unit].append((pk, name))
        return [("", _("the unit decides")), *by_unit.items()]

    @cached_property
    def crew(self) -> Choices:
        """Those who work in the responsible unit."""
        rows = Post.objects.filter(unit=self.state.responsible_unit, staff__is_active=True).order_by("staff__username")
        return list(rows.values_list("staff_id", "staff__name").distinct())
