"""What the worker does for matters: ladders go on, suspensions end, small matters are raised, the day begins."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from jishi.base.errors import Refused
from jishi.jobs.registry import every, job
from jishi.matters import commands
from jishi.matters.actions import timing
from jishi.matters.actions.apply import RESUME_JOB, apply
from jishi.matters.actions.morning import send_mornings
from jishi.matters.actions.small import raise_small
from jishi.stations.models import Station


@job(RESUME_JOB)
def resume(payload: dict[str, Any]) -> None:
    """Resume a matter whose suspension has run out, unless it was resumed before.

    What else happened to it meanwhile (a note, an answer of an agency) does not keep it suspended.
    """
    try:
        apply(
            payload["matter"],
            commands.Resume(),
            by=None,
            key=f"resume:{payload['matter']}:{payload['version']}",
        )
    except Refused as refused:
        if refused.code not in ("wrong_state", "until_not_reached"):
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


@every(1, "matters.timers", atomic=False)
def timers() -> None:
    """Take every step of a ladder that is due, each batch in a transaction of its own: a crash repeats nothing."""
    timing.fire_due(timezone.now())
