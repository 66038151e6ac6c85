"""Where a request stands: whose it is, at which station, in which language and time zone."""

from __future__ import annotations

from collections.abc import Callable
from typing import cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from jishi.stations.access import NO_ACCESS, Access, access_of
from jishi.stations.models import Staff, Station
from jishi.stations.queries import zone_of

QUIET_PATHS = ("/healthz", "/readyz", settings.STATIC_URL)


class Workplace:
    """Sets ``request.access`` and ``request.station``, and speaks the reader's language in the station's zone.

    A request without a session, and one for the health pages, costs no query.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Answer the request where it stands."""
        with translation.override(translation.get_language()), timezone.override(None):
            if settings.SESSION_COOKIE_NAME in request.COOKIES and not request.path.startswith(QUIET_PATHS):
                take_place(request, cast(Staff, request.user))
            else:
                _stand(request, NO_ACCESS, None, "")
            response = self.get_response(request)
            response.headers.setdefault("Content-Language", translation.get_language())
            if settings.SESSION_COOKIE_NAME in request.COOKIES:
                response.headers.setdefault("Cache-Control", "private, no-cache")
        patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response


def take_place(request: HttpRequest, staff: Staff) -> None:
    """Let the rest of this request be the work of this member of staff; also for a request that brings a token."""
    access = access_of(staff)
    chosen = request.session.get("station") if access.stations and hasattr(request, "session") else None
    station = next((each for each in access.stations if each.pk == chosen), None)
    request.user = staff
    _stand(request, access, station or next(iter(access.stations), None), getattr(staff, "language", ""))


def _stand(request: HttpRequest, access: Access, station: Station | None, language: str) -> None:
    request.access = access  # type: ignore[attr-defined]
    request.station = station  # type: ignore[attr-defined]
    translation.activate(language or translation.get_language_from_request(request))
    request.LANGUAGE_CODE = translation.get_language()
    timezone.activate(zone_of(station))
