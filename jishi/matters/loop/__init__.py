"""THE LOOP: a pure decider.  ``decide(state, command, …) -> events`` or ``Refused``; ``evolve(state, event) -> state``.

Nothing here knows a database or a clock on the wall: the time, the actor and the rules are passed in.  The table
:data:`COMMANDS` is the whole of what may happen: from which states, by which roles, with which fields, to which state.
A station's ``responsible_unit`` and ``next_due`` follow from :data:`OWNER` and :data:`CLOCK_OF`, so no command can leave
an open matter without either.
"""  # noqa: E501

from jishi.matters.loop.agencies import agency_actor
from jishi.matters.loop.decide import allowed, decide, why_not
from jishi.matters.loop.moves import imported
from jishi.matters.loop.public import public_actor
from jishi.matters.loop.state import SYSTEM, Actor, Event, State, evolve
from jishi.matters.loop.table import (
    CLOCK_OF,
    COMMANDS,
    LEADERS,
    OPEN,
    OUTCOMES,
    OWNER,
    STAGE_OF,
    STAGES,
    STATES,
    Rule,
)

__all__ = [
    "CLOCK_OF",
    "COMMANDS",
    "LEADERS",
    "OPEN",
    "OUTCOMES",
    "OWNER",
    "STAGES",
    "STAGE_OF",
    "STATES",
    "SYSTEM",
    "Actor",
    "Event",
    "Rule",
    "State",
    "agency_actor",
    "allowed",
    "decide",
    "evolve",
    "imported",
    "public_actor",
    "why_not",
]
