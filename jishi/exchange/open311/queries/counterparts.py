"""The agencies of a station, with how their systems are reached; and the errands to them."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from jishi.exchange.open311.models import Counterpart, Errand, ErrandState
from jishi.matters.queries.scope import visible_matters
from jishi.stations.models import Agency, Staff, Station
from jishi.stations.queries import administered_by, agencies_of


@dataclass(frozen=True, slots=True)
class Side:
    """An agency, and how it is spoken to; ``row`` is None where it is not by Open311."""

    agency: Agency
    row: Counterpart | None
    open: int = 0
    failed: int = 0


def sides_of(user: Staff, station: Station) -> list[Side]:
    """The agencies that this station may refer to, in order, with how many errands are open or stuck."""
    stuck = Q(errands__next_at=None) & ~Q(errands__error="")
    rows = Counterpart.objects.filter(station=station, station__in=administered_by(user)).annotate(
        open_errands=Count("errands", filter=Q(errands__next_at__isnull=False)),
        stuck=Count("errands", filter=stuck & ~Q(errands__state=ErrandState.OVER)),
    )
    known = {row.agency_id: row for row in rows}
    found = []
    for agency in agencies_of(user, station).order_by("code"):
        row = known.get(agency.pk)
        found.append(Side(agency, row, row.open_errands if row else 0, row.stuck if row else 0))
    return found


def side_of(user: Staff, station: Station, agency: Agency) -> Counterpart | None:
    """How a station that this person administers reaches an agency by Open311, where it does."""
    return Counterpart.objects.filter(station=station, station__in=administered_by(user), agency=agency).first()


def visible_errands(user: Staff) -> QuerySet[Errand]:
    """The errands of the matters that this person sees."""
    return Errand.objects.filter(matter__in=visible_matters(user)).select_related("matter", "counterpart")
