"""What the worker does for the register: freshness flips by itself, days are counted, sums are swept."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from jishi.jobs.actions import enqueue
from jishi.jobs.registry import LONG, every, job
from jishi.register.actions.freshness import count_day, flip_due, restand_category
from jishi.register.actions.rollups import sweep_empty
from jishi.register.actions.searches import FIND_JOB, ask_for_pairs, search_pairs
from jishi.register.actions.shelves import RESTAND_JOB
from jishi.stations.models import Station

CHUNK = 1_000


@every(minutes=1, name="register.flip", atomic=False)
def flip() -> None:
    """Let elements become due and overdue at their moment."""
    while flip_due(timezone.now(), CHUNK) == CHUNK:
        continue


@every(minutes=60, name="register.count_day", atomic=False)
def count() -> None:
    """Write down how the register stands today."""
    count_day(timezone.now())
    sweep_empty()


@job(RESTAND_JOB)
def restand(payload: dict[str, Any]) -> None:
    """Reckon the deadlines of a category anew after its cadence or its attributes changed, a chunk at a time."""
    last = restand_category(payload["category"], payload["after"], CHUNK, timezone.now())
    if last is not None:
        enqueue(RESTAND_JOB, {"category": payload["category"], "after": last})


@job(FIND_JOB, atomic=False, lane=LONG)
def find(payload: dict[str, Any]) -> None:
    """Look for pairs that look alike in the register of a station."""
    search_pairs(payload["station"])


@every(minutes=1440, name="register.find_pairs_daily", atomic=False)
def find_daily() -> None:
    """Look for pairs at every station, once a day."""
    for station in Station.objects.order_by("pk"):
        ask_for_pairs(station, by=None)
