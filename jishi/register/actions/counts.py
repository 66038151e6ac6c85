"""Recording counts: population per building or area, help counts per area, visits to buildings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from jishi.base.errors import Refused
from jishi.register.models import BuildingVisit, Element, HelpCount, PopulationCount
from jishi.register.models.counts import HELP_LEAST
from jishi.register.roles import require
from jishi.register.visits import HAZARDS, NEEDS
from jishi.stations.models import Area, Staff

MOST = 10_000_000


@transaction.atomic
def record_counts(
    where: Element | Area,
    *,
    on: date,
    households: int,
    long_term: int,
    temporary: int,
    by: Staff | None,
    source: str = "",
    now: datetime | None = None,
) -> PopulationCount:
    """Record how many live in a building or an area on a date; the same date again replaces it.

    Raises ``Refused("not_allowed" | "bad_count" | "future" | "not_standing" | "not_a_building")``.
    """
    require(by, where.station_id, "count")
    now = now or timezone.now()
    for name, value in (("households", households), ("long_term", long_term), ("temporary", temporary)):
        if not 0 <= value <= MOST:
            raise Refused("bad_count", field=name)
    if on > timezone.localdate(now):
        raise Refused("future", field="date")
    if isinstance(where, Element):
        if where.status != "active":
            raise Refused("not_standing")
        if where.kind != "place":
            raise Refused("not_a_building")
        at: dict[str, Any] = {"element": where, "area": None}
    else:
        at = {"element": None, "area": where}
    found, _made = PopulationCount.objects.update_or_create(
        **at, date=on,
        defaults={
            "station_id": where.station_id, "households": households, "long_term": long_term, "temporary": temporary,
            "by": by, "source": source[:80], "recorded_at": now,
        },
    )  # fmt: skip
    return found


@transaction.atomic
def record_help(
    area: Area, *, on: date, kind: str, count: int, by: Staff | None, now: datetime | None = None
) -> HelpCount | None:
    """Record how many in an area may need a hand; fewer than five leave nothing, and take away what stood there.

    Raises ``Refused("not_allowed" | "bad_count" | "bad_kind" | "future")``.
    """
    require(by, area.station_id, "count")
    now = now or timezone.now()
    if kind not in HelpCount.Kind.values:
        raise Refused("bad_kind", kind=kind)
    if not 0 <= count <= MOST:
        raise Refused("bad_count", field="count")
    if on > timezone.localdate(now):
        raise Refused("future", field="date")
    if count < HELP_LEAST:
        HelpCount.objects.filter(area=area, date=on, kind=kind).delete()
        return None
    found, _made = HelpCount.objects.update_or_create(
        area=area, date=on, kind=kind, defaults={"count": count, "by": by, "recorded_at": now}
    )
    return found


def record_visit(
    element: Element,
    *,
    doors: int,
    reached: int,
    hazards: Mapping[str, int],
    needs: Mapping[str, int],
    by: Staff | None,
    at: datetime | None = None,
    now: datetime | None = None,
) -> BuildingVisit:
    """Record a visit to a building: doors reached of how many, hazards and needs as counts by code.

    Raises ``Refused("not_allowed" | "not_standing" | "not_a_building" | "bad_count" | "bad_kind" | "future")``.
    """
    require(by, element.station_id, "count")
    now = now or timezone.now()
    if element.status != "active":
        raise Refused("not_standing")
    if element.kind != "place":
        raise Refused("not_a_building")
    if not 0 <= reached <= doors <= MOST:
        raise Refused("bad_count", field="reached")
    for given, known in ((hazards, HAZARDS), (needs, NEEDS)):
        for code, count in given.items():
            if code not in known:
                raise Refused("bad_kind", kind=code)
            if not 0 <= count <= MOST:
                raise Refused("bad_count", field=code)
    if at is not None and at > now:
        raise Refused("future", field="at")
    return BuildingVisit.objects.create(
        element=element, at=at or now, by=by, doors=doors, reached=reached,
        hazards={code: count for code, count in hazards.items() if count},
        needs={code: count for code, count in needs.items() if count},
    )  # fmt: skip
