"""The API of the register: who may, which version, which key, what the list leaves, and what never leaves."""

from __future__ import annotations

import json

import pytest
from django.test import Client

from jishi.register import actions
from jishi.register.actions import Point
from jishi.register.models import Change, Element, Verification
from jishi.register.tests import factory
from jishi.stations.actions import make_token

V1 = "/api/v1"
pytestmark = pytest.mark.django_db


class Caller:
    """One member of staff with a token."""

    def __init__(self, staff, scopes=("read", "write")):
        _kept, raw = make_token(staff, label="test", scopes=scopes, days=7)
        self.client = Client(headers={"Authorization": f"Bearer {raw}", "Accept-Language": "en"})

    def get(self, path, query=None, **headers):
        return self.client.get(V1 + path, query, headers=headers)

    def post(self, path, body, **headers):
        return self.client.post(V1 + path, body, content_type="application/json", headers=headers)

    def give(self, element, verb, body, version=None, **headers):
        version = version or Element.objects.values_list("version", flat=True).get(number=element)
        path = f"/elements/{element}/commands/{verb}"
        return self.post(path, body, **{"If-Match": f'"{version}"'}, **headers)


@pytest.fixture
def ground():
    return factory.a_ground()


@pytest.fixture
def officer(ground):
    return Caller(ground.officer)


def refused(response, status, code):
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    assert response.json()["code"] == code
    return response.json().get("facts", {})


def numbers(response):
    assert response.status_code == 200, response.content
    return [item["number"] for item in response.json()["items"]]


def a_body(**more):
    return {
        "category": "thing.hydrant", "name": "北门消火栓", "address": "和平里9号",
        "point": {"lon": factory.WEST + 0.002, "lat": factory.SOUTH + 0.002},
        "attributes": {"state": "good", "type": "ground"}, **more,
    }  # fmt: skip


def test_an_element_is_registered_read_changed_verified_closed_and_reopened(officer):
    made = officer.post(
        "/elements", a_body(system="xf", external_id="H-7", source="消防栓清单", source_date="2026-01-05")
    )
    assert made.status_code == 201, made.content
    number = made.json()["number"]
    assert (made["Location"], made["ETag"]) == (f"{V1}/elements/{number}", '"1"')
    read = officer.get(f"/elements/{number}")
    told = read.json()
    assert (told["area"], told["source"], told["external_id"]) == ("west", "xf", "H-7")
    assert (told["freshness"], told["verified_at"], told["issues"]) == ("never", None, [])
    assert officer.get(f"/elements/{number}", **{"If-None-Match": read["ETag"]}).status_code == 304
    assert (
        officer.give(number, "change", {"name": "北大门消火栓", "attributes": {"state": "broken"}}).json()["version"]
        == 2
    )
    assert officer.give(number, "verify", {"source": "月检", "source_date": "2026-02-01"}).json()["version"] == 3
    assert officer.give(number, "close", {}).json()["version"] == 4
    assert officer.give(number, "reopen", {"source": "复核"}).json()["version"] == 5
    told = officer.get(f"/elements/{number}").json()
    assert (told["name"], told["attributes"], told["status"]) == ("北大门消火栓", {"state": "broken"}, "active")
    assert (told["freshness"], told["issues"]) == ("fresh", ["missing_attribute"])
    steps = officer.get(f"/elements/{number}/changes").json()["items"]
    assert [step["kind"] for step in steps] == ["created", "changed", "verified", "closed", "reopened"]
    assert steps[0]["fields"]["area"] == [None, "west"]
    assert steps[1]["fields"] == {"name": ["北门消火栓", "北大门消火栓"], "attributes.state": ["good", "broken"],
                                  "attributes.type": ["ground", None]}  # fmt: skip
    assert (steps[0]["source"], steps[0]["source_date"], steps[0]["by"]) == ("消防栓清单", "2026-01-05", "staff")
    rest = officer.get(f"/elements/{number}/changes", {"after": 2, "limit": 2}).json()
    assert ([step["version"] for step in rest["items"]], rest["next"]) == ([3, 4], 4)


def test_the_list_takes_the_filters_of_the_screen(ground, officer):
    hydrant, building = factory.a_hydrant(ground), factory.a_building(ground)
    east = factory.a_hydrant(ground, "东区消火栓", point=Point(factory.WEST + 0.015, factory.SOUTH + 0.005), grade=2,
                             reasons=["matters_repeated"])  # fmt: skip
    actions.verify_element(hydrant, by=ground.officer, source=actions.Source("月检"))
    closed = factory.a_hydrant(ground, "旧消火栓")
    actions.close_element(closed, by=ground.officer)
    box = f"{factory.WEST},{factory.SOUTH},{factory.WEST + 0.01},{factory.SOUTH + 0.01}"
    every = [hydrant, building, east]
    for asked, left in (
        ({}, every), ({"kind": "place"}, [building]), ({"category": "thing.hydrant"}, [hydrant, east]),
        ({"area": "east"}, [east]), ({"freshness": "fresh"}, [hydrant]), ({"grade": "2"}, [east]),
        ({"freshness": ["fresh", "never"]}, every), ({"status": "closed"}, [closed]), ({"q": "东区"}, [east]),
        ({"bbox": box}, [hydrant, building]), ({"q": east.number}, [east]), ({"issue": "no_point"}, []),
        ({"source": "jishi"}, every),
    ):  # fmt: skip
        assert numbers(officer.get("/elements", asked)) == [each.number for each in left], asked
    for asked in ({"bbox": "1,2,3"}, {"bbox": "5,5,1,1"}, {"person": "1"}, {"cursor": "zz"}, {"area": "nowhere"},
                  {"category": "person"}, {"name": "张"}):  # fmt: skip
        assert officer.get("/elements", asked).status_code == 422, asked


def test_pages_follow_each_other_whatever_comes_between(ground, officer):
    made = [factory.a_hydrant(ground, f"消火栓{place}").number for place in range(7)]
    seen, cursor = [], {}
    while True:
        page = officer.get("/elements", {"limit": 3, **cursor}).json()
        seen += [item["number"] for item in page["items"]]
        if page["next"] is None:
            break
        actions.close_element(Element.objects.get(number=made[0]), by=ground.officer) if len(seen) == 3 else None
        cursor = {"cursor": page["next"]}
    assert seen == made


def test_what_somebody_else_changed_is_not_overwritten(ground, officer):
    number = factory.a_hydrant(ground).number
    officer.give(number, "change", {"name": "甲"})
    facts = refused(officer.give(number, "change", {"name": "乙"}, version=1), 409, "stale")
    assert (facts["yours"], facts["current"]) == (1, 2)
    refused(officer.post(f"/elements/{number}/commands/change", {"name": "乙"}), 428, "version_missing")
    assert Element.objects.get(number=number).name == "甲"


def test_the_same_key_gives_the_same_result(ground, officer):
    key = {"Idempotency-Key": "k-1"}
    first, again = officer.post("/elements", a_body(), **key), officer.post("/elements", a_body(), **key)
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert again["Idempotent-Replayed"] == "true"
    number = first.json()["number"]
    for verb, body in (("change", {"name": "甲"}), ("verify", {"source": "月检"}), ("close", {}), ("reopen", {})):
        seen = Element.objects.get(number=number).version
        key = {"Idempotency-Key": f"k-{verb}"}
        once = officer.give(number, verb, body, version=seen, **key)
        twice = officer.give(number, verb, body, version=seen, **key)
        assert once.json() == twice.json() == {"number": number, "version": seen + 1}, verb
        assert "Idempotent-Replayed" in twice.headers
    assert Verification.objects.count() == 1
    assert Change.objects.count() == 5
    other = factory.a_hydrant(ground).number
    refused(officer.give(other, "close", {}, **{"Idempotency-Key": "k-close"}), 409, "key_reused")


def test_one_number_of_a_source_stands_once(officer):
    first = officer.post("/elements", a_body(system="xf", external_id="H-7")).json()["number"]
    facts = refused(officer.post("/elements", a_body(system="xf", external_id="H-7")), 422, "external_known")
    assert facts["number"] == first
    assert officer.post("/elements", a_body(system="gas", external_id="H-7")).status_code == 201


@pytest.mark.parametrize("field", ["name", "address", "source", "external_id", "system"])
def test_no_person_comes_in(officer, field):
    assert refused(officer.post("/elements", a_body(**{field: "13800138000"})), 422, "personal")["field"]
    assert Element.objects.count() == 0


def test_only_what_the_readers_stations_hold(ground, officer):
    number = factory.a_hydrant(ground).number
    stranger = Caller(factory.a_ground("YH").officer)
    assert numbers(stranger.get("/elements")) == []
    refused(stranger.get(f"/elements/{number}"), 404, "not_found")
    refused(stranger.get(f"/elements/{number}/changes"), 404, "not_found")
    refused(stranger.give(number, "close", {}), 404, "not_found")
    refused(stranger.get("/elements", {"station": "XH"}), 422, "station_unknown")
    reader = Caller(ground.officer, scopes=("read",))
    refused(reader.give(number, "close", {}), 403, "scope_missing")
    refused(Caller(ground.analyst).give(number, "close", {}), 403, "not_allowed")
    refused(Client().get(f"{V1}/elements"), 401, "not_signed_in")


def test_the_catalogue_comes_with_its_schemas(officer):
    items = {item["code"]: item for item in officer.get("/element-categories").json()["items"]}
    hydrant = items["thing.hydrant"]
    assert hydrant["attributes"]["properties"]["state"]["enum"]
    assert hydrant["cadence"]["0"] > 0
    assert {item["kind"] for item in items.values()} == {"place", "organisation", "thing"}


def test_a_contact_never_leaves(ground, officer):
    hydrant = factory.a_building(ground)
    actions.set_contact(hydrant, role="keeper", reach="13800138000", by=ground.officer)
    for path in ("/elements", f"/elements/{hydrant.number}", f"/elements/{hydrant.number}/changes"):
        text = officer.get(path).content.decode()
        assert "13800138000" not in text
        assert "contact" not in json.dumps(json.loads(text))
