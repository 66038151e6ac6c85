"""The screens of the import: the file, the preview, the progress, the report."""

from __future__ import annotations

from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jishi.base.errors import Refused
from jishi.base.sentences import sentence
from jishi.exchange import actions, queries
from jishi.exchange.forms import UploadForm
from jishi.exchange.models import Run
from jishi.exchange.reasons import DROPPED, FLAG_WORDS, REASONS
from jishi.exchange.runs import folder_of
from jishi.matters import catalogue
from jishi.stations.models import Staff, Station

#: What a map looks like, for the page where one is asked for.
SMALLEST = """\
source = "hotline"

[fields]
external_id = "编号"
reported_at = "上报时间"
closed_at = "办结时间"

[fields.category]
column = "类别"
default = "other"
values = { "路灯" = "public.light" }
"""
#: Each of these says why there is no point, so that "no point" need not be said beside it.
_WHY_NO_POINT = {"placeholder_point", "bad_point", "swapped_point", "far_point"}


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    """``import/``: the form for a file and its map, and the latest runs."""
    user, station = _who_and_where(request)
    maps = queries.maps_at(user, station)
    form = (
        UploadForm(maps, request.POST or None, request.FILES or None) if request.method == "POST" else UploadForm(maps)
    )
    if request.method == "POST" and form.is_valid():
        try:
            run = _begin(user, station, form.cleaned_data)
        except Refused as refused:
            form.add_error("map", sentence(refused))
        else:
            return HttpResponseRedirect(reverse("exchange:run", args=[run.pk]), status=303)
    context = {"nav_here": "import", "form": form, "runs": queries.runs_at(user, station), "smallest": SMALLEST}
    return render(request, "exchange/imports.html", context, status=422 if form.errors else 200)


@never_cache
@login_required
@require_safe
def run(request: HttpRequest, pk: int) -> HttpResponse:
    """``import/<run>/``: its preview, its progress or its report, as far as it has come."""
    found = _run(request, pk)
    context = _context(found)
    if request.headers.get("HX-Request") != "true":
        return render(request, "exchange/run.html", context)
    response = render(request, "exchange/_run.html", context)
    if not context["waiting"]:
        response["HX-Refresh"] = "true"  # what stands beside the run has changed too
    return response


@login_required
@require_POST
def start(request: HttpRequest, pk: int) -> HttpResponse:
    """``import/<run>/start/``: import what was read through."""
    found = _run(request, pk)
    actions.start_run(found)
    return HttpResponseRedirect(reverse("exchange:run", args=[found.pk]), status=303)


@never_cache
@login_required
@require_safe
def rejects(request: HttpRequest, pk: int) -> FileResponse:
    """``import/<run>/rejects/``: the rejected rows, for a day."""
    found = _run(request, pk)
    path = folder_of(found.pk) / "rejects.csv"
    if found.cleared or found.expires_at <= timezone.now() or not path.is_file():
        raise Http404
    return FileResponse(
        path.open("rb"), as_attachment=True, filename=f"rejects-{found.pk}.csv", content_type="text/csv"
    )


def _who_and_where(request: HttpRequest) -> tuple[Staff, Station]:
    """The person and the active station.  Raises Refused("no_station" | "not_allowed")."""
    user, station = cast(Staff, request.user), cast("Station | None", getattr(request, "station", None))
    if station is None:
        raise Refused("no_station")
    if not queries.may_import(user, station):
        raise Refused("not_allowed", command="import")
    return user, station


def _run(request: HttpRequest, pk: int) -> Run:
    return get_object_or_404(queries.visible_runs(cast(Staff, request.user)), pk=pk)


def _begin(user: Staff, station: Station, values: dict[str, Any]) -> Run:
    given = values.get("map")
    if given is not None:
        return actions.begin_run(station, values["table"], given.read(), given.name, by=user)
    earlier = get_object_or_404(queries.visible_runs(user), pk=values["known"])
    path = folder_of(earlier.pk) / "map.toml"
    if not path.is_file():
        raise Refused("run_expired")
    return actions.begin_run(station, values["table"], path.read_bytes(), earlier.map_name, by=user)


def _context(found: Run) -> dict[str, Any]:
    """What the page shows of a run, its codes turned into words."""
    figures = found.figures
    refusal = found.refusal
    return {
        "nav_here": "import",
        "run": found,
        "figures": figures,
        "waiting": found.state in ("reading", "importing"),
        "reasons": [(str(REASONS.get(code, code)), n) for code, n in figures.get("rejected_by", {}).items()],
        "flags": [(str(FLAG_WORDS.get(code, code)), n) for code, n in figures.get("flags", {}).items()],
        "dropped": [(name, str(DROPPED.get(code, code))) for name, code in figures.get("dropped_columns", {}).items()],
        "sample": [_sample_row(row) for row in found.sample],
        "refused": sentence(Refused(refusal["code"], **refusal.get("facts", {}))) if refusal else "",
        "has_rejects": figures.get("rejected", 0) > 0 and not found.cleared,
    }


def _sample_row(row: dict[str, Any]) -> dict[str, Any]:
    if "reason" in row:
        return {**row, "sentence": str(REASONS.get(row["reason"], row["reason"]))}
    category = catalogue.categories().get(row["category"])
    told = (
        row["flags"]
        if _WHY_NO_POINT.isdisjoint(row["flags"])
        else [each for each in row["flags"] if each != "no_point"]
    )
    flags = [str(FLAG_WORDS.get(code, code)) for code in told]
    at = {name: parse_datetime(row[name]) if row[name] else None for name in ("reported_at", "closed_at")}
    return {**row, **at, "flags": flags, "category": category.name if category else row["category"]}
