"""急难愁盼: the queue of urgent needs that wait for the desk's word, and those that it confirmed."""

from __future__ import annotations

from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from jishi.base.toasts import toast
from jishi.matters import commands
from jishi.matters.actions import apply
from jishi.matters.queries.scope import get_matter
from jishi.stations.models import Staff
from jishi.window import doors
from jishi.window.desk import desk_place
from jishi.window.queries.urgent import urgent_at


@never_cache
@login_required
@require_safe
def urgent(request: HttpRequest) -> HttpResponse:
    """``desk/window/urgent/``: what waits longest first; below it what was confirmed and is still open."""
    user, station = desk_place(request)
    context = {
        "nav_here": "window", "tabs": doors.desk_tabs(request, "urgent"),
        "asked": [(each, uuid4().hex) for each in urgent_at(user, station.pk, "asked")],
        "confirmed": list(urgent_at(user, station.pk, "confirmed").order_by("next_due", "pk")),
    }  # fmt: skip
    return render(request, "window/urgent.html", context)


@login_required
@require_POST
def confirm(request: HttpRequest, number: str) -> HttpResponse:
    """Confirm one need, and go on with the queue."""
    assert isinstance(request.user, Staff)
    matter = get_matter(request.user, number)
    seen = request.POST.get("version", "")
    done = apply(
        matter, commands.MarkUrgent(), by=request.user, version=int(seen) if seen.isdecimal() else None,
        key=request.POST.get("key", "")[:64] or None, now=timezone.now(),
    )  # fmt: skip
    back = {"version": done.version, "key": uuid4().hex, "reason": _("Taken back at once.")}
    toast(
        request, _("%(number)s: confirmed. Shorter clocks run from now on.") % {"number": number},
        undo="" if done.replayed else reverse("matters:command", args=[number, "unmark_urgent"]), fields=back,
    )  # fmt: skip
    return HttpResponseRedirect(reverse("window:urgent"), status=303)
