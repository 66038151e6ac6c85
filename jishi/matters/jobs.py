"""What the worker does for matters: suspensions end by themselves, small matters are raised, the day begins."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from jishi.base.errors import Refused
from jishi.jobs.registry import every, job
from jishi.matters import commands
from jishi.matters.actions.apply import RESUME_JOB, apply
from jishi.matters.actions.morning import send_mornings
from jishi.matters.actions.small import raise_small
from jishi.stations.models import Station


@job(RESUME_JOB)
def resume(payload: dict[str, Any]) -> None:
    """Resume a matter whose suspension has run out, unless somebody acted before."""
    try:
        apply(
            payload["matter"],
            commands.Resume(),
            by=None,
            version=payload["version"],
            key=f"resume:{payload['matter']}:{payload['version']}",
        )
    except Refused as refused:
        if refused.code not in ("stale", "wrong_state"):
            raise


@every(60, "matters.small", atomic=False)
def raise_what_is_small() -> None:
    """Raise what may grow, station by station."""
    for station in Station.objects.order_by("pk").values_list("pk", flat=True):
        raise_small(station, timezone.now())


@every(1, "matters.morning", atomic=False)
def begin_the_day() -> None:
    """Tell everybody what the day brings, once it has begun at their station."""
    send_mornings(timezone.now())
