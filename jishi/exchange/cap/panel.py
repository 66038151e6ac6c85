"""What a matter's page and the board of its plan show of its alerts: those that there are, and the way to draft one where it is grave."""  # noqa: E501

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from django.http import HttpRequest
from django.utils import timezone

from jishi.exchange.cap.queries import of_matter
from jishi.exchange.cap.roles import may
from jishi.matters.loop import State
from jishi.matters.models import Matter, PlanRun
from jishi.matters.plans import slots as boards
from jishi.matters.queries.page import MatterPage
from jishi.matters.slots import Panel, register
from jishi.stations.models import Staff

#: Red and orange.
GRAVE = (1, 2)


def draw(request: HttpRequest, page: MatterPage) -> Mapping[str, Any] | None:
    """The panel of a matter; None for one that is not grave and has no alert."""
    state = page.state
    return _draw(request, page.row["id"], page.number, state.station, _is_grave(state), state.drill)


def draw_on_board(request: HttpRequest, run: PlanRun) -> Mapping[str, Any] | None:
    """The panel of a plan at work, as on the page of its matter; None also for a run that is over and had no alert."""
    matter = run.matter
    grave = run.ended_at is None and _is_grave(matter)
    return _draw(request, matter.pk, matter.number, matter.station_id, grave, matter.drill)


def _is_grave(stands: Matter | State) -> bool:
    return stands.grade in GRAVE and stands.state != "closed"


def _draw(
    request: HttpRequest, matter_id: int, number: str, station_id: int, grave: bool, drill: bool
) -> Mapping[str, Any] | None:
    user, now = cast(Staff, request.user), timezone.now()
    alerts = [(alert, alert.state_at(now)) for alert in of_matter(user, matter_id)]
    if not alerts and not grave:
        return None
    may_draft = grave and may(user, station_id, "draft")
    return {"number": number, "alerts": alerts, "may_draft": may_draft, "drill": drill, "at": now}


register(Panel("alerts", "exchange/_alert_panel.html", draw, order=60))
boards.register(boards.Panel("alerts", "exchange/_alert_panel.html", draw_on_board, order=60))
