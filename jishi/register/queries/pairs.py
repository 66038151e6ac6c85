"""The pairs that look alike: those to be decided, and those decided lately."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import QuerySet
from django.http import Http404

from jishi.register.models import DuplicatePair, PairSearch
from jishi.register.queries.scope import Someone
from jishi.stations.queries import access_of

LATELY = timedelta(days=90)
MOST_DECIDED = 30
_AROUND = ("a__category", "b__category", "a__area", "b__area")


def open_pairs(user: Someone, station_id: int) -> QuerySet[DuplicatePair]:
    """The undecided pairs of standing elements, the likest first."""
    if not access_of(user).sees(station_id):
        return DuplicatePair.objects.none()
    rows = DuplicatePair.objects.filter(
        station_id=station_id, status=DuplicatePair.Status.OPEN, a__status="active", b__status="active"
    )
    return rows.select_related(*_AROUND).order_by("-score", "pk")


def decided_pairs(user: Someone, station_id: int, now: datetime) -> list[DuplicatePair]:
    """The pairs that were decided lately, the latest first."""
    if not access_of(user).sees(station_id):
        return []
    rows = DuplicatePair.objects.filter(station_id=station_id, decided_at__gte=now - LATELY)
    rows = rows.exclude(status=DuplicatePair.Status.OPEN).select_related("a", "b")
    return list(rows.order_by("-decided_at", "-pk")[:MOST_DECIDED])


def get_pair(user: Someone, pk: int) -> DuplicatePair:
    """One pair.  Raises ``Http404`` where there is none, or none that this person sees."""
    rows = DuplicatePair.objects.filter(station_id__in=access_of(user).station_ids)
    found = rows.select_related(*_AROUND, "station").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def search_of(user: Someone, station_id: int) -> PairSearch | None:
    """The latest search for pairs at a station; None where there was none."""
    if not access_of(user).sees(station_id):
        return None
    return PairSearch.objects.filter(station=station_id).first()
