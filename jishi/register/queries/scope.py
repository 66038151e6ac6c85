"""Which elements a person sees: those of their stations.  Every query of this room starts here."""

from __future__ import annotations

from django.contrib.auth.models import AnonymousUser
from django.db.models import QuerySet
from django.http import Http404

from jishi.register.models import Element
from jishi.stations.models import Staff
from jishi.stations.queries import access_of

Someone = Staff | AnonymousUser


def visible_elements(user: Someone) -> QuerySet[Element]:
    """The elements of all stations that this person sees."""
    return Element.objects.filter(station_id__in=access_of(user).station_ids)


def elements_at(user: Someone, station_id: int) -> QuerySet[Element]:
    """The visible elements of one station, nothing when it is not visible."""
    if not access_of(user).sees(station_id):
        return Element.objects.none()
    return Element.objects.filter(station_id=station_id)


def get_element(user: Someone, number: str) -> Element:
    """One element by its number.  Raises ``Http404`` where there is none, or none that this person sees."""
    found = visible_elements(user).select_related("station", "area", "category").filter(number=number).first()
    if found is None:
        raise Http404
    return found
