"""What a form says to what was written in it so far: kinds, places, what is known nearby, and whether it sounds like danger."""  # noqa: E501

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from jishi.window.catalogue import offer
from jishi.window.queries.nearby import Near, known_nearby
from jishi.window.queries.places import PublicPlace, find_places
from jishi.window.queries.suggestions import Suggestion, suggested


@dataclass(frozen=True, slots=True)
class Look:
    """What stands beside a form; ``known`` is the place of the register that was chosen, ``chosen`` the kind."""

    suggestions: Sequence[Suggestion] = ()
    places: Sequence[PublicPlace] = ()
    near: Sequence[Near] = ()
    known: PublicPlace | None = None
    chosen: str = ""
    danger: bool = False


def look_at(
    station_id: int, now: datetime, *, words: str, place: str, category: str, known: PublicPlace | None,
    point: tuple[float, float] | None = None,
) -> Look:  # fmt: skip
    """Look at what is written.  ``place`` are the words for where; a ``point`` goes before a ``known`` place."""
    found = suggested(words)
    lon, lat = point or ((known.lon, known.lat) if known else (None, None))
    near = known_nearby(
        station_id, now, lon=lon, lat=lat, element=known.id if known else None, category=category,
        guessed=tuple(each.code for each in found),
    )  # fmt: skip
    places = [] if known else find_places(station_id, place)
    return Look(found, places, near, known, category, bool(offer().danger_in(words)))
