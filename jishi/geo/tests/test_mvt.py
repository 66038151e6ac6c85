"""Vector tiles as another reader of the format reads them."""

import gzip
import random

import mapbox_vector_tile
from hypothesis import given
from hypothesis import strategies as st

from jishi.geo import mvt, quads

VALUES = st.integers(-(2**62), 2**62) | st.text(max_size=12)
STEP = st.integers(0, mvt.EXTENT - 1)
POINTS = st.lists(st.tuples(st.integers(0, 2**53), st.tuples(STEP, STEP), st.tuples(VALUES, VALUES)), min_size=1)


def read(tile):
    return mapbox_vector_tile.decode(tile, default_options={"y_coord_down": True})


@given(POINTS, st.text(min_size=1, max_size=8))
def test_what_was_written_is_read(points, name):
    placed = [(key, quads.interleave(x, y), properties) for key, (x, y), properties in points]
    found = read(mvt.encode([mvt.layer_of(name, ("种", "g"), placed), mvt.Layer("none", ("a",))]))
    assert list(found) == [name]
    assert found[name]["extent"] == mvt.EXTENT
    assert found[name]["version"] == 2
    read_back = [
        (each["id"], tuple(each["geometry"]["coordinates"]), (each["properties"]["种"], each["properties"]["g"]))
        for each in found[name]["features"]
    ]
    assert read_back == points


def test_a_tile_of_several_layers():
    layers = [mvt.Layer("a", (), [()], [1], [0], [0]), mvt.Layer("b", ("n",), [(-3,)], [2**40], [7], [0])]
    found = read(mvt.encode(layers))
    assert [each["id"] for layer in found.values() for each in layer["features"]] == [1, 2**40]
    assert found["b"]["features"][0]["properties"] == {"n": -3}


def test_nothing_is_an_empty_tile():
    assert mvt.encode([mvt.layer_of("a", ("n",), []), mvt.Layer("a", ("n",), [(1,)])]) == b""


def test_more_values_than_one_byte_counts():
    points = [(number + 1, number, (f"第{number}种", number)) for number in range(300)]
    (layer,) = read(mvt.encode([mvt.layer_of("a", ("n", "m"), points)])).values()
    assert [tuple(each["properties"].values()) for each in layer["features"]] == [values for _k, _p, values in points]


@given(st.floats(-179.9, 179.9), st.floats(-85, 85), st.integers(0, 20))
def test_a_place_lies_where_the_projection_says(lon, lat, z):
    found = quads.tile_of(mvt.place_of(quads.quad_of(lon, lat), z), quads.LEVEL)
    width = max(1, 2 ** (z + mvt.STEP_BITS - quads.LEVEL))  # a code is wider than a step of a deep tile
    for share, step in zip(quads.unit(lon, lat), found, strict=True):
        assert -1e-3 < share * (1 << z) % 1 * mvt.EXTENT - step < width + 1e-3


def test_ten_thousand_points_are_a_small_tile():
    dice = random.Random(7)
    points = [
        (dice.randrange(1_000_000), dice.randrange(1 << 24), (dice.randrange(40), dice.randrange(4), dice.randrange(5)))
        for _ in range(10_000)
    ]
    assert len(gzip.compress(mvt.encode([mvt.layer_of("elements", ("c", "f", "g"), points)]), 6)) < 200_000
