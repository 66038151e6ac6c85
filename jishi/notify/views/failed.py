"""Messages that could not be delivered: why, and what to do about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from jishi.base.errors import Refused
from jishi.base.sentences import sentence
from jishi.base.toasts import toast
from jishi.notify import actions, queries, reasons
from jishi.notify.kinds import Message
from jishi.notify.models import Delivery
from jishi.notify.parcels import messages_of
from jishi.stations.models import Staff, Station


@dataclass(frozen=True, slots=True)
class Letter:
    """A delivery that failed, ready to draw."""

    row: Delivery
    message: Message | None
    why: str


@never_cache
@login_required
@require_safe
def failed(request: HttpRequest) -> HttpResponse:
    """``notices/failed/``: what could not be delivered at this station, to whom, by which way, and why."""
    return _page(request)


@login_required
@require_POST
def retry(request: HttpRequest) -> HttpResponse:
    """``notices/failed/retry/``: another round of attempts for the marked ones, or for all."""
    keeper, station = _keeper(request)
    picked = None if "all" in request.POST else _picked(request)
    count = actions.retry(keeper, station, picked, timezone.now())
    said = ngettext("%(num)s message is sent again.", "%(num)s messages are sent again.", count)
    toast(request, said % {"num": count})
    return HttpResponseRedirect(reverse("notify:failed"))


@login_required
@require_POST
def give_up(request: HttpRequest) -> HttpResponse:
    """``notices/failed/give-up/``: write the marked ones off, with a reason; a bad one is asked for again."""
    keeper, station = _keeper(request)
    try:
        count = actions.give_up(keeper, station, _picked(request), request.POST.get("reason", ""))
    except Refused as refused:
        return _page(request, wrong=sentence(refused))
    said = ngettext("%(num)s message is given up.", "%(num)s messages are given up.", count)
    toast(request, said % {"num": count})
    return HttpResponseRedirect(reverse("notify:failed"))


def _page(request: HttpRequest, wrong: str = "") -> HttpResponse:
    """The page; with what is ``wrong`` with a reason beside it, and the rows still marked."""
    keeper, station = _keeper(request)
    page = queries.failed_page(keeper, station, request.GET)
    written = messages_of([row.notice for row in page.rows])
    letters = [Letter(row, written.get(row.notice_id), reasons.words(row.error)) for row in page.rows]
    context = {
        "page": page, "letters": letters, "wrong": wrong, "picked": _picked(request),
        "reason": request.POST.get("reason", ""),
    }  # fmt: skip
    return render(request, "notify/failed.html", context, status=422 if wrong else 200)


def _keeper(request: HttpRequest) -> tuple[Staff, Station]:
    """Who asks, and for which station.  Raises ``Refused("not_allowed")``."""
    staff, station = cast(Staff, request.user), cast("Station | None", request.station)  # type: ignore[attr-defined]
    if station is None or not queries.keeps_failed(staff, station):
        raise Refused("not_allowed")
    return staff, station


def _picked(request: HttpRequest) -> list[int]:
    return [int(pk) for pk in request.POST.getlist("pick") if pk.isdecimal()]
