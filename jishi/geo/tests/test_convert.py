"""Datums there and back, and the few points whose shift is known."""

import sys
from math import cos, hypot, radians
from subprocess import run

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jishi.geo.coordinates import EAST, NORTH, SOUTH, WEST, Datum, from_wgs84, in_china, is_degrees, to_wgs84

in_lon = st.floats(WEST, EAST)
in_lat = st.floats(SOUTH, NORTH)


def metres(a, b):
    return hypot((a[0] - b[0]) * 111_320 * cos(radians(a[1])), (a[1] - b[1]) * 110_540)


@given(in_lon, in_lat, st.sampled_from(Datum))
def test_there_and_back_in_china(lon, lat, datum):
    assert to_wgs84(*from_wgs84(lon, lat, datum), datum) == pytest.approx((lon, lat), abs=1e-9)


@given(st.floats(73, 137), st.floats(2, 55), st.sampled_from(Datum))
def test_back_and_there_in_china(lon, lat, datum):
    assert from_wgs84(*to_wgs84(lon, lat, datum), datum) == pytest.approx((lon, lat), abs=1e-9)


@given(st.floats(-180, 180), st.floats(-90, 90), st.sampled_from(Datum))
def test_far_from_china_nothing_is_shifted(lon, lat, datum):
    if not (WEST - 0.2 < lon < EAST + 0.2 and SOUTH - 0.2 < lat < NORTH + 0.2):
        assert from_wgs84(lon, lat, datum) == (lon, lat) == to_wgs84(lon, lat, datum)


@given(st.floats(75, 135), st.floats(18, 53))
def test_the_shift_is_some_hundred_metres(lon, lat):
    assert metres((lon, lat), from_wgs84(lon, lat, "gcj02")) < 1500
    assert metres(from_wgs84(lon, lat, "gcj02"), from_wgs84(lon, lat, "bd09")) == pytest.approx(1000, abs=400)


def test_a_known_point():
    assert from_wgs84(116.397452, 39.909187, "gcj02") == pytest.approx((116.403694, 39.910591), abs=2e-6)


def test_cgcs2000_is_wgs84_here():
    assert to_wgs84(116.4, 39.9, "cgcs2000") == (116.4, 39.9)


def test_an_unknown_datum_is_refused():
    with pytest.raises(ValueError):
        to_wgs84(116.4, 39.9, "beijing54")


def test_what_can_be_degrees():
    assert in_china(116.4, 39.9)
    assert not in_china(-71, 42)
    assert is_degrees(-71, 42)
    assert not is_degrees(775_000.0, 2_950_000.0)
    assert not is_degrees(float("nan"), 1)


def test_coordinates_know_no_django():
    code = "import jishi.geo.coordinates, sys; sys.exit('django' in sys.modules)"
    assert run([sys.executable, "-c", code], check=False).returncode == 0
