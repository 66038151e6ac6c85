"""More time and pauses: asked for by the unit, granted or refused by a leader, and never more than the policy allows.

In one round of a matter all extensions together add at most a share of the handling term, and suspensions are limited
in number and in days.  What cannot be granted cannot be asked for either.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from jishi.base.errors import Refused
from jishi.matters import commands as c
from jishi.matters.loop import plans
from jishi.matters.loop.state import Actor, Event, State
from jishi.matters.terms import Rules

#: What may be asked for.
WHAT = ("extend", "suspend")
_NOTHING: Mapping[str, Any] = {"asked": "", "asked_minutes": None, "asked_until": None}
_DAY = 1440


@dataclass(frozen=True, slots=True)
class Left:
    """What may still be granted in this round: minutes of extension, suspensions, and minutes of suspension."""

    minutes: int
    times: int
    pause: int

    @property
    def days(self) -> int:
        """Whole days of suspension."""
        return self.pause // _DAY


def left(state: State, rules: Rules) -> Left:
    """What may still be granted to this matter in this round."""
    pressing = rules.pressing(state.urgent == "confirmed")
    term = pressing.term(state.category, state.grade, "handle").minutes
    limits = rules.policy.limits
    return Left(
        max(0, min(c.EXTEND_MINUTES, term * limits["extend_most"] // 100 - state.extended)),
        max(0, limits["suspend_times"] - state.paused_times),
        max(0, c.SUSPEND_DAYS * _DAY - state.paused_minutes),
    )


def why_not(state: State, verb: str) -> Refused | None:
    """Why there is nothing to ask or to refuse now."""
    if verb == "request" and state.asked:
        return Refused("asked_already")
    if verb == "refuse" and not state.asked:
        return Refused("nothing_asked")
    return None


def check_extension(state: State, minutes: int, rules: Rules) -> None:
    """Refuse more time than this round has left.  Raises ``Refused("missing" | "extend_far" | "extend_most")``."""
    if not 0 < minutes <= c.EXTEND_MINUTES:
        raise Refused("extend_far", minutes=c.EXTEND_MINUTES)
    most = left(state, rules).minutes
    if minutes > most:
        raise Refused("extend_most", minutes=most)


def check_suspension(state: State, until: datetime, now: datetime, rules: Rules) -> None:
    """Refuse a pause that this round has not left.

    Raises ``Refused("until_past" | "until_far" | "suspend_times")``.
    """
    if until <= now:
        raise Refused("until_past")
    most = left(state, rules)
    if not most.times:
        raise Refused("suspend_times", times=rules.policy.limits["suspend_times"])
    if until - now > timedelta(minutes=most.pause):
        raise Refused("until_far", days=most.days)


def settle(state: State, event: Event) -> Event:
    """The event, with the request settled when it was granted or the matter is no longer in hand."""
    settled = event.kind in ("extended", "suspended", "refused") or event.set.get("state", "handling") != "handling"
    return replace(event, set={**event.set, **_NOTHING}) if state.asked and settled else event


def paused(state: State, until: datetime, now: datetime) -> dict[str, Any]:
    """What a suspension until then adds to the counts of this round."""
    minutes = -(-int((until - now).total_seconds()) // 60)
    return {"paused_times": state.paused_times + 1, "paused_minutes": state.paused_minutes + minutes}


def unpaused(state: State, now: datetime) -> dict[str, Any]:
    """What the end of a suspension gives back: the minutes that it did not last."""
    until = state.suspended_until or now
    unused = max(0, int((until - now).total_seconds()) // 60)
    return {"paused_minutes": max(0, state.paused_minutes - unused)} if unused else {}


def request(state: State, cmd: c.Request, actor: Actor, now: datetime, rules: Rules) -> Event:
    """More time or a pause is asked for; the clocks run on until a leader decides."""
    if cmd.what not in WHAT:
        raise Refused("bad_request", what=cmd.what)
    if cmd.what == "extend":
        if not cmd.minutes:
            raise Refused("missing", field="minutes", command="request")
        check_extension(state, cmd.minutes, rules)
        return Event("requested", {"asked": "extend", "asked_minutes": cmd.minutes, "asked_until": None})
    if cmd.until is None:
        raise Refused("missing", field="until", command="request")
    forbidden = plans.why_not(state, "suspend")
    if forbidden:
        raise forbidden
    check_suspension(state, cmd.until, now, rules)
    return Event("requested", {"asked": "suspend", "asked_minutes": None, "asked_until": cmd.until})


def refuse(state: State, cmd: c.Refuse, actor: Actor, now: datetime, rules: Rules) -> Event:
    """A leader does not grant what was asked for."""
    return Event("refused", dict(_NOTHING), facts={"what": state.asked})
