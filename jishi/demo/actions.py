"""Making the demo."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from random import Random

from django.conf import settings
from django.utils import timezone

from jishi.base.errors import Refused
from jishi.demo import agencies, reports, window
from jishi.demo.alerts import plan_alerts
from jishi.demo.basemap import write_basemap
from jishi.demo.district import make_district
from jishi.demo.duty import make_roster, plan_handovers
from jishi.demo.history import History
from jishi.demo.plans import plan_emergencies
from jishi.demo.register import make_register
from jishi.matters import catalogue
from jishi.register.actions import ask_for_pairs
from jishi.stations.models import Station


@dataclass(frozen=True, slots=True)
class Size:
    """How large a demo is; ``scale`` is the register's share of what a whole area holds."""

    stations: int
    matters: int
    days: int
    scale: float


SIZES = {"small": Size(1, 600, 90, 0.24), "full": Size(4, 6000, 365, 1.0)}


@dataclass(frozen=True, slots=True)
class Made:
    """What was made."""

    stations: int
    matters: int
    elements: int


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
    wanted = SIZES[size]
    until = until or _this_quarter_day()
    rng = Random(f"{seed}:{size}")
    catalogue.forget()
    crews = make_district(rng, wanted.stations)
    registers = [
        make_register(Random(f"{seed}:{size}:{place}"), crew, place, wanted.scale, until)
        for place, crew in enumerate(crews)
    ]
    make_roster(crews, until)
    history = History(rng, crews, registers, until)
    plan_handovers(history, until)
    agencies.plan_referral(history, crews[0])
    plan_emergencies(history, crews[0])
    plan_alerts(history, crews[0])
    window.plan_needs(history, crews[0])
    reports.plan_reports(history, crews[0])
    planned = agencies.MATTERS + window.MATTERS + reports.MATTERS
    history.run(wanted.matters - planned, wanted.days, lambda done, _total: progress(done, wanted.matters))
    window.open_windows(Random(f"{seed}:{size}:window"), crews, until)
    for crew in crews:
        ask_for_pairs(crew.station, by=None, now=until)
    write_basemap(settings.DATA_DIR / "basemap")
    catalogue.forget()
    return Made(wanted.stations, history.reported, sum(len(register.standings) for register in registers))


def _this_quarter_day() -> datetime:
    now = timezone.localtime()
    return now.replace(hour=now.hour // 6 * 6, minute=0, second=0, microsecond=0)
