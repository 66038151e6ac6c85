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


def maps_at(user: Staff, station: Station) -> list[tuple[int, str, str]]:
    """The maps that were used here within the day and can be used again: run, map name and what it brings in, each
    once."""
    found: dict[tuple[str, str], int] = {}
    runs = visible_runs(user).filter(station=station, cleared=False, template="")
    for pk, name, what in runs.values_list("pk", "map_name", "what"):
        found.setdefault((name, what), pk)
    return [(pk, name, what) for (name, what), pk in found.items()]
