"""The door to rows: a matter is read only through these."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import Http404

from jishi.matters import catalogue
from jishi.matters.models import Matter
from jishi.stations.models import Staff
from jishi.stations.queries import access_of

Someone = Staff | AnonymousUser


def visible_matters(user: Someone) -> QuerySet[Matter]:
    """The matters of the stations that this person sees.  Every read starts here."""
    return Matter.objects.filter(station_id__in=access_of(user).station_ids)


def matters_at(user: Someone, station_id: int) -> QuerySet[Matter]:
    """The visible matters of one station; none where this person does not see it."""
    if not access_of(user).sees(station_id):
        return Matter.objects.none()
    return Matter.objects.filter(station_id=station_id)


def counted(user: Someone, station_id: int) -> QuerySet[Matter]:
    """The visible matters of one station that maps, figures and proposals are made of: without drills."""
    return matters_at(user, station_id).filter(drill=False)


def matters_of(user: Someone, station_id: int, unit_id: int) -> QuerySet[Matter]:
    """The visible matters that stand with one unit of a station.  They are the station's, so its name is not asked for
    again: the unit's own index answers alone."""
    if unit_id not in catalogue.ground(station_id).unit_names or not access_of(user).sees(station_id):
        return Matter.objects.none()
    return Matter.objects.filter(responsible_unit_id=unit_id)


def get_matter(user: Someone, number: str) -> Matter:
    """One matter by its number.  Raises ``Http404`` where there is none, or none that this person sees."""
    found = visible_matters(user).filter(number=number).first()
    if found is None:
        raise Http404(number)
    return found
