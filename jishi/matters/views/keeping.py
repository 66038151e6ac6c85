"""Legal holds on the screen: set, lifted, and the list of those that stand."""

from __future__ import annotations

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jishi.base.errors import Refused
from jishi.base.sentences import sentence
from jishi.base.toasts import toast
from jishi.matters.actions import actor_of
from jishi.matters.forms.keeping import HoldForm
from jishi.matters.keeping.holds import hold_matter, lift_hold, may_hold, may_read_holds
from jishi.matters.keeping.queries import holds_at
from jishi.matters.queries.scope import get_matter
from jishi.matters.views.place import station_of
from jishi.stations.models import Staff


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def hold(request: HttpRequest, number: str) -> HttpResponse:
    """``matters/<number>/hold/``: GET asks why, POST keeps it.  Raises ``Refused("not_allowed")`` for others."""
    matter, by = get_matter(request.user, number), cast(Staff, request.user)
    if not may_hold(actor_of(by, matter.station_id)):
        raise Refused("not_allowed", command="hold")
    form, status = HoldForm(request.POST or None), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                hold_matter(matter, reason=form.cleaned_data["reason"], by=by)
            except Refused as refused:
                form.add_error(
                    "reason" if refused.facts.get("field") or refused.code == "personal" else None, sentence(refused)
                )
                status = refused.status
            else:
                toast(request, _("%(number)s is kept until the hold is lifted.") % {"number": number})
                return _back(number)
    context = {"nav_here": "matters", "matter": matter, "form": form}
    return render(request, "matters/hold.html", context, status=status)


@login_required
@require_POST
def lift(request: HttpRequest, number: str) -> HttpResponse:
    """``matters/<number>/hold/lift/``: the time of the matter runs as ever."""
    matter, by = get_matter(request.user, number), cast(Staff, request.user)
    lift_hold(matter, by=by)
    toast(request, _("The hold on %(number)s is lifted.") % {"number": number})
    return _back(number)


@never_cache
@login_required
@require_safe
def holds(request: HttpRequest) -> HttpResponse:
    """``matters/holds/``: the holds that stand at the station.  Raises ``Refused("not_allowed")`` for others."""
    station, user = station_of(request), cast(Staff, request.user)
    actor = actor_of(user, station.pk)
    if not may_read_holds(actor):
        raise Refused("not_allowed", command="hold")
    context = {"nav_here": "matters", "rows": list(holds_at(user, station.pk)), "may": may_hold(actor)}
    return render(request, "matters/holds.html", context)


def _back(number: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("matters:page", args=[number]) + "#keeping", status=303)
