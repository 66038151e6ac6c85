"""Every read of this room: the runs of stations where the person may import."""

from __future__ import annotations

from django.db.models import QuerySet

from jishi.exchange.models import Run
from jishi.stations.models import Role, Staff, Station
from jishi.stations.queries import access_of

#: Who may bring matters in.
IMPORTERS = frozenset({Role.DESK.value, Role.DEPUTY.value, Role.CHIEF.value, Role.ADMINISTRATOR.value})
LISTED = 20


def may_import(user: Staff, station: Station) -> bool:
    """Whether this person may import at this station."""
    return bool(access_of(user).roles(station.pk) & IMPORTERS)


def visible_runs(user: Staff) -> QuerySet[Run]:
    """The runs of the stations where this person may import, the newest first."""
    access = access_of(user)
    stations = [pk for pk in access.station_ids if access.roles(pk) & IMPORTERS]
    return Run.objects.filter(station__in=stations).select_related("by")


def runs_at(user: Staff, station: Station) -> QuerySet[Run]:
    """The latest runs at one station."""
    return visible_runs(user).filter(station=station)[:LISTED]


def maps_at(user: Staff, station: Station) -> list[tuple[int, str]]:
    """The maps that were used here within the day and can be used again: run and map name, each name once."""
    found: dict[str, int] = {}
    for pk, name in visible_runs(user).filter(station=station, cleared=False).values_list("pk", "map_name"):
        found.setdefault(name, pk)
    return [(pk, name) for name, pk in found.items()]
