"""Printed labels for things of the register: their code to scan, their number and name."""

from __future__ import annotations

from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from jishi.base.errors import Refused
from jishi.base.qr import qr_of, whole_address
from jishi.register.models import Element
from jishi.register.queries import elements_at
from jishi.register.queries.filters import read_filters, rows_of
from jishi.register.queries.scope import get_element
from jishi.stations.models import Staff, Station
from jishi.window.actions.labels import MOST, labels_for, may_print, replace_label

MOST_COPIES = 24


@never_cache
@login_required
@require_safe
def labels(request: HttpRequest) -> HttpResponse:
    """``desk/window/labels/``: which of the register's list to print labels of."""
    user, station = _place(request)
    rows = rows_of(user, station.pk, read_filters(request.GET)).order_by("pk")
    found = list(rows.values_list("number", "name")[: MOST + 1])
    context = {
        "nav_here": "register",
        "rows": found[:MOST],
        "more": len(found) > MOST,
        "most": MOST,
        "copies": MOST_COPIES,
    }
    return render(request, "window/labels.html", context)


@never_cache
@login_required
@require_POST
def sheet(request: HttpRequest) -> HttpResponse:
    """``desk/window/labels/sheet/``: the labels of these numbers, on sheets of A4."""
    user, station = _place(request)
    numbers = request.POST.getlist("number")[: MOST + 1]
    rows = elements_at(user, station.pk).filter(number__in=numbers).select_related("station").order_by("pk")
    found = list(rows.defer("grams", "attributes"))
    if not found:
        raise Refused("not_found")
    tokens = labels_for(found, by=user, now=timezone.now())
    copies = request.POST.get("copies", "1")
    times = min(MOST_COPIES, max(1, int(copies))) if copies.isdecimal() and len(copies) < 4 else 1
    return _printed(request, [element for element in found for _copy in range(times)], tokens)


@never_cache
@login_required
@require_POST
def replace(request: HttpRequest, number: str) -> HttpResponse:
    """``desk/window/labels/<number>/replace/``: a new code where the old label was taken or copied."""
    user = cast(Staff, request.user)
    element = get_element(user, number)
    token = replace_label(element, by=user, now=timezone.now())
    return _printed(request, [element], {element.pk: token})


def _printed(request: HttpRequest, elements: list[Element], tokens: dict[int, str]) -> HttpResponse:
    drawn: dict[int, dict[str, Any]] = {}
    for element in elements:
        if element.pk not in drawn:
            address = whole_address(request, reverse("window:label", args=[tokens[element.pk]]))
            drawn[element.pk] = {
                "qr": qr_of(address), "number": element.number, "name": element.name, "station": element.station.name,
                "token": tokens[element.pk],
            }  # fmt: skip
    return render(request, "window/label_sheet.html", {"labels": [drawn[element.pk] for element in elements]})


def _place(request: HttpRequest) -> tuple[Staff, Station]:
    station = cast("Station | None", getattr(request, "station", None))
    user = cast(Staff, request.user)
    if station is None or not may_print(user, station.pk):
        raise Refused("not_allowed", command="label")
    return user, station
