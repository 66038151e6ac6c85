"""Notices: those that the public may read now, and all of them for the desk."""

from __future__ import annotations

from datetime import datetime

from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet

from jishi.base.errors import Refused
from jishi.stations.models import Staff
from jishi.stations.queries import access_of
from jishi.window.models import Notice
from jishi.window.navigation import WINDOW_ROLES


def shown_at(station_id: int, now: datetime) -> QuerySet[Notice]:
    """What the public may read now, what stands first before the newest."""
    current = Q(ends=None) | Q(ends__gt=now)
    rows = Notice.objects.filter(current, station=station_id, starts__lte=now, withdrawn_at=None)
    return rows.order_by("-pinned", "-starts", "-pk")


def notices_at(user: Staff | AnonymousUser, station_id: int) -> QuerySet[Notice]:
    """All notices of a station where this person works behind the window, also those to come and those withdrawn."""
    if not access_of(user).roles(station_id) & WINDOW_ROLES:
        return Notice.objects.none()
    return Notice.objects.filter(station=station_id).select_related("written_by")


def get_notice(user: Staff | AnonymousUser, pk: int) -> Notice:
    """One notice, for whoever works behind the window there.  Raises ``Refused("not_found" | "not_allowed")``."""
    access = access_of(user)
    found = Notice.objects.filter(station__in=access.station_ids, pk=pk).first()
    if found is None:
        raise Refused("not_found")
    if not access.roles(found.station_id) & WINDOW_ROLES:
        raise Refused("not_allowed", command="notice")
    return found
