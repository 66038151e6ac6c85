"""What a matter's page shows of the agency that it stands with: the links to it, and the way to make one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest
from django.utils import timezone

from jishi.matters.agencies.actions import MOST_DAYS, USUAL_DAYS, may_hand_out
from jishi.matters.agencies.links import links_of
from jishi.matters.queries.page import MatterPage
from jishi.matters.slots import Panel, register


def draw(request: HttpRequest, page: MatterPage) -> Mapping[str, Any] | None:
    """The links of this matter; None where there is neither a link nor an agency to make one for."""
    stands = page.state.agency is not None and page.state.state != "closed"
    rows = links_of(page.row["id"], timezone.now()) if _was_referred(page) else []
    if not stands and not rows:
        return None
    return {
        "number": page.number,
        "agency": page.row["agency__name"] or "",
        "rows": rows,
        "stands": stands,
        "may": may_hand_out(page.state, page.actor),
        "days": USUAL_DAYS,
        "most": MOST_DAYS,
    }


def _was_referred(page: MatterPage) -> bool:
    return any(entry.kind == "referred" for entry in page.entries)


register(Panel("agency", "matters/_agency.html", draw, order=20))
