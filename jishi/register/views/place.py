"""Where a request of this room stands: the person, the station, and addresses that may not be there."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse

from jishi.base.errors import Refused
from jishi.stations.models import Staff, Station


def station_of(request: HttpRequest) -> Station:
    """The active station.  Raises ``Refused("no_station")`` for somebody without any post."""
    station = cast("Station | None", getattr(request, "station", None))
    if station is None:
        raise Refused("no_station")
    return station


def user_of(request: HttpRequest) -> Staff:
    """Who asks; the view lets only those in who are signed in."""
    return cast(Staff, request.user)


def address_of(name: str) -> str:
    """The address of a screen that may not be installed, or ``""``."""
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""
