"""The pairs that wait to be decided."""

from __future__ import annotations

from django.db.models import QuerySet

from jishi.register.models import DuplicatePair
from jishi.register.queries.scope import Someone
from jishi.stations.queries import access_of


def open_pairs(user: Someone, station_id: int) -> QuerySet[DuplicatePair]:
    """The undecided pairs of standing elements, the likest first."""
    if not access_of(user).sees(station_id):
        return DuplicatePair.objects.none()
    rows = DuplicatePair.objects.filter(
        station_id=station_id, status=DuplicatePair.Status.OPEN, a__status="active", b__status="active"
    )
    return rows.select_related("a__category", "b__category", "a__area", "b__area").order_by("-score", "pk")
