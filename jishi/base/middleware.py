"""The security policy of every answer, and what becomes of a :class:`~jishi.base.errors.Refused`."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme

from jishi.base.errors import Refused
from jishi.base.problems import problem
from jishi.base.sentences import sentence
from jishi.base.streaming import stream_origin

Answer = Callable[[HttpRequest], HttpResponseBase]


CONNECT = "connect-src 'self'"


def policy(*pictures: str) -> str:
    """The policy of a page.  ``pictures`` are the origins of a map's picture service, where there is one."""
    also = "".join(f" {origin}" for origin in pictures)
    return "; ".join(
        [
            "default-src 'self'",
            "script-src 'self'",
            "style-src 'self'",
            f"img-src 'self' data: blob:{also}",
            f"{CONNECT}{also}",
            "worker-src 'self'",
            "manifest-src 'self'",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ]
    )


POLICY = policy()


class ContentSecurityPolicy:
    """Nothing but our own files: no inline script or style, no other host but the live stream, no frame around us."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        response.headers.setdefault("Content-Security-Policy", POLICY)
        if origin := stream_origin(request):
            allowed = response.headers["Content-Security-Policy"].replace(CONNECT, f"{CONNECT} {origin}", 1)
            response.headers["Content-Security-Policy"] = allowed
        response.headers.setdefault("Permissions-Policy", "camera=(self), geolocation=(self), microphone=()")
        return response


class Refusals:
    """Turns ``Refused`` into an answer: a problem document for the API, a fragment for htmx, a page for all else."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, exception: Exception) -> HttpResponse | None:
        """The answer for a ``Refused`` that no view took; other errors stay errors."""
        if not isinstance(exception, Refused):
            return None
        return refusal(request, exception)


def refusal(request: HttpRequest, refused: Refused) -> HttpResponse:
    """The answer that says ``refused`` in the reader's language, with its status."""
    if request.path.startswith("/api/"):
        return problem(refused)
    context = {"refused": refused, "sentence": sentence(refused), "back": came_from(request)}
    if request.headers.get("HX-Request") == "true":
        response = render(request, "base/refused_toast.html", context, status=refused.status)
        response["HX-Retarget"] = "#toasts"
        response["HX-Reswap"] = "beforeend"
        return response
    return render(request, "base/refused.html", context, status=refused.status)


def came_from(request: HttpRequest) -> str:
    """The page of ours that the user came from, or ``""``."""
    back = request.headers.get("Referer", "")
    return back if url_has_allowed_host_and_scheme(back, {request.get_host()}, request.is_secure()) else ""
