"""The export of what the filters of the register's list leave: no contact, no count of people, no name of staff."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterator
from typing import cast

from django.contrib.auth.decorators import login_required
from django.db.models import QuerySet
from django.http import FileResponse, HttpRequest, HttpResponseBase
from django.utils import timezone
from django.views.decorators.http import require_safe

from jishi.base.errors import Refused
from jishi.base.sheets import csv_file, streamed, workbook
from jishi.exchange.exports import MOST
from jishi.exchange.exports.rows import chunks_of, feature_of, lines_of
from jishi.register.models import Element
from jishi.register.queries import read_filters, rows_of
from jishi.stations.models import Staff, Station

_WIDTHS = (16, 8, 18, 20, 30, 34, 16, 10, 12, 12, 8, 24, 10, 12, 17, 17, 24, 14, 18, 8, 17, 17)


@login_required
@require_safe
def export_register(request: HttpRequest) -> HttpResponseBase:
    """``register/export/?format=csv|xlsx|geojson|geoparquet``: all that the filters leave, at most 200,000 elements."""
    station = cast("Station | None", getattr(request, "station", None))
    if station is None:
        raise Refused("no_station")
    rows = rows_of(cast(Staff, request.user), station.pk, read_filters(request.GET))
    name = f"{station.code}-E-{timezone.localtime():%Y%m%d-%H%M}"
    match request.GET.get("format", "csv"):
        case "xlsx":
            return workbook(lines_of(rows), f"{name}.xlsx", _WIDTHS)
        case "geojson":
            return streamed(_geojson(rows), f"{name}.geojson", "application/geo+json")
        case "geoparquet":
            return _geoparquet(rows, f"{name}.parquet")
        case _:
            return csv_file(lines_of(rows), f"{name}.csv")


def _geojson(rows: QuerySet[Element]) -> Iterator[str]:
    """A feature collection, written as it is read."""
    count, before = 0, ""
    yield '{"type":"FeatureCollection","features":['
    for chunk in chunks_of(rows):
        parts = [json.dumps(feature_of(row), ensure_ascii=False, separators=(",", ":")) for row in chunk]
        yield before + ",\n".join(parts)
        count, before = count + len(chunk), ",\n"
    whole = count < MOST or rows.count() <= MOST
    yield f'],"numberReturned":{count},"complete":{json.dumps(whole)}}}\n'


def _geoparquet(rows: QuerySet[Element], name: str) -> FileResponse:
    from jishi.exchange.exports.parquet import write_parquet  # takes long to load, and few ask for it

    file = tempfile.TemporaryFile()  # noqa: SIM115  (the answer closes it)
    write_parquet(rows, file)
    file.seek(0)
    return FileResponse(file, as_attachment=True, filename=name, content_type="application/vnd.apache.parquet")
