"""Categories and time limits as the loop reads them: small, remembered for a minute, read again when something is missing."""  # noqa: E501

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from importlib import resources
from typing import Any

from jishi.base.errors import Refused
from jishi.matters.models import Category, PolicyVersion
from jishi.matters.terms import Policy, Rules, check_policy
from jishi.stations import queries as stations
from jishi.stations.models import Area, Station, Unit, UnitKind
from jishi.stations.remember import Remembered


@dataclass(frozen=True, slots=True)
class Ground:
    """What a station's matters may point to: its working units (id → kind), its areas, and the units that own by rule.

    The names are of all its units, also of those that no longer work.
    """

    station: Station
    units: Mapping[int, str]
    areas: frozenset[int]
    desk: int
    checking: int
    command: int
    unit_names: Mapping[int, str] = field(default_factory=dict)
    area_names: Mapping[int, str] = field(default_factory=dict)


def categories() -> Mapping[str, Category]:
    """All categories by code, in the catalogue's order."""
    return _categories.get(None)


def category(code: str) -> Category:
    """A category that may be given to a matter.  Raises ``Refused("unknown_category")``."""
    found = categories().get(code)
    if found is None:
        _categories.forget()
        found = categories().get(code)
    if found is None or not found.active:
        raise Refused("unknown_category", category=code)
    return found


def ground(station_id: int) -> Ground:
    """The ground of a station.  Raises ``Station.DoesNotExist``."""
    return _grounds.get(station_id)


def unit_at(station_id: int, unit_id: int) -> int:
    """``unit_id`` when it is a working unit of the station.  Raises ``Refused("unit_elsewhere")``."""
    if unit_id not in ground(station_id).units:
        _grounds.forget()
        if unit_id not in ground(station_id).units:
            raise Refused("unit_elsewhere", unit=unit_id)
    return unit_id


def area_at(station_id: int, area_id: int) -> int:
    """``area_id`` when it is an area of the station.  Raises ``Refused("area_elsewhere")``."""
    if area_id not in ground(station_id).areas:
        _grounds.forget()
        if area_id not in ground(station_id).areas:
            raise Refused("area_elsewhere", area=area_id)
    return area_id


def rules_of(station_id: int) -> Rules:
    """The newest policy, the station's calendar and the units that own by rule."""
    at = ground(station_id)
    return Rules(_policy.get(None), stations.calendar_of(at.station), at.desk, at.checking)


def policy() -> Policy:
    """The newest policy.  Raises ``Refused("no_policy")``."""
    return _policy.get(None)


def proposed_unit(station_id: int, code: str | None) -> int:
    """The unit that the catalogue proposes for a category: the first of its usual kind, else the desk."""
    at = ground(station_id)
    known = categories().get(code or "")
    kind = known.unit_kind if known else ""
    return next((unit for unit, its_kind in at.units.items() if its_kind == kind), at.desk)


def forget() -> None:
    """Read the database anew: after a write, and between tests."""
    for cache in (_categories, _grounds, _policy):
        cache.forget()
    stations.forget()
    for each in _others:
        each()


def also_forget(forget_too: Callable[[], None]) -> None:
    """Let what stands on this catalogue be read anew with it."""
    _others.append(forget_too)


def seed_catalogue() -> None:
    """Put the categories and time limits that ship with Jishi into the database, where there are none of that name."""
    known = set(Category.objects.values_list("code", flat=True))
    for position, row in enumerate(_shipped("categories.toml")["category"]):
        if row["code"] not in known:
            Category.objects.create(position=position, parent_id=row.pop("parent", None), **row)
    if not PolicyVersion.objects.exists():
        data = _shipped("policy.toml")
        check_policy(data)
        PolicyVersion.objects.create(version=1, data=data)
    forget()


def _shipped(name: str) -> dict[str, Any]:
    return tomllib.loads(resources.files("jishi.matters").joinpath("catalog", name).read_text(encoding="utf-8"))


def _load_categories(_key: None) -> dict[str, Category]:
    return {row.code: row for row in Category.objects.order_by("position", "code")}


def _load_policy(_key: None) -> Policy:
    newest = PolicyVersion.objects.order_by("-version").first()
    if newest is None:
        raise Refused("no_policy")
    return Policy(newest.version, newest.data, {row.code: row.parent_id for row in categories().values()})


def _load_ground(station_id: int) -> Ground:
    rows = list(Unit.objects.filter(station_id=station_id).order_by("code", "pk"))
    units = {unit.pk: unit.kind for unit in rows if unit.active}
    areas = dict(Area.objects.filter(station_id=station_id).order_by("code").values_list("pk", "name"))
    desk = next((pk for pk, kind in units.items() if kind == UnitKind.DESK), None)
    if desk is None:
        raise Refused("no_desk", station=station_id)
    first = {kind: pk for pk, kind in reversed(units.items())}
    return Ground(
        Station.objects.get(pk=station_id),
        units,
        frozenset(areas),
        desk,
        first.get(UnitKind.CHECKING, desk),
        first.get(UnitKind.COMMAND, desk),
        {unit.pk: unit.name for unit in rows},
        areas,
    )


_others: list[Callable[[], None]] = []
_categories: Remembered[None, dict[str, Category]] = Remembered(_load_categories)
_policy: Remembered[None, Policy] = Remembered(_load_policy)
_grounds: Remembered[int, Ground] = Remembered(_load_ground)
