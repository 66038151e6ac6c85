"""Registering, changing, closing and reopening elements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils import timezone

from jishi.base.errors import Refused
from jishi.geo import coordinates
from jishi.privacy import refuse_personal
from jishi.register.actions.write import (
    SEEN,
    Source,
    Step,
    done_before,
    done_to,
    lock_element,
    refuse_stale,
    write_new,
    write_step,
)
from jishi.register.attributes import wrong_values
from jishi.register.catalogue import sort_of
from jishi.register.dwellings import names_a_flat
from jishi.register.grading import REASONS
from jishi.register.history import EMPTY, values_of
from jishi.register.models import Element
from jishi.register.roles import require
from jishi.stations.models import Area, Staff, Station

MOST = {"name": 120, "address": 200, "external_id": 80, "source": 40}


@dataclass(frozen=True, slots=True)
class Point:
    """Longitude and latitude in degrees of ``datum`` (wgs84, gcj02, bd09, cgcs2000).

    ``given`` is the datum of the source where the degrees were turned into those of ``datum`` already.
    """

    lon: float
    lat: float
    datum: str = "wgs84"
    given: str = ""

    def columns(self) -> dict[str, Any]:
        """The point in WGS-84, to a tenth of a metre.  Raises ``Refused("bad_point")``."""
        if not coordinates.is_degrees(self.lon, self.lat):
            raise Refused("bad_point", lon=self.lon, lat=self.lat)
        try:
            datum = coordinates.Datum(self.datum)
        except ValueError as error:
            raise Refused("bad_datum", datum=self.datum) from error
        lon, lat = coordinates.to_wgs84(self.lon, self.lat, datum)
        return {"lon": round(lon, 6), "lat": round(lat, 6), "datum": self.given or str(datum)}


def create_element(
    station: Station,
    *,
    by: Staff | None,
    category: str,
    name: str,
    address: str = "",
    point: Point | None = None,
    area: int | None = None,
    attributes: Mapping[str, Any] | None = None,
    grade: int = 0,
    reasons: Sequence[str] = (),
    origin: str = "jishi",
    external_id: str | None = None,
    source: Source = SEEN,
    key: str | None = None,
    now: datetime | None = None,
) -> Element:
    """Register an element; ``origin`` is the system that numbers it ``external_id``.

    Raises ``Refused``: ``not_allowed``, ``missing`` (field), ``too_long``, ``personal``, ``unknown_category``,
    ``bad_point``, ``flat``, ``area_elsewhere``, ``bad_value`` (attribute), ``bad_grade``, ``bad_reason``,
    ``external_known``.
    """
    require(by, station.pk, "create")
    now = now or timezone.now()
    values = {
        **EMPTY, "category": category, "name": name, "address": address, "area": area, "grade": grade,
        "reasons": list(reasons), "attributes": dict(attributes or {}), **(point.columns() if point else {}),
    }  # fmt: skip
    values = checked(station.pk, values)
    if not sort_of(category).category.active:
        raise Refused("unknown_category", category=category)
    done = done_before(by, key)
    if done is not None:
        return Element.objects.get(pk=done)
    values |= _external(station.pk, origin, external_id)
    step = Step("created", by, now, now, source, key)
    try:
        with transaction.atomic():
            return write_new(station, values, step)
    except IntegrityError:
        done = done_before(by, key)
        if done is None:
            _external(station.pk, origin, external_id)
            raise
        return Element.objects.get(pk=done)


@transaction.atomic
def change_element(
    element: Element | int,
    values: Mapping[str, Any],
    *,
    by: Staff | None,
    version: int | None = None,
    source: Source = SEEN,
    key: str | None = None,
    now: datetime | None = None,
) -> Element:
    """Correct some fields: ``category``, ``name``, ``address``, ``area``, ``grade``, ``reasons``, ``attributes``, ``point``.

    ``attributes`` replace the former ones; ``point`` is a :class:`Point` or None.  Raises ``Refused`` as
    :func:`create_element` does, and ``stale`` or ``not_standing``.  The same ``key`` again changes nothing.
    """  # noqa: E501
    locked = lock_element(element)
    if done_to(locked, by, key):
        return locked
    refuse_stale(locked, version)
    require(by, locked.station_id, "change")
    if locked.status != "active":
        raise Refused("not_standing")
    now = now or timezone.now()
    write_step(locked, corrected(locked, values), Step("changed", by, now, now, source, key))
    return locked


@transaction.atomic
def close_element(
    element: Element | int, *, by: Staff | None, version: int | None = None, source: Source = SEEN,
    key: str | None = None, now: datetime | None = None,
) -> Element:  # fmt: skip
    """Say that it stands no more: it leaves the map, the worklist and the figures; its contacts are purged."""
    from jishi.register.actions.contacts import purge_contacts

    locked = lock_element(element)
    if done_to(locked, by, key):
        return locked
    refuse_stale(locked, version)
    require(by, locked.station_id, "close")
    if locked.status != "active":
        raise Refused("not_standing")
    now = now or timezone.now()
    write_step(locked, {"status": "closed"}, Step("closed", by, now, now, source, key))
    purge_contacts(locked.pk, now)
    return locked


@transaction.atomic
def reopen_element(
    element: Element | int, *, by: Staff | None, version: int | None = None, source: Source = SEEN,
    key: str | None = None, now: datetime | None = None,
) -> Element:  # fmt: skip
    """Say that a closed element stands after all."""
    locked = lock_element(element)
    if done_to(locked, by, key):
        return locked
    refuse_stale(locked, version)
    require(by, locked.station_id, "reopen")
    if locked.status != "closed":
        raise Refused("not_closed")
    now = now or timezone.now()
    write_step(locked, {"status": "active"}, Step("reopened", by, now, now, source, key))
    return locked


def corrected(element: Element, values: Mapping[str, Any]) -> dict[str, Any]:
    """The tracked values that a correction leads to, checked.  Raises ``Refused``."""
    known = {"category", "name", "address", "area", "grade", "reasons", "attributes", "point"}
    for name in values:
        if name not in known:
            raise Refused("unknown_field", field=name, command="change")
    plain = {name: value for name, value in values.items() if name != "point"}
    if "point" in values:
        point: Point | None = values["point"]
        plain |= point.columns() if point else {"lon": None, "lat": None, "datum": "wgs84"}
    whole = checked(element.station_id, {**values_of(element), **plain})
    return {name: whole[name] for name in plain}


def checked(station_id: int, values: Mapping[str, Any]) -> dict[str, Any]:
    """Tracked values with their texts trimmed, refused where one cannot stand.  Raises ``Refused``."""
    sort = sort_of(values["category"])
    found = {**values, **_texts(values)}
    found["attributes"] = {code: value for code, value in found["attributes"].items() if value not in (None, "")}
    for wrong in wrong_values(sort.schema, found["attributes"]):
        raise Refused("bad_value", field=wrong.code, rule=wrong.rule, bound=wrong.bound)
    for code, value in found["attributes"].items():
        if isinstance(value, str):
            refuse_personal(value, code)
    if found["grade"] not in (0, 1, 2, 3, 4):
        raise Refused("bad_grade", grade=found["grade"])
    found["reasons"] = sorted(set(found["reasons"]))
    for reason in found["reasons"]:
        if reason not in REASONS:
            raise Refused("bad_reason", reason=reason)
    if found["grade"] in (1, 2) and not found["reasons"]:
        raise Refused("reason_needed")
    if found["area"] is not None and not Area.objects.filter(pk=found["area"], station_id=station_id).exists():
        raise Refused("area_elsewhere", area=found["area"])
    return found


def _texts(values: Mapping[str, Any]) -> dict[str, str]:
    """Name and address, trimmed; without persons, and without the flat of a dwelling."""
    found = {}
    for name in ("name", "address"):
        found[name] = " ".join(str(values[name]).split())
        refuse_personal(found[name], name)
        if len(found[name]) > MOST[name]:
            raise Refused("too_long", field=name, most=MOST[name])
        if names_a_flat(values["category"], found[name]):
            raise Refused("flat", field=name)
    if not found["name"]:
        raise Refused("missing", field="name")
    return found


def _external(station_id: int, origin: str, external_id: str | None) -> dict[str, Any]:
    """Which system knows the element, and under which number.  Raises ``Refused``."""
    found = {"source": origin.strip(), "external_id": (external_id or "").strip() or None}
    for name, value in found.items():
        refuse_personal(value or "", name)
        if len(value or "") > MOST[name]:
            raise Refused("too_long", field=name, most=MOST[name])
    if not found["source"]:
        raise Refused("missing", field="source")
    known = Element.objects.filter(station=station_id, **found).values_list("number", flat=True)
    if found["external_id"] is not None and (number := known.first()) is not None:
        raise Refused("external_known", field="external_id", number=number)
    return found
