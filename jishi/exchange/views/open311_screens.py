"""The screen of Open311 under ``interfaces/open311/``: keys for those who report to us, and the agencies that we ask."""  # noqa: E501

from __future__ import annotations

from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jishi.base.errors import Refused
from jishi.base.sentences import sentence
from jishi.base.toasts import toast
from jishi.exchange.open311 import client, queries
from jishi.exchange.open311.actions import counterparts, errands, keys
from jishi.exchange.open311.forms import CounterpartForm, KeyForm
from jishi.exchange.open311.models import Counterpart
from jishi.exchange.open311.words import says
from jishi.notify.channels.parcel import Failed
from jishi.stations.models import Agency, Staff, Station
from jishi.stations.queries import administered_by, agencies_of

HERE = "open311"


@never_cache
@login_required
@require_safe
def screen(request: HttpRequest) -> HttpResponse:
    """``interfaces/open311/``: who reports to us, whom we ask, and whether it works."""
    return _screen(request, KeyForm())


@never_cache
@login_required
@require_POST
def make_key(request: HttpRequest) -> HttpResponse:
    """``interfaces/open311/keys/``: a new key, which only this one answer shows."""
    user, station = _administered(request)
    form = KeyForm(request.POST)
    if not form.is_valid():
        return _screen(request, form, status=422)
    try:
        _key, raw = keys.make_key(station, by=user, **form.cleaned_data)
    except Refused as refused:
        form.add_error(refused.facts.get("field"), sentence(refused))
        return _screen(request, form, status=422)
    return _screen(request, KeyForm(), raw=raw)


@login_required
@require_POST
def revoke_key(request: HttpRequest, pk: int) -> HttpResponse:
    """``interfaces/open311/keys/<key>/revoke/``: it opens nothing any more."""
    user = cast(Staff, request.user)
    key = get_object_or_404(queries.keys_of(user), pk=pk)
    keys.revoke_key(key, by=user)
    toast(request, _("“%(label)s” is revoked: it opens nothing any more.") % {"label": key.label})
    return HttpResponseRedirect(reverse("exchange:open311_keys"), status=303)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def agency(request: HttpRequest, pk: int) -> HttpResponse:
    """``interfaces/open311/agencies/<agency>/``: how its system is reached; a POST keeps it."""
    user, station, found, known = _side(request, pk)
    if request.method != "POST":
        return _agency(request, station, found, known, CounterpartForm(known=known))
    form = CounterpartForm(request.POST, known=known)
    if form.is_valid():
        try:
            counterparts.save_counterpart(station, found, by=user, **form.cleaned_data)
        except Refused as refused:
            form.add_error(refused.facts.get("field"), sentence(refused))
        else:
            toast(request, _("It is kept. Compare the services now."))
            return HttpResponseRedirect(reverse("exchange:open311_agency", args=[pk]), status=303)
    return _agency(request, station, found, known, form, status=422)


@never_cache
@login_required
@require_POST
def compare(request: HttpRequest, pk: int) -> HttpResponse:
    """``interfaces/open311/agencies/<agency>/compare/``: ask its system what it offers, and show what it answers."""
    _user, station, found, known = _side(request, pk)
    known = known or _missing()
    offered, problem, now = [], "", timezone.now()
    try:
        offered = client.read_services(counterparts.there(known))
    except Failed as failed:
        problem = says(failed.code)
        counterparts.note_answer(known, failed.code[:40], now)
    else:
        counterparts.note_answer(known, "", now)
    known.refresh_from_db(fields=["ok_at", "error", "error_at"])
    return _agency(
        request, station, found, known, CounterpartForm(known=known), offered=offered, problem=problem, asked=True
    )


@login_required
@require_POST
def switch(request: HttpRequest, pk: int) -> HttpResponse:
    """``interfaces/open311/agencies/<agency>/switch/``: ask it by Open311, or no more."""
    user, _station, found, known = _side(request, pk)
    on = request.POST.get("on") == "1"
    counterparts.switch_counterpart(known or _missing(), on=on, by=user)
    words = _("%(agency)s is asked by Open311.") if on else _("%(agency)s is no longer asked by Open311.")
    toast(request, words % {"agency": found.name})
    return HttpResponseRedirect(reverse("exchange:open311_agency", args=[pk]), status=303)


@login_required
@require_POST
def retry(request: HttpRequest, pk: int) -> HttpResponse:
    """``interfaces/open311/errands/<errand>/retry/``: send a matter to the agency's system again at once."""
    user = cast(Staff, request.user)
    errand = get_object_or_404(queries.visible_errands(user), pk=pk)
    errands.retry_errand(errand, by=user)
    toast(request, _("It is tried again within a minute."))
    return HttpResponseRedirect(reverse("matters:page", args=[errand.matter.number]), status=303)


def _screen(request: HttpRequest, form: KeyForm, *, raw: str = "", status: int = 200) -> HttpResponse:
    user, station = _administered(request)
    rows, now = list(queries.keys_of(user).filter(station=station)), timezone.now()
    good = [each for each in rows if each.revoked_at is None and each.expires_at > now]
    sides = queries.sides_of(user, station)
    context = {
        "nav_here": HERE, "station": station, "rows": rows, "good": good, "form": form, "raw": raw, "at": now,
        "sides": [(each, says(each.row.error) if each.row else "") for each in sides],
        "failed": sum(each.failed for each in sides),
        "endpoint": request.build_absolute_uri(reverse("exchange:open311")),
        "discovery": request.build_absolute_uri(reverse("exchange:open311_discovery", args=["xml"])),
    }  # fmt: skip
    return render(request, "exchange/open311.html", context, status=status)


def _agency(
    request: HttpRequest, station: Station, found: Agency, known: Counterpart | None, form: CounterpartForm, *,
    offered: list[client.Offered] | None = None, problem: str = "", asked: bool = False, status: int = 200,
) -> HttpResponse:  # fmt: skip
    used = set(known.services.values()) if known else set()
    there = {each.code for each in offered or []}
    context = {
        "nav_here": HERE, "agency": found, "known": known, "form": form, "offered": offered or [], "problem": problem,
        "asked": asked, "used": used, "absent": sorted(used - there) if offered else [],
        "error": says(known.error) if known else "", "station": station,
    }  # fmt: skip
    return render(request, "exchange/open311_agency.html", context, status=status)


def _administered(request: HttpRequest) -> tuple[Staff, Station]:
    """The administrator, and the station where they stand.  Raises ``Refused("not_allowed")``."""
    user, station = cast(Staff, request.user), cast("Station | None", getattr(request, "station", None))
    if station is None or not administered_by(user).filter(pk=station.pk).exists():
        raise Refused("not_allowed", command="open311")
    return user, station


def _side(request: HttpRequest, pk: int) -> tuple[Staff, Station, Agency, Counterpart | None]:
    user, station = _administered(request)
    found = get_object_or_404(agencies_of(user, station), pk=pk)
    return user, station, found, queries.side_of(user, station, found)


def _missing() -> Counterpart:
    raise Refused("not_found")
