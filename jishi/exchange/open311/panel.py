"""What a matter's page shows of the agency's system: how far the errand is, what failed, and the way to try again."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest

from jishi.exchange.open311.models import Errand, ErrandState
from jishi.exchange.open311.words import says
from jishi.matters.agencies.actions import may_hand_out
from jishi.matters.queries.page import MatterPage
from jishi.matters.slots import Panel, register

_TONES = {ErrandState.OPEN: "good", ErrandState.CLOSED: "good", ErrandState.FAILED: "late"}


def draw(request: HttpRequest, page: MatterPage) -> Mapping[str, Any] | None:
    """The errands of this matter, the newest first; None where there are none."""
    rows = Errand.objects.filter(matter=page.row["id"]).select_related("counterpart__agency").order_by("-pk")
    found = [
        {
            "it": each,
            "tone": _TONES.get(ErrandState(each.state), "quiet"),
            "error": says(each.error),
            "stuck": _stuck(each),
        }
        for each in rows
    ]
    if not found:
        return None
    return {"number": page.number, "rows": found, "may": may_hand_out(page.state, page.actor)}


def _stuck(errand: Errand) -> bool:
    """Whether nothing happens any more unless somebody presses the button."""
    return bool(errand.error) and errand.next_at is None


register(Panel("errands", "exchange/_errands.html", draw, order=21))
