"""Who may do what with an alert: words are written by one, and given out by another who is the chief."""

from __future__ import annotations

from collections.abc import Mapping

from jishi.base.errors import Refused
from jishi.stations.models import Role, Staff
from jishi.stations.queries import access_of

_DRAFTERS = frozenset({Role.CHIEF.value, Role.DEPUTY.value, Role.DESK.value})
ROLES: Mapping[str, frozenset[str]] = {"draft": _DRAFTERS, "approve": frozenset({Role.CHIEF.value})}


def may(by: Staff, station_id: int, verb: str) -> bool:
    """Whether this person may do this at the station."""
    return bool(access_of(by).roles(station_id) & ROLES[verb])


def require(by: Staff, station_id: int, verb: str) -> None:
    """Raises ``Refused("not_found")`` for a stranger, ``Refused("not_allowed")`` for a colleague without the role."""
    if not access_of(by).sees(station_id):
        raise Refused("not_found")
    if not may(by, station_id, verb):
        raise Refused("not_allowed", command=verb)
