"""What the public does in the loop: follow, add, rate, dispute; and the mark of an urgent need, which the desk confirms.

Whoever holds a receipt acts without a name.  "Not mended" begins a new round while the answer is fresh, once and once
more; after that, or later, it goes to the chief with its reason, and the state stays as it is.
"""  # noqa: E501

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from jishi.base.errors import Refused
from jishi.matters import commands as c
from jishi.matters.loop import agencies
from jishi.matters.loop.moves import enter
from jishi.matters.loop.state import Actor, Event, State
from jishi.matters.loop.table import CLOCK_OF
from jishi.matters.terms import Rules

ROLE = "public"
#: How often "not mended" begins a new round of one matter; then the chief decides.
MOST_DISPUTES = 2
#: Fields that staff must fill in and the public need not: nobody has to say why they take a report back.
_LEFT_OPEN = frozenset({("withdraw", "reason")})


def public_actor() -> Actor:
    """Somebody of the public as the loop sees them: nobody on staff, and nobody that it could tell apart."""
    return Actor(None, frozenset({ROLE}))


def is_public(actor: Actor) -> bool:
    """Whether the public gives the command."""
    return ROLE in actor.roles


def may_leave_open(actor: Actor, verb: str, field: str) -> bool:
    """Whether a field that the command asks for is asked of staff only."""
    return is_public(actor) and (verb, field) in _LEFT_OPEN


def signed(event: Event, actor: Actor) -> Event:
    """The event, with a mark where the public did it: no member of staff and no name stands behind it."""
    return replace(event, facts={**event.facts, ROLE: True}) if is_public(actor) else event


def why_not(state: State, verb: str, actor: Actor) -> Refused | None:
    """Why these commands cannot be given now, beside state and role."""
    if verb == "rate" and state.rated_by == ROLE:
        return Refused("rated_already")
    if verb == "dispute" and state.outcome == "duplicate":
        return Refused("answered_elsewhere")
    if verb == "dispute" and state.appealed:
        return Refused("appealed_already")
    if verb == "mark_urgent" and state.urgent == "confirmed":
        return Refused("urgent_already")
    if verb == "unmark_urgent" and not state.urgent:
        return Refused("not_urgent")
    return None


def follow(state: State, cmd: c.Follow, actor: Actor, now: datetime, rules: Rules) -> Event:
    """One more of the public waits for the answer."""
    return Event("followed", {"followers": state.followers + 1})


def add(state: State, cmd: c.Add, actor: Actor, now: datetime, rules: Rules) -> Event:
    """A word or a photo more; the matter stays with whoever has it."""
    if not cmd.text and not cmd.photos:
        raise Refused("missing", field="text", command="add")
    return Event("added", facts={"photos": cmd.photos} if cmd.photos else {})


def rate(state: State, cmd: c.Rate, actor: Actor, now: datetime, rules: Rules) -> Event:
    """Whether it is mended, and stars: by the public once a round, by the desk for whoever has no receipt."""
    stars = {name: value for name, value in (("result", cmd.result), ("manner", cmd.manner)) if value is not None}
    if any(not 1 <= value <= 5 for value in stars.values()):
        raise Refused("bad_stars")
    return Event("rated", {"mended": cmd.mended, "rated_by": ROLE if is_public(actor) else "desk"}, facts=stars)


def reopens(state: State, now: datetime, rules: Rules) -> bool:
    """Whether "not mended" begins a new round; else it goes to the chief."""
    since = state.answered_at or state.closed_at
    days = timedelta(days=rules.policy.limits["dispute_days"])
    return state.disputed < MOST_DISPUTES and (since is None or now - since <= days)


def dispute(state: State, cmd: c.Dispute, actor: Actor, now: datetime, rules: Rules) -> Event:
    """Not mended: a new round, or the chief's word."""
    if not reopens(state, now, rules):
        return Event("appealed", {"appealed": True})
    return new_round(state, "disputed", now, rules, disputed=state.disputed + 1)


def new_round(state: State, event: str, now: datetime, rules: Rules, **also: Any) -> Event:
    """Everything from the assessment on begins anew."""
    sets = {"cycle": state.cycle + 1, "outcome": "", "reopened": state.reopened + 1, "mended": None, "unit": None,
            "assignee": None, "agency": None, "submitter": None, "closed_at": None, "extended": 0, "paused_times": 0,
            "paused_minutes": 0, "answered_at": None, "rated_by": "", "appealed": False, **also,
            **agencies.no_longer(state)}  # fmt: skip
    answer = rules.start("answer", state.category, state.grade, now)
    return enter(state, event, "assessed", now, rules, sets=sets, also_start=(answer,))


def mark_urgent(state: State, cmd: c.MarkUrgent, actor: Actor, now: datetime, rules: Rules) -> Event:
    """The clocks that run get the shorter terms; what was worked counts."""
    return _retermed(state, "urgent_marked", "confirmed", now, rules)


def unmark_urgent(state: State, cmd: c.UnmarkUrgent, actor: Actor, now: datetime, rules: Rules) -> Event:
    """The clocks that run get their ordinary terms again."""
    return _retermed(state, "urgent_unmarked", "", now, rules)


def _retermed(state: State, event: str, urgent: str, now: datetime, rules: Rules) -> Event:
    rules = rules.pressing(urgent == "confirmed")
    if rules.urgent == (state.urgent == "confirmed"):
        return Event(event, {"urgent": urgent})
    changed = tuple(rules.reterm(clock, state.category, state.grade, now) for clock in state.clocks)
    change = tuple(new for new, old in zip(changed, state.clocks, strict=True) if new != old)
    stage = next((clock for clock in changed if clock.kind == CLOCK_OF.get(state.state)), None)
    return Event(event, {"urgent": urgent, **({"next_due": stage.due} if stage else {})}, change=change)


DECIDERS: dict[str, Any] = {
    "follow": follow, "add": add, "rate": rate, "dispute": dispute, "mark_urgent": mark_urgent,
    "unmark_urgent": unmark_urgent,
}  # fmt: skip
