"""Who a call to the API comes from, and which station it asks about; for the API of every room."""

from __future__ import annotations

import base64
from typing import cast

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from ninja.security import HttpBearer

from jishi.base.errors import Refused
from jishi.base.rest import Denied
from jishi.stations import queries
from jishi.stations.middleware import take_place
from jishi.stations.models import AgencyKey, Staff, Station

LONGEST_TOKEN = 200


def staff_of(request: HttpRequest, token: str) -> Staff | None:
    """The owner of a token, at whose place the request stands from here on; ``None`` where nobody owns it.

    Raises :class:`Denied` where the token lacks the scope: reading needs read, all else write.
    """
    owner = queries.token_owner(token) if 0 < len(token) <= LONGEST_TOKEN else None
    if owner is None:
        return None
    staff, scopes = owner
    needed = "read" if request.method in ("GET", "HEAD") else "write"
    take_place(request, staff)
    if needed not in scopes:
        raise Denied(
            403,
            "scope_missing",
            _("This token may not be used for that. Make one with the scope that is needed."),
            scope=needed,
        )
    return staff


def token_in(request: HttpRequest) -> str:
    """The token that came with a request: after Bearer, or as the password of HTTP Basic."""
    kind, _space, value = request.headers.get("Authorization", "").partition(" ")
    if kind.lower() == "bearer":
        return value.strip()
    if kind.lower() != "basic":
        return ""
    try:
        return base64.b64decode(value, validate=True).decode().partition(":")[2]
    except ValueError:
        return ""


class Bearer(HttpBearer):
    """``Authorization: Bearer …``: a member of staff's own token.  Reading needs the scope read, all else write."""

    def authenticate(self, request: HttpRequest, token: str) -> Staff | None:
        """The owner, at whose place the request stands from here on; ``None`` answers 401."""
        return staff_of(request, token)


class AgencyBearer(HttpBearer):
    """``Authorization: Bearer jishi_agency_…``: the key of an outside agency's system, good for its own matters alone."""  # noqa: E501

    def authenticate(self, request: HttpRequest, token: str) -> AgencyKey | None:
        """The key; ``None`` answers 401.  No member of staff stands behind it."""
        return queries.agency_with_key(token, timezone.now()) if 0 < len(token) <= LONGEST_TOKEN else None


def agency_key_of(request: HttpRequest) -> AgencyKey:
    """The key of the agency that asks."""
    return cast(AgencyKey, request.auth)  # type: ignore[attr-defined]  # ninja's word for it


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
