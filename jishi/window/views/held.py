"""待核: the desk looks at reports in quarantine."""

from __future__ import annotations

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from jishi.base.errors import Refused
from jishi.base.navigation import roles_of
from jishi.base.toasts import toast
from jishi.files.serving import serve
from jishi.stations.models import Staff, Station
from jishi.window import doors
from jishi.window.actions import held as actions
from jishi.window.navigation import WINDOW_ROLES
from jishi.window.queries.held import files_of, get_held, thrown_at, waiting_at


@never_cache
@login_required
@require_safe
def held(request: HttpRequest) -> HttpResponse:
    """``desk/window/held/``: what waits, and what was thrown away and can be taken back."""
    user, station = _place(request)
    context = {
        "nav_here": "window", "tabs": doors.desk_tabs(request, "held"), "waiting": waiting_at(user, station.pk),
        "thrown": thrown_at(user, station.pk), "hours": int(actions.HELD_FOR.total_seconds() // 3600),
    }  # fmt: skip
    return render(request, "window/held.html", context)


@login_required
@require_safe
def kept_file(request: HttpRequest, pk: int, file: int) -> HttpResponseBase:
    """``desk/window/held/<report>/files/<file>/``: what came with it; ``?small`` a small picture of it."""
    found = get_held(cast(Staff, request.user), pk)
    return serve(files_of([found]).filter(pk=file).first(), f"{found.number}-{file}", small="small" in request.GET)


@login_required
@require_POST
def release(request: HttpRequest, pk: int) -> HttpResponse:
    """Take it into the loop."""
    user, number = _found(request, pk)
    actions.release(pk, by=user, now=timezone.now())
    toast(request, _("%(number)s is in the loop and stands at the desk.") % {"number": number})
    return _back()


@login_required
@require_POST
def throw(request: HttpRequest, pk: int) -> HttpResponse:
    """Throw it away; it can be taken back for seven days."""
    user, number = _found(request, pk)
    actions.throw_away(pk, by=user, now=timezone.now())
    toast(request, _("%(number)s is thrown away. It can be taken back below for seven days.") % {"number": number})
    return _back()


@login_required
@require_POST
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    """Take back that it was thrown away."""
    user, number = _found(request, pk)
    actions.undo(pk, by=user, now=timezone.now())
    toast(request, _("%(number)s waits again.") % {"number": number})
    return _back()


def _place(request: HttpRequest) -> tuple[Staff, Station]:
    station = cast("Station | None", getattr(request, "station", None))
    if station is None or not (roles_of(request) or frozenset()) & WINDOW_ROLES:
        raise Refused("not_allowed", command="held")
    return cast(Staff, request.user), station


def _found(request: HttpRequest, pk: int) -> tuple[Staff, str]:
    """Who decides, and the number of the report, where it is one of a station of theirs."""
    user = cast(Staff, request.user)
    return user, get_held(user, pk).number


def _back() -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("window:held"), status=303)
