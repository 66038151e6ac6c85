"""The figures of the station for everybody, with what each of them means; and the open data."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.views.decorators.http import require_safe

from jishi.base.sheets import csv_file
from jishi.stations.models import Station
from jishi.window.figures.opendata import COLUMNS
from jishi.window.figures.tables import COUNTS, LEAST, LEAST_N
from jishi.window.public import at_station, show
from jishi.window.quarters import Quarter
from jishi.window.queries.figures import figures_of, open_rows, quarters_at, years_at
from jishi.window.queries.survey import survey_of
from jishi.window.surveying import edition

#: The columns of the table of figures, as codes.
MEASURED = (*COUNTS, "in_time", "days", "reopened", "response", "mended", "result", "manner")

#: What each column of the open data holds.
HOLDS = {
    "quarter": _l("The quarter in which it was reported."),
    "category": _l("The code of its category; empty where fewer than 5 share area and category."),
    "area": _l("The code of its area; empty where fewer than 5 share area and category."),
    "reported_month": _l("The month of the report."),
    "answered_month": _l("The month of the first answer; empty where there is none yet."),
    "days_to_answer": _l("Whole days from the report to the first answer."),
    "answered_in_time": _l("Whether it was answered by its deadline: yes or no; empty while that is still ahead."),
    "outcome": _l("What came of it, as a code; empty while it is open."),
    "reopened": _l("Whether it was begun again after an answer: yes or no."),
    "cell": _l("The hexagon of about 0.7 km² that it lies in (H3, resolution 8); only where 5 lines share it."),
}


@at_station
@require_safe
def figures(request: HttpRequest, station: Station) -> HttpResponse:
    """``window/<code>/figures/?quarter=2026-Q3``: a quarter in figures; without a quarter the newest."""
    quarters = quarters_at(station.pk)
    wanted = _quarter(request, quarters)
    found = figures_of(station.pk, wanted) if wanted else None
    context: dict[str, Any] = {
        "quarters": quarters, "quarter": wanted, "it": found, "least": LEAST, "least_n": LEAST_N,
        "survey": survey_of(station, wanted, timezone.now()) if wanted else None,
        "questions": edition().questions, "survey_least": edition().least,
    }  # fmt: skip
    return show(request, "window/figures.html", context)


@at_station
@require_safe
def table(request: HttpRequest, station: Station) -> HttpResponseBase:
    """``window/<code>/figures.csv?quarter=2026-Q3``: the same as a table."""
    wanted = _quarter(request, quarters_at(station.pk))
    found = figures_of(station.pk, wanted) if wanted else None
    if wanted is None or found is None:
        raise Http404("figures")
    return csv_file(_lines(wanted, found), f"{station.code}-{wanted.code}.csv")


@at_station
@require_safe
def open_data(request: HttpRequest, station: Station) -> HttpResponse:
    """``window/<code>/open-data/``: the files, year by year, and what their columns hold."""
    columns = [(name, HOLDS[name]) for name in COLUMNS]
    return show(request, "window/open_data.html", {"years": years_at(station.pk), "columns": columns, "least": LEAST})


@at_station
@require_safe
def open_csv(request: HttpRequest, station: Station) -> HttpResponseBase:
    """``window/<code>/open-data.csv?year=2026``: the open data of a year; without a year the newest."""
    years = years_at(station.pk)
    asked = request.GET.get("year", "") or (str(years[0]) if years else "")
    year = next((each for each in years if str(each) == asked), None)
    if year is None:
        raise Http404(asked)
    rows = open_rows(station.pk, year)

    def lines() -> Iterator[list[Any]]:
        yield list(COLUMNS)
        yield from rows

    return csv_file(lines(), f"{station.code}-{year}.csv")


def _quarter(request: HttpRequest, quarters: list[Quarter]) -> Quarter | None:
    """The quarter that is asked for, where its figures were given out; without one the newest."""
    asked = request.GET.get("quarter", "")
    if not asked:
        return quarters[0] if quarters else None
    wanted = Quarter.read(asked)
    if wanted not in quarters:
        raise Http404(asked)
    return wanted


def _lines(quarter: Quarter, found: dict[str, Any]) -> Iterator[list[Any]]:
    """The lines of the table: the station, its areas, its kinds."""
    yield ["quarter", "of", "name", *MEASURED]
    groups = (
        ("all", [{**found["all"], "name": _("The whole station")}]),
        ("area", found["areas"]),
        ("kind", found["kinds"]),
    )
    for group, lines in groups:
        for line in lines:
            yield [quarter.code, group, line["name"] or "—", *(line[name] for name in MEASURED)]
