"""Areas from a GeoJSON file: every feature is accounted for, and running it twice changes nothing."""

import gzip
import json
from dataclasses import asdict

import pytest
import shapely

from jishi.base.errors import Refused
from jishi.base.sentences import known
from jishi.geo import polygons
from jishi.geo.coordinates import from_wgs84, to_wgs84
from jishi.stations import actions, queries
from jishi.stations.actions.areas import LONGEST_CODE, code_of
from jishi.stations.models import Area, Bureau, Station

pytestmark = pytest.mark.django_db


def square(west, south, size=0.01):
    ring = [(0, 0), (size, 0), (size, size), (0, size), (0, 0)]
    return {"type": "Polygon", "coordinates": [[[west + x, south + y] for x, y in ring]]}


def feature(name, geometry, **properties):
    return {"type": "Feature", "properties": {"name": name, **properties}, "geometry": geometry}


@pytest.fixture
def write(tmp_path):
    def write(*features, name="areas.geojson", **members):
        path = tmp_path / name
        raw = json.dumps({"type": "FeatureCollection", "features": features, **members}).encode()
        path.write_bytes(gzip.compress(raw) if name.endswith(".gz") else raw)
        return path

    return write


def load(path, **more):
    return actions.import_areas(path, **{"name_field": "name", "station_code": "XH", **more})


def balanced(report):
    return report.read == report.imported + report.updated + report.already_there + report.rejected


def test_a_missing_station_and_bureau_are_made_and_it_says_so(write):
    report = load(write(feature("和平里社区", square(116, 39)), feature(12, square(116.1, 39))))
    assert (report.station_made, report.bureau_made, report.imported, report.read) == (True, True, 2, 2)
    station = Station.objects.get(code="XH")
    assert set(station.areas.values_list("code", "name")) == {("和平里社区", "和平里社区"), ("12", "12")}
    assert station.units.filter(kind="desk").exists()
    assert queries.area_at(station.pk, 116.005, 39.005) == station.areas.get(code="和平里社区").pk
    assert "XH" in report.in_words()
    assert json.loads(json.dumps(asdict(report)))["rejects"] == []


def test_twice_is_already_there_and_a_changed_outline_is_updated(station, write):
    path = write(feature("一区", square(116, 39)), feature("二区", square(116.1, 39)), name="areas.geojson.gz")
    assert load(path).imported == 2
    again = load(path)
    assert (again.imported, again.updated, again.already_there, again.station_made) == (0, 0, 2, False)
    moved = load(write(feature("一区", square(116, 39.5)), feature("二区", square(116.1, 39))))
    assert (moved.imported, moved.updated, moved.already_there) == (0, 1, 1)
    assert queries.area_at(station.pk, 116.005, 39.505) == Area.objects.get(name="一区").pk


def test_an_area_made_by_hand_is_known_by_its_name(station, write):
    Area.objects.create(station=station, code="A1", name="一区")
    report = load(write(feature("一区", square(116, 39))))
    assert (report.imported, report.updated) == (0, 1)
    assert Area.objects.get().code == "A1"
    assert Area.objects.get().polygon["type"] == "Polygon"


def test_feet_are_refused_with_that_reason(write):
    report = load(write(feature("Loop", square(1_175_000, 1_901_000, 500)), feature("一区", square(116, 39))))
    assert report.rejected_by == {"not_degrees": 1}
    assert (report.rejects[0].row, report.rejects[0].column) == (1, "geometry")
    assert report.imported == 1
    assert balanced(report)


def test_a_file_of_which_nothing_can_be_taken_makes_no_station(write):
    path = write(feature("Loop", square(1_175_000, 1_901_000, 500)))
    for dry_run in (True, False):
        report = load(path, dry_run=dry_run)
        assert (report.rejected, report.station_made, report.bureau_made) == (1, False, False)
    assert not Station.objects.exists()
    assert not Bureau.objects.exists()


@pytest.mark.parametrize(
    "name", ["urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326", "urn:ogc:def:crs:EPSG::4326", "urn:ogc:def:crs:EPSG::4490"]
)
def test_a_crs_of_degrees_is_taken(write, name):
    crs = {"type": "name", "properties": {"name": name}}
    assert load(write(feature("一区", square(116, 39)), crs=crs)).imported == 1


@pytest.mark.parametrize(
    "crs", [{"type": "name", "properties": {"name": "EPSG:2249"}}, {"type": "link", "properties": {}}, "EPSG:3857", {}]
)
def test_another_crs_is_refused(write, crs):
    with pytest.raises(Refused, match="areas_crs"):
        load(write(feature("一区", square(116, 39)), crs=crs))
    assert not Station.objects.exists()


def test_pieces_of_the_same_name_are_joined(write):
    report = load(
        write(feature("一区", square(116, 39)), feature(" 一区 ", square(117, 39)), feature("二区", square(118, 39)))
    )
    assert (report.read, report.imported, report.areas, report.joined) == (3, 3, 2, 1)
    assert Area.objects.get(name="一区").polygon["type"] == "MultiPolygon"
    assert balanced(report)


def test_what_cannot_be_taken_in_is_rejected_with_a_reason(write):
    bow = {"type": "Polygon", "coordinates": [[[116, 39], [116.1, 39.1], [116.1, 39], [116, 39.1], [116, 39]]]}
    flat = {"type": "Polygon", "coordinates": [[[116, 39], [116.1, 39], [116, 39]]]}
    report = load(
        write(
            feature("  ", square(116, 39)),
            feature(None, square(116, 39)),
            feature(True, square(116, 39)),
            feature("长" * 81, square(116, 39)),
            feature("王某 13812345678", square(116, 39)),
            feature("点", {"type": "Point", "coordinates": [116, 39]}),
            feature("无", None),
            feature("平", flat),
            feature("坏", {"type": "Polygon", "coordinates": [[["x", "y"]]]}),
            "not a feature",
            feature("交叉", bow),
        )
    )
    assert report.rejected_by == {
        "missing_name": 3,
        "long_name": 1,
        "personal_name": 1,
        "not_a_polygon": 2,
        "broken_geometry": 1,
        "empty_polygon": 1,
        "not_a_feature": 1,
    }
    assert report.imported == 1
    assert balanced(report)
    assert polygons.parse(Area.objects.get().polygon).is_valid
    assert all(each.sentence for each in report.rejects)


def test_codes_come_from_their_field(write):
    path = write(
        feature("一区", square(116, 39), id="A"),
        feature("二区", square(117, 39), id="A"),
        feature("三区", square(118, 39)),
        feature("四区", square(119, 39), id="x" * 41),
    )
    report = load(path, code_field="id")
    assert report.rejected_by == {"code_conflict": 1, "missing_code": 1, "long_code": 1}
    assert list(Area.objects.values_list("code", "name")) == [("A", "一区")]


def test_a_long_name_gives_a_code_of_its_own():
    codes = {code_of("the same long beginning of two areas of one station " + end) for end in ("east", "west")}
    assert len(codes) == 2
    assert all(len(code) <= LONGEST_CODE for code in codes)


def test_a_dry_run_writes_nothing(write):
    report = load(write(feature("一区", square(116, 39))), dry_run=True)
    assert (report.imported, report.station_made, report.bureau_made) == (1, True, True)
    assert not Bureau.objects.exists()
    assert not Area.objects.exists()


def test_outlines_of_a_domestic_map_are_moved(station, write):
    lon, lat = from_wgs84(116.0, 39.0, "gcj02")
    report = load(write(feature("一区", square(lon, lat))), datum="gcj02")
    assert report.imported == 1
    area = Area.objects.get()
    assert (area.west, area.south) == (pytest.approx(116.0, abs=1e-4), pytest.approx(39.0, abs=1e-4))


@pytest.mark.sqlite_is_enough
@pytest.mark.parametrize("datum", ["gcj02", "bd09"])
@pytest.mark.parametrize("wide", [0.01, 0.3])
def test_a_moved_outline_lies_within_a_metre_of_its_twin(station, write, datum, wide):
    """A district of 30 km has edges that are curved in the other datum: its corners alone would not do."""
    west, south = 117.3, 37.1
    twin = shapely.box(west, south, west + wide, south + wide)
    there = [from_wgs84(lon, lat, datum) for lon, lat in shapely.segmentize(twin, wide / 300).exterior.coords]
    area = {"type": "Polygon", "coordinates": [[list(position) for position in there]]}
    assert load(write(feature("一区", area)), datum=datum).imported == 1
    kept = polygons.parse(Area.objects.get().polygon)
    metres = shapely.hausdorff_distance(shapely.segmentize(kept, 1e-4), shapely.segmentize(twin, 1e-4)) * 111_320
    assert metres < 1


@pytest.mark.sqlite_is_enough
@pytest.mark.parametrize(("wide", "least"), [(0.3, 1.0)])
def test_straight_edges_of_the_other_datum_are_bent(wide, least):
    """Edges drawn straight in GCJ-02 are cut into pieces before they are moved."""
    drawn = shapely.box(117.3, 37.1, 117.3 + wide, 37.1 + wide)
    bent = polygons.moved(drawn, lambda lon, lat: to_wgs84(lon, lat, "gcj02"))
    corners = shapely.Polygon([to_wgs84(lon, lat, "gcj02") for lon, lat in drawn.exterior.coords])
    fine = shapely.Polygon(
        [to_wgs84(lon, lat, "gcj02") for lon, lat in shapely.segmentize(drawn, 5e-4).exterior.coords]
    )
    assert shapely.hausdorff_distance(bent, fine, densify=0.001) * 111_320 < 1
    assert shapely.hausdorff_distance(corners, fine, densify=0.001) * 111_320 > least


def test_a_new_station_needs_to_know_its_bureau(station, far_station, write):
    path = write(feature("一区", square(116, 39)))
    with pytest.raises(Refused, match="which_bureau"):
        load(path, station_code="NEW")
    assert load(path, station_code="NEW", bureau="FAR").bureau == "FAR"
    with pytest.raises(Refused, match="station_of_other_bureau"):
        load(path, bureau="FAR")
    with pytest.raises(Refused, match="bad_station_code"):
        load(path, station_code="新 所", bureau="FAR")


@pytest.mark.parametrize(
    ("raw", "code"),
    [
        (b"", "areas_unreadable"),
        (b"[]", "areas_unreadable"),
        (b'{"type": "Feature"}', "areas_unreadable"),
        (b"\xff\xfe", "areas_unreadable"),
        (b"\x1f\x8bcut", "areas_unreadable"),
        (b'{"type": "FeatureCollection", "features": []}', "areas_empty"),
    ],
)
def test_a_file_that_is_none_is_refused(tmp_path, raw, code):
    path = tmp_path / "areas.geojson"
    path.write_bytes(raw)
    with pytest.raises(Refused, match=code):
        load(path)
    assert code in known()
