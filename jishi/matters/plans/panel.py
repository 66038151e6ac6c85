"""What a matter's page shows of plans: the run and my tasks, or the plan that fits and starts with one press."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast
from uuid import uuid4

from django.http import HttpRequest

from jishi.matters import loop
from jishi.matters.models import Matter
from jishi.matters.plans import catalogue
from jishi.matters.plans.queries import board_of
from jishi.matters.queries.page import MatterPage
from jishi.matters.slots import Panel, register
from jishi.stations.models import Staff

MOST = 4


def draw(request: HttpRequest, page: MatterPage) -> Mapping[str, Any] | None:
    """The panel; nothing where no plan runs, ran or fits."""
    ran = any(entry.kind == "plan_started" for entry in page.entries)
    may_start = "start_plan" in loop.allowed(page.state, page.actor)
    fitting = catalogue.match(page.state.station, page.state.category, page.state.grade) if may_start else None
    if not ran and fitting is None:
        return None
    user = cast(Staff, request.user)
    board = board_of(user, Matter.objects.get(pk=page.row["id"])) if ran else None
    return {
        "number": page.number, "version": page.state.version, "key": uuid4().hex, "board": board, "fitting": fitting,
        "mine": board.mine[:MOST] if board and board.running else [], "drill": page.state.drill,
    }  # fmt: skip


register(Panel("plan", "matters/plans/_panel.html", draw, order=10, where="main"))
