"""The API's own rules: who may, which version, which key, and what never leaves."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from jishi.matters.models import Matter, Party
from jishi.matters.tests import factory
from jishi.stations.actions import make_token, revoke_token

V1 = "/api/v1"
pytestmark = pytest.mark.django_db


class Caller:
    """One member of staff with a token."""

    def __init__(self, staff, scopes=("read", "write")):
        self.token, raw = make_token(staff, label="test", scopes=scopes, days=7)
        self.client = Client(
            headers={"Authorization": f"Bearer {raw}", "Accept-Language": "en"}, raise_request_exception=False
        )

    def get(self, path, query=None, **headers):
        return self.client.get(V1 + path, query, headers=headers)

    def post(self, path, body=None, **headers):
        headers = {name.replace("_", "-"): value for name, value in headers.items()}
        if body is None:
            return self.client.generic("POST", V1 + path, headers=headers)
        return self.client.post(V1 + path, body, content_type="application/json", headers=headers)

    def give(self, number, verb, body=None, version=None, **headers):
        version = version or Matter.objects.get(number=number).version
        return self.post(f"/matters/{number}/commands/{verb}", body, **{"If-Match": f'"{version}"'}, **headers)


@pytest.fixture
def house():
    return factory.a_station()


@pytest.fixture
def desk(house):
    return Caller(house.desk)


def problem(response, status, code):
    """The problem document of an answer that is one."""
    assert response.status_code == status, response.content
    assert response["Content-Type"] == "application/problem+json"
    told = response.json()
    assert (told["status"], told["code"]) == (status, code), told
    assert told["type"] == f"urn:jishi:problem:{code}"
    assert told["title"]
    assert told["detail"]
    return told.get("facts", {})


def test_a_matter_goes_round(house, desk):
    officer, checker = Caller(house.officer), Caller(house.checker)
    made = desk.post("/matters", {"title": "楼道堆物", "place": {"name": "和平里3号楼", "area": "heping"}})
    assert made.status_code == 201
    number = made.json()["number"]
    assert made["Location"] == f"{V1}/matters/{number}"
    assert made["ETag"] == '"1"'
    steps = [
        (desk, "assess", {"category": "dispute.rent", "grade": 3}),
        (desk, "push", {"unit": "patrol", "person": house.officer.username}),
        (officer, "accept", None),
        (officer, "log", {"text": "已到现场"}),
        (officer, "submit", {"outcome": "fixed", "text": "已清理"}),
        (checker, "check", {"result": "pass"}),
        (desk, "answer", {"text": "已告知"}),
        (desk, "rate", {"mended": "yes", "result": 5}),
        (desk, "close", None),
    ]
    for version, (caller, verb, body) in enumerate(steps, 1):
        done = caller.give(number, verb, body, version=version)
        assert done.status_code == 200, done.content
        assert done.json()["version"] == version + 1
        assert done["ETag"] == f'"{version + 1}"'
    told = desk.get(f"/matters/{number}").json()
    assert (told["state"], told["stage"], told["outcome"], told["area"]) == ("closed", "feedback", "fixed", "heping")
    events = desk.get(f"/matters/{number}/events").json()["items"]
    assert [event["event"] for event in events] == [
        "reported", "assessed", "pushed", "accepted", "logged", "submitted", "checked", "answered", "rated", "closed",
    ]  # fmt: skip
    assert events[2]["set"]["responsible_unit"] == "patrol"


def test_a_party_goes_in_and_never_comes_out(house, desk):
    told = {"role": "reporter", "name": "陈某某", "contact": "13800138000"}
    made = desk.post("/matters", {"title": "夜间噪音", "description": "陈某某说楼上吵", "parties": [told]})
    number = made.json()["number"]
    assert Party.objects.get(matter__number=number).name_sealed
    for path in (f"/matters/{number}", f"/matters/{number}/events", "/matters", "/events"):
        text = desk.get(path).content.decode()
        assert "13800138000" not in text
        assert ("陈某某" in text) == (
            path == f"/matters/{number}"
        )  # in the reporter's own words, where the matter is read


def test_lists_and_events_name_no_person(house, desk):
    matter = factory.a_matter(house, "handling")
    for path in (
        "/matters",
        f"/matters/{matter.number}/events",
        "/events",
        "/units",
        "/areas",
        "/stations",
        "/agencies",
    ):
        text = desk.get(path).content.decode()
        assert house.officer.username not in text
        assert "assignee" not in text
    assert desk.get(f"/matters/{matter.number}").json()["assignee"] == house.officer.username


@pytest.mark.parametrize("name", ["assignee", "person", "reporter", "q", "contact", "submitter"])
def test_nothing_is_asked_for_by_person(house, desk, name):
    assert problem(desk.get("/matters", {name: "x"}), 422, "invalid")["field"] == name


def test_tokens(house, desk):
    problem(Client().get(f"{V1}/matters", headers={"Accept-Language": "en"}), 401, "not_signed_in")
    assert Client().get(f"{V1}/matters")["WWW-Authenticate"].startswith("Bearer")
    reader, writer = Caller(house.desk, ["read"]), Caller(house.desk, ["write"])
    assert reader.get("/matters").status_code == 200
    problem(reader.post("/matters", {"title": "x"}), 403, "scope_missing")
    problem(writer.get("/matters"), 403, "scope_missing")
    revoke_token(reader.token)
    problem(reader.get("/matters"), 401, "not_signed_in")
    type(writer.token).objects.filter(pk=writer.token.pk).update(
        created_at=timezone.now() - timedelta(days=2), expires_at=timezone.now() - timedelta(days=1)
    )
    problem(writer.post("/matters", {"title": "x"}), 401, "not_signed_in")


def test_another_station_sees_nothing(house, desk):
    matter = factory.a_matter(house)
    stranger = Caller(factory.a_station("YY", "远洋派出所").desk)
    problem(stranger.get(f"/matters/{matter.number}"), 404, "not_found")
    problem(stranger.get(f"/matters/{matter.number}/events"), 404, "not_found")
    problem(stranger.give(matter.number, "log", {"text": "看看"}), 404, "not_found")
    assert problem(stranger.get("/matters", {"station": "XH"}), 422, "station_unknown")["field"] == "station"
    problem(stranger.get("/events", {"station": "XH"}), 422, "station_unknown")
    problem(stranger.post("/matters", {"station": "XH", "title": "x"}), 422, "station_unknown")
    assert stranger.get("/matters").json() == {"items": [], "next": None}


def test_versions(house, desk):
    matter = factory.a_matter(house)
    path = f"/matters/{matter.number}/commands/assess"
    body = {"category": "dispute.rent", "grade": 3}
    problem(desk.post(path, body), 428, "version_missing")
    problem(desk.post(path, body, **{"If-Match": "3"}), 422, "bad_version")
    problem(desk.post(path, body, **{"If-Match": "*"}), 422, "bad_version")
    facts = problem(desk.post(path, body, **{"If-Match": '"7"'}), 409, "stale")
    assert (facts["yours"], facts["current"]) == (7, 1)
    assert desk.post(path, body, **{"If-Match": '"1"'}).status_code == 200
    tag = desk.get(f"/matters/{matter.number}")["ETag"]
    assert tag == '"2"'
    assert desk.get(f"/matters/{matter.number}", **{"If-None-Match": tag}).status_code == 304


def test_the_same_key_gives_the_same_result(house, desk):
    key = {"Idempotency-Key": "k-1"}
    first, again = (desk.post("/matters", {"title": "路灯不亮"}, **key) for _ in range(2))
    assert (first.status_code, again.status_code) == (201, 200)
    assert first.json() == again.json()
    assert "Idempotent-Replayed" not in first
    assert again["Idempotent-Replayed"] == "true"
    problem(desk.post("/matters", {"title": "别的事"}, **key), 409, "key_reused")
    number, key = first.json()["number"], {"Idempotency-Key": "k-2"}
    body = {"category": "dispute.rent", "grade": 3}
    first, again = (desk.give(number, "assess", body, version=1, **key) for _ in range(2))
    assert (first.status_code, first.json()) == (again.status_code, again.json())
    assert again["Idempotent-Replayed"] == "true"
    assert Matter.objects.get(number=number).version == 2
    problem(desk.give(number, "assess", {**body, "grade": 2}, version=1, **key), 409, "key_reused")
    problem(desk.give(number, "log", {"text": "x"}, **{"Idempotency-Key": "钥匙"}), 422, "bad_key")


def test_a_transfer_may_be_repeated_by_its_key(house):
    other = factory.a_station("YY", "远洋派出所", house.station.bureau)
    number, chief = factory.a_matter(house).number, Caller(house.chief)
    body, key = {"station": "YY", "reason": "地界在那边"}, {"Idempotency-Key": "t-1"}
    first, again = (chief.give(number, "transfer", body, version=1, **key) for _ in range(2))
    assert first.status_code == again.status_code == 200, again.content
    assert first.json() == again.json()
    assert Matter.objects.get(number=number).station == other.station


def test_refusals_are_the_loops(house, desk):
    number = factory.a_matter(house).number
    assert problem(desk.give(number, "push", {"unit": "patrol"}), 422, "wrong_state")["state"] == "reported"
    problem(Caller(house.analyst).give(number, "assess", {"category": "fire", "grade": 1}), 403, "not_allowed")
    assert problem(desk.give(number, "merge", {"root": "XH-1"}), 422, "root_unknown")["field"] == "root"
    assert problem(desk.give(number, "assess", {"category": "nothing", "grade": 1}), 422, "unknown_category")
    problem(desk.post("/matters", {"title": "身份证 11010519491231002X"}), 422, "personal")
    number = factory.a_matter(house, "assessed").number
    assert problem(desk.give(number, "push", {"unit": "moon"}), 422, "unit_elsewhere")["field"] == "unit"
    facts = problem(desk.give(number, "push", {"unit": "patrol", "person": "nobody"}), 422, "person_elsewhere")
    assert facts["field"] == "person"
    body = {"agency": "nobody", "reason": "x"}
    assert problem(desk.give(number, "refer", body), 422, "agency_unknown")["field"] == "agency"


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ({}, "title"),
        ({"title": ""}, "title"),
        ({"title": "a\x00b"}, "title"),
        ({"title": "x" * 121}, "title"),
        ({"title": 7}, "title"),
        ({"title": "x", "grade": 5}, "grade"),
        ({"title": "x", "grade": 10**30}, "grade"),
        ({"title": "x", "grade": "3"}, "grade"),
        ({"title": "x", "who": "me"}, "who"),
        ({"title": "x", "place": {"lon": 1.0}}, "place"),
        ({"title": "x", "place": {"lon": 181, "lat": 0}}, "place.lon"),
        ({"title": "x", "occurred_at": "2026-01-01T00:00:00"}, "occurred_at"),
        ({"title": "x", "occurred_at": "0001-01-01T00:00:00+14:00"}, "occurred_at"),
        ({"title": "x", "occurred_at": 12}, "occurred_at"),
        ({"title": "x", "occurred_at": "2999-01-01T00:00:00Z"}, "occurred_at"),
        ({"title": "x", "parties": [{}] * 6}, "parties"),
    ],
)  # fmt: skip
def test_a_bad_field_is_named(desk, body, field):
    assert problem(desk.post("/matters", body), 422, "invalid")["field"] == field
    assert not Matter.objects.exists()


@pytest.mark.parametrize(
    "sent", [b"{", b"[" * 100_000, b"\xff", b'{"title": NaN', b'{"title": ' + b"9" * 5000 + b"}"]
)  # fmt: skip
def test_what_is_not_json_is_refused(desk, sent):
    problem(desk.post("/matters", sent), 400, "unreadable")


@pytest.mark.parametrize(
    "sent", [b'{"title": "\\ud800"}', b'{"\\ud800": 1, "title": "x"}', b'{"title": NaN}', b"[]", b"null"]
)
def test_odd_json_is_refused(desk, sent):
    problem(desk.post("/matters", sent), 422, "invalid")


def test_other_errors_are_problems_too(house, desk):
    client = desk.client
    problem(client.post(f"{V1}/matters", {"title": "x"}), 415, "not_json")
    answer = client.delete(f"{V1}/matters")
    problem(answer, 405, "wrong_method")
    assert sorted(answer["Allow"].split(", ")) == ["GET", "POST"]
    for path in ("/nothing", "/", "/matters/", "/matters/%00", "/matters/" + "9" * 400, "/matters/%ED%A0%80"):
        problem(desk.get(path), 404, "not_found")
    problem(desk.post("/nothing", {}), 404, "not_found")
    for query in (
        {"limit": 0},
        {"limit": 201},
        {"limit": "9" * 40},
        {"cursor": "%"},
        {"state": "lost"},
        {"area": "\x00"},
        {"reported_until": "9999-12-31"},
        {"reported_since": "12345"},
    ):
        problem(desk.get("/matters", query), 422, "invalid")
    for cursor in ("abc", "MjAyNi0wMS0wMSA5OTk5OTk5OTk5OTk5OTk5OTk5OTk5", "MDAwMS0wMS0wMVQwMDowMDowMCsxNDowMCAx"):
        problem(desk.get("/matters", {"cursor": cursor}), 422, "bad_cursor")
    problem(desk.get("/events", {"after": "9" * 30}), 422, "invalid")


def test_a_failure_says_nothing_of_itself(desk, monkeypatch):
    def broken(*_args):
        raise RuntimeError("secret")

    monkeypatch.setattr("jishi.matters.api.reading.station_asked", broken)
    answer = desk.get("/matters")
    problem(answer, 500, "server_error")
    assert "secret" not in answer.content.decode()


def test_pages_join_without_a_gap(house, desk):
    moment = timezone.now() - timedelta(hours=1)
    numbers = [factory.a_matter(house, now=moment).number for _ in range(5)]
    seen, cursor = [], None
    while True:
        page = desk.get("/matters", {"limit": 2, **({"cursor": cursor} if cursor else {})}).json()
        seen += [row["number"] for row in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert seen == numbers[::-1]


def test_filters(house, desk):
    now = timezone.now()
    old = factory.a_matter(house, now=now - timedelta(days=40)).number
    handled = factory.a_matter(house, "handling", category="fire.ebike", grade=2).number
    closed = factory.a_matter(house, "closed").number
    inherited = factory.a_matter(house, "inherited").number
    day = timezone.localtime(now).date()
    for query, numbers in [
        ({}, {old, handled, closed, inherited}),
        ({"state": ["closed", "handling"]}, {handled, closed}),
        ({"stage": "discover"}, {old, inherited}),
        ({"stage": "push"}, set()),
        ({"stage": "push", "state": "closed"}, set()),
        ({"grade": 2}, {handled}),
        ({"category": "fire"}, {handled}),
        ({"unit": "patrol"}, {handled}),
        ({"area": "heping", "open": "true"}, {old, handled, inherited}),
        ({"overdue": "true"}, {old}),
        ({"reported_since": str(day - timedelta(days=7))}, {handled, closed, inherited}),
        ({"reported_until": str(day - timedelta(days=7))}, {old}),
        ({"reported_until": "2199-12-31"}, {old, handled, closed, inherited}),
        ({"station": "XH"}, {old, handled, closed, inherited}),
    ]:
        found = desk.get("/matters", query)
        assert found.status_code == 200, (query, found.content)
        assert {row["number"] for row in found.json()["items"]} == numbers, query


def test_the_feed_goes_on_where_it_stopped(house, desk):
    factory.a_matter(house, "pushed")
    first = desk.get("/events", {"limit": 2}).json()
    rest = desk.get("/events", {"after": first["next"]}).json()
    assert [event["event"] for event in first["items"] + rest["items"]] == ["reported", "assessed", "pushed"]
    assert rest["next"] is None
    assert [event["seq"] for event in first["items"] + rest["items"]] == [1, 2, 3]


def test_the_catalogue_and_the_places(house, desk):
    assert {"code": "patrol", "kind": "patrol", "name": "巡逻组", "station": "XH"} in desk.get("/units").json()["items"]
    assert desk.get("/areas", {"station": "XH"}).json()["items"] == [
        {"station": "XH", "code": "heping", "name": "和平里社区", "bbox": None}
    ]
    assert [row["code"] for row in desk.get("/stations").json()["items"]] == ["XH"]
    assert [row["code"] for row in desk.get("/agencies").json()["items"]] == [house.agency.code]
    assert "fire.exit" in {row["code"] for row in desk.get("/categories").json()["items"]}


def test_queries_are_few_and_constant(house, desk, django_assert_num_queries):
    for _ in range(3):
        factory.a_matter(house, "handling")
    number = factory.a_matter(house, "assessed").number
    desk.get("/matters")
    with django_assert_num_queries(3):  # the token with the posts, the ids of the page, its rows
        desk.get("/matters")
    with django_assert_num_queries(3):
        desk.get(f"/matters/{number}")
    with django_assert_num_queries(6):
        desk.get("/events")
    desk.get("/categories")
    with django_assert_num_queries(1):
        desk.get("/categories")


def test_the_description_is_served(client):
    answer = client.get(f"{V1}/openapi.json")
    told = json.loads(answer.content)
    assert told["openapi"].startswith("3.1.")
    assert "/matters/{number}/commands/push" in told["paths"]
