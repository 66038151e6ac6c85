"""Where a request of this room stands: the person and the station."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest

from jishi.base.errors import Refused
from jishi.stations.models import Staff, Station
from jishi.stations.queries import access_of


def station_of(request: HttpRequest) -> Station:
    """The active station.  Raises ``Refused("no_station")`` for somebody without any post."""
    station = cast("Station | None", getattr(request, "station", None))
    if station is None:
        raise Refused("no_station")
    return station


def user_of(request: HttpRequest) -> Staff:
    """Who asks; the view lets only those in who are signed in."""
    return cast(Staff, request.user)

