"""Made-up tables in every format, the map that fits them, and an import of them in one call."""

from __future__ import annotations

import csv
import gzip
import io
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter

from jishi.exchange.mapping import MatterMap, parse_map
from jishi.exchange.matters_import import ImportReport, import_matters
from jishi.matters.tests.factory import House

HEADER = ("编号", "上报时间", "办结时间", "类别", "地点", "经度", "纬度")
ROWS: tuple[Sequence[str], ...] = (
    ("A-1", "2026-03-02 08:15:00", "2026-03-03 09:00:00", "路灯", "和平里3号楼", "116.4100", "39.9500"),
    ("A-2", "2026-03-02 09:30:00", "", "井盖", "“和平”东街,北侧", "116.4200", "39.9510"),
    ("A-3", "2026-03-04 22:05:59", "2026-03-09 10:00:00", "噪声", "幸福路\n与平安街口", "116.4300", "39.9520"),
)
MAP = """
source = "hotline"
null = ["-", "NULL", "NA"]
{top}
[file]
{file}
[time]
zone = "Asia/Shanghai"
{time}
[coordinates]
{coordinates}
[fields]
external_id = "编号"
reported_at = "上报时间"
closed_at = "办结时间"
place = "地点"
{fields}
[fields.category]
column = "类别"
{category}
[fields.category.values]
"路灯" = "public.light"
"井盖" = "public.manhole"
"噪声" = "nuisance.noise"
{values}
{more}
"""
POINT = 'lon = "经度"\nlat = "纬度"'


def a_map(*, points: bool = True, **parts: str) -> MatterMap:
    """The map of :data:`HEADER`; ``parts`` are lines of TOML for its sections: top, file, time, fields, more …"""
    empty = dict.fromkeys(("top", "file", "time", "coordinates", "fields", "category", "values", "more"), "")
    if points:
        parts["fields"] = POINT + "\n" + parts.get("fields", "")
    return parse_map(MAP.format(**empty | parts).encode())


def as_text(rows: Sequence[Sequence[str]], delimiter: str = ",", header: Sequence[str] = HEADER) -> str:
    """Header and rows as CSV."""
    stream = io.StringIO(newline="")
    csv.writer(stream, delimiter=delimiter).writerows([header, *rows])
    return stream.getvalue()


def as_geojson(rows: Sequence[Sequence[str]], header: Sequence[str] = HEADER) -> str:
    """Rows as features, their last two cells the point."""
    features: list[Mapping[str, Any]] = [
        {
            "type": "Feature",
            "properties": dict(zip(header[:-2], row, strict=False)),
            "geometry": {"type": "Point", "coordinates": [float(row[-2]), float(row[-1])]},
        }
        for row in rows
    ]
    return json.dumps({"type": "FeatureCollection", "features": features}, ensure_ascii=False)


def as_workbook(rows: Sequence[Sequence[Any]], header: Sequence[str] = HEADER) -> bytes:
    """Header and rows as the one sheet of a workbook."""
    stream = io.BytesIO()
    with xlsxwriter.Workbook(stream, {"default_date_format": "yyyy-mm-dd hh:mm:ss"}) as book:
        sheet = book.add_worksheet("事项")
        for number, row in enumerate([header, *rows]):
            sheet.write_row(number, 0, row)
    return stream.getvalue()


def a_file(folder: Path, content: str | bytes, name: str = "table.csv", encoding: str = "utf-8") -> Path:
    """A file with this content, gzipped when its name says so."""
    raw = content.encode(encoding) if isinstance(content, str) else content
    path = folder / name
    path.write_bytes(gzip.compress(raw) if name.endswith(".gz") else raw)
    return path


def import_rows(
    house: House,
    folder: Path,
    rows: Sequence[Sequence[str]],
    map_: MatterMap | None = None,
    *,
    header: Sequence[str] = HEADER,
    **options: Any,
) -> ImportReport:
    """Import rows as a CSV file; every row must be accounted for."""
    path = a_file(folder, as_text(rows, header=header))
    report = import_matters(path, map_ or a_map(), house.station, by=None, **options)
    assert report.read == report.imported + report.already_there + report.rejected
    return report
