"""Where a request of this room stands: the station, the person, the moment."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest

from jishi.base.errors import Refused
from jishi.matters.queries.desk import Worker, worker_at
from jishi.stations.models import Staff, Station


def station_of(request: HttpRequest) -> Station:
    """The active station.  Raises ``Refused("no_station")`` for somebody without any post."""
    station = cast("Station | None", getattr(request, "station", None))
    if station is None:
        raise Refused("no_station")
    return station


def worker_of(request: HttpRequest) -> Worker:
    """The person of this request at the active station."""
    return worker_at(cast(Staff, request.user), station_of(request).pk)
