"""Who a call to the API comes from, and which station it asks about; for the API of every room."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from ninja.security import HttpBearer

from jishi.base.errors import Refused
from jishi.base.rest import Denied
from jishi.stations import queries
from jishi.stations.middleware import take_place
from jishi.stations.models import Staff, Station

LONGEST_TOKEN = 200


class Bearer(HttpBearer):
    """``Authorization: Bearer …``: a member of staff's own token.  Reading needs the scope read, all else write."""

    def authenticate(self, request: HttpRequest, token: str) -> Staff | None:
        """The owner, at whose place the request stands from here on; ``None`` answers 401."""
        owner = queries.token_owner(token) if 0 < len(token) <= LONGEST_TOKEN else None
        if owner is None:
            return None
        staff, scopes = owner
        needed = "read" if request.method == "GET" else "write"
        take_place(request, staff)
        if needed not in scopes:
            raise Denied(
                403,
                "scope_missing",
                _("This token may not be used for that. Make one with the scope that is needed."),
                scope=needed,
            )
        return staff


def reader_of(request: HttpRequest) -> Staff:
    """The member of staff whose token came with the request."""
    return cast(Staff, request.user)


def station_asked(request: HttpRequest, code: str | None) -> Station:
    """The visible station of this code, or the reader's first one.  Raises ``Refused("station_unknown")``."""
    stations = queries.access_of(reader_of(request)).stations
    found = next((station for station in stations if code is None or station.code == code), None)
    if found is None:
        raise Refused("station_unknown", station=code or "", field="station")
    return found
