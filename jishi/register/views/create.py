"""Registering an element: its category first, then its form, with likely duplicates shown before it is sent."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from jishi.base.errors import Refused
from jishi.base.sentences import sentence
from jishi.base.toasts import toast
from jishi.register import actions, labels
from jishi.register.actions.write import done_before
from jishi.register.catalogue import Sort, sort_of, sorts
from jishi.register.forms import CreateForm
from jishi.register.queries import similar
from jishi.register.queries.similar import Likely
from jishi.register.roles import require
from jishi.register.views.choices import area_choices, category_rows
from jishi.register.views.map_page import pictured, point_config
from jishi.register.views.place import station_of, user_of
from jishi.stations.models import Staff, Station


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def create(request: HttpRequest) -> HttpResponse:
    """``register/elements/new/``: choose a category; with ``?category=`` its form, and what is sent with it."""
    user, station = _who_and_where(request)
    sort = _sort(request)
    if sort is None:
        groups = _groups()
        return render(request, "register/choose.html", {"nav_here": "register", "groups": groups})
    areas = area_choices(user, station)
    if request.method != "POST":
        form = CreateForm(sort, areas, initial={"key": uuid4().hex, "datum": "wgs84", "grade": 0, **_begun(request)})
        return _show(request, sort, form)
    form = CreateForm(sort, areas, request.POST)
    if not form.is_valid():
        return _show(request, sort, form, 422)
    likely = _likely(user, station, form)
    again = done_before(user, form.cleaned_data["key"]) is not None
    if not again and {str(each.element.pk) for each in likely} - set(form.cleaned_data["seen"].split(",")):
        data = request.POST.copy()
        data["seen"] = ",".join(str(each.element.pk) for each in likely)
        form = CreateForm(sort, areas, data)
        form.is_valid()
        return _show(request, sort, form, 409, likely=likely, asked=True)
    try:
        made = actions.create_element(
            station, by=user, source=form.known_from(), key=form.cleaned_data["key"], **form.values()
        )
    except Refused as refused:
        name = str(refused.facts.get("field", _FIELD.get(refused.code, "")))
        name = f"attr-{name}" if f"attr-{name}" in form.fields else name
        form.add_error(name if name in form.fields else None, sentence(refused))
        return _show(request, sort, form, refused.status, likely=likely)
    toast(request, _("%(number)s is registered.") % {"number": made.number})
    return HttpResponseRedirect(reverse("register:element", args=[made.number]), status=303)


@never_cache
@login_required
@require_POST
def nearby(request: HttpRequest) -> HttpResponse:
    """``register/elements/similar/``: likely duplicates of what is being written.  By POST, so that it stands in no address."""  # noqa: E501
    user, station = _who_and_where(request)
    sort = _sort(request)
    if sort is None:
        raise Refused("unknown_category", category="")
    form = CreateForm(sort, area_choices(user, station), request.POST)
    form.is_valid()
    likely = _likely(user, station, form)
    seen = ",".join(str(each.element.pk) for each in likely)
    return render(request, "register/_likely.html", {"likely": likely, "reason_words": labels.LIKENESS, "seen": seen})


def _who_and_where(request: HttpRequest) -> tuple[Staff, Station]:
    """Who registers, and at which station.  Raises ``Refused("not_allowed")`` where they may not."""
    user, station = user_of(request), station_of(request)
    require(user, station.pk, "create")
    return user, station


def _sort(request: HttpRequest) -> Sort | None:
    code = request.POST.get("category") or request.GET.get("category") or ""
    found = sorts().get(code)
    return sort_of(code) if found is not None and found.category.active else None


def _begun(request: HttpRequest) -> dict[str, Any]:
    """What the address line already knows: the point that was chosen on the map."""
    found = {name: request.GET.get(name, "") for name in ("lon", "lat")}
    try:
        return {name: float(value) for name, value in found.items()}
    except ValueError:
        return {}


def _groups() -> list[dict[str, Any]]:
    """The categories that can be chosen, by their kind; one with others below it only heads them."""
    rows = category_rows(active=True)
    parents = {sort.category.parent_id for sort in sorts().values()}
    found: dict[str, list[tuple[str, str]]] = {kind: [] for kind in labels.KINDS}
    for code, name, _depth in rows:
        if code not in parents:
            found[sorts()[code].category.kind].append((code, name))
    return [{"kind": kind, "name": labels.KINDS[kind], "rows": found[kind]} for kind in labels.KINDS if found[kind]]


def _likely(user: Staff, station: Station, form: CreateForm) -> list[Likely]:
    values = form.cleaned_data
    point = form.point()
    columns = None
    if point is not None:
        try:
            columns = point.columns()
        except Refused:
            columns = None
    return similar(
        user, station.pk, name=values.get("name", ""), address=values.get("address", ""),
        category=form.sort.category.code, point=(columns["lon"], columns["lat"]) if columns else None,
    )  # fmt: skip


def _show(request: HttpRequest, sort: Sort, form: CreateForm, status: int = 200, **more: Any) -> HttpResponse:
    context = {
        "nav_here": "register", "sort": sort, "form": form, "likely": [], "reason_words": labels.LIKENESS,
        "map_config": point_config(station_of(request)), **more,
    }  # fmt: skip
    return pictured(render(request, "register/create.html", context, status=status))


_FIELD = {
    "reason_needed": "reasons", "bad_reason": "reasons", "bad_grade": "grade", "bad_point": "lon", "bad_datum": "datum",
    "area_elsewhere": "area",
}  # fmt: skip
