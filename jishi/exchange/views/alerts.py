"""公众预警: the screens under ``alerts/``: drafting an alert, looking at it as the public will, approving, following it."""  # noqa: E501

from __future__ import annotations

from typing import Any, cast
from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jishi.base.errors import Refused
from jishi.base.listing import page_of
from jishi.base.toasts import toast
from jishi.exchange.cap import actions, beginning, queries, rendering, shown
from jishi.exchange.cap.codes import LIVE, MsgType, State
from jishi.exchange.cap.forms import AlertForm, CancelForm, PressForm
from jishi.exchange.cap.models import Alert
from jishi.exchange.cap.roles import may, require
from jishi.matters.models import Matter
from jishi.matters.queries.scope import get_matter
from jishi.stations.models import Staff, Station
from jishi.stations.queries import areas_of

PAGE = 30
HERE = "alerts"


@never_cache
@login_required
@require_safe
def alerts(request: HttpRequest) -> HttpResponse:
    """``alerts/``: what waits, what is in force, what was."""
    user, station, now = _user(request), _station(request), timezone.now()
    past = page_of(queries.past_at(user, station, now), order="-drafted_at", query=request.GET, size=PAGE)
    context = {
        "nav_here": HERE, "at": now, "station": station, "may_draft": may(user, station.pk, "draft"),
        "may_approve": may(user, station.pk, "approve"), "waiting": queries.waiting_at(user, station),
        "live": queries.live_at(user, station, now), "past": [(each, each.state_at(now).label) for each in past.rows],
        "page": past, "feed": request.build_absolute_uri(reverse("exchange:cap_feed")) + f"?station={station.code}",
    }  # fmt: skip
    return render(request, "exchange/alerts.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def draft(request: HttpRequest) -> HttpResponse:
    """``alerts/draft/?matter=…``: a new alert."""
    user, now = _user(request), timezone.now()
    number = request.GET.get("matter", "")
    matter = get_matter(user, number) if number else None
    station = matter.station if matter is not None else _station(request)
    require(user, station.pk, "draft")
    areas = list(areas_of(user, station))
    if request.method == "POST":
        form = AlertForm(areas, request.POST)
        if form.is_valid():
            try:
                made = actions.draft_alert(
                    station, form.content(), by=user, matter=matter, key=form.cleaned_data["key"] or None
                )
            except Refused as refused:
                form.refuse(refused)
            else:
                return _drafted(request, made)
    else:
        fields = beginning.from_matter(matter, now) if matter is not None else beginning.blank(now)
        form = AlertForm(areas, initial={**fields, "key": uuid4().hex})
    return _form(request, form, _("Draft a public alert"), reverse("exchange:alerts"), matter=matter)


@never_cache
@login_required
@require_safe
def alert(request: HttpRequest, pk: int) -> HttpResponse:
    """``alerts/<alert>/``: as the public will read it, or reads it, and what may be done."""
    user, now = _user(request), timezone.now()
    found = queries.get_alert(user, pk)
    state = found.state_at(now)
    drafts, approves = may(user, found.station_id, "draft"), may(user, found.station_id, "approve")
    follower = queries.follower_of(found)
    waits = state == State.DRAFTED
    context = {
        "nav_here": HERE, "it": found, "state": state, "at": now, "live": state in LIVE,
        "versions": shown.versions(found), "levels": shown.levels(found), "kinds": shown.kinds(found),
        "responses": shown.responses(found), "outlines": shown.outlines(found),
        "chain": [(each, each.state_at(now).label) for each in queries.chain_of(user, found)], "follower": follower,
        "may_change": waits and drafts, "may_approve": waits and approves and found.drafted_by_id != user.pk,
        "own_draft": waits and approves and found.drafted_by_id == user.pk,
        "may_follow": state in LIVE and drafts and not follower and found.msg_type != MsgType.CANCEL,
    }  # fmt: skip
    return render(request, "exchange/alert.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: HttpRequest, pk: int) -> HttpResponse:
    """``alerts/<alert>/change/``: a draft written anew."""
    user = _user(request)
    found = queries.get_alert(user, pk)
    require(user, found.station_id, "draft")
    if found.state != State.DRAFTED:
        raise Refused("alert_not_draft")
    title = _("Change %(number)s") % {"number": found.identifier}
    form = _form_of(request, found, found.msg_type, beginning.from_alert(found))
    if request.method == "POST" and form.is_valid():
        content = form.content() if isinstance(form, AlertForm) else None
        try:
            if content is None:
                actions.change_cancel(
                    found, form.words("zh"), form.words("en"), by=user, version=form.cleaned_data["version"]
                )
            else:
                actions.change_draft(found, content, by=user, version=form.cleaned_data["version"])
        except Refused as refused:
            form.refuse(refused)
        else:
            return _drafted(request, found)
    return _form(request, form, title, reverse("exchange:alert", args=[pk]), it=found)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def update(request: HttpRequest, pk: int) -> HttpResponse:
    """``alerts/<alert>/update/``: the draft of an update."""
    return _follow(request, pk, MsgType.UPDATE)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """``alerts/<alert>/cancel/``: the draft of a cancellation."""
    return _follow(request, pk, MsgType.CANCEL)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def approve(request: HttpRequest, pk: int) -> HttpResponse:
    """``alerts/<alert>/approve/``: the question before it leaves the house, and the press that gives it out."""
    user = _user(request)
    found = queries.get_alert(user, pk)
    require(user, found.station_id, "approve")
    form = PressForm(request.POST) if request.method == "POST" else None
    if form is not None and form.is_valid():
        done = actions.approve_alert(found, by=user, version=form.cleaned_data["version"])
        said = _("%(number)s is out.") if done.state == State.PUBLISHED else _("%(number)s stands, inside.")
        toast(request, said % {"number": done.identifier})
        return HttpResponseRedirect(reverse("exchange:alert", args=[pk]), status=303)
    if found.state != State.DRAFTED:
        raise Refused("alert_not_draft")
    if found.drafted_by_id == user.pk:
        raise Refused("alert_own_draft")
    seen = request.GET.get("version", "")
    context = {
        "nav_here": HERE, "it": found, "version": int(seen) if seen.isdecimal() else found.version,
        "feed": request.build_absolute_uri(reverse("exchange:cap_feed")), "versions": shown.versions(found),
    }  # fmt: skip
    return render(request, "exchange/alert_approve.html", context)


@login_required
@require_POST
def drop(request: HttpRequest, pk: int) -> HttpResponse:
    """Put a draft away."""
    user = _user(request)
    found = queries.get_alert(user, pk)
    form = PressForm(request.POST)
    actions.drop_draft(found, by=user, version=form.cleaned_data["version"] if form.is_valid() else None)
    toast(request, _("%(number)s is dropped. Nobody outside saw it.") % {"number": found.identifier})
    return HttpResponseRedirect(reverse("exchange:alerts"), status=303)


@never_cache
@login_required
@require_safe
def document(request: HttpRequest, pk: int) -> HttpResponse:
    """``alerts/<alert>/document.xml``: what was given out; of a draft what would be, marked as a draft."""
    found = queries.get_alert(_user(request), pk)
    body = queries.kept_document(found)
    if body is None:
        body = rendering.preview(found, timezone.now())
    return HttpResponse(body, content_type="application/xml; charset=utf-8")


def _follow(request: HttpRequest, pk: int, kind: MsgType) -> HttpResponse:
    user = _user(request)
    found = queries.get_alert(user, pk)
    require(user, found.station_id, "draft")
    if found.state_at(timezone.now()) not in LIVE or found.msg_type == MsgType.CANCEL:
        raise Refused("alert_over")
    fields = beginning.from_alert(found) if kind == MsgType.UPDATE else beginning.for_cancel(found)
    form = _form_of(request, found, kind, fields)
    if request.method == "POST" and form.is_valid():
        key = form.cleaned_data["key"] or None
        try:
            if isinstance(form, AlertForm):
                made = actions.draft_update(found, form.content(), by=user, key=key)
            else:
                made = actions.draft_cancel(found, form.words("zh"), form.words("en"), by=user, key=key)
        except Refused as refused:
            form.refuse(refused)
        else:
            return _drafted(request, made)
    title = _("Update %(number)s") if kind == MsgType.UPDATE else _("Cancel %(number)s")
    said = title % {"number": found.identifier}
    return _form(request, form, said, reverse("exchange:alert", args=[pk]), it=found, cancels=kind == MsgType.CANCEL)


def _form_of(request: HttpRequest, found: Alert, kind: str, fields: dict[str, Any]) -> AlertForm | CancelForm:
    """The form of a message of a chain, filled in."""
    data = request.POST if request.method == "POST" else None
    initial = {**fields, "version": found.version, "key": uuid4().hex}
    if kind == MsgType.CANCEL:
        return CancelForm(data, initial=initial, english=bool((found.replaces or found).headline_en))
    follows = kind == MsgType.UPDATE
    return AlertForm(list(areas_of(_user(request), found.station)), data, initial=initial, follows=follows)


def _form(
    request: HttpRequest, form: AlertForm | CancelForm, title: str, back: str, *, matter: Matter | None = None,
    it: Alert | None = None, cancels: bool = False,
) -> HttpResponse:  # fmt: skip
    context = {
        "nav_here": HERE, "form": form, "title": title, "back": back, "matter": matter, "it": it, "cancels": cancels,
        "meanings": shown.meanings(),
    }  # fmt: skip
    return render(request, "exchange/alert_form.html", context, status=422 if form.errors else 200)


def _drafted(request: HttpRequest, made: Alert) -> HttpResponse:
    toast(request, _("%(number)s waits for the chief. Nothing has left the house.") % {"number": made.identifier})
    return HttpResponseRedirect(reverse("exchange:alert", args=[made.pk]), status=303)


def _user(request: HttpRequest) -> Staff:
    return cast(Staff, request.user)


def _station(request: HttpRequest) -> Station:
    station = cast("Station | None", getattr(request, "station", None))
    if station is None:
        raise Refused("no_station")
    return station
