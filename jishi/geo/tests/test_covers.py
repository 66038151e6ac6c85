"""Boxes and polygons as ranges of codes."""

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from jishi.geo import covers, polygons, quads

LON, LAT = st.floats(-179.9, 179.9), st.floats(-84, 84)


def holds(ranges, lon, lat):
    return any(first <= quads.quad_of(lon, lat) < behind for first, behind in ranges)


@given(LON, LAT, LON, LAT, st.floats(0, 1), st.floats(0, 1), st.integers(4, 40))
def test_every_point_of_a_box_lies_in_its_ranges(one_lon, one_lat, lon, lat, right, up, most):
    west, east = sorted((one_lon, lon))
    south, north = sorted((one_lat, lat))
    ranges = covers.of_box((west, south, east, north), most)
    assert 1 <= len(ranges) <= most
    assert ranges == sorted(ranges)
    assert all(one[1] < other[0] for one, other in pairwise(ranges))
    assert holds(ranges, west + (east - west) * right, south + (north - south) * up)


def test_the_ranges_are_hardly_more_than_the_box():
    west, south, east, north = box = (114.450, 38.030, 114.461, 38.038)
    held = sum(behind - first for first, behind in covers.of_box(box))
    (left, top), (right, bottom) = quads.unit(west, north), quads.unit(east, south)
    assert 1 <= held / ((right - left) * (bottom - top) * 4.0**quads.LEVEL) < 2


@given(LON, LAT, st.floats(0.0001, 5), st.lists(st.tuples(st.floats(-1, 1), st.floats(-1, 1)), min_size=3, max_size=9))
def test_a_polygon_holds_its_whole_ranges_and_no_point_outside_all(lon, lat, size, corners):
    ring = [(max(-179, min(179, lon + size * right)), max(-84, min(84, lat + size * up))) for right, up in corners]
    try:
        polygon = polygons.parse({"type": "Polygon", "coordinates": [[*ring, ring[0]]]})
    except polygons.NotAPolygon:
        return
    whole, cut = covers.of_polygon(polygon)
    assert len(whole) + len(cut) <= 2 * covers.MOST
    for first, behind in whole:
        for quad in (first, behind - 1):
            x, y = quads.tile_of(quad, quads.LEVEL)
            assert polygons.contains(polygon, *quads.degrees_of((x + 0.5) / quads.SIDE, (y + 0.5) / quads.SIDE))
    inside = polygon.representative_point()
    assert holds([*whole, *cut], inside.x, inside.y)


@given(LON, LAT, st.integers(1, 25))
def test_four_tiles_around(lon, lat, z):
    ranges = covers.around(quads.quad_of(lon, lat), z)
    assert holds(ranges, lon, lat)
    width = 180 / 2**z
    for step in (-0.99, 0.99):
        assert lon + step * width < -180 or lon + step * width >= 180 or holds(ranges, lon + step * width, lat)
    assert sum(behind - first for first, behind in ranges) <= 4 * 4 ** (quads.LEVEL - z)
