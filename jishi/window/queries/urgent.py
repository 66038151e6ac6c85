"""急难愁盼: what the public marked as an urgent need, and the desk has not decided on."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet

from jishi.matters.loop import OPEN
from jishi.matters.models import Matter
from jishi.matters.queries.scope import matters_at
from jishi.stations.models import Staff


def urgent_at(user: Staff | AnonymousUser, station_id: int, mark: str) -> QuerySet[Matter]:
    """The open matters with this mark (``asked`` or ``confirmed``), what has waited longest first."""
    rows = matters_at(user, station_id).filter(state__in=sorted(OPEN), urgent=mark)
    return rows.select_related("category", "area", "responsible_unit").order_by("reported_at", "pk")
