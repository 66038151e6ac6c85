"""Who may do what in the register, by role."""

from __future__ import annotations

from collections.abc import Mapping

from jishi.base.errors import Refused
from jishi.stations.models import Staff
from jishi.stations.queries import access_of

_AT_WORK = frozenset({"chief", "deputy", "desk", "officer", "auxiliary", "checker"})
_KEEPERS = frozenset({"chief", "deputy", "desk", "officer"})
_LEADERS = frozenset({"chief", "deputy"})

ROLES: Mapping[str, frozenset[str]] = {
    "create": _AT_WORK,
    "change": _AT_WORK,
    "verify": _AT_WORK,
    "count": _AT_WORK,
    "link": _AT_WORK,
    "attach": _AT_WORK,
    "detach": _KEEPERS,
    "part": _KEEPERS,
    "close": _KEEPERS,
    "reopen": _KEEPERS,
    "merge": _KEEPERS,
    "contact": _KEEPERS,
    "reveal": _AT_WORK,
    "reconcile": _KEEPERS,
    "import": _LEADERS | {"desk", "administrator"},
    "target": _LEADERS | {"administrator"},
    "publish": _LEADERS,
}


def may(by: Staff, station_id: int, verb: str) -> bool:
    """Whether this person may do this at the station."""
    return bool(access_of(by).roles(station_id) & ROLES[verb])


def require(by: Staff | None, station_id: int, verb: str) -> None:
    """Raises ``Refused("not_found")`` for a stranger, ``Refused("not_allowed")`` for a colleague without the role."""
    if by is None:
        return
    if not access_of(by).sees(station_id):
        raise Refused("not_found")
    if not may(by, station_id, verb):
        raise Refused("not_allowed", command=verb)
