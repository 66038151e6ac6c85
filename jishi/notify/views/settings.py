"""How somebody is told: channels by group of notices, quiet hours, the number for text messages."""

from __future__ import annotations

from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from jishi.base.toasts import toast
from jishi.notify import actions, queries, slots, ways
from jishi.notify.forms import MobileForm, PreferenceForm
from jishi.notify.models import Channel
from jishi.notify.nights import night_of
from jishi.stations.models import Staff, Station


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def settings(request: HttpRequest) -> HttpResponse:
    """``notices/settings/``: what I chose, and what follows from it; a POST keeps another choice."""
    reader = _reader(request)
    preference = queries.preference_of(reader)
    if request.method != "POST":
        return _page(request, PreferenceForm(preference), MobileForm())
    form = PreferenceForm(preference, request.POST)
    if not form.is_valid():
        return _page(request, form, MobileForm(), status=422)
    actions.choose(reader, form.channels(), form.cleaned_data["quiet_from"], form.cleaned_data["quiet_until"])
    toast(request, _("From now on you are told in this way."))
    return HttpResponseRedirect(reverse("notify:settings"))


@never_cache
@login_required
@require_POST
def sms(request: HttpRequest) -> HttpResponse:
    """``notices/settings/sms/``: keep the number for text messages, or take it away."""
    if "remove" in request.POST:
        actions.keep_mobile(_reader(request), "")
        toast(request, _("The number is deleted."))
        return HttpResponseRedirect(reverse("notify:settings"))
    form = MobileForm(request.POST)
    if not form.is_valid():
        return _page(request, PreferenceForm(queries.preference_of(_reader(request))), form, status=422)
    actions.keep_mobile(_reader(request), form.cleaned_data["mobile"])
    toast(request, _("The number is kept."))
    return HttpResponseRedirect(reverse("notify:settings"))


def _reader(request: HttpRequest) -> Staff:
    return cast(Staff, request.user)


def _page(request: HttpRequest, form: PreferenceForm, mobile_form: MobileForm, status: int = 200) -> HttpResponse:
    reader, station = _reader(request), cast("Station | None", request.station)  # type: ignore[attr-defined]
    house = ways.house_of(station.pk) if station else ways.NOWHERE
    person = ways.look_at(reader.pk)
    context: dict[str, Any] = {
        "form": form,
        "mobile_form": mobile_form,
        "channels": ways.TO_PERSONS,
        "ready": {channel.value: channel.value in house.ready for channel in ways.TO_PERSONS},
        "reach": {channel.value: channel.value in person.reach for channel in ways.TO_PERSONS},
        "mobile_end": queries.mobile_end(reader) if Channel.SMS in person.reach else "",
        "night": night_of(person, house, timezone.now()),
        "panels": slots.panels_for(request),
    }
    return render(request, "notify/settings.html", context, status=status)
