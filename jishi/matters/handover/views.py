"""交接班 on the screen and on paper: the page of the shift that ends, its signatures, and those of the last month."""

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
from jishi.base.toasts import toast
from jishi.matters.handover import actions, draft, reading, sheet
from jishi.matters.handover.draft import Scope
from jishi.matters.handover.forms import HandoverForm
from jishi.matters.handover.words import why_kept
from jishi.matters.models import Handover, HandoverState
from jishi.matters.views.place import station_of
from jishi.stations.models import Staff


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def handover(request: HttpRequest) -> HttpResponse:
    """``handover/``: how things stand at the end of the shift; POST signs it as the one who leaves."""
    station = station_of(request)
    scopes = draft.scopes_of(_reader(request), station.pk)
    asked = request.GET.get("unit", "")
    scope = next((each for each in scopes if _code(each) == asked), scopes[0] if scopes else None)
    if request.method != "POST":
        return _page(request, station.pk, scopes, scope)
    if scope is None:
        raise Refused("not_allowed")
    form = HandoverForm(reading.colleagues(scope, _reader(request).pk), request.POST)
    if form.is_valid():
        try:
            done = _sign(request, scope, form)
        except Refused as refused:
            form.refuse(refused)
            return _page(request, station.pk, scopes, scope, form, refused.status)
        toast(request, _("Signed. %(name)s is told and has yet to sign.") % {"name": done.to_staff.name})
        return HttpResponseRedirect(reverse("matters:handover_page", args=[done.pk]), status=303)
    return _page(request, station.pk, scopes, scope, form, 422)


@never_cache
@login_required
@require_safe
def handover_page(request: HttpRequest, pk: int) -> HttpResponse:
    """``handover/<handover>/``: a page that was signed, as it was then."""
    found = reading.get_handover(_reader(request), pk)
    return render(request, "matters/handover_page.html", _context(request, found))


@never_cache
@login_required
@require_safe
def handover_print(request: HttpRequest, pk: int) -> HttpResponse:
    """``handover/<handover>/print/``: the same on A4, with the lines for both signatures."""
    found = reading.get_handover(_reader(request), pk)
    return render(request, "matters/handover_print.html", _context(request, found))


@login_required
@require_POST
def take_over(request: HttpRequest, pk: int) -> HttpResponse:
    """``handover/<handover>/take-over/``: sign as the one who comes."""
    found = actions.take_over(reading.get_handover(_reader(request), pk), by=_reader(request), now=timezone.now())
    stays = sum(bool(why) for _matter, why in found.snapshot["given"])
    said = _("Signed by both: the shift is yours.")
    if stays:
        said += " " + _("Not everything could move; the page says why.")
    toast(request, said)
    return HttpResponseRedirect(reverse("matters:handover_page", args=[pk]), status=303)


@login_required
@require_POST
def take_back(request: HttpRequest, pk: int) -> HttpResponse:
    """``handover/<handover>/take-back/``: undo one's own signature while the other one is missing."""
    actions.take_back(reading.get_handover(_reader(request), pk), by=_reader(request), now=timezone.now())
    toast(request, _("Taken back. Look at the page again and sign it anew."))
    return HttpResponseRedirect(reverse("matters:handover"), status=303)


def _reader(request: HttpRequest) -> Staff:
    return cast(Staff, request.user)


def _code(scope: Scope) -> str:
    return str(scope.unit) if scope.unit else "all"


def _sign(request: HttpRequest, scope: Scope, form: HandoverForm) -> Handover:
    values = form.cleaned_data
    return actions.hand_over(
        scope, by=_reader(request), to=reading.person(int(values["to"])), chosen=form.chosen(), notes=form.notes(),
        note=values["note"], key=values["key"], now=timezone.now(),
    )  # fmt: skip


def _page(
    request: HttpRequest, station_id: int, scopes: list[Scope], scope: Scope | None, form: HandoverForm | None = None,
    status: int = 200,
) -> HttpResponse:  # fmt: skip
    """The page as things stand, with the form of the one who leaves where they have something to hand over."""
    reader, now = _reader(request), timezone.now()
    history = reading.lately(reader, station_id, now)
    context: dict[str, Any] = {
        "nav_here": "desk",
        "history": history,
        "for_me": [each for each in history if _waits_for(each, reader)],
        "states": dict(HandoverState.choices),
        "at": now,
    }
    if scope is not None:
        since = draft.beginning(scope, reader.pk, now)
        snapshot = draft.take(scope, reader, since, now)
        if form is None:
            people = reading.colleagues(scope, reader.pk)
            initial = {"to": draft.next_on(scope, reader.pk, now), "key": uuid4().hex}
            form = HandoverForm(people, initial=initial)
        context |= {
            "form": form,
            "sheet": sheet.read(reader, scope, snapshot, since, now),
            "tabs": _tabs(scopes, scope),
            "address": f"{reverse('matters:handover')}?unit={_code(scope)}",
            "chosen": form.chosen() if form.is_bound else None,
            "notes": form.notes() if form.is_bound else {},
            "note_wrong": form.note_wrong,
            "why_kept": why_kept,
        }
    return render(request, "matters/handover.html", context, status=status)


def _tabs(scopes: list[Scope], here: Scope) -> list[dict[str, Any]]:
    address = reverse("matters:handover")
    return [
        {"label": sheet.unit_name(each), "url": f"{address}?unit={_code(each)}", "current": each == here}
        for each in scopes
    ]


def _waits_for(each: Handover, reader: Staff) -> bool:
    return each.state == HandoverState.WAITING and each.to_staff_id == reader.pk


def _context(request: HttpRequest, found: Handover) -> dict[str, Any]:
    reader = _reader(request)
    waiting = found.state == HandoverState.WAITING
    return {
        "nav_here": "desk",
        "it": found,
        "sheet": sheet.sheet_of(reader, found),
        "state_label": HandoverState(found.state).label,
        "waiting": waiting,
        "signed": found.state == HandoverState.SIGNED,
        "may_take_over": _waits_for(found, reader),
        "may_take_back": waiting and found.from_staff_id == reader.pk,
        "why_kept": why_kept,
    }
