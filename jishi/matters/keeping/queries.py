"""What stands of holds, and how long a matter is kept, to those who see the matter."""

from __future__ import annotations

from django.db.models import QuerySet

from jishi.matters.models import Hold
from jishi.matters.queries.scope import matters_at
from jishi.stations.models import Staff


def standing_hold(matter_id: int) -> Hold | None:
    """The hold that stands on a matter, if there is one."""
    return Hold.objects.select_related("set_by").filter(matter=matter_id, lifted_at=None).first()


def holds_at(user: Staff, station_id: int) -> QuerySet[Hold]:
    """The holds that stand at a station that this person sees, the oldest first."""
    rows = Hold.objects.filter(matter__in=matters_at(user, station_id), lifted_at=None)
    return rows.select_related("matter", "set_by").order_by("set_at", "pk")
