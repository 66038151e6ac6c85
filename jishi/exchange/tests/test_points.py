"""Points: placeholders refused, datums turned into WGS-84, swapped and far ones found; the row is kept all the same."""

import pytest

from jishi.exchange.tests.tables import HEADER, a_map, import_rows
from jishi.geo import coordinates
from jishi.matters.models import Flag, Matter
from jishi.stations.actions import save_area


def one(house, folder, lon, lat, map_=None, **cells):
    row = ["P-1", "2026-03-02 08:00", "", "路灯", "和平里", lon, lat, *cells.values()]
    report = import_rows(house, folder, [row], map_, header=[*HEADER, *cells])
    return dict(report.flags), Matter.objects.get()


@pytest.fixture
def outlined(house):
    ring = [[116.3, 39.9], [116.5, 39.9], [116.5, 40.0], [116.3, 40.0], [116.3, 39.9]]
    house.area.polygon = {"type": "Polygon", "coordinates": [ring]}
    save_area(house.area)
    return house


@pytest.mark.parametrize(
    ("lon", "lat", "flag"),
    [
        ("0", "0", "placeholder_point"),
        ("116.3912", "39.9059", "placeholder_point"),
        ("39.95", "116.41", "swapped_point"),
        ("121.47", "31.23", "far_point"),
        ("500", "39.95", "bad_point"),
        ("nan", "39.95", "bad_point"),
        ("东经", "39.95", "bad_point"),
    ],
)
def test_a_point_that_means_nothing_is_left_out_and_the_row_kept(outlined, tmp_path, lon, lat, flag):
    map_ = a_map(coordinates="placeholders = [[116.3912, 39.9059]]")
    flags, matter = one(outlined, tmp_path, lon, lat, map_)
    assert {flag, "no_point"} <= flags.keys()
    assert (matter.lon, matter.cell, matter.flags & Flag.NO_POINT) == (None, None, Flag.NO_POINT)


def test_missing_coordinates_are_marked(outlined, tmp_path):
    flags, matter = one(outlined, tmp_path, "-", "")
    assert flags == {"no_point": 1, "no_area": 1}
    assert matter.flags == Flag.NO_POINT


def test_a_point_gives_its_area(outlined, tmp_path):
    flags, matter = one(outlined, tmp_path, "116.41", "39.95")
    assert (flags, matter.area) == ({}, outlined.area)
    assert matter.cell is not None


@pytest.mark.parametrize("datum", ["gcj02", "bd09", "cgcs2000", "wgs84"])
def test_datums(outlined, tmp_path, datum):
    lon, lat = coordinates.from_wgs84(116.41, 39.95, datum)
    _, matter = one(outlined, tmp_path, f"{lon:.6f}", f"{lat:.6f}", a_map(coordinates=f'datum = "{datum}"'))
    assert (matter.lon, matter.lat) == (pytest.approx(116.41, abs=2e-6), pytest.approx(39.95, abs=2e-6))
    assert matter.datum == datum


def test_a_column_that_says_what_was_never_located(outlined, tmp_path):
    map_ = a_map(more='[coordinates.geocoded]\ncolumn = "定位"\nrefuse = ["(0, 0)"]')
    flags, matter = one(outlined, tmp_path, "116.41", "39.95", map_, 定位="(0, 0)")
    assert (flags["placeholder_point"], matter.lon) == (1, None)


@pytest.mark.parametrize(
    ("order", "text"), [("lat_lon", "(39.95, 116.41)"), ("lon_lat", "116.41 39.95"), ("lon_lat", "POINT(116.41 39.95)")]
)
def test_a_point_in_one_column(outlined, tmp_path, order, text):
    map_ = a_map(points=False, fields=f'point = {{ column = "点", order = "{order}" }}')
    _, matter = one(outlined, tmp_path, "", "", map_, 点=text)
    assert (matter.lon, matter.lat) == (116.41, 39.95)
