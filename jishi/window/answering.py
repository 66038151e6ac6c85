"""Everybody who reported or follows a matter is told what comes of it, and is answered when it is answered."""

from __future__ import annotations

from collections.abc import Mapping

from jishi.matters.models import Matter
from jishi.matters.telling import Happening, listen
from jishi.window.actions.letters import family_of, write_to
from jishi.window.models import Letter, Receipt

#: What is told of which event.
TOLD: Mapping[str, str] = {
    "accepted": Letter.What.WORKING,
    "suspended": Letter.What.PAUSED,
    "transferred": Letter.What.MOVED,
    "merged": Letter.What.JOINED,
    "reopened": Letter.What.AGAIN,
    "disputed": Letter.What.AGAIN,
    "answered": Letter.What.ANSWERED,
}


def hear(it: Happening) -> None:
    """Write down who is answered, and the letters, in the transaction of the event."""
    kind = it.event.kind
    if kind not in TOLD or it.after.drill:
        return
    family = family_of(it.matter)
    receipts = Receipt.objects.filter(matter__in=family, purged_at=None)
    if kind == "answered":
        receipts.update(answered_at=it.now)
    elif kind in ("reopened", "disputed"):
        receipts.update(answered_at=None)
    elif kind == "merged" and it.after.root is not None:
        root = Matter.objects.filter(pk=it.after.root).values_list("answered_at", flat=True).first()
        receipts.update(answered_at=root)
    write_to(family, TOLD[kind], it.after.cycle, it.now)


listen(hear)
