"""Which handovers a member of staff sees, and who may take one over."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Q, QuerySet
from django.shortcuts import get_object_or_404

from jishi.matters.handover.draft import Scope
from jishi.matters.models import Handover, HandoverState
from jishi.matters.queries.scope import Someone
from jishi.stations.crew import LOOK_ON
from jishi.stations.models import Post, Staff
from jishi.stations.queries import access_of

HISTORY = timedelta(days=30)
SHOWN = 100


def visible_handovers(user: Someone) -> QuerySet[Handover]:
    """The handovers of the stations that this person sees.  Every read starts here."""
    rows = Handover.objects.filter(station__in=access_of(user).station_ids)
    return rows.select_related("station", "unit", "from_staff", "to_staff")


def get_handover(user: Someone, pk: int) -> Handover:
    """One handover.  Raises ``Http404`` where this person sees none of this number."""
    return get_object_or_404(visible_handovers(user), pk=pk)


def lately(user: Someone, station_id: int, now: datetime) -> list[Handover]:
    """The station's handovers of the last month, the newest first, without those that were taken back."""
    rows = visible_handovers(user).filter(station=station_id, until__gt=now - HISTORY)
    return list(rows.exclude(state=HandoverState.WITHDRAWN).order_by("-until", "-pk")[:SHOWN])


def colleagues(scope: Scope, besides: int) -> list[tuple[int, str]]:
    """Who can take the shift over: those who work in the unit, or at the station, but for the one who leaves."""
    posts = Post.objects.filter(station=scope.station, staff__is_active=True).exclude(role__in=LOOK_ON)
    there = Q(unit=scope.unit) | Q(role__in=("chief", "deputy")) if scope.unit else Q()
    rows = posts.filter(there).exclude(staff=besides).order_by("staff__username")
    return list(rows.values_list("staff_id", "staff__name").distinct())


def person(pk: int) -> Staff:
    """A member of staff who was chosen among the colleagues."""
    return Staff.objects.get(pk=pk)
