"""The pages that belong to no room: errors, the theme switch, the style guide."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from jishi.base.problems import document

YEAR = 365 * 86_400


@require_POST
def theme(request: HttpRequest) -> HttpResponse:
    """Keep the theme that this browser asks for: light, dark, or as the system says."""
    chosen = request.POST.get("theme", "")
    after = request.POST.get("next", "")
    if not url_has_allowed_host_and_scheme(after, {request.get_host()}, request.is_secure()):
        after = "/"
    response = HttpResponseRedirect(after)
    if chosen in ("light", "dark"):
        response.set_cookie("jishi_theme", chosen, max_age=YEAR, samesite="Lax", secure=request.is_secure())
    else:
        response.delete_cookie("jishi_theme", samesite="Lax")
    return response


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponseBase:
    """400."""
    return _error(
        request,
        400,
        "bad_request",
        _("This cannot be read"),
        _("What was sent is not complete. Open the page again and send it once more."),
    )


def not_allowed(request: HttpRequest, exception: Exception | None = None) -> HttpResponseBase:
    """403."""
    return _error(
        request,
        403,
        "not_allowed",
        _("Not for this post"),
        _("Your post does not open this page. Ask your chief or the administrator."),
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponseBase:
    """404: it is not there, or it is not yours to see."""
    return _error(
        request,
        404,
        "not_found",
        _("Nothing here"),
        _("There is no such page, or it belongs to another station. Check the address or the number."),
    )


def csrf_failed(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """403 where a form was sent from a page that has grown too old."""
    return _error(
        request,
        403,
        "old_form",
        _("This form is too old"),
        _("The page was open for too long or cookies are off. Go back, load the page again and send it once more."),
    )


def failed(request: HttpRequest) -> HttpResponseBase:
    """500: drawn without the database and without the user."""
    title = _("Something broke here")
    text = _("This was our fault and was written down. Try again; if it comes back, tell the administrator the time.")
    if request.path.startswith("/api/"):
        return document(500, "server_error", text)
    return render(None, "base/failed.html", {"title": title, "text": text}, status=500)


def _error(request: HttpRequest, status: int, code: str, title: str, text: str) -> HttpResponseBase:
    if request.path.startswith("/api/"):
        return document(status, code, text)
    return render(request, "base/error.html", {"title": title, "text": text}, status=status)
