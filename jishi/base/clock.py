"""What one clock shows: the words, how urgent, the share used, the exact moment.  The same everywhere."""

from __future__ import annotations

import datetime as dt
from typing import NamedTuple

from django.utils import timezone
from django.utils.translation import gettext

from jishi.base.words import left, moment

SOON = 80  # per cent of the time used, where a clock starts to press


class Face(NamedTuple):
    """A clock, ready to draw.  ``level``: calm, soon, late, paused, none."""

    text: str
    level: str
    share: int
    exact: str
    due: str
    started: str


def face(
    due: dt.datetime | None, started: dt.datetime | None = None, now: dt.datetime | None = None, state: str = "running"
) -> Face:
    """Read the clock at ``now``.  ``state`` is ``running``, ``paused`` or ``none`` (no time limit)."""
    if due is None or state == "none":
        return Face(gettext("No time limit"), "none", 0, "", "", "")
    exact = moment(due)
    if state == "paused":
        return Face(gettext("Paused"), "paused", 0, exact, "", "")
    now = now or timezone.now()
    used = share(due, started, now)
    level = "late" if now >= due else "soon" if used >= SOON else "calm"
    return Face(left(due, now), level, used, exact, due.isoformat(), started.isoformat() if started else "")


def share(due: dt.datetime, started: dt.datetime | None, now: dt.datetime) -> int:
    """How much of the time is used, 0 to 100."""
    if now >= due:
        return 100
    if started is None or started >= due or now <= started:
        return 0
    return int(100 * (now - started) / (due - started))
