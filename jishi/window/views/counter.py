"""Counter mode: a clerk files a report on somebody's behalf, on a screen that both can read, and prints the receipt.

What is known nearby stands beside the form, as it does for the public; following it makes a receipt, too.
"""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from jishi.base.errors import Refused
from jishi.base.qr import qr_of, whole_address
from jishi.privacy import consent
from jishi.stations.models import Station
from jishi.window.actions.following import follow_matter
from jishi.window.actions.receipts import Issued
from jishi.window.actions.reporting import report_at_window
from jishi.window.desk import desk_place
from jishi.window.forms.station import CounterForm
from jishi.window.queries.looks import Look, look_at
from jishi.window.queries.nearby import matter_behind
from jishi.window.queries.places import PublicPlace, place_of
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
    if form.is_valid() and request.POST.get("step") == "look":
        return _form(request, station, form, looked=True)
    if form.is_valid():
        given = form.cleaned_data
        try:
            issued = report_at_window(
                station, words=given["words"], category=given["category"] or None,
                place=form.where(_known(station, form)), uploads=given["files"], contact=form.contact(),
                urgent=given["urgent"],
                consent=consent.current("contact").code if form.contact() else None, channel=CHANNEL,
                language=given["language"], key=given["key"], now=timezone.now(),
            )  # fmt: skip
        except Refused as refused:
            form.refuse(refused)
        else:
            return _receipt(request, station, issued, given["language"])
    return _form(request, station, form, 422)


@never_cache
@login_required
@require_POST
def look(request: HttpRequest) -> HttpResponse:
    """``desk/window/counter/look/``: the places that the words name, and what is known nearby."""
    _user, station = desk_place(request)
    form = CounterForm(areas_asked(station.pk), request.POST)
    form.is_valid()
    return render(request, "window/_counter_look.html", {"look": _looked(station, form)})


@never_cache
@login_required
@require_POST
def follow(request: HttpRequest) -> HttpResponse:
    """``desk/window/counter/follow/``: "me too" for whoever stands at the counter, with a receipt of their own."""
    _user, station = desk_place(request)
    form = CounterForm(areas_asked(station.pk), request.POST)
    form.is_valid()
    if "key" in form.errors:
        raise Refused("stamp_unknown")
    matter = matter_behind(request.POST.get("which", ""), station.pk)
    if matter is None:
        raise Refused("nearby_gone")
    language = form.cleaned_data.get("language") or _spoken()
    key = f"{form.cleaned_data['key']}:{matter.pk}"
    issued = follow_matter(matter, language=language, key=key, now=timezone.now())
    return _receipt(request, station, issued, language, follows=True)


def _known(station: Station, form: CounterForm) -> PublicPlace | None:
    """The place of the register that was chosen."""
    number = str(form.cleaned_data.get("element", ""))
    return place_of(station.pk, number) if number else None


def _looked(station: Station, form: CounterForm) -> Look:
    values = form.cleaned_data
    return look_at(
        station.pk, timezone.now(), words=str(values.get("words", "")), place=str(values.get("place", "")),
        category=str(values.get("category", "")), known=_known(station, form),
    )  # fmt: skip


def _form(
    request: HttpRequest, station: Station, form: CounterForm, status: int = 200, *, looked: bool = False
) -> HttpResponse:
    """The page of the form.  ``looked``: what is known nearby was shown to it without scripts."""
    context: dict[str, Any] = {
        "form": form, "station": station, "consent": consent.current("contact"), "looked": looked,
        "look": _looked(station, form) if form.is_bound else Look(),
        "contact_open": any(form[name].value() or form[name].errors for name in ("name", "phone", "email", "agree")),
    }  # fmt: skip
    return render(request, "window/counter.html", context, status=status)


def _receipt(
    request: HttpRequest, station: Station, issued: Issued, language: str, *, follows: bool = False
) -> HttpResponse:
    """The receipt, in the language of whoever takes it home.  ``follows``: of a matter that was known already."""
    path = f"{reverse('window:stations')}track/"
    address = whole_address(request, path)
    context: dict[str, Any] = {
        "station": station, "issued": issued, "address": address, "at": timezone.now(), "follows": follows,
        "qr": qr_of(f"{address}#{issued.number}.{issued.secret}"),
    }  # fmt: skip
    with translation.override(language):
        return render(request, "window/counter_receipt.html", context, status=200 if issued.replayed else 201)


def _spoken() -> str:
    return "en" if (translation.get_language() or "").startswith("en") else "zh-hans"
