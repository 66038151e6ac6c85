"""What a row of a list may say: the map, points and their datum, people, and what is outside the law."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.utils import timezone

from jishi.base.errors import Refused
from jishi.exchange.register_import import import_register
from jishi.exchange.register_map import parse_register_map
from jishi.exchange.tests.lists import LAT, LON, PLAIN_HEADER, a_map, a_plain_map, import_plain, import_rows, plain_row
from jishi.exchange.tests.tables import a_file, as_workbook
from jishi.geo import coordinates
from jishi.register.models import Change, Element

SMALLEST = 'source = "x"\nkey = "n"\n[fields]\ncategory = "c"\n'


@pytest.mark.parametrize(
    ("text", "code", "key"),
    [
        ('source = "x"\n[fields]\ncategory = "c"', "map_missing_key", "key"),
        ('source = "x"\nkey = "n"\n[fields]\nname = "m"', "map_missing_key", "fields.category"),
        (SMALLEST + 'lon = "x"', "map_missing_key", "fields.lat"),
        (SMALLEST + 'reported_at = "x"', "map_unknown_key", "fields.reported_at"),
        ("keep_text = true\n" + SMALLEST, "map_unknown_key", "keep_text"),
        (SMALLEST + 'status = { column = "s", values = { a = "open" } }', "map_bad_value", 'fields.status.values."a"'),
        (SMALLEST + "attributes = 3", "map_wrong_type", "fields.attributes"),
        (
            SMALLEST + 'attributes.gas = { column = "a", colour = "b" }',
            "map_unknown_key",
            "fields.attributes.gas.colour",
        ),
    ],
)
def test_a_wrong_map_is_refused_with_the_key(text, code, key):
    with pytest.raises(Refused) as refused:
        parse_register_map(text.encode())
    assert (refused.value.code, refused.value.facts["key"]) == (code, key)


def test_a_code_that_is_not_in_the_catalogue_stops_the_import(ground, tmp_path):
    for parts in ({"values": '"x" = "place.nowhere"'}, {"fields": 'attributes.colour = "燃气"'}):
        with pytest.raises(Refused, match="map_unknown_code"):
            import_rows(ground, tmp_path, map_=a_map(**parts))


@pytest.mark.parametrize("datum", ["wgs84", "gcj02", "bd09", "cgcs2000"])
def test_points_come_in_as_wgs84_and_their_datum_is_kept(ground, tmp_path, datum):
    lon, lat = coordinates.from_wgs84(117.305, 37.105, datum)
    row = plain_row(经度=f"{lon:.7f}", 纬度=f"{lat:.7f}")
    import_plain(ground, tmp_path, row, map_=a_plain_map(coordinates=f'datum = "{datum}"'))
    found = Element.objects.get()
    assert (found.lon, found.lat) == pytest.approx((117.305, 37.105), abs=2e-6)
    assert (found.datum, found.area_id) == (datum, ground.west.pk)
    assert Change.objects.get().fields.get("datum", ["wgs84", "wgs84"])[1] == datum


def test_points_that_are_none_are_marked_and_the_element_is_kept(ground, tmp_path):
    rows = [
        plain_row("S-1", 经度="0", 纬度="0"),
        plain_row("S-2", 经度=LAT, 纬度=LON),
        plain_row("S-3", 经度="100.1"),
        plain_row("S-4", 经度="东"),
        plain_row("S-5"),
    ]
    report = import_plain(ground, tmp_path, *rows)
    flags = {"placeholder_point": 1, "swapped_point": 1, "far_point": 1, "bad_point": 1, "no_point": 4}
    assert (report.created, dict(report.flags)) == (5, flags)
    assert Element.objects.filter(lon=None).count() == 4


def test_a_file_in_feet_is_refused_whole_and_nothing_is_written(ground, tmp_path):
    rows = [plain_row(f"S-{n}", 经度=str(1_164_500.2 + n), 纬度="1899000") for n in range(3)]
    with pytest.raises(Refused, match="not_degrees") as refused:
        import_plain(ground, tmp_path, *rows, plain_row("S-9"))
    assert refused.value.facts["example"] == "1.1645e+06, 1.899e+06"
    assert not Element.objects.exists()


@pytest.mark.parametrize(
    ("crs", "taken"),
    [
        ("urn:ogc:def:crs:OGC:1.3:CRS84", True),
        ("urn:ogc:def:crs:EPSG::4326", True),
        ("EPSG:4490", True),
        ("urn:ogc:def:crs:EPSG::3857", False),
        ("EPSG:4527", False),
        ("", False),
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_the_crs_of_a_geojson_file_is_looked_at_wherever_it_stands(ground, tmp_path, crs, taken, first):
    features = [
        {
            "type": "Feature", "id": 7, "properties": {"name": "平安超市", "kind": "店铺"},
            "geometry": {"type": "Point", "coordinates": [float(LON), float(LAT)]},
        }
    ]  # fmt: skip
    member = {"crs": {"type": "name", "properties": {"name": crs}}}
    whole = {"type": "FeatureCollection", **(member if first else {}), "features": features, **member}
    path = a_file(tmp_path, json.dumps(whole), "places.geojson")
    map_ = parse_register_map(b'source = "x"\nkey = "@id"\n[fields]\nname = "name"\ncategory = "kind"\n')
    if taken:
        assert import_register(path, map_, ground.station, by=None).created == 1
        assert (Element.objects.get().name, Element.objects.get().lon) == ("平安超市", float(LON))
    else:
        with pytest.raises(Refused, match="unknown_crs"):
            import_register(path, map_, ground.station, by=None)
        assert not Element.objects.exists()


def test_personal_columns_are_dropped_and_names_of_people_left_out(ground, tmp_path):
    header = (*PLAIN_HEADER, "法人代表", "联系电话")
    rows = [
        [*plain_row("S-1", 名称="张伟"), "张伟", "13800138000"],
        [*plain_row("S-2", 名称="李记面馆"), "李四", "13800138001"],
        [*plain_row("S-3", 名称="王建国", 类别="居住建筑"), "王五", "13800138002"],
        [*plain_row("S-4", 地址="和平里3号楼2单元501室"), "", ""],
        [*plain_row("S-5", 名称="平安店 13800138003"), "", ""],
    ]
    report = import_rows(ground, tmp_path, rows, a_plain_map(), header=header)
    assert report.dropped_columns == {"法人代表": "personal_name", "联系电话": "personal_phone"}
    assert dict(report.flags) == {"masked_name": 1, "unnamed": 1, "masked": 2}
    names = dict(Element.objects.values_list("external_id", "name"))
    assert names["S-1"] == "店铺 · 和平里9号"
    assert (names["S-2"], names["S-3"]) == ("李记面馆", "王建国")
    assert "138" not in names["S-5"]
    assert Element.objects.get(external_id="S-4").address == "和平里3号楼2单元"
    kept = json.dumps(list(Change.objects.values_list("fields", flat=True)), ensure_ascii=False)
    assert not [word for word in ("张伟", "李四", "13800138000", "501") if word in kept]


def test_categories_outside_the_law_are_refused(ground, tmp_path):
    report = import_plain(
        ground, tmp_path, plain_row("S-1", 类别="宗教场所"), plain_row("S-2", 类别="上访"), plain_row("S-3")
    )
    assert (report.created, dict(report.rejected_by)) == (1, {"outside_law": 2})


def test_a_row_is_rejected_for_what_cannot_stand(ground, tmp_path):
    tomorrow = f"{timezone.now() + timedelta(days=3):%Y-%m-%d}"
    rows = [
        ("", "Restaurant", "a", "2026-03-02", "", "", ""),
        ("13800138000", "Restaurant", "a", "2026-03-02", "", "", ""),
        ("x" * 81, "Restaurant", "a", "2026-03-02", "", "", ""),
        ("1", "Restaurant", "a", "", "", "", ""),
        ("2", "Restaurant", "a", "不详", "", "", ""),
        ("3", "Restaurant", "a", tomorrow, "", "", ""),
    ]
    report = import_rows(ground, tmp_path, rows)
    assert dict(report.rejected_by) == {
        "missing_external_id": 1, "personal_external_id": 1, "long_external_id": 1, "missing_newest_by": 1,
        "bad_date": 1, "in_future": 1,
    }  # fmt: skip


def test_attributes_are_read_in_words_and_what_does_not_fit_is_left_out(ground, tmp_path):
    rows = [
        ("1", "Restaurant", "a", "2026-03-02", "", "", "管道"),
        ("2", "Restaurant", "a", "2026-03-02", "", "", "Bottled Gas"),
        ("3", "Restaurant", "a", "2026-03-02", "", "", "柴火"),
        ("4", "GROCERY/BAKERY", "a", "2026-03-02", "", "", "管道"),
    ]
    report = import_rows(ground, tmp_path, rows)
    assert (report.flags["bad_attribute"], report.flags["no_such_attribute"]) == (1, 1)
    found = dict(Element.objects.values_list("external_id", "attributes"))
    assert found == {"1": {"gas": "piped"}, "2": {"gas": "bottled"}, "3": {}, "4": {}}
    strict = import_rows(ground, tmp_path, [("9", *rows[2][1:])], a_map(gas='default = "reject"'))
    assert dict(strict.rejected_by) == {"bad_attribute": 1}


def test_a_changed_category_takes_its_attributes_along_only_where_it_has_them(ground, tmp_path):
    import_rows(ground, tmp_path, [("1", "Restaurant", "a", "2026-03-02", "", "", "管道")])
    import_rows(ground, tmp_path, [("1", "GROCERY/BAKERY", "a", "2026-04-02", "", "", "")])
    found = Element.objects.get()
    assert (found.category_id, found.attributes) == ("place.shop", {})
    assert found.changes.latest("version").fields["attributes.gas"] == ["piped", None]


def test_without_a_number_name_and_address_are_the_key(ground, tmp_path):
    text = 'source = "x"\nkey = { content = true }\n[fields]\nname = "名称"\naddress = "地址"\ncategory = "类别"\n'
    map_ = parse_register_map(text.encode())
    path = a_file(tmp_path, as_workbook([plain_row(), plain_row(地址="别处1号")], PLAIN_HEADER), "list.xlsx")
    assert import_register(path, map_, ground.station, by=None).created == 2
    assert import_register(path, map_, ground.station, by=None).unchanged == 2
