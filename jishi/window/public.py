"""How a page of the public is answered: without an account, a session or a cookie that tells one reader from another.

Nobody is signed in here, so a forged request could do nothing that its sender could not do directly, and these
addresses need no cookie against forgery; what another site sends in a reader's name is refused all the same.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone, translation
from django.views.decorators.csrf import csrf_exempt

from jishi.base.errors import Refused
from jishi.base.sentences import sentence
from jishi.stations.models import Station
from jishi.stations.queries import zone_of
from jishi.window.queries.stations import get_station

LARGE_COOKIE = "jishi_large"
HEADERS = {"Referrer-Policy": "no-referrer", "Cache-Control": "no-store, private"}

View = Callable[..., HttpResponseBase]


def public(view: View) -> View:
    """Let a view answer the public: the reader's language by cookie or browser, refusals on pages of the window."""

    @csrf_exempt
    @wraps(view)
    def answered(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        speak(translation.get_language_from_request(request))
        try:
            if request.method == "POST" and request.headers.get("Sec-Fetch-Site") == "cross-site":
                raise Refused("from_elsewhere")
            response = view(request, *args, **kwargs)
        except Refused as refused:
            response = refusal(request, refused)
        except Http404:
            response = absent(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        response.headers["Content-Language"] = translation.get_language()
        return response

    return answered


def at_station(view: View) -> View:
    """As ``public``, for addresses with a station's code: the view is given the station itself, in whose zone it speaks."""  # noqa: E501

    @public
    @wraps(view)
    def answered(request: HttpRequest, code: str, *args: Any, **kwargs: Any) -> HttpResponseBase:
        station = get_station(code)
        timezone.activate(zone_of(station))
        request.window = station  # type: ignore[attr-defined]
        return view(request, station, *args, **kwargs)

    return answered


def speak(language: str) -> None:
    """Speak this language for the rest of the request, whatever a member of staff has chosen for the office."""
    translation.activate(language if language in dict(settings.LANGUAGES) else settings.LANGUAGE_CODE)


def is_large(request: HttpRequest) -> bool:
    """Whether this browser asked for large type."""
    return request.COOKIES.get(LARGE_COOKIE) == "1"


def station_of(request: HttpRequest) -> Station | None:
    """The station whose window this request is at; None on pages of all stations."""
    found: Station | None = getattr(request, "window", None)
    return found


def framed(request: HttpRequest) -> dict[str, Any]:
    """What the window's layout needs to know."""
    return {"station": station_of(request), "large": is_large(request)}


def show(request: HttpRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """A page in the window's layout."""
    return render(request, template, {**framed(request), **context}, status=status)


def refusal(request: HttpRequest, refused: Refused) -> HttpResponse:
    """The page that says what was not done, and why."""
    context = {"refused": refused, "sentence": sentence(refused)}
    response = show(request, "window/refused.html", context, status=refused.status)
    if "seconds" in refused.facts:
        response.status_code = 429
        response["Retry-After"] = str(refused.facts["seconds"])
    return response


def absent(request: HttpRequest) -> HttpResponse:
    """The page for an address at which nothing is."""
    return show(request, "window/absent.html", {}, status=404)
