"""登记: a matter comes into the loop."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jishi.base.errors import Refused
from jishi.base.sentences import sentence
from jishi.matters import actions, catalogue, paste
from jishi.matters.forms import ReportForm
from jishi.matters.forms.options import Choices
from jishi.matters.loop import COMMANDS
from jishi.matters.models import MatterState
from jishi.matters.paste.kinds import read_category
from jishi.matters.queries.page import matter_page
from jishi.matters.queries.scope import visible_matters
from jishi.matters.queries.similar import Likely, similar
from jishi.matters.views.page import context_of
from jishi.register.models import Element
from jishi.register.queries import elements_at, nearby_elements
from jishi.stations import queries as stations
from jishi.stations.models import Staff, Station


@never_cache
@login_required
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest) -> HttpResponse:
    """``report/``: the form, and what is sent with it."""
    user, station = who_and_where(request)
    areas, elements = area_choices(user, station), elements_at(user, station.pk)
    if request.method != "POST":
        return show(request, ReportForm(areas, elements, initial=_begun(request, elements)))
    form = ReportForm(areas, elements, request.POST, request.FILES)
    if not form.is_valid():
        return show(request, form, 422)
    likely = likely_of(user, station, form.cleaned_data)
    new = {str(each.id) for each in likely} - set(form.cleaned_data["seen"].split(","))
    if new:
        data = request.POST.copy()
        data["seen"] = ",".join(str(each.id) for each in likely)
        form = ReportForm(areas, elements, data, request.FILES)
        form.is_valid()
        return show(request, form, 409, likely=likely, asked=True)
    try:
        done = actions.report_matter(station, by=user, **form.report())
    except Refused as refused:
        name = str(refused.facts.get("field", _FIELD.get(refused.code, "")))
        form.add_error(name if name in form.fields else None, sentence(refused))
        return show(request, form, refused.status)
    number = visible_matters(user).values_list("number", flat=True).get(pk=done.matter_id)
    return HttpResponseRedirect(reverse("matters:receipt", args=[number]), status=303)


@never_cache
@login_required
@require_POST
def nearby(request: HttpRequest) -> HttpResponse:
    """``report/similar/``: likely duplicates of what is being written, and the category that its words point to.

    Asked by POST, so that what is being written stands in no address.
    """
    user, station = who_and_where(request)
    form = ReportForm(area_choices(user, station), elements_at(user, station.pk), request.POST)
    form.is_valid()
    values = form.cleaned_data
    likely = likely_of(user, station, values)
    suggested = None if values.get("category") else suggestion(values.get("title", ""))
    context = {
        "likely": likely,
        "seen": ",".join(str(each.id) for each in likely),
        "state_labels": dict(MatterState.choices),
        "suggested": suggested,
        "nearby": [] if values.get("element") else nearby_elements(
            user, station.pk, lon=values.get("lon"), lat=values.get("lat"), words=values.get("place", ""), most=5
        ),
    }  # fmt: skip
    return render(request, "matters/_similar.html", context)


@never_cache
@login_required
@require_safe
def receipt(request: HttpRequest, number: str) -> HttpResponse:
    """``matters/<number>/receipt/``: the number, what happens next, and what can be done now."""
    found = matter_page(request.user, number)  # type: ignore[arg-type]  # login_required
    return render(request, "matters/receipt.html", context_of(found))


def _begun(request: HttpRequest, elements: QuerySet[Element]) -> dict[str, Any]:
    """What the form begins with: where ``?element=`` names what stands in the register, its name, area and point."""
    begun: dict[str, Any] = {"key": uuid4().hex, "channel": "desk"}
    found = elements.filter(number=request.GET.get("element", ""), status="active").first()
    if found is None:
        return begun
    return {
        **begun, "element": found.number, "place": found.name, "area": found.area_id, "lon": found.lon,
        "lat": found.lat,
    }  # fmt: skip


def who_and_where(request: HttpRequest) -> tuple[Staff, Station]:
    """Who reports, and at which station.  Raises ``Refused("not_allowed")`` where they may not."""
    user = request.user
    station = getattr(request, "station", None)
    if not isinstance(user, Staff) or not isinstance(station, Station):
        raise Refused("not_allowed", command="report")
    if not COMMANDS["report"].roles & actions.actor_of(user, station.pk).roles:
        raise Refused("not_allowed", command="report")
    return user, station


def area_choices(user: Staff, station: Station) -> Choices:
    """The areas of the station."""
    return list(stations.areas_of(user, station).values_list("pk", "name"))


def likely_of(user: Staff, station: Station, values: dict[str, Any]) -> list[Likely]:
    """Likely duplicates of what a form says."""
    return similar(
        user, station.pk, timezone.now(), title=values.get("title", ""), place=values.get("place", ""),
        category=values.get("category") or None, area=values.get("area"), lon=values.get("lon"), lat=values.get("lat"),
    )  # fmt: skip


def kinds() -> list[paste.Kind]:
    """The categories in use with the words that point to them."""
    return [paste.Kind(row.code, tuple(row.words)) for row in catalogue.categories().values() if row.active]


def suggestion(title: str) -> dict[str, Any] | None:
    """The category that the words of a title point to, and the word."""
    found = read_category(title, kinds())
    if found is None:
        return None
    category = catalogue.categories()[found.value]
    return {"code": category.code, "name": category.name, "grade": category.grade, "word": found.word}


def show(request: HttpRequest, form: ReportForm, status: int = 200, **more: Any) -> HttpResponse:
    """The page of the report."""
    grades = {row.code: row.grade for row in catalogue.categories().values() if row.active}
    context = {
        "nav_here": "report",
        "form": form,
        "grades": grades,
        "likely": [],
        "state_labels": dict(MatterState.choices),
        **more,
    }
    return render(request, "matters/report.html", context, status=status)


_FIELD = {
    "area_elsewhere": "area", "element_unknown": "element", "bad_point": "place", "unknown_category": "category",
    "file_type": "files", "file_too_large": "files", "file_broken": "files",
}  # fmt: skip
