"""What the worker does for matters: ladders go on by the minute, a suspension ends by itself at its date."""

from __future__ import annotations

from typing import Any

from django.utils import timezone

from jishi.base.errors import Refused
from jishi.jobs.registry import every, job
from jishi.matters import commands
from jishi.matters.actions import timing
from jishi.matters.actions.apply import RESUME_JOB, apply


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


@every(1, "matters.timers", atomic=False)
def timers() -> None:
    """Take every step of a ladder that is due; each batch is a transaction of its own, so that a crash repeats nothing."""
    timing.fire_due(timezone.now())
