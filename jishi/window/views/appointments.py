"""预约: a half hour at the counter and a queue number, without a name."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.dateparse import parse_date, parse_datetime
from django.views.decorators.http import require_http_methods

from jishi.base.errors import Refused
from jishi.base.sentences import sentence
from jishi.base.tries import DAY
from jishi.stations.models import Station
from jishi.window.actions.appointments import book, give_back
from jishi.window.guard import guarded, stamp_for
from jishi.window.limits import Limit
from jishi.window.public import at_station, show
from jishi.window.queries.appointments import days_of, number_now
from jishi.window.queries.services import Offered, opening_of, service_at, services_at

PURPOSE = "appointment"
#: A machine must not take every place; behind one address may stand a whole street.
BOOKINGS = Limit("book", most=30, seconds=DAY)
CODES = Limit("give_back", most=60, seconds=3600)


@at_station
@require_http_methods(["GET", "HEAD", "POST"])
def appointments(request: HttpRequest, station: Station) -> HttpResponse:
    """``window/<code>/appointments/?service=…&day=…``: which service, day and half hour; and the place itself."""
    now = timezone.now()
    if request.method != "POST":
        return _choose(request, station, request.GET.get("service", ""), request.GET.get("day", ""), now)
    code, wanted = request.POST.get("service", ""), request.POST.get("starts", "")
    offered, starts = service_at(station, code), _moment(wanted)
    try:
        if offered is None or not offered.booked or starts is None:
            raise Refused("slot_closed")
        key = guarded(request, PURPOSE, BOOKINGS, now)
        booked = book(station, offered, starts, key=key, now=now)
    except Refused as refused:
        day = timezone.localdate(starts).isoformat() if starts else ""
        return _choose(request, station, code, day, now, refused)
    context = {"booked": booked, "offered": service_at(station, code), "opening": opening_of(station)}
    return show(request, "window/booked.html", context)


@at_station
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, station: Station) -> HttpResponse:
    """``window/<code>/appointments/cancel/``: a place is given back by its code."""
    context: dict[str, Any] = {"code_typed": request.POST.get("code", "")[:20], "given_back": None, "wrong": ""}
    status = 200
    if request.method == "POST":
        CODES.check(request)
        CODES.note(request)
        try:
            context["given_back"] = give_back(station, context["code_typed"], now=timezone.now())
        except Refused as refused:
            context["wrong"], status = sentence(refused), refused.status
    return show(request, "window/appointment_cancel.html", context, status=status)


def _choose(
    request: HttpRequest, station: Station, code: str, day: str, now: datetime, refused: Refused | None = None
) -> HttpResponse:
    """The services to choose from; once one is chosen, its days and the half hours of one day."""
    services = [each for each in services_at(station) if each.booked]
    chosen = next((each for each in services if each.service.pk == code), None)
    if chosen is None and len(services) == 1:
        chosen = services[0]
    context: dict[str, Any] = {
        "services": services, "chosen": chosen, "wrong": sentence(refused) if refused else "",
        "now_at": number_now(station.pk, timezone.localdate(now)), "opening": opening_of(station),
        "picked": request.POST.get("starts", ""),
        **stamp_for(request, PURPOSE, now), **(_days(station, chosen, _date(day), now) if chosen else {}),
    }  # fmt: skip
    status = (429 if refused.code == "too_often" else refused.status) if refused else 200
    return show(request, "window/appointments.html", context, status=status)


def _days(station: Station, offered: Offered, wanted: date | None, now: datetime) -> dict[str, Any]:
    """The days on which the counter works, and the one that is shown: the one asked for, else the first with room."""
    days = [day for day in days_of(station, offered, now) if day.worked]
    shown = next((day for day in days if day.day == wanted), None)
    return {"days": days, "day": shown or next((day for day in days if day.free), days[0] if days else None)}


def _moment(text: str) -> datetime | None:
    """A moment with its zone."""
    try:
        found = parse_datetime(text[:40])
    except ValueError:
        return None
    return found if found is not None and found.tzinfo is not None else None


def _date(text: str) -> date | None:
    try:
        return parse_date(text[:10])
    except ValueError:
        return None
