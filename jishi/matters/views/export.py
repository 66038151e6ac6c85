"""The export of what a filter shows: no party, no reporter's words, no exact point."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import Any, cast

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_safe

from jishi.base.sheets import csv_file, workbook
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
        return workbook(lines, f"{name}.xlsx", (18, 36, 28, 16, 18, 10, 12, 12, 20, 17, 17, 17))
    return csv_file(lines, f"{name}.csv")


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
