"""Making the demo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
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
    """Make the fictional district in a database that has no station yet; the same seed and ``until`` give the same data.

    The history ends at ``until``, or where it is not given at the last 0, 6, 12 or 18 o'clock.

    Raises ``Refused("not_empty")`` where there are stations, so that a demo never mixes with real work.
    """  # noqa: E501
    if Station.objects.exists():
        raise Refused("not_empty")
    stations, matters, days = SIZES[size]
    rng = Random(f"{seed}:{size}")
    catalogue.forget()
    crews = make_district(rng, stations)
    history = History(rng, crews, until or _this_quarter_day())
    history.run(matters, days, progress)
    catalogue.forget()
    return Made(stations, history.reported)


def _this_quarter_day() -> datetime:
    now = timezone.localtime()
    return now.replace(hour=now.hour // 6 * 6, minute=0, second=0, microsecond=0)
