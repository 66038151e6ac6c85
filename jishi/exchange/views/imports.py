"""The screens of the import: the file, the preview, the progress, the report."""

from __future__ import annotations

from io import BytesIO
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from jishi.base.errors import Refused
from jishi.base.sentences import sentence
from jishi.exchange import actions, queries
from jishi.exchange.forms import UploadForm
from jishi.exchange.models import Run, What
from jishi.exchange.reasons import DROPPED, FLAG_WORDS, REASONS
from jishi.exchange.runs import MARKED, folder_of
from jishi.exchange.template import label_of, write_template
from jishi.matters import catalogue
from jishi.register.catalogue import sorts
from jishi.register.models import Category, Kind
from jishi.stations.models import Staff, Station

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
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
SMALLEST_REGISTER = """\
source = "market_regulation"
key = "许可证号"
newest_by = "核准日期"

[fields]
name = "名称"
address = "地址"

[fields.category]
column = "业态"
default = "place.shop"
values = { "餐饮" = "place.catering" }
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
    context = {
        "nav_here": "import", "form": form, "runs": queries.runs_at(user, station), "smallest": SMALLEST,
        "smallest_register": SMALLEST_REGISTER, "templates": _templates(),
    }  # fmt: skip
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
    return _file(request, pk, "rejects.csv", "text/csv")


@never_cache
@login_required
@require_safe
def marked(request: HttpRequest, pk: int) -> FileResponse:
    """``import/<run>/marked/``: the filled-in template with its wrong cells marked, for a day."""
    return _file(request, pk, MARKED, XLSX)


@never_cache
@login_required
@require_safe
def template(request: HttpRequest, category: str) -> HttpResponse:
    """``register/template/<category>.xlsx``: the workbook to fill in for a category, in the reader's language."""
    _, station = _who_and_where(request)
    sort = sorts().get(category)
    if sort is None or not sort.category.active:
        raise Http404
    book = BytesIO()
    write_template(book, category, station)
    response = HttpResponse(book.getvalue(), content_type=XLSX)
    response["Content-Disposition"] = content_disposition_header(True, f"{sort.category.name}.xlsx") or ""
    return response


def _file(request: HttpRequest, pk: int, name: str, content_type: str) -> FileResponse:
    """One of the files of a run, while its day lasts."""
    found = _run(request, pk)
    path = folder_of(found.pk) / name
    if found.cleared or found.expires_at <= timezone.now() or not path.is_file():
        raise Http404
    stem, _, ending = name.partition(".")
    return FileResponse(
        path.open("rb"), as_attachment=True, filename=f"{stem}-{found.pk}.{ending}", content_type=content_type
    )


def _templates() -> list[tuple[str, list[Category]]]:
    """The categories that have a template, by kind."""
    active = [sort.category for sort in sorts().values() if sort.category.active and sort.category.parent_id]
    kinds = [(str(kind.label), [one for one in active if one.kind == kind.value]) for kind in Kind]
    return [(label, found) for label, found in kinds if found]


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
    given, known, what = values.get("map"), values.get("known"), values["what"]
    content, name = None, ""
    if given is not None:
        content, name = given.read(), given.name
    elif known:
        earlier = get_object_or_404(queries.visible_runs(user), pk=known)
        path = folder_of(earlier.pk) / "map.toml"
        if not path.is_file():
            raise Refused("run_expired")
        content, name = path.read_bytes(), earlier.map_name
    return actions.begin_run(
        station, values["table"], content, name, by=user, what=what, datum=values.get("datum", "wgs84")
    )


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
        "sample": [_sample_row(row, found) for row in found.sample],
        "coming": figures.get("imported", 0) + figures.get("created", 0) + figures.get("updated", 0),
        "template": sorts().get(found.template),
        "refused": sentence(Refused(refusal["code"], **refusal.get("facts", {}))) if refusal else "",
        "has_rejects": figures.get("rejected", 0) > 0 and not found.cleared,
        "has_marked": bool(found.template) and figures.get("rejected", 0) > 0 and not found.cleared,
    }


def _sample_row(row: dict[str, Any], found: Run) -> dict[str, Any]:
    if "reason" in row:
        column = label_of(found.template, row["column"]) if found.template else row["column"]
        return {**row, "column": column, "sentence": str(REASONS.get(row["reason"], row["reason"]))}
    told = (
        row["flags"]
        if _WHY_NO_POINT.isdisjoint(row["flags"])
        else [each for each in row["flags"] if each != "no_point"]
    )
    flags = [str(FLAG_WORDS.get(code, code)) for code in told]
    times = ("at",) if found.what == What.REGISTER else ("reported_at", "closed_at")
    at = {name: parse_datetime(row[name]) if row[name] else None for name in times}
    return {**row, **at, "flags": flags, "category": _category_name(found, row["category"])}


def _category_name(found: Run, code: str) -> str:
    if found.what == What.REGISTER:
        sort = sorts().get(code)
        return sort.category.name if sort else code
    category = catalogue.categories().get(code)
    return category.name if category else code
