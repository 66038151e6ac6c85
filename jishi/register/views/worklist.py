"""The worklist: what am I to look at next, due nearby first?"""

from __future__ import annotations

from uuid import uuid4

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from jishi.register import queries
from jishi.register.cadence import DUE, NEVER, OVERDUE
from jishi.register.catalogue import sorts
from jishi.register.roles import may
from jishi.register.views.going import address
from jishi.register.views.overview import list_address
from jishi.register.views.place import station_of, user_of
from jishi.register.views.words import area_name, places
from jishi.stations.queries import areas_of

MOST = 50


class Standpoint(forms.Form):
    """Where somebody stands, as their device says.  It is used for this answer and kept nowhere."""

    lon = forms.FloatField(min_value=-180, max_value=180)
    lat = forms.FloatField(min_value=-90, max_value=90)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def worklist(request: HttpRequest) -> HttpResponse:
    """What is due, overdue or was never verified.  A POST tells where one stands, so that no address holds it."""
    station, user = station_of(request), user_of(request)
    now = timezone.now()
    area = queries.read_filters(request.POST if request.method == "POST" else request.GET).area
    near = None
    if request.method == "POST":
        stand = Standpoint(request.POST)
        near = (stand.cleaned_data["lon"], stand.cleaned_data["lat"]) if stand.is_valid() else None
    tasks = queries.worklist_of(user, station.pk, now, near=near, area=area, most=MOST)
    counts = queries.overview_of(user, station.pk, queries.Filters(area=area)).whole.counts
    areas = dict(areas_of(user, station).values_list("pk", "name"))
    here = [("area", str(area))] if area is not None else []
    context = {
        "nav_here": "register", "address": address, "places": places("worklist"), "tasks": tasks, "at": now,
        "near": near, "area": area, "areas": areas, "counts": counts, "sorts": sorts(), "most": MOST,
        "area_name": area_name(areas, area or 0), "may_verify": may(user, station.pk, "verify"),
        "links": {name: list_address([*here, ("freshness", name)]) for name in (OVERDUE, DUE, NEVER)},
        "key": uuid4().hex,
    }  # fmt: skip
    return render(request, "register/worklist.html", context)
