"""The same table comes in the same from every format, plain or gzipped, in every encoding."""

from datetime import datetime

import pytest

from jishi.base.errors import Refused
from jishi.exchange.matters_import import import_matters
from jishi.exchange.tests import tables
from jishi.matters.models import Matter

EXPECTED = [
    ("A-1", "closed", "public.light", "和平里3号楼", 116.41),
    ("A-2", "inherited", "public.manhole", "“和平”东街,北侧", 116.42),
    ("A-3", "closed", "nuisance.noise", "幸福路 与平安街口", 116.43),
]


def kept():
    return list(
        Matter.objects.order_by("external_id").values_list("external_id", "state", "category_id", "place_name", "lon")
    )


def content(kind):
    if kind == "geojson":
        return tables.as_geojson(tables.ROWS)
    if kind == "xlsx":
        return tables.as_workbook(tables.ROWS)
    return tables.as_text(tables.ROWS, "\t" if kind == "tsv" else ",")


@pytest.mark.parametrize("ending", ["", ".gz"])
@pytest.mark.parametrize("kind", ["csv", "tsv", "xlsx", "geojson"])
def test_every_format_plain_and_gzipped(house, tmp_path, kind, ending):
    map_ = tables.a_map(points=kind != "geojson")
    path = tables.a_file(tmp_path, content(kind), f"table.{kind}{ending}")
    report = import_matters(path, map_, house.station, by=None)
    assert (report.format, report.read, report.imported, report.history, report.inherited) == (kind, 3, 3, 2, 1)
    assert kept() == EXPECTED


def test_formats_agree_on_what_is_there_already(house, tmp_path):
    for kind in ("csv", "tsv", "xlsx"):
        path = tables.a_file(tmp_path, content(kind), f"table.{kind}")
        report = import_matters(path, tables.a_map(), house.station, by=None)
    assert (report.imported, report.already_there, report.rejected) == (0, 3, 0)


@pytest.mark.parametrize("given", [True, False], ids=["given", "found"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030", "utf-16"])
def test_every_encoding_given_or_found(house, tmp_path, encoding, given):
    map_ = tables.a_map(file=f'encoding = "{encoding}"' if given else "")
    path = tables.a_file(tmp_path, tables.as_text(tables.ROWS), encoding=encoding)
    assert import_matters(path, map_, house.station, by=None).imported == 3
    assert kept() == EXPECTED


def test_gb18030_beyond_gbk_is_found(house, tmp_path):
    row = ("A-9", "2026-03-02 08:15:00", "", "路灯", "㐂𠮷小区", "116.41", "39.95")
    path = tables.a_file(tmp_path, tables.as_text([row]), encoding="gb18030")
    assert import_matters(path, tables.a_map(), house.station, by=None).encoding == "gb18030"
    assert Matter.objects.get().place_name == "㐂𠮷小区"


def test_a_wrong_encoding_is_refused_before_anything_is_written(house, tmp_path):
    path = tables.a_file(tmp_path, tables.as_text(tables.ROWS), encoding="gbk")
    with pytest.raises(Refused, match="unknown_encoding"):
        import_matters(path, tables.a_map(file='encoding = "utf-8"'), house.station, by=None)
    assert not Matter.objects.exists()


def test_delimiter_header_row_and_sheet_can_be_given(house, tmp_path):
    text = "导出于 2026-03-10\n" + tables.as_text(tables.ROWS, "|")
    map_ = tables.a_map(file='delimiter = "|"\nheader_row = 2')
    assert import_matters(tables.a_file(tmp_path, text), map_, house.station, by=None).imported == 3
    book = tables.a_file(tmp_path, tables.as_workbook(tables.ROWS), "table.xlsx")
    assert import_matters(book, tables.a_map(file='sheet = "事项"'), house.station, by=None).already_there == 3
    with pytest.raises(Refused, match="no_such_sheet"):
        import_matters(book, tables.a_map(file='sheet = "别的"'), house.station, by=None)


def test_a_semicolon_is_found(house, tmp_path):
    path = tables.a_file(tmp_path, tables.as_text(tables.ROWS, ";"))
    assert import_matters(path, tables.a_map(), house.station, by=None).imported == 3


def test_dates_and_numbers_of_a_workbook(house, tmp_path):
    row = (1001, datetime(2026, 3, 2, 8, 15), "", "路灯", "和平里", 116.41, 39.95)
    path = tables.a_file(tmp_path, tables.as_workbook([row]), "table.xlsx")
    assert import_matters(path, tables.a_map(), house.station, by=None).imported == 1
    matter = Matter.objects.get()
    assert (matter.external_id, matter.reported_at.isoformat()) == ("1001", "2026-03-02T00:15:00+00:00")


def test_a_feature_without_a_point_and_one_that_is_none(house, tmp_path):
    features = (
        '{"features": [{"type": "Feature", "properties": {"编号": "G1", "上报时间": "2026-03-02", "办结时间": null,'
        ' "类别": "路灯", "地点": ""}, "geometry": null}, {"type": "Polygon"}, {"type": "Feature", "id": 7,'
        ' "properties": {"编号": "G2", "上报时间": "2026-03-02", "类别": "路灯", "地点": "", "新列": 1}, "geometry":'
        ' {"type": "Polygon", "coordinates": [[[116, 39], [117, 39], [117, 40], [116, 40], [116, 39]]]}}],'
        ' "type": "FeatureCollection"}'
    )
    path = tables.a_file(tmp_path, features, "table.geojson")
    report = import_matters(path, tables.a_map(points=False), house.station, by=None)
    assert (report.imported, dict(report.rejected_by)) == (2, {"not_a_feature": 1})
    assert list(Matter.objects.order_by("external_id").values_list("lon", "lat")) == [(None, None), (116.5, 39.5)]


@pytest.mark.parametrize(
    ("name", "raw", "code"),
    [
        ("table.csv", b"", "empty_file"),
        ("table.csv.gz", b"\x1f\x8b\x08\x00broken", "broken_gzip"),
        ("table.xlsx", b"PK\x03\x04 no workbook", "not_a_workbook"),
        ("table.xlsx", b"a,b\n1,2\n", "not_a_workbook"),
        ("table.geojson", b'{"type": "FeatureCollection"}', "no_features"),
        ("table.geojson", b'{"features": [{]}', "not_geojson"),
        ("table.pdf", b"%PDF-1.7", "unknown_format"),
        ("table.csv", b"\n\n", "empty_file"),
        ("table.csv", "编号,上报时间\n1,2026-01-01\n".encode(), "missing_columns"),
    ],
)
def test_what_is_no_table_is_refused_whole(house, tmp_path, name, raw, code):
    path = tmp_path / name
    path.write_bytes(raw)
    with pytest.raises(Refused, match=code):
        import_matters(path, tables.a_map(), house.station, by=None)
