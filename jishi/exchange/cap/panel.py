"""What a matter, a plan's board and the desk show of alerts: those there are, those that wait, the way to draft one."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jishi.exchange.cap.queries import of_matter, to_approve
from jishi.exchange.cap.roles import may
from jishi.matters.loop import State
from jishi.matters.models import Matter, PlanRun
from jishi.matters.plans import slots as boards
from jishi.matters.queries.page import MatterPage
from jishi.matters.slots import Note, Panel, register, register_note
from jishi.stations.models import Staff, Station

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


def draw_on_desk(request: HttpRequest) -> Note | None:
    """How many alerts wait for the one who asks, if that one approves them."""
    user, station = cast(Staff, request.user), cast("Station | None", getattr(request, "station", None))
    if station is None or not may(user, station.pk, "approve"):
        return None
    waiting = to_approve(user, station)
    if not waiting:
        return None
    said = ngettext(
        "%(num)s public alert waits for your approval.", "%(num)s public alerts wait for your approval.", len(waiting)
    )
    only = len(waiting) == 1
    url = reverse("exchange:alert", args=[waiting[0]]) if only else reverse("exchange:alerts")
    return Note(said % {"num": len(waiting)}, url, _("Read and decide"))


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
register_note("alerts", draw_on_desk)
boards.register(boards.Panel("alerts", "exchange/_alert_panel.html", draw_on_board, order=60))
