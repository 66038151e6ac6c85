"""Small before big: what was raised to whoever leads the unit, and that they have looked at it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from jishi.base.errors import Refused
from jishi.base.toasts import toast
from jishi.matters import catalogue, labels, slots
from jishi.matters.actions.small import acknowledge
from jishi.matters.models import Raised
from jishi.matters.queries import get_matter
from jishi.matters.queries import small as queries
from jishi.matters.queries.page import MatterPage
from jishi.matters.views.place import station_of, worker_of
from jishi.matters.views.shown import shown
from jishi.stations.models import Staff


@login_required
@require_safe
def small(request: HttpRequest) -> HttpResponse:
    """``matters/small/``: what may grow, the last raised first.  Raises ``Refused("not_allowed")`` for others."""
    user, station_id = cast(Staff, request.user), station_of(request).pk
    if not queries.may_look(user, station_id):
        raise Refused("not_allowed")
    found = queries.looks(user, station_id)
    units = catalogue.ground(station_id).unit_names
    rows = zip(shown((look.row for look in found), worker_of(request)), found, strict=True)
    context = {
        "nav_here": "desk",
        "at": timezone.now(),
        "rows": [
            (it, [figures(each) for each in look.raised], it.unit or units[look.raised[0].unit_id]) for it, look in rows
        ],
        "most": queries.SHOWN,
    }
    return render(request, "matters/small.html", context)


@login_required
@require_POST
def seen(request: HttpRequest, number: str) -> HttpResponse:
    """``matters/small/<number>/seen/``: somebody who looks after the unit has looked."""
    user = cast(Staff, request.user)
    if acknowledge(get_matter(user, number), by=user, now=timezone.now()):
        toast(request, _("Noted: you have looked at it."))
    back = request.POST.get("back", "")
    inside = url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure())
    return HttpResponseRedirect(back if inside else reverse("matters:small"))


def figures(raised: Raised) -> str:
    """A reason with its figures: "3 matters here within 30 days"."""
    words: str = str(labels.SMALL_FIGURES[raised.reason]) % raised.facts
    return words


def why_look(request: HttpRequest, page: MatterPage) -> Mapping[str, Any] | None:
    """The panel of a matter's page: why it deserves a look, and who has looked."""
    user = cast(Staff, request.user)
    rows = queries.raised_of(page.row["id"])
    found = [{"figures": figures(row), "row": row} for row in rows]
    if not found:
        return None
    waits = any(row.acknowledged_at is None and row.version == page.state.version for row in rows)
    return {
        "reasons": found,
        "number": page.number,
        "element": page.row["element__number"] if any(row.reason == "same_place" for row in rows) else "",
        "may_see": waits and queries.may_look(user, page.state.station),
    }


slots.register(slots.Panel("small", "matters/_small.html", why_look, order=15))
