"""The day at the counter: who is next, and what became of whom, by number."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from jishi.base.toasts import toast
from jishi.stations.models import Staff
from jishi.window import doors
from jishi.window.actions import appointments as actions
from jishi.window.desk import desk_place
from jishi.window.queries.appointments import counter_days, queue_of

SAID = {
    "call": _("%(number)s is called to the counter."),
    "done": _("%(number)s is done."),
    "missed": _("%(number)s did not come. The number can still be called."),
}


@never_cache
@login_required
@require_safe
def queue(request: HttpRequest) -> HttpResponse:
    """``desk/window/queue/``: today's numbers in the order of the half hours; it keeps itself up to date."""
    user, station = desk_place(request)
    now = timezone.now()
    context = {
        "nav_here": "window", "tabs": doors.desk_tabs(request, "queue"), "station": station, "at": now,
        "queue": queue_of(user, station.pk, timezone.localdate(now)), "past": counter_days(user, station.pk),
    }  # fmt: skip
    live = request.headers.get("HX-Request") == "true"
    return render(request, "window/_queue.html" if live else "window/queue.html", context)


@login_required
@require_POST
def move(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """Call a number, or say that it is done or that nobody came."""
    if verb not in actions.MOVES:
        raise Http404(verb)
    assert isinstance(request.user, Staff)
    found = actions.move(pk, verb, by=request.user, now=timezone.now())
    toast(request, str(SAID[verb]) % {"number": found})
    return HttpResponseRedirect(reverse("window:queue"), status=303)
