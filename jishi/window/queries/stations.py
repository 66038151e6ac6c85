"""The stations whose window the public may come to: all of this installation, by their codes."""

from __future__ import annotations

from django.http import Http404

from jishi.stations.models import Station
from jishi.stations.queries import station_named


def open_stations() -> list[Station]:
    """All stations, in the order of their names."""
    return list(Station.objects.order_by("name"))


def get_station(code: str) -> Station:
    """The station of this code.  Raises ``Http404``."""
    try:
        return station_named(code)
    except Station.DoesNotExist as error:
        raise Http404(code) from error
