"""Views behind a receipt: for the browser that opened it within the last half hour, and for forms that were given to it.

A form carries a stamp that was made for its receipt alone.  It makes what is sent harmless to repeat, tells two receipts
in two tabs apart, and is what a forged request would lack.
"""  # noqa: E501

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.utils import timezone

from jishi.base.errors import Refused
from jishi.base.sentences import sentence
from jishi.stations.queries import zone_of
from jishi.window import challenge, opened
from jishi.window.forms.track import OpenForm
from jishi.window.public import public, show
from jishi.window.queries.receipts import Opened
from jishi.window.queries.tracking import subject_of

View = Callable[..., HttpResponse]


def behind_a_receipt(view: View) -> Callable[..., HttpResponseBase]:
    """Let a view run for an opened receipt; without one a GET leads to where it is opened, and a POST says so and gives
    back what was written."""

    @public
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        found = opened.opened_by(request, timezone.now())
        if found is None:
            return _shut(request)
        speak_of(request, found)
        response = view(request, found, *args, **kwargs)
        if opened.COOKIE not in response.cookies:
            opened.remember(request, response, found.receipt.pk)
        return response

    return guarded


def speak_of(request: HttpRequest, found: Opened) -> None:
    """Stand at the window of the station that has the report now, in its zone."""
    subject = subject_of(found.matter) if found.matter else found.receipt.held
    if subject is not None:
        request.window = subject.station  # type: ignore[attr-defined]  # public.show reads it
        timezone.activate(zone_of(subject.station))


def stamp_of(found: Opened, now: datetime) -> str:
    """A stamp for a form of this receipt."""
    return challenge.new_stamp(_purpose(found), now)


def key_of(request: HttpRequest, found: Opened) -> str:
    """The idempotency key of what was sent.  Raises ``Refused("stamp_unknown" | "stamp_old")``."""
    stamp = challenge.read_stamp(_purpose(found), request.POST.get(challenge.STAMP, ""), timezone.now())
    if stamp is None or not stamp.good:
        raise Refused("stamp_unknown" if stamp is None else "stamp_old")
    return stamp.mark


def to_page(said: str = "") -> HttpResponseRedirect:
    """Back to the page of the receipt; ``said`` names what it thanks for."""
    return HttpResponseRedirect(reverse("window:track") + (f"?said={said}" if said else ""), status=303)


def _purpose(found: Opened) -> str:
    return f"receipt{found.receipt.pk}"


def _shut(request: HttpRequest) -> HttpResponse:
    if request.method != "POST":
        return to_page()
    kept = [request.POST[name] for name in ("text", "reason") if request.POST.get(name, "").strip()]
    context = {"form": OpenForm(), "refused": sentence(Refused("receipt_shut")), "kept": kept}
    return show(request, "window/track_open.html", context, status=403)
