"""The duty desk: what am I to do now?"""

from __future__ import annotations

from datetime import datetime
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from jishi.base.listing import CAP
from jishi.base.words import count
from jishi.matters import catalogue, slots
from jishi.matters.plans.queries import duties_of
from jishi.matters.queries import desk as queries
from jishi.matters.queries import small
from jishi.matters.views.place import station_of, worker_of
from jishi.matters.views.shown import shown
from jishi.stations.models import Staff
from jishi.stations.roster import on_now

#: So many of those on duty are named.
NAMED = 4


@login_required
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """What is asked of this person, ordered by clock, and four more views of what surrounds it."""
    tab = request.GET.get("tab", "mine")
    tab = tab if tab in queries.TABS else "mine"
    now = timezone.now()
    worker = worker_of(request)
    found = queries.desk(cast(Staff, request.user), station_of(request).pk, tab, now)
    user = cast(Staff, request.user)
    context = {
        "nav_here": "desk",
        "notes": slots.notes_for(request),
        "small": small.count(user, worker.station) if small.may_look(user, worker.station) else 0,
        "tab": tab,
        "duties": duties_of(worker),
        "rows": shown(found.rows, worker),
        "at": now,
        "counts": {name: (min(number, CAP), number > CAP) for name, number in found.counts.items()},
        "tabs": _tabs(tab, found.counts),
        "on_duty": _on_duty(worker.station, now),
        "more": found.counts[tab] - len(found.rows),
        "shown": len(found.rows),
    }
    return render(request, "matters/desk.html", context)


def _on_duty(station_id: int, now: datetime) -> dict[str, Any]:
    """Who is on duty now, with their unit: the first few by name, and how many more."""
    names = catalogue.ground(station_id).unit_names
    on = [(name, names.get(unit or 0, "")) for name, unit in on_now(station_id, now)]
    return {"named": on[:NAMED], "more": len(on[NAMED:])}


def _tabs(here: str, counts: dict[str, int]) -> list[dict[str, Any]]:
    labels = {
        "mine": _("For me"), "unit": _("My unit's queue"), "overdue": _("Overdue"), "returned": _("Came back"),
        "waiting": _("Waiting on others"),
    }  # fmt: skip
    address = reverse("matters:desk")
    return [
        {
            "label": label,
            "url": address if name == "mine" else f"{address}?tab={name}",
            "current": name == here,
            "count": count(min(counts[name], CAP), counts[name] > CAP),
        }
        for name, label in labels.items()
    ]
