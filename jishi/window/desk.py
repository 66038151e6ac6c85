"""Who works behind the window, and at which station: for the views of the desk's side."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest

from jishi.base.errors import Refused
from jishi.base.navigation import roles_of
from jishi.stations.models import Staff, Station
from jishi.window.navigation import WINDOW_ROLES


def desk_place(request: HttpRequest) -> tuple[Staff, Station]:
    """The member of staff who asks, and the station that they look at.  Raises ``Refused("not_allowed")``."""
    station = cast("Station | None", getattr(request, "station", None))
    if station is None or not (roles_of(request) or frozenset()) & WINDOW_ROLES:
        raise Refused("not_allowed", command="window")
    return cast(Staff, request.user), station
