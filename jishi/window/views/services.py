"""办事指南: what the counter does, and what to bring to it."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from jishi.stations.models import Station
from jishi.window.public import at_station, show
from jishi.window.queries.services import opening_of, service_at, services_at


@at_station
@require_safe
def services(request: HttpRequest, station: Station) -> HttpResponse:
    """``window/<code>/services/``: all that is done here."""
    return show(request, "window/services.html", {"services": services_at(station)})


@at_station
@require_safe
def service(request: HttpRequest, station: Station, service: str) -> HttpResponse:
    """``window/<code>/services/<service>/``: one of them: what to bring, where, when, for how much, how long."""
    found = service_at(station, service)
    if found is None:
        raise Http404(service)
    context: dict[str, Any] = {"it": found, "opening": opening_of(station)}
    return show(request, "window/service.html", context)
