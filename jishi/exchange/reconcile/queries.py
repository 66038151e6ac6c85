"""Every read of reconciliations: the lists of stations where the person may reconcile, their rows, their counts."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, Q, QuerySet

from jishi.exchange.models import ReconcileList, ReconcileRow, RowKind
from jishi.register.roles import ROLES
from jishi.stations.models import Area, Staff, Station
from jishi.stations.queries import access_of, areas_of

LISTED = 30
#: The tab of rows that were decided.
DONE = "done"


def visible_lists(user: Staff) -> QuerySet[ReconcileList]:
    """The lists of the stations where this person may reconcile, the newest first."""
    access = access_of(user)
    stations = [pk for pk in access.station_ids if access.roles(pk) & ROLES["reconcile"]]
    return ReconcileList.objects.filter(station__in=stations).select_related("station", "by", "area")


def lists_at(user: Staff, station: Station) -> list[ReconcileList]:
    """The latest lists of a station, each with ``total`` rows and how many are ``decided``."""
    rows = visible_lists(user).filter(station=station)
    decided = Count("rows", filter=~Q(rows__outcome=""))
    return list(rows.annotate(total=Count("rows"), decided=decided)[:LISTED])


def maps_at(user: Staff, station: Station) -> list[tuple[int, str]]:
    """The maps of earlier lists, each once: the list that it can be taken from, and how it is called."""
    found: dict[str, int] = {}
    rows = visible_lists(user).filter(station=station).values_list("pk", "authority", "map_name")
    for pk, authority, name in rows[:LISTED]:
        found.setdefault(f"{authority} · {name}", pk)
    return [(pk, name) for name, pk in found.items()]


def areas_at(user: Staff, station: Station) -> list[Area]:
    """The areas that a list may be about."""
    return list(areas_of(user, station))


@dataclass(frozen=True, slots=True)
class Counts:
    """How many rows of each kind are open, and how many were decided."""

    open: dict[str, int]
    decided: int

    @property
    def left(self) -> int:
        """How many are open in all."""
        return sum(self.open.values())


def counts_of(list_: ReconcileList) -> Counts:
    """The counts of the tabs."""
    rows = ReconcileRow.objects.filter(of_list=list_)
    told = dict(rows.filter(outcome="").values_list("kind").annotate(n=Count("pk")).order_by())
    return Counts({kind: told.get(kind, 0) for kind in RowKind.values}, rows.exclude(outcome="").count())


def rows_of(list_: ReconcileList, tab: str) -> QuerySet[ReconcileRow]:
    """The rows of one tab, with their elements."""
    rows = ReconcileRow.objects.filter(of_list=list_).select_related("element__area", "element__category")
    return rows.exclude(outcome="") if tab == DONE else rows.filter(outcome="", kind=tab)


def some_rows(list_: ReconcileList, ids: list[int]) -> list[ReconcileRow]:
    """These rows of a list, in order."""
    return list(ReconcileRow.objects.filter(of_list=list_, pk__in=ids).select_related("element").order_by("pk"))
