"""OGC API - Features: its documents, pages, filters and refusals, and what each reader sees."""

from __future__ import annotations

import base64
import json
from datetime import UTC, datetime
from urllib.parse import parse_qsl, urlsplit

import pytest
from django.test import Client
from openapi_spec_validator import OpenAPIV30SpecValidator

from jishi.exchange.ogc.asked import read_boxes, read_span
from jishi.register import actions
from jishi.register.actions import Point
from jishi.register.models import Element
from jishi.register.tests import factory
from jishi.stations.actions import make_token

pytestmark = pytest.mark.django_db
ROOT = "/ogc/v1"
BOX = f"{factory.WEST},{factory.SOUTH},{factory.WEST + factory.WIDE},{factory.SOUTH + factory.HIGH}"


class Caller:
    """A GIS program with the token of one member of staff."""

    def __init__(self, staff, scopes=("read",)):
        _kept, self.token = make_token(staff, label="gis", scopes=scopes, days=7)
        self.client = Client(headers={"Authorization": f"Bearer {self.token}"})

    def get(self, path, query=None):
        return self.client.get(path if path.startswith(ROOT) else ROOT + path, query)

    def read(self, path, query=None):
        response = self.get(path, query)
        assert response.status_code == 200, response.content
        return response.json()

    def walk(self, path, query=None):
        """The features of all pages, by following the links."""
        page = self.read(path, query)
        pages = [page["features"]]
        while following := [each["href"] for each in page["links"] if each["rel"] == "next"]:
            parts = urlsplit(following[0])
            page = self.read(parts.path, dict(parse_qsl(parts.query)))
            pages.append(page["features"])
        return pages


@pytest.fixture
def ground():
    return factory.a_ground()


@pytest.fixture
def gis(ground):
    return Caller(ground.officer)


def ids(features):
    return [each["id"] for each in features]


def links_of(document):
    return {each["rel"]: each["href"] for each in document["links"]}


def test_the_landing_page_leads_everywhere(ground, gis):
    landing = json.loads(Client().get(f"{ROOT}/").content)
    links = links_of(landing)
    assert set(links) == {"self", "service-desc", "conformance", "data"}
    assert links["self"] == f"http://testserver{ROOT}/"
    conformance = json.loads(Client().get(links["conformance"]).content)["conformsTo"]
    assert [each.rpartition("/")[2] for each in conformance] == ["core", "oas30", "geojson"]
    described = Client().get(links["service-desc"])
    assert described["Content-Type"] == "application/vnd.oai.openapi+json;version=3.0"
    assert not list(OpenAPIV30SpecValidator(described.json()).iter_errors())
    assert {f"/collections/{each['id']}/items" for each in gis.read("/collections")["collections"]} <= set(
        described.json()["paths"]
    )


def test_collections_say_where_their_features_lie(ground, gis):
    hydrant = factory.a_hydrant(ground)
    told = {each["id"]: each for each in gis.read("/collections")["collections"]}
    assert set(told) == {"places", "organisations", "things", "areas"}
    assert told["things"]["extent"]["spatial"]["bbox"] == [[hydrant.lon, hydrant.lat, hydrant.lon, hydrant.lat]]
    assert told["areas"]["extent"]["spatial"]["bbox"][0][:2] == [factory.WEST, factory.SOUTH]
    assert "spatial" not in told["organisations"]["extent"]
    assert gis.read("/collections/things") == told["things"]
    items = gis.get(urlsplit(links_of(told["things"])["items"]).path)
    assert items["Content-Type"] == "application/geo+json"
    assert ids(items.json()["features"]) == [hydrant.number]


def test_pages_hold_every_feature_once_whatever_comes_between(ground, gis):
    made = [factory.a_hydrant(ground, f"消火栓{place}").number for place in range(7)]
    first = gis.read("/collections/things/items", {"limit": 3})
    assert (first["numberMatched"], first["numberReturned"]) == (7, 3)
    actions.close_element(Element.objects.get(number=made[0]), by=ground.officer)
    parts = urlsplit(links_of(first)["next"])
    rest = gis.walk(parts.path, dict(parse_qsl(parts.query)))
    assert [ids(page) for page in rest] == [made[3:6], made[6:]]


def test_a_feature_is_read_by_its_number(ground, gis):
    hydrant = factory.a_hydrant(ground)
    feature = gis.read(f"/collections/things/items/{hydrant.number}")
    assert feature["geometry"] == {"type": "Point", "coordinates": [hydrant.lon, hydrant.lat]}
    assert feature["properties"]["attributes.state"] == "good"
    links = links_of(feature)
    assert links["collection"].endswith("/ogc/v1/collections/things")
    assert links["alternate"] == f"http://testserver/register/elements/{hydrant.number}/"
    assert gis.get(f"/collections/places/items/{hydrant.number}").status_code == 404
    area = gis.read("/collections/areas/items/XH.west")
    assert (area["geometry"]["type"], area["properties"]["name"]) == ("Polygon", "和平里社区")


def test_filters_narrow_the_items(ground, gis):
    hydrant = factory.a_hydrant(ground, grade=2, reasons=["old_wiring"])
    east = factory.a_hydrant(ground, "东区消火栓", point=Point(factory.WEST + 0.015, factory.SOUTH + 0.005))
    nowhere = factory.a_hydrant(ground, "无点消火栓", point=None)
    every = [hydrant.number, east.number, nowhere.number]
    actions.verify_element(east, by=ground.officer, source=actions.Source("月检"))
    Element.objects.filter(pk=nowhere.pk).update(changed_at=datetime(2025, 5, 5, 10, tzinfo=UTC))
    for asked, left in (
        ({}, every), ({"bbox": BOX}, every[:1]), ({"grade": "1,2"}, every[:1]), ({"grade": "0"}, every[1:]),
        ({"category": "thing.hydrant"}, every), ({"category": "thing"}, every), ({"category": "place"}, []),
        ({"freshness": "fresh,due"}, every[1:2]), ({"area": "east"}, every[1:2]), ({"station": "XH"}, every),
        ({"station": "YH"}, []), ({"datetime": "2025-05-05"}, every[2:]), ({"datetime": "../2025-12-31"}, every[2:]),
        ({"datetime": "2025-05-06/.."}, every[:2]), ({"datetime": "2025-05-05T10:00:00Z"}, every[2:]),
        ({"bbox": "170,-90,-170,90"}, []), ({"bbox": "110,-90,100,90"}, every[:2]), ({"f": "json"}, every),
        ({"bbox": f"{factory.WEST},{factory.SOUTH},0,{factory.WEST + 1},{factory.SOUTH + 1},9"}, every[:2]),
    ):  # fmt: skip
        assert ids(gis.read("/collections/things/items", asked)["features"]) == left, asked


def test_areas_are_found_where_they_touch_the_box(ground, gis):
    assert ids(gis.read("/collections/areas/items")["features"]) == ["XH.west", "XH.east"]
    inside = f"{factory.WEST + 0.001},{factory.SOUTH},{factory.WEST + 0.002},{factory.SOUTH + 0.001}"
    assert ids(gis.read("/collections/areas/items", {"bbox": inside})["features"]) == ["XH.west"]
    pages = gis.walk("/collections/areas/items", {"limit": 1})
    assert [ids(page) for page in pages] == [["XH.west"], ["XH.east"]]


@pytest.mark.parametrize(
    "asked",
    [
        {"bbox": "1,2,3"}, {"bbox": "a,b,c,d"}, {"bbox": "0,50,1,40"}, {"bbox": "0,0,nan,1"}, {"limit": "0"},
        {"limit": "x"}, {"limit": "-1"}, {"cursor": "zz"}, {"datetime": "yesterday"}, {"datetime": "../.."},
        {"datetime": "2026-01-01T00:00:00"}, {"datetime": "2026-02-01/2026-01-01"}, {"grade": "9"},
        {"freshness": "stale"}, {"category": "person"}, {"name": "张"}, {"offset": "3"}, {"f": "html"},
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused(gis, asked):
    response = gis.get("/collections/things/items", asked)
    assert response.status_code == 400
    assert response["Content-Type"] == "application/json"
    told = response.json()
    assert (told["code"], bool(told["description"])) == ("InvalidParameterValue", True)


def test_too_high_a_limit_is_the_highest(ground, gis):
    factory.a_hydrant(ground)
    assert gis.read("/collections/things/items", {"limit": 10_000_000})["numberReturned"] == 1


@pytest.mark.parametrize(
    "path",
    [
        "/collections/people", "/collections/people/items", "/collections/things/items/XH-E-9",
        "/collections/areas/items/XH.none", "/people", "/collections/",
    ],
)  # fmt: skip
def test_what_is_not_there(gis, path):
    response = gis.get(path)
    assert (response.status_code, response.json()["code"]) == (404, "NotFound")


def test_only_with_a_token_and_only_what_its_owner_sees(ground, gis):
    hydrant = factory.a_hydrant(ground)
    for path in ("/collections", "/collections/things", "/collections/things/items"):
        answer = Client().get(ROOT + path)
        assert answer.status_code == 401
        assert answer["WWW-Authenticate"].startswith("Basic")
        assert answer.json()["code"] == "NotAuthorized"
    stranger = Caller(factory.a_ground("YH").officer)
    assert stranger.read("/collections/things/items")["features"] == []
    assert ids(stranger.read("/collections/areas/items")["features"]) == ["YH.west", "YH.east"]
    assert stranger.get(f"/collections/things/items/{hydrant.number}").status_code == 404
    assert Caller(ground.officer, scopes=("write",)).get("/collections").status_code == 403
    assert gis.client.post(f"{ROOT}/collections/things/items", {}).status_code == 405


def test_a_token_is_taken_as_the_password_too(ground, gis):
    def asked(header):
        return Client(headers={"Authorization": header}).get(f"{ROOT}/collections").status_code

    def basic(text):
        return "Basic " + base64.b64encode(text.encode()).decode()

    assert asked(basic(f"qgis:{gis.token}")) == 200
    assert asked(basic(f"qgis:{gis.token}x")) == 401
    assert asked(basic(gis.token)) == 401
    assert asked("Basic ***") == 401
    assert asked(f"Digest {gis.token}") == 401


def test_no_contact_leaves(ground, gis):
    building = factory.a_building(ground)
    actions.set_contact(building, role="keeper", reach="13800138000", by=ground.officer)
    for path in ("", f"/{building.number}"):
        text = gis.get(f"/collections/places/items{path}").content.decode()
        assert building.name in text
        assert "13800138000" not in text


def test_boxes_and_times_as_the_standard_writes_them():
    assert read_boxes("-10,5,10,20") == ((-10, 5, 10, 20),)
    assert read_boxes("170,0,-170,1") == ((170, 0, 180, 1), (-180, 0, -170, 1))
    first, last = read_span("2026-03-01")
    assert (first, last.date().isoformat(), last.hour) == (datetime(2026, 3, 1, tzinfo=UTC), "2026-03-01", 23)
    assert read_span("/2026-03-01T00:00:00Z") == (None, datetime(2026, 3, 1, tzinfo=UTC))
