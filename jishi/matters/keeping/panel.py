"""What a matter's page says of how long its content is kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from jishi.matters.keeping.holds import may_hold, may_read_holds
from jishi.matters.keeping.over import kept_of
from jishi.matters.keeping.queries import standing_hold
from jishi.matters.queries.page import MatterPage
from jishi.matters.slots import Panel, register


def draw(request: HttpRequest, page: MatterPage) -> Mapping[str, Any] | None:
    """Until when it is kept, the hold that keeps it longer, or when it was purged; nothing while it is open."""
    hold = standing_hold(page.row["id"])
    closed = page.state.state == "closed"
    may = may_hold(page.actor)
    if hold is None and not closed and not may:
        return None
    kept = kept_of([page.row["id"]])[page.row["id"]] if closed else None
    return {
        "number": page.number,
        "hold": hold,
        "until": kept.until if kept and not kept.held else None,
        "elsewhere": kept is not None and kept.held and hold is None,
        "may": may and not page.row["purged_at"],
        "may_read": may_read_holds(page.actor),
        "purged_at": page.row["purged_at"],
    }


register(Panel("keeping", "matters/_keeping.html", draw, order=80))
