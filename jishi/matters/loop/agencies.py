"""What an outside agency may answer, once a matter was referred to it.

The agency answers beside the loop: whatever it says, the state, the owner and the clocks stay as they are, and the
station's unit stays responsible.  Its word that something is done is a word; the unit submits, and a checker checks.

It may answer while the matter is being handled and also while it is suspended: it is often what the suspension waits
for, and refusing its word would lose it.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from jishi.base.errors import Refused
from jishi.matters import commands as c
from jishi.matters.loop.state import Actor, Event, State
from jishi.matters.terms import Rules

#: The answer that is still waited for, once the agency was asked.
WAITED_FOR = frozenset({"asked", "accepted"})
#: For each command of an agency: after which of its answers it may come.
ANSWERS: Mapping[str, frozenset[str]] = {
    "agency_accept": frozenset({"asked"}),
    "agency_return": WAITED_FOR,
    "agency_report": WAITED_FOR,
}


def agency_actor(agency: int) -> Actor:
    """An outside agency as the loop sees it: nobody on staff."""
    return Actor(None, frozenset({"agency"}), agency=agency)


def why_not(state: State, verb: str, actor: Actor) -> Refused | None:
    """Why this agency may not answer so now; the state and the role were looked at before."""
    if actor.agency is None or actor.agency != state.agency:
        return Refused("agency_other", command=verb)
    if state.agency_state not in ANSWERS[verb]:
        return Refused("agency_answered", command=verb, answer=state.agency_state)
    return None


def no_longer(state: State) -> dict[str, Any]:
    """What an event sets when the matter leaves the agency altogether."""
    return {"agency": None, "agency_state": ""} if state.agency is not None else {}


def overtaken(state: State) -> dict[str, Any]:
    """What an event sets when nobody waits for the agency any more; an answer that it gave stays as it is."""
    return {"agency_state": ""} if state.agency_state in WAITED_FOR else {}


def accept(state: State, cmd: c.AgencyAccept, actor: Actor, now: datetime, rules: Rules) -> Event:
    """The agency has taken it on."""
    return Event("agency_accepted", {"agency_state": "accepted"}, facts={"agency": actor.agency})


def give_back(state: State, cmd: c.AgencyReturn, actor: Actor, now: datetime, rules: Rules) -> Event:
    """The agency will not do it: it stays named, and the unit goes on."""
    return Event("agency_returned", {"agency_state": "returned"}, facts={"agency": actor.agency})


def report_done(state: State, cmd: c.AgencyReport, actor: Actor, now: datetime, rules: Rules) -> Event:
    """The agency says that it is done."""
    return Event("agency_reported", {"agency_state": "done"}, facts={"agency": actor.agency})
