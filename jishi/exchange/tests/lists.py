"""A small made-up list with the quirks of Chicago's: several rows of a licence, none of them in order; missing points;
kinds spelled in many ways; numbers that went through R; a house with a flat in it.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from jishi.exchange.register_import import import_register
from jishi.exchange.register_map import RegisterMap, parse_register_map
from jishi.exchange.report import RegisterReport
from jishi.exchange.tests.tables import a_file, as_text
from jishi.register.tests.factory import Ground

HEADER = ("许可证", "业态", "地址", "检查日期", "纬度", "经度", "燃气")
LON, LAT = "117.3050", "37.1050"
ROWS = (
    ("82474.0", "Restaurant", "和平里1号", "2026-03-02", LAT, LON, "管道"),
    ("1932.0", "GROCERY/BAKERY", "和平里2号", "2026-01-05", LAT, LON, ""),
    ("82474.0", "RESTAURANT ", "和平里3号", "2026-05-02", LAT, "117.3060", "瓶装"),
    ("82474.0", "restaurant", "和平里1号", "2025-11-20", "", "", ""),
    ("1932.0", "grocery / bakery", "和平里2号", "2026-04-05", LAT, LON, ""),
    ("77.0", "", "和平里5号302室", "2026-02-01", "", "", ""),
)
MAP = """
source = "food"
null = ["-", "NA"]
newest_by = "检查日期"
{top}
[key]
column = "许可证"
integer = true
[time]
zone = "Asia/Shanghai"
[coordinates]
{coordinates}
[fields]
address = "地址"
lon = "经度"
lat = "纬度"
verified_at = "检查日期"
name = {{ template = "{{业态}} · {{地址}}" }}
{fields}
[fields.attributes.gas]
column = "燃气"
values = {{ "管道" = "piped", "瓶装" = "bottled" }}
{gas}
[fields.category]
column = "业态"
default = "place.catering"
[fields.category.values]
"grocery/bakery" = "place.shop"
"grocery / bakery" = "place.shop"
"restaurant" = "place.catering"
{values}
"""
#: A list without an order: one row for each number.
PLAIN_HEADER = ("编号", "名称", "地址", "类别", "经度", "纬度", "等级", "理由", "状况")
PLAIN = """
source = "plain"
key = "编号"
{top}
[coordinates]
{coordinates}
[fields]
name = "名称"
address = "地址"
category = "类别"
lon = "经度"
lat = "纬度"
grade = "等级"
status = "状况"
{fields}
[fields.reasons]
column = "理由"
values = {{ "人很多" = "crowds" }}
"""


def a_map(**parts: str) -> RegisterMap:
    """The map of :data:`HEADER`; ``parts`` are lines of TOML for its sections."""
    empty = dict.fromkeys(("top", "coordinates", "fields", "gas", "values"), "")
    return parse_register_map(MAP.format(**empty | parts).encode())


def a_plain_map(**parts: str) -> RegisterMap:
    """The map of :data:`PLAIN_HEADER`."""
    return parse_register_map(PLAIN.format(**dict.fromkeys(("top", "coordinates", "fields"), "") | parts).encode())


def plain_row(number: str = "S-1", **said: str) -> list[str]:
    """A row of :data:`PLAIN_HEADER`."""
    usual = {"编号": number, "名称": "平安超市", "地址": "和平里9号", "类别": "店铺", "经度": LON, "纬度": LAT}
    return [{**usual, **said}.get(name, "") for name in PLAIN_HEADER]


def import_rows(
    ground: Ground,
    folder: Path,
    rows: Sequence[Sequence[str]] = ROWS,
    map_: RegisterMap | None = None,
    *,
    header: Sequence[str] = HEADER,
    **options: Any,
) -> RegisterReport:
    """Import rows as a CSV file; every row must be accounted for."""
    path = a_file(folder, as_text(rows, header=header))
    report = import_register(path, map_ or a_map(), ground.station, by=None, **options)
    assert report.read == report.created + report.updated + report.unchanged + report.rejected
    return report


def import_plain(ground: Ground, folder: Path, *rows: Sequence[str], **options: Any) -> RegisterReport:
    """Import rows of :data:`PLAIN_HEADER`."""
    return import_rows(ground, folder, rows, options.pop("map_", None) or a_plain_map(), header=PLAIN_HEADER, **options)
