"""Counter mode: a clerk files a report on somebody's behalf, on a screen that both can read, and prints the receipt."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from jishi.base.errors import Refused
from jishi.base.qr import qr_of, whole_address
from jishi.privacy import consent
from jishi.stations.models import Station
from jishi.window.actions.receipts import Issued
from jishi.window.actions.reporting import report_at_window
from jishi.window.desk import desk_place
from jishi.window.forms.station import CounterForm
from jishi.window.queries.survey import areas_asked

CHANNEL = "counter"


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def counter(request: HttpRequest) -> HttpResponse:
    """``desk/window/counter/``: the form, and after it the receipt."""
    _user, station = desk_place(request)
    areas = areas_asked(station.pk)
    if request.method != "POST":
        return _form(request, station, CounterForm(areas, initial={"key": uuid4().hex, "language": _spoken()}))
    form = CounterForm(areas, request.POST, request.FILES)
    if form.is_valid():
        given = form.cleaned_data
        try:
            issued = report_at_window(
                station, words=given["words"], category=given["category"] or None, place=form.where(),
                uploads=given["files"], contact=form.contact(), urgent=given["urgent"],
                consent=consent.current("contact").code if form.contact() else None, channel=CHANNEL,
                language=given["language"], key=given["key"], now=timezone.now(),
            )  # fmt: skip
        except Refused as refused:
            form.refuse(refused)
        else:
            return _receipt(request, station, issued, given["language"])
    return _form(request, station, form, 422)


def _form(request: HttpRequest, station: Station, form: CounterForm, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "form": form, "station": station, "consent": consent.current("contact"),
        "contact_open": any(form[name].value() or form[name].errors for name in ("name", "phone", "email", "agree")),
    }  # fmt: skip
    return render(request, "window/counter.html", context, status=status)


def _receipt(request: HttpRequest, station: Station, issued: Issued, language: str) -> HttpResponse:
    """The receipt, in the language of whoever takes it home."""
    path = f"{reverse('window:stations')}track/"
    address = whole_address(request, path)
    context: dict[str, Any] = {
        "station": station, "issued": issued, "address": address, "at": timezone.now(),
        "qr": qr_of(f"{address}#{issued.number}.{issued.secret}"),
    }  # fmt: skip
    with translation.override(language):
        return render(request, "window/counter_receipt.html", context, status=200 if issued.replayed else 201)


def _spoken() -> str:
    return "en" if (translation.get_language() or "").startswith("en") else "zh-hans"
