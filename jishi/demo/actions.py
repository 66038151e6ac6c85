"""Making the demo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, time
from random import Random

from django.utils import timezone

from jishi.base.errors import Refused
from jishi.demo.district import make_district
from jishi.demo.history import History
from jishi.matters import catalogue
from jishi.stations.models import Station

#: Stations, matters and days of history by size.
SIZES = {"small": (1, 600, 90), "full": (4, 6000, 365)}


@dataclass(frozen=True, slots=True)
class Made:
    """What was made."""

    stations: int
    matters: int


def make_demo(
    *, seed: int, size: str, progress: Callable[[int, int], None] = lambda done, total: None,
    until: datetime | None = None,
) -> Made:  # fmt: skip
    """Make the fictional district in a database that has no station yet; the same seed and day give the same data.

    Raises ``Refused("not_empty")`` where there are stations, so that a demo never mixes with real work.
    """
    if Station.objects.exists():
        raise Refused("not_empty")
    stations, matters, days = SIZES[size]
    rng = Random(f"{seed}:{size}")
    catalogue.forget()
    today = timezone.localdate()
    history_ends = until or timezone.make_aware(datetime.combine(today, time(8, 30)))
    crews = make_district(rng, stations)
    history = History(rng, crews, min(history_ends, timezone.now()) if until is None else history_ends)
    history.run(matters, days, progress)
    catalogue.forget()
    return Made(stations, history.reported)
