"""The stations whose window the public may come to: all of this installation, by their codes."""

from __future__ import annotations

from django.http import Http404

from jishi.stations.models import Station


def open_stations() -> list[Station]:
    """All stations, in the order of their names."""
    return list(Station.objects.order_by("name"))


def get_station(code: str) -> Station:
    """The station of this code.  Raises ``Http404``."""
    found = Station.objects.select_related("bureau").filter(code=code).first()
    if found is None:
        raise Http404(code)
    return found
