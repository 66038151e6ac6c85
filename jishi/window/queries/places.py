"""Places of a station by their public names: buildings, sites and things, never a contact, a flat or a person."""

from __future__ import annotations

from dataclasses import dataclass

from jishi.register.models import Element, Status
from jishi.register.queries.filters import matching
from jishi.window.catalogue import offer
from jishi.window.models import Label

MOST = 4
LONGEST = 60


@dataclass(frozen=True, slots=True)
class PublicPlace:
    """A place as whoever reports sees it."""

    id: int
    number: str
    name: str
    address: str
    lon: float | None
    lat: float | None


def find_places(station_id: int, words: str) -> list[PublicPlace]:
    """The standing places of a station that these words find, at most four."""
    text = words.strip()[:LONGEST]
    if len(text) < 2:
        return []
    rows = Element.objects.filter(station_id=station_id, status=Status.ACTIVE, kind__in=offer().kinds)
    return [_public(row) for row in matching(rows, station_id, text).defer("grams", "attributes").order_by("pk")[:MOST]]


def place_of(station_id: int, number: str) -> PublicPlace | None:
    """The standing place with this number; None where there is none, or it is not for the public to choose."""
    rows = Element.objects.filter(station_id=station_id, status=Status.ACTIVE, kind__in=offer().kinds, number=number)
    row = rows.defer("grams", "attributes").first()
    return _public(row) if row else None


def labelled(token: str) -> Element | None:
    """The standing element whose printed code this is; None for a code that was revoked or never given out."""
    if not token.isalnum():  # no database is asked for signs that no code has
        return None
    found = Label.objects.filter(token=token, revoked_at=None, element__status=Status.ACTIVE)
    label = found.select_related("element", "element__station").first()
    return label.element if label else None


def place_at_label(element: Element) -> PublicPlace:
    """The place of a label, whatever its kind: whoever printed it meant it to be seen."""
    return _public(element)


def _public(row: Element) -> PublicPlace:
    return PublicPlace(row.pk, row.number, row.name, row.address, row.lon, row.lat)
