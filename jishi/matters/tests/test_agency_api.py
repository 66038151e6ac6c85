"""What the system of an agency reads and answers: its own matters alone, and nothing by which a member of staff could come."""  # noqa: E501

from __future__ import annotations

import base64
import json
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from jishi.journal.models import Event
from jishi.matters.agencies import actions
from jishi.matters.models import Evidence, Matter
from jishi.matters.tests import factory
from jishi.matters.verify import verify
from jishi.stations.actions import make_agency_key, make_token, revoke_agency_key
from jishi.stations.models import Agency, AgencyKey
from tests.support.photos import a_photo

pytestmark = pytest.mark.django_db
V1 = "/api/v1/agency"


class System:
    """The system of an agency, with a key."""

    def __init__(self, agency, **more):
        self.key, raw = make_agency_key(agency, label="test", days=30, **more)
        self.client = Client(
            headers={"Authorization": f"Bearer {raw}", "Accept-Language": "en"}, raise_request_exception=False
        )

    def get(self, path="", query=None, **headers):
        return self.client.get(f"{V1}/matters{path}", query, headers=headers)

    def say(self, number, verb, body=None, version=None, **headers):
        tag = {"If-Match": f'"{version or Matter.objects.get(number=number).version}"'}
        headers = {name.replace("_", "-"): value for name, value in headers.items()} | tag
        address = f"{V1}/matters/{number}/commands/{verb}"
        if body is None:
            return self.client.generic("POST", address, headers=headers)
        return self.client.post(address, body, content_type="application/json", headers=headers)


@pytest.fixture
def house():
    return factory.a_station()


@pytest.fixture
def system(house):
    return System(house.agency)


def referred(house, agency=None, **more):
    matter = factory.a_matter(house, "handling", title="紫檀木匣失窃", **more)
    return factory.give(house, matter, "refer", agency=(agency or house.agency).pk, reason="请查看消防通道")


def refused(answer, status, code):
    assert (answer.status_code, answer["Content-Type"]) == (status, "application/problem+json"), answer.content
    assert answer.json()["code"] == code
    return answer.json()


def test_it_reads_what_was_referred_to_it(house, system):
    matter = referred(house)
    factory.a_matter(house, "handling")
    told = system.get(f"/{matter.number}")
    assert told["ETag"] == f'"{matter.version}"'
    item = told.json()
    assert set(item) == {
        "number", "version", "station", "category", "grade", "place", "area", "state", "agency_state", "next_due",
        "referred_at", "asked", "may",
    }  # fmt: skip
    assert (item["station"], item["category"], item["area"], item["place"]) == (
        "XH", "dispute.rent", "heping", "和平里3号楼"
    )  # fmt: skip
    assert (item["agency_state"], item["asked"], item["may"]) == (
        "asked", "请查看消防通道", ["accept", "return", "report"]
    )  # fmt: skip
    assert system.get().json() == {"items": [item], "next": None}
    assert "紫檀木匣" not in told.content.decode()
    assert system.get(f"/{matter.number}", None, **{"If-None-Match": told["ETag"]}).status_code == 304


def test_the_list_comes_page_by_page(house, system):
    numbers = [referred(house).number for _each in range(5)]
    found, cursor = [], None
    while True:
        page = system.get("", {"limit": 2, **({"cursor": cursor} if cursor else {})}).json()
        found += [item["number"] for item in page["items"]]
        cursor = page["next"]
        if cursor is None:
            break
    assert found == numbers
    refused(system.get("", {"cursor": "x"}), 422, "bad_cursor")
    refused(system.get("", {"station": "XH"}), 422, "invalid")


def test_the_list_takes_the_same_few_queries_however_long(house, system, django_assert_num_queries):
    for count in (1, 3):
        for _each in range(count):
            referred(house)
        with django_assert_num_queries(5):
            system.get()


def test_it_answers(house, system):
    matter = referred(house)
    done = system.say(matter.number, "accept", Idempotency_Key="a1")
    assert (done.status_code, done.json()["event"]) == (200, "agency_accepted")
    again = system.say(matter.number, "accept", version=matter.version, Idempotency_Key="a1")
    assert (again.status_code, again["Idempotent-Replayed"]) == (200, "true")
    assert again.json() == done.json()
    refused(system.say(matter.number, "accept"), 422, "agency_answered")
    stale = refused(system.say(matter.number, "report", {"text": "好了"}, version=1), 409, "stale")
    assert stale["facts"] == {"yours": 1, "current": matter.version + 1}
    photo = base64.b64encode(a_photo().read()).decode()
    reported = system.say(matter.number, "report", {"text": "通道已清理", "files": [photo]})
    assert (reported.status_code, reported["ETag"]) == (200, f'"{matter.version + 2}"')
    after = Matter.objects.get(pk=matter.pk)
    assert (after.state, after.agency_state, after.responsible_unit_id) == (
        "handling", "done", matter.responsible_unit_id
    )  # fmt: skip
    assert Evidence.objects.filter(matter=matter).count() == 1
    event = Event.objects.filter(kind="matter.agency_reported").get()
    facts = json.loads(event.payload)["facts"]
    assert (event.actor_id, facts["agency"], facts["key"]) == (None, house.agency.pk, system.key.pk)
    assert verify().problems == []


def test_what_cannot_be_taken_is_said(house, system):
    matter = referred(house)
    refused(system.say(matter.number, "return", {"reason": ""}), 422, "invalid")
    refused(system.say(matter.number, "return", {"reason": "致电13800138000"}), 422, "personal")
    for files in (["AAAA"], ["AAAAA"]):
        problem = system.say(matter.number, "report", {"text": "好了", "files": files})
        assert problem.status_code == 422, files
        assert problem.json()["code"] in ("file_type", "file_broken")
    address = f"{V1}/matters/{matter.number}/commands/accept"
    refused(system.client.generic("POST", address), 428, "version_missing")
    assert Event.objects.filter(kind__startswith="matter.agency").count() == 0


def test_no_agency_sees_anothers_matter(house, system):
    other = Agency.objects.create(bureau=house.station.bureau, code="market", name="市场监管局")
    theirs, nobodys = referred(house, other), factory.a_matter(house, "handling")
    away = factory.a_station("ZZ", "外地派出所")
    foreign = referred(away)
    closed = referred(house)
    factory.give(house, closed, "withdraw", reason="撤回")
    assert system.get().json()["items"] == []
    for matter in (theirs, nobodys, foreign, closed):
        refused(system.get(f"/{matter.number}"), 404, "not_found")
        for verb, body in (("accept", None), ("return", {"reason": "r"}), ("report", {"text": "t"})):
            refused(system.say(matter.number, verb, body), 404, "not_found")
    assert [item["number"] for item in System(other).get().json()["items"]] == [theirs.number]
    assert Event.objects.filter(kind__startswith="matter.agency").count() == 0


def test_two_agencies_may_use_the_same_idempotency_key(house, system):
    other = Agency.objects.create(bureau=house.station.bureau, code="market", name="市场监管局")
    mine, theirs = referred(house), referred(house, other)
    assert system.say(mine.number, "accept", Idempotency_Key="same").status_code == 200
    done = System(other).say(theirs.number, "accept", Idempotency_Key="same")
    assert (done.status_code, done.has_header("Idempotent-Replayed")) == (200, False)
    second = referred(house)
    refused(system.say(second.number, "accept", Idempotency_Key="same"), 409, "key_reused")
    factory.give(house, mine, "recall", reason="不转了")
    again = system.say(mine.number, "accept", version=mine.version, Idempotency_Key="same")
    assert (again.status_code, again["Idempotent-Replayed"]) == (200, "true")
    refused(system.say(mine.number, "accept", Idempotency_Key="new"), 404, "not_found")


def test_a_key_opens_nothing_else_and_no_token_of_staff_opens_this(house, system):
    matter = referred(house)
    _token, raw = make_token(house.chief, label="staff", scopes=["read", "write"], days=7)
    staff = Client(headers={"Authorization": f"Bearer {raw}"})
    refused(staff.get(f"{V1}/matters"), 401, "not_signed_in")
    refused(staff.get(f"{V1}/matters/{matter.number}"), 401, "not_signed_in")
    signed_in = Client()
    signed_in.force_login(house.chief)
    refused(signed_in.get(f"{V1}/matters"), 401, "not_signed_in")
    for path in ("matters", f"matters/{matter.number}", "events", "categories", "stations", "elements"):
        refused(system.client.get(f"/api/v1/{path}"), 401, "not_signed_in")
    assert system.client.get("/ogc/v1/collections", follow=True).status_code == 401
    _link, token = actions.make_link(matter, by=house.desk)
    refused(Client(headers={"Authorization": f"Bearer {token}"}).get(f"{V1}/matters"), 401, "not_signed_in")


def test_a_key_that_is_revoked_or_has_run_out_opens_nothing(house, system):
    assert system.get().status_code == 200
    old = System(house.agency, now=timezone.now() - timedelta(days=31))
    refused(old.get(), 401, "not_signed_in")
    revoke_agency_key(system.key)
    refused(system.get(), 401, "not_signed_in")
    newer = System(house.agency)
    Agency.objects.filter(pk=house.agency.pk).update(active=False)
    refused(newer.get(), 401, "not_signed_in")
    assert not AgencyKey.objects.filter(digest__startswith="jishi_").exists()
