"""Where a request of this room stands: the person and the station."""

from __future__ import annotations

from typing import cast

from django.http import Http404, HttpRequest

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


def asked_station(request: HttpRequest) -> Station:
    """The station that the address names by its code, so that what a browser keeps of one is never shown for another.

    Raises ``Http404`` where it is not the reader's to see.
    """
    code = request.GET.get("station") or request.POST.get("station")
    if not code:
        return station_of(request)
    found = next((each for each in access_of(user_of(request)).stations if each.code == code), None)
    if found is None:
        raise Http404(code)
    return found
