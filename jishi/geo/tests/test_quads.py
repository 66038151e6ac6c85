"""Points as Morton codes, and tiles as their ranges."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jishi.geo import quads

LONS = st.floats(-180, 179.999999)
LATS = st.floats(-85, 85)


def test_a_known_tile() -> None:
    quad = quads.quad_of(117.31, 37.11)
    assert quads.tile_of(quad, 14) == (13530, 6370)
    assert quads.interleave(0b101, 0b011) == 0b011011


@given(LONS, LATS, st.integers(0, quads.LEVEL))
def test_a_point_lies_in_the_range_of_its_tile(lon: float, lat: float, z: int) -> None:
    quad = quads.quad_of(lon, lat)
    first, beyond = quads.quads_of(z, *quads.tile_of(quad, z))
    assert first <= quad < beyond
    assert beyond - first == 1 << 2 * (quads.LEVEL - z)


@given(st.integers(0, quads.SIDE - 1), st.integers(0, quads.SIDE - 1))
def test_columns_and_rows_come_back(x: int, y: int) -> None:
    assert quads.tile_of(quads.interleave(x, y), quads.LEVEL) == (x, y)


@given(LONS, LATS)
def test_degrees_come_back(lon: float, lat: float) -> None:
    assert quads.degrees_of(*quads.unit(lon, lat)) == pytest.approx((lon, lat), abs=1e-9)


def test_the_poles_stay_on_the_map() -> None:
    assert quads.tile_of(quads.quad_of(180, 90), 1) == (1, 0)
    assert quads.tile_of(quads.quad_of(-180, -90), 1) == (0, 1)
