"""Who is told of an event of the loop, and by which rule.  Called inside the transaction of every command."""

from __future__ import annotations

from datetime import datetime

from jishi.matters.loop import Actor, Event, State


def tell_of(matter_id: int, before: State | None, event: Event, after: State, actor: Actor, now: datetime) -> None:
    """Tell whoever has to know of this event; ``before`` is None for a new matter.  The actor is never told."""
