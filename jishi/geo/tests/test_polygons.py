"""Reading polygons: what is refused, and why."""

import pytest

from jishi.geo import polygons

SQUARE = {
    "type": "Polygon",
    "coordinates": [[[116.0, 39.0], [116.1, 39.0], [116.1, 39.1], [116.0, 39.1], [116.0, 39.0]]],
}
BOW_TIE = {"type": "Polygon", "coordinates": [[[0, 0], [1, 1], [1, 0], [0, 1], [0, 0]]]}


def a_ring(*positions):
    return {"type": "Polygon", "coordinates": [list(positions)]}


@pytest.mark.parametrize(
    ("geometry", "code"),
    [
        (None, "not_a_polygon"),
        ([], "not_a_polygon"),
        ({"type": "Point", "coordinates": [1, 2]}, "not_a_polygon"),
        ({"type": "Polygon"}, "broken_geometry"),
        ({"type": "Polygon", "coordinates": 5}, "broken_geometry"),
        (a_ring(["a", "b"]), "broken_geometry"),
        (a_ring([1]), "broken_geometry"),
        (a_ring([1, 2], [3, 4]), "broken_geometry"),
        (a_ring([775000, 2950000], [775010, 2950000], [775010, 2950010], [775000, 2950000]), "not_degrees"),
        (a_ring([1, float("nan")], [1, 2], [2, 2], [1, 1]), "not_degrees"),
        ({"type": "Polygon", "coordinates": []}, "empty_polygon"),
        (a_ring([1, 1], [1, 1], [1, 1], [1, 1]), "empty_polygon"),
        (a_ring([1, 1], [2, 2], [3, 3], [1, 1]), "empty_polygon"),
    ],
)
def test_what_is_no_polygon(geometry, code):
    with pytest.raises(polygons.NotAPolygon) as caught:
        polygons.parse(geometry)
    assert caught.value.code == code


def test_contains_includes_the_edge():
    square = polygons.prepare(polygons.parse(SQUARE))
    assert polygons.contains(square, 116.05, 39.05)
    assert polygons.contains(square, 116.0, 39.05)
    assert not polygons.contains(square, 116.2, 39.05)


def test_a_hole_is_outside():
    hole = [[116.04, 39.04], [116.06, 39.04], [116.06, 39.06], [116.04, 39.06], [116.04, 39.04]]
    holed = polygons.parse({"type": "Polygon", "coordinates": [*SQUARE["coordinates"], hole]})
    assert not polygons.contains(holed, 116.05, 39.05)


def test_a_ring_that_crosses_itself_is_mended():
    assert polygons.parse(BOW_TIE).area == pytest.approx(0.5)


def test_heights_are_dropped_and_decimals_cut():
    high = a_ring([1, 1, 5], [2.123456789, 1, 5], [2, 2, 5], [1, 1, 5])
    assert polygons.to_geojson(polygons.parse(high))["coordinates"][0][1] == [2.1234568, 1]


def test_the_area_is_roughly_right():
    assert polygons.square_km(polygons.parse(SQUARE)) == pytest.approx(95.9, rel=0.01)
