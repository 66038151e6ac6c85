"""The way in: choosing a station, its home, how pages are shown; and the way to the desk's side."""

from __future__ import annotations

from django.conf import settings as django_settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from jishi.base.errors import Refused
from jishi.register.ground import sheet_response
from jishi.stations.models import Station
from jishi.window.doors import doors_of, pages_for
from jishi.window.public import LARGE_COOKIE, at_station, public, show
from jishi.window.queries.stations import open_stations

YEAR = 365 * 86_400


@public
@require_safe
def stations(request: HttpRequest) -> HttpResponse:
    """``window/``: which station; where there is one alone, straight to it."""
    found = open_stations()
    if len(found) == 1:
        return HttpResponseRedirect(reverse("window:home", args=[found[0].code]))
    return show(request, "window/stations.html", {"stations": found})


@at_station
@require_safe
def home(request: HttpRequest, station: Station) -> HttpResponse:
    """``window/<code>/``: what can be done here."""
    return show(request, "window/home.html", {"doors": doors_of(station)})


@public
@require_POST
def settings(request: HttpRequest) -> HttpResponse:
    """``window/settings/``: the language and the size of the type, kept by this browser."""
    back = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()):
        back = reverse("window:stations")
    response = HttpResponseRedirect(back, status=303)
    language = request.POST.get("language", "")
    if language in dict(django_settings.LANGUAGES):
        response.set_cookie(
            django_settings.LANGUAGE_COOKIE_NAME, language, max_age=YEAR, samesite="Lax", secure=request.is_secure()
        )
    if request.POST.get("large") in ("0", "1"):
        response.set_cookie(
            LARGE_COOKIE,
            request.POST["large"],
            max_age=YEAR,
            samesite="Lax",
            secure=request.is_secure(),
            httponly=True,
        )
    return response


@public
@require_safe
def ground(request: HttpRequest, name: str) -> HttpResponseBase:
    """``window/ground/<name>``: the base map under the map of a report."""
    return sheet_response(request, name)


@public
def absent(_request: HttpRequest, rest: str) -> HttpResponse:
    """``window/…/`` where nothing is: the public stays at the window and is not led to the office."""
    raise Http404(rest)


@login_required
@require_safe
def desk(request: HttpRequest) -> HttpResponse:
    """``desk/window/``: on to the first of the desk's pages that this person may open."""
    pages = pages_for(request)
    if not pages:
        raise Refused("not_allowed", command="window")
    return HttpResponseRedirect(reverse(pages[0].url_name))
