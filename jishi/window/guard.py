"""What a short form of the window checks before it is taken: its stamp, its trap, and how often its address sends."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import HttpRequest

from jishi.base.errors import Refused
from jishi.window import challenge
from jishi.window.limits import Limit


def guarded(request: HttpRequest, purpose: str, limit: Limit, now: datetime) -> str:
    """The mark of the form that was sent, its idempotency key.

    Raises ``Refused``: ``stamp_unknown``, ``stamp_old``, ``looks_machine``, ``too_often``.
    """
    made = challenge.read_stamp(purpose, request.POST.get(challenge.STAMP, ""), now)
    if made is None or not made.good:
        raise Refused("stamp_unknown" if made is None else "stamp_old")
    limit.check(request)
    limit.note(request)
    if challenge.doubts(request.POST, made):
        raise Refused("looks_machine")
    return made.mark


def stamp_for(request: HttpRequest, purpose: str, now: datetime) -> dict[str, Any]:
    """What the template of such a form shows; a form that is shown again keeps its stamp."""
    given = request.POST.get(challenge.STAMP, "")
    known = challenge.read_stamp(purpose, given, now)
    kept = given if known is not None and known.good else challenge.new_stamp(purpose, now)
    return {"stamp": kept, "trap": challenge.TRAP}
