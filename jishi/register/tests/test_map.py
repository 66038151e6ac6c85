"""The map: tiles, hexagons, cards and outlines show what the list shows, and only to those who may see it."""

from __future__ import annotations

import gzip
import json
import random
import re
from typing import Any

import mapbox_vector_tile
import pytest
from django.test import Client
from django.urls import reverse

from jishi.geo import quads
from jishi.geo.polygons import parse
from jishi.register import tiles
from jishi.register.actions import Point
from jishi.register.models import Element
from jishi.register.queries import Filters
from jishi.register.queries.places import ids_inside, in_box, nearest
from jishi.register.tests.factory import HIGH, SOUTH, WEST, WIDE, Ground, a_building, a_ground, a_hydrant

TILE_AT = {z: quads.tile_of(quads.quad_of(WEST + WIDE, SOUTH + HIGH / 2), z) for z in range(21)}


def client_of(person: Any) -> Client:
    """A browser in which this person is signed in."""
    client = Client()
    client.force_login(person)
    return client


def scattered(ground: Ground, count: int = 12) -> list[Element]:
    """Hydrants and buildings over both areas, some graded."""
    dice = random.Random(5)
    made = []
    for place in range(count):
        point = Point(WEST + dice.random() * 2 * WIDE, SOUTH + dice.random() * HIGH)
        make = a_hydrant if place % 3 else a_building
        made.append(make(ground, f"第{place:02}处", point=point))
    return made


def page_of(client: Client, query: str = "") -> tuple[list[int], dict[str, Any]]:
    """The large numbers of the page of the map, and what it tells its map."""
    body = client.get(f"{reverse('register:map')}?{query}").content.decode()
    numbers = [int(number) for number in re.findall(r'class="figure-number">([0-9]+)<', body)]
    (config,) = re.findall(r'<script type="application/json" id="map-config">(.*?)</script>', body, re.DOTALL)
    return numbers, json.loads(config)


def layer_of(client: Client, z: int, x: int, y: int, query: str = "", layer: str = "elements") -> list[dict[str, Any]]:
    """The points of a tile as another reader of the format reads them."""
    answer = client.get(f"{reverse('register:layer_tile', args=[layer, z, x, y])}?{query}")
    assert answer.status_code == 200
    found = mapbox_vector_tile.decode(answer.content) if answer.content else {}
    features: list[dict[str, Any]] = found.get(layer, {"features": []})["features"]
    return features


def around(client: Client, z: int, query: str = "") -> list[dict[str, Any]]:
    """The points of the tiles at a level around the middle of the ground."""
    column, row = TILE_AT[z]
    side = range(-2, 3) if z >= 14 else range(-1, 2)
    return [
        point
        for x in side for y in side
        if 0 <= column + x < 1 << z and 0 <= row + y < 1 << z
        for point in layer_of(client, z, column + x, row + y, query)
    ]  # fmt: skip


def test_near_each_element_is_a_point_of_its_own(ground: Ground) -> None:
    made = scattered(ground)
    found = around(client_of(ground.officer), 14)
    assert {point["id"] for point in found} == {element.pk for element in made}
    kinds = {point["id"]: point["properties"]["k"] for point in found}
    assert kinds == {element.pk: element.kind for element in made}
    assert {point["properties"]["f"] for point in found} == {"never"}


def test_far_the_sums_are_those_of_the_list(ground: Ground) -> None:
    scattered(ground)
    client = client_of(ground.officer)
    queries = ("", "category=thing", "kind=place", "freshness=never", "grade=0", "q=第", f"area={ground.west.pk}")
    for query in queries:
        (shown,), _config = page_of(client, query)
        for z in (0, 3, 7, 8, 11, 12, 13):
            assert 0 < shown == sum(point["properties"]["n"] for point in around(client, z, query)), (query, z)


def test_too_many_in_a_near_tile_become_sums(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    made = scattered(ground)
    monkeypatch.setattr(tiles, "MOST", 3)
    found = around(client_of(ground.officer), 14)
    assert sum(point["properties"].get("n", 1) for point in found) == len(made)
    assert any("n" in point["properties"] for point in found)


def test_the_middle_of_a_sum_lies_among_its_elements(ground: Ground) -> None:
    element = a_hydrant(ground)
    assert element.quad is not None
    x, y = quads.tile_of(element.quad, 12)
    (found,) = layer_of(client_of(ground.officer), 12, x, y)
    place = tiles.mvt.place_of(element.quad, 12)
    column, row = quads.tile_of(place, quads.LEVEL)
    assert found["geometry"]["coordinates"] == [column, tiles.mvt.EXTENT - row]


def test_what_is_closed_is_on_no_tile(ground: Ground) -> None:
    from jishi.register import actions

    element = a_hydrant(ground)
    actions.close_element(element, by=ground.desk, version=element.version)
    client = client_of(ground.officer)
    assert around(client, 12) == around(client, 15) == []
    assert [point["id"] for point in around(client, 15, "status=closed")] == [element.pk]


def test_a_tile_is_kept_until_it_changes(ground: Ground) -> None:
    scattered(ground, 40)
    client = client_of(ground.officer)
    address = reverse("register:tile", args=[14, *TILE_AT[14]])
    first = client.get(address, headers={"Accept-Encoding": "gzip"})
    assert first["Content-Encoding"] == "gzip"
    assert gzip.decompress(first.content) == client.get(address).content
    assert first["Cache-Control"] == "private, no-cache"
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 304
    a_hydrant(ground, point=Point(WEST + WIDE, SOUTH + HIGH / 2))
    assert client.get(address, headers={"If-None-Match": first["ETag"]}).status_code == 200


def test_a_tile_costs_the_same_queries_however_full(ground: Ground, django_assert_num_queries: Any) -> None:
    client = client_of(ground.officer)
    for count, z in ((1, 15), (30, 15), (1, 12), (30, 12)):
        scattered(ground, count)
        with django_assert_num_queries(4):  # the session, the person, the posts, the points
            client.get(reverse("register:tile", args=[z, *TILE_AT[z]]))


def test_another_station_sees_nothing_of_it(ground: Ground) -> None:
    element = a_hydrant(ground)
    stranger = client_of(a_ground("ZZ").chief)
    tile = reverse("register:tile", args=[14, *TILE_AT[14]])
    assert stranger.get(tile).content == b""
    for address in (tile, reverse("register:outlines"), reverse("register:hexagons", args=["elements", 9])):
        assert stranger.get(f"{address}?station=XH").status_code == 404
    assert stranger.get(reverse("register:card", args=["elements", element.pk])).status_code == 404
    outline = json.dumps(ground.west.polygon)
    assert stranger.post(reverse("register:inside"), {"polygon": outline, "station": "XH"}).status_code == 404
    assert element.name not in stranger.post(reverse("register:inside"), {"polygon": outline}).content.decode()


@pytest.mark.parametrize(
    "address",
    ["/register/tiles/none/3/1/1.mvt", "/register/tiles/3/8/1.mvt", "/register/tiles/21/1/1.mvt",
     "/register/hexagons/none/8.geojson", "/register/hexagons/elements/12.geojson", "/register/map/card/none/1/"],
)  # fmt: skip
def test_what_is_not_there_is_not_found(ground: Ground, address: str) -> None:
    assert client_of(ground.officer).get(address).status_code == 404


def test_hexagons_hold_three_or_more(ground: Ground) -> None:
    for place in range(3):
        a_hydrant(ground, f"{place}号栓")
    a_building(ground, point=Point(WEST + 1.9 * WIDE, SOUTH + 0.9 * HIGH))
    client = client_of(ground.officer)
    found = json.loads(client.get(reverse("register:hexagons", args=["elements", 9])).content)
    assert [feature["properties"]["n"] for feature in found["features"]] == [3, 3]
    assert {feature["geometry"]["type"] for feature in found["features"]} == {"Polygon", "Point"}
    whole = json.loads(client.get(reverse("register:hexagons", args=["elements", 5])).content)
    assert sum(feature["properties"]["n"] for feature in whole["features"]) in (8, 6)


def test_outlines_of_the_areas(ground: Ground) -> None:
    found = json.loads(client_of(ground.officer).get(reverse("register:outlines")).content)
    named = [(each["geometry"]["type"], each["properties"]["name"]) for each in found["features"]]
    assert ("Polygon", ground.west.name) in named
    assert ("Point", ground.west.name) in named


def test_a_card_says_what_it_is(ground: Ground) -> None:
    element = a_hydrant(ground)
    body = client_of(ground.officer).get(reverse("register:card", args=["elements", element.pk])).content.decode()
    assert element.name in body
    assert element.number in body


def test_the_list_of_an_outline(ground: Ground) -> None:
    made = scattered(ground, 15)
    client = client_of(ground.officer)
    sent = {"polygon": json.dumps(ground.west.polygon), "station": "XH", "asked": "category=thing"}
    body = client.post(reverse("register:inside"), sent).content.decode()
    for element in made:
        inside = element.area_id == ground.west.pk and element.category_id == "thing.hydrant"
        assert (element.name in body) == inside


@pytest.mark.parametrize("polygon", ["", "7", "{}", '{"type": "Point", "coordinates": [1, 2]}'])
def test_what_is_no_outline_is_refused(ground: Ground, polygon: str) -> None:
    assert client_of(ground.officer).post(reverse("register:inside"), {"polygon": polygon}).status_code == 422


def test_box_polygon_and_nearest_against_every_row(ground: Ground) -> None:
    made = scattered(ground, 40)
    dice = random.Random(11)
    for _ in range(20):
        lon, lat = WEST + dice.random() * 2 * WIDE, SOUTH + dice.random() * HIGH
        box = (lon - 0.004, lat - 0.002, lon + 0.003, lat + 0.004)
        rows = Element.objects.filter(station=ground.station)
        held = {each.pk for each in made if box[0] <= each.lon <= box[2] and box[1] <= each.lat <= box[3]}
        assert set(in_box(rows, box).values_list("pk", flat=True)) == held
        ring = [[box[0], box[1]], [box[2], box[1]], [box[2], box[3]], [box[0], box[3]], [box[0], box[1]]]
        polygon = parse({"type": "Polygon", "coordinates": [ring]})
        assert ids_inside(ground.officer, ground.station.pk, Filters(), polygon) == sorted(held)
        found = nearest(ground.officer, ground.station.pk, Filters(), lon, lat, 5)
        away = {each.pk: _metres(each, lon, lat) for each in made}
        assert [key for key, _m in found] == sorted(away, key=lambda key: away[key])[:5]
        assert [metres for _k, metres in found] == pytest.approx(sorted(away.values())[:5], rel=1e-3)


def _metres(element: Element, lon: float, lat: float) -> float:
    from math import cos, hypot, radians

    return hypot((element.lon - lon) * cos(radians(lat)), element.lat - lat) * 111_320  # type: ignore[operator]


def test_the_page_says_the_number_of_the_list_and_how_many_have_no_point(ground: Ground) -> None:
    scattered(ground, 6)
    a_hydrant(ground, "没有位置的栓", point=None)
    client = client_of(ground.officer)
    numbers, config = page_of(client)
    assert numbers == [7, 1]
    assert [layer["key"] for layer in config["layers"]][:3] == ["areas", "elements", "elements-hexagons"]
    assert config["bounds"][0] < WEST < WEST + 2 * WIDE < config["bounds"][2]


def test_the_page_costs_the_same_queries_however_full(ground: Ground, django_assert_max_num_queries: Any) -> None:
    client = client_of(ground.officer)
    client.get(reverse("register:map"))
    for count in (1, 30):
        scattered(ground, count)
        with django_assert_max_num_queries(10):
            client.get(reverse("register:map"))
