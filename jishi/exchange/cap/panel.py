"""What a matter's page shows of its alerts: those that there are, and the way to draft one where it is grave."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from django.http import HttpRequest
from django.utils import timezone

from jishi.exchange.cap.queries import of_matter
from jishi.exchange.cap.roles import may
from jishi.matters.queries.page import MatterPage
from jishi.matters.slots import Panel, register
from jishi.stations.models import Staff

#: Red and orange.
GRAVE = (1, 2)


def draw(request: HttpRequest, page: MatterPage) -> Mapping[str, Any] | None:
    """The panel; None for a matter that is not grave and has no alert."""
    user, state = cast(Staff, request.user), page.state
    grave = state.grade in GRAVE and state.state != "closed"
    may_draft = grave and may(user, state.station, "draft")
    now = timezone.now()
    alerts = [(alert, alert.state_at(now)) for alert in of_matter(user, page.row["id"])]
    if not alerts and not grave:
        return None
    return {"number": page.number, "alerts": alerts, "may_draft": may_draft, "at": now}


register(Panel("alerts", "exchange/_alert_panel.html", draw, order=60))
