"""What a member of staff sees and may do, from their posts, in one query."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.db import connection
from django.db.models import QuerySet

from jishi.stations.models import Role, Staff, Station

NOTHING: frozenset[Any] = frozenset()


@dataclass(frozen=True, eq=False)
class Access:
    """The stations, units and roles of one person.  A post at a bureau counts for every station of the bureau."""

    stations: tuple[Station, ...] = ()
    unit_ids: frozenset[int] = NOTHING
    bureau_ids: frozenset[int] = NOTHING
    bureau_roles: Mapping[int, frozenset[str]] = field(default_factory=dict)
    roles_at: Mapping[int, frozenset[str]] = field(default_factory=dict)
    units_at: Mapping[int, frozenset[int]] = field(default_factory=dict)

    @property
    def station_ids(self) -> tuple[int, ...]:
        """The stations that this person sees, the first one first."""
        return tuple(self.roles_at)

    @property
    def home(self) -> int | None:
        """The station to begin with."""
        return self.stations[0].pk if self.stations else None

    @property
    def is_bureau(self) -> bool:
        """Whether this person has a post above the stations."""
        return bool(self.bureau_ids)

    def sees(self, station_id: int) -> bool:
        """Whether this person may see anything of this station."""
        return station_id in self.roles_at

    def roles(self, station_id: int) -> frozenset[str]:
        """The roles that this person has at this station."""
        return self.roles_at.get(station_id, NOTHING)

    def unit_ids_at(self, station_id: int) -> frozenset[int]:
        """The units of this station that this person works in."""
        return self.units_at.get(station_id, NOTHING)

    def stations_with(self, role: str) -> tuple[int, ...]:
        """The stations where this person has this role."""
        return tuple(station for station, roles in self.roles_at.items() if role in roles)

    def bureaux_with(self, role: str) -> tuple[int, ...]:
        """The bureaux where this person has this role."""
        return tuple(bureau for bureau, roles in self.bureau_roles.items() if role in roles)

    @property
    def is_administrator(self) -> bool:
        """Whether this person manages stations and accounts anywhere."""
        return bool(self.stations_with(Role.ADMINISTRATOR) or self.bureaux_with(Role.ADMINISTRATOR))


NO_ACCESS = Access()


def access_of(user: Staff | AnonymousUser) -> Access:
    """What this person may see and do; read once for each user object."""
    if not (user.is_authenticated and user.is_active):
        return NO_ACCESS
    found: Access | None = getattr(user, "_access", None)
    if found is None:
        found = _read(user.pk)
        user._access = found  # type: ignore[attr-defined]  # a note on the object, not a column
    return found


def visible_to(user: Staff | AnonymousUser) -> QuerySet[Station]:
    """The stations that this person sees: their own, and all below their bureau.  Every read starts here."""
    return Station.objects.filter(pk__in=access_of(user).station_ids)


def administered_by(user: Staff | AnonymousUser) -> QuerySet[Station]:
    """The visible stations whose accounts, units and areas this person manages."""
    return visible_to(user).filter(pk__in=access_of(user).stations_with(Role.ADMINISTRATOR))


#: What :func:`access_from` reads of each post and of the stations that it counts for: its own, or all of its bureau.
COLUMNS = (
    "post.role, post.unit_id, post.bureau_id,"
    " station.id, station.code, station.name, station.time_zone, station.bureau_id"
)
POSTS = (
    "stations_post post LEFT JOIN stations_station station"
    " ON station.id = post.station_id OR station.bureau_id = post.bureau_id"
)
ORDER = "post.bureau_id IS NOT NULL, post.bureau_id, post.id, station.code"


def access_from(rows: Iterable[Sequence[Any]]) -> Access:
    """What follows from posts, given as rows of :data:`COLUMNS` in the order of :data:`ORDER`."""
    stations: dict[int, Station] = {}
    roles: defaultdict[int, set[str]] = defaultdict(set)
    units: defaultdict[int, set[int]] = defaultdict(set)
    bureaux: defaultdict[int, set[str]] = defaultdict(set)
    for role, unit_id, bureau_id, pk, code, name, zone, owner in rows:
        if bureau_id is not None:
            bureaux[bureau_id].add(role)
        if pk is None:
            continue
        if pk not in stations:
            stations[pk] = Station(pk=pk, code=code, name=name, time_zone=zone, bureau_id=owner)
            stations[pk]._state.adding = False
            stations[pk]._state.db = "default"
        roles[pk].add(role)
        if unit_id is not None:
            units[pk].add(unit_id)
    return Access(
        stations=tuple(stations.values()),
        unit_ids=frozenset(unit for found in units.values() for unit in found),
        bureau_ids=frozenset(bureaux),
        bureau_roles={bureau: frozenset(found) for bureau, found in bureaux.items()},
        roles_at={station: frozenset(roles[station]) for station in stations},
        units_at={station: frozenset(found) for station, found in units.items()},
    )


def _read(staff_id: int) -> Access:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {COLUMNS} FROM {POSTS} WHERE post.staff_id = %s ORDER BY {ORDER}", [staff_id])
        return access_from(cursor.fetchall())
