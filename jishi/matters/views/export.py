"""The export of what a filter shows: no party, no reporter's words, no exact point."""

from __future__ import annotations

import csv
import datetime as dt
import tempfile
from collections.abc import Iterator
from itertools import islice
from typing import Any, cast

import xlsxwriter
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from jishi.base.words import moment
from jishi.matters import labels
from jishi.matters.models import Grade
from jishi.matters.queries import read_filters
from jishi.matters.queries.desk import Worker
from jishi.matters.queries.listing import every_row
from jishi.matters.views.place import station_of, worker_of
from jishi.matters.views.shown import Shown, shown
from jishi.stations.models import Staff

MOST = 100_000
_CHUNK = 500
#: A spreadsheet reads a cell that begins so as a formula.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


@login_required
@require_safe
def export(request: HttpRequest) -> HttpResponseBase:
    """All that the filter shows as CSV or, with ``?format=xlsx``, as a workbook; at most 100,000 rows."""
    station, worker, now = station_of(request), worker_of(request), timezone.now()
    filters = read_filters(request.GET)
    rows = every_row(cast(Staff, request.user), station.pk, filters, now, MOST + 1)
    lines = _lines(rows, worker)
    name = f"{station.code}-{timezone.localtime(now):%Y%m%d-%H%M}"
    if request.GET.get("format") == "xlsx":
        return _workbook(lines, f"{name}.xlsx")
    response = StreamingHttpResponse(_kept_here(_csv(lines)), content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return response


def _head() -> list[str]:
    return [
        _("Number"), _("Title"), _("Place"), pgettext("matter", "Area"), _("Category"), _("Grade"), _("State"),
        _("Outcome"), _("Responsible unit"), _("Happening reported"), _("Next deadline"), _("Closed at"),
        _("Times returned"), _("Times reworked"), _("Times reopened"), _("Channel"), _("Source"),
        _("Original unit"), _("Original deadline"),
    ]  # fmt: skip


def _lines(rows: Iterator[dict[str, Any]], worker: Worker) -> Iterator[list[Any]]:
    yield _head()
    left = MOST
    while left > 0 and (some := list(islice(rows, min(_CHUNK, left)))):
        yield from map(_line, shown(some, worker))
        left -= len(some)
    if next(rows, None) is not None:
        yield [_("Only the first 100,000 rows are here. Narrow the filter to export the rest.")]


def _line(each: Shown) -> list[Any]:
    row = each.row
    return [
        row["number"], row["title"], row["place_name"], each.area, each.category, str(Grade(row["grade"]).label),
        each.state, each.outcome, each.unit, moment(row["reported_at"]), moment(row["next_due"]),
        moment(row["closed_at"]), row["returned"], row["reworked"], row["reopened"],
        str(labels.CHANNELS.get(row["channel"], row["channel"])), row["source"], row["original_unit"],
        moment(row["original_due"]),
    ]  # fmt: skip


def _csv(lines: Iterator[list[Any]]) -> Iterator[str]:
    writer = csv.writer(_Echo())
    yield "\ufeff"
    for line in lines:
        yield writer.writerow([defused(value) for value in line])


def _workbook(lines: Iterator[list[Any]], name: str) -> FileResponse:
    file = tempfile.TemporaryFile()  # noqa: SIM115  (the answer closes it)
    book = xlsxwriter.Workbook(file, {"constant_memory": True, "in_memory": False, "strings_to_urls": False})
    sheet = book.add_worksheet()
    sheet.freeze_panes(1, 1)
    for place, width in enumerate((18, 36, 28, 16, 18, 10, 12, 12, 20, 17, 17, 17)):
        sheet.set_column(place, place, width)
    bold = book.add_format({"bold": True})
    for number, line in enumerate(lines):
        for place, value in enumerate(line):
            if isinstance(value, str):
                sheet.write_string(number, place, defused(value), bold if number == 0 else None)
            else:
                sheet.write_number(number, place, value)
    book.close()
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name, content_type=_XLSX)


def defused(value: Any) -> Any:
    """A cell that no spreadsheet takes for a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _kept_here(parts: Iterator[str]) -> Iterator[str]:
    """The parts in the language and zone of the request, which have ended when the answer is streamed."""
    language: str = translation.get_language() or "zh-hans"
    zone: dt.tzinfo = timezone.get_current_timezone()

    def kept() -> Iterator[str]:
        while True:
            with translation.override(language), timezone.override(zone):
                part = next(parts, None)
            if part is None:
                return
            yield part

    return kept()


class _Echo:
    """A file for the csv module that hands each line straight back."""

    def write(self, value: str) -> str:
        """The line itself."""
        return value
