"""The forms of an element: registering, correcting, verifying and the rest, with conflicts, undo and the second law."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client

from jishi.base.errors import Refused
from jishi.files.models import Attachment
from jishi.privacy.models import Reveal
from jishi.register import actions
from jishi.register.catalogue import sort_of
from jishi.register.commands import COMMANDS, allowed
from jishi.register.dwellings import names_a_flat
from jishi.register.forms import FORMS
from jishi.register.forms.element import initial_values
from jishi.register.history import values_of
from jishi.register.models import BuildingVisit, Change, Contact, Element, Link, Part, PopulationCount, Verification
from jishi.register.tests.factory import SOUTH, WEST, Ground, a_building, a_hydrant
from jishi.register.views.command import GIVE
from jishi.register.views.edit import EDITS
from tests.support.photos import a_photo

NEW = "/register/elements/new/"
HERE = {"stood_lon": WEST + 0.005, "stood_lat": SOUTH + 0.005, "accuracy": 9}


@pytest.fixture
def desk(ground: Ground) -> Client:
    """The desk officer's browser."""
    return client_of(ground, "desk")


def client_of(ground: Ground, role: str) -> Client:
    """A browser of somebody with this role."""
    client = Client()
    client.force_login(ground.people[role])
    return client


def give(client: Client, element: Element, verb: str, key: str = "k", **fields: Any) -> Any:
    """Send a command with the version of now."""
    version = fields.pop("version", None) or Element.objects.get(pk=element.pk).version
    return client.post(f"/register/elements/{element.number}/{verb}/", {"version": version, "key": key, **fields})


def sent(element: Element, **changed: Any) -> dict[str, Any]:
    """What the form of an element sends where nothing but this was changed."""
    values = initial_values(sort_of(element.category_id), values_of(element))
    return {name: "" if value is None else value for name, value in {**values, **changed}.items()}


def undo_of(client: Client, element: Element) -> tuple[str, dict[str, str]]:
    """Where the toast's undo leads, and what it sends."""
    page = client.get(f"/register/elements/{element.number}/").content.decode()
    undo = r'<form method="post" action="([^"]+)">((?:(?!</form>).)*?)<button class="button button-small">撤销'
    address, fields = re.findall(undo, page, re.DOTALL)[-1]
    return address, dict(re.findall(r'name="([^"]+)" value="([^"]*)"', fields))


def fetched(client: Client, address: str) -> bytes:
    """A photo, read to its end."""
    answer = client.get(address)
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/jpeg")
    return b"".join(answer)  # type: ignore[arg-type]  # a stream of bytes


def test_every_command_has_a_form_and_a_way_to_be_given() -> None:
    assert set(COMMANDS) == set(FORMS) | set(EDITS)
    assert set(FORMS) == set(GIVE)


def test_registering_takes_typed_numbers_of_any_datum(ground: Ground) -> None:
    client = client_of(ground, "auxiliary")
    assert "消火栓" in client.get(NEW).content.decode()
    form = client.get(f"{NEW}?category=thing.hydrant").content.decode()
    assert 'name="attr-state"' in form
    fields = {
        "category": "thing.hydrant", "name": "  北门 消火栓 ", "lon": WEST + 0.005, "lat": SOUTH + 0.005,
        "datum": "gcj02", "attr-state": "good", "attr-pressure": "0.35", "grade": "0", "key": "k1",
    }  # fmt: skip
    done = client.post(NEW, fields)
    element = Element.objects.get()
    assert (done.status_code, done.url) == (303, f"/register/elements/{element.number}/")
    assert (element.name, element.datum, element.attributes) == (
        "北门 消火栓",
        "gcj02",
        {"state": "good", "pressure": 0.35},
    )
    assert element.lon is not None
    assert 0.001 < WEST + 0.005 - element.lon < 0.01
    assert client.post(NEW, fields).url == done.url
    assert Element.objects.count() == 1


def test_likely_duplicates_are_shown_before_it_is_sent(ground: Ground, desk: Client) -> None:
    there = a_building(ground)
    fields = {"category": "place.residential", "name": "和平里3号楼", "address": "新华街和平里三号楼", "key": "k"}
    shown = desk.post(f"{NEW.removesuffix('new/')}similar/", fields).content.decode()
    assert there.number in shown
    assert "名称相同" in shown
    first = desk.post(NEW, fields)
    assert first.status_code == 409
    assert there.number in first.content.decode()
    assert Element.objects.count() == 1
    assert desk.post(NEW, {**fields, "seen": str(there.pk)}).status_code == 303


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"name": ""}, "必填"), ({"lon": "117.3"}, "两个数都填"), ({"lon": "999", "lat": "1"}, "field-wrong"),
        ({"grade": "1"}, "红色和橙色"), ({"name": "张三 13800138000"}, "手机号"), ({"attr-floors": "900"}, "160"),
        ({"address": "和平里3号楼2单元501室"}, "一户一页"), ({"source": "李四 13800138000"}, "手机号"),
    ],
)  # fmt: skip
def test_what_cannot_stand_is_said_beside_its_field(
    ground: Ground, desk: Client, fields: dict[str, str], words: str
) -> None:
    answer = desk.post(NEW, {"category": "place.residential", "name": "和平里9号楼", "key": "k", **fields})
    assert answer.status_code == 422
    assert words in answer.content.decode()
    assert not Element.objects.exists()


@pytest.mark.parametrize(
    ("category", "text", "refused"),
    [
        ("place.residential", "和平里3号楼2单元501室", True), ("place.residential", "和平里3号楼501", True),
        ("place.residential", "建设路18号1203室", True), ("place.residential", "12 Main St Apt 4B", True),
        ("place.residential", "和平里3号楼2单元", False), ("place.residential", "建设路18号院2号楼", False),
        ("place.residential", "幸福里2区5号楼", False), ("place.compound", "和平里小区", False),
        ("org.employer", "平安大厦1203室", False), ("org.lodging", "幸福小区5栋2单元501室", True),
        ("thing.hydrant", "3号楼东侧消火栓", False),
    ],
)  # fmt: skip
def test_a_flat_is_no_element(category: str, text: str, refused: bool) -> None:
    assert names_a_flat(category, text) is refused


def test_correcting_writes_what_differs_and_no_more(ground: Ground, desk: Client) -> None:
    element = a_building(ground)
    assert give(desk, element, "change", **sent(element)).status_code == 303
    assert Change.objects.count() == 1
    fields = {"name": "和平里3号住宅楼", "attr-lifts": "2", "source": "住建局名册", "source_date": "2026-01-31"}
    assert give(desk, element, "change", **sent(element, **fields)).status_code == 303
    step = Change.objects.get(version=2)
    assert step.fields == {"name": ["和平里3号楼", "和平里3号住宅楼"], "attributes.lifts": [None, 2]}
    assert (step.source, str(step.source_date)) == ("住建局名册", "2026-01-31")
    element.refresh_from_db()
    other = give(desk, element, "change", category="place.office", **sent(element, **{"attr-sprinklers": "yes"}))
    assert other.status_code == 303
    element.refresh_from_db()
    assert (element.category_id, element.attributes["sprinklers"], element.attributes.get("entrances")) == (
        "place.office", True, None,
    )  # fmt: skip


def test_a_stale_correction_shows_both_versions_and_keeps_both_corrections(ground: Ground, desk: Client) -> None:
    element = a_building(ground)
    mine = sent(element, name="我改的名称", **{"attr-lifts": "2"})
    actions.change_element(element, {"name": "别人改的名称", "address": "别人改的地址"}, by=ground.officer)
    answer = give(desk, element, "change", version=1, **mine)
    page = answer.content.decode()
    assert answer.status_code == 409
    assert "您看到的是第 1 版，现为第 2 版" in page
    assert "<td>别人改的名称</td><td>我改的名称</td>" in page
    ready = {name: value for name, value in re.findall(r'name="([^"]+)" value="([^"]*)"', page) if value}
    assert (ready["name"], ready["address"], ready["attr-lifts"], ready["version"]) == (
        "我改的名称", "别人改的地址", "2", "2",
    )  # fmt: skip
    element.refresh_from_db()
    assert element.name == "别人改的名称"


def test_one_tap_verifies_with_the_position_of_the_device(ground: Ground) -> None:
    officer, element = client_of(ground, "officer"), a_hydrant(ground)
    asked = give(officer, element, "verify", result="correct", stood_lon="", stood_lat="")
    page = asked.content.decode()
    assert asked.status_code == 422
    assert "需要您的位置" in page
    assert 'value="3号楼东侧消火栓"' in page
    assert give(officer, element, "verify", result="correct", **HERE).status_code == 303
    seen = Verification.objects.get()
    assert (seen.result, seen.accuracy, round(seen.lon or 0, 4)) == ("correct", 9, 117.305)
    assert give(officer, element, "verify", result="correct", **HERE).status_code == 303
    assert Verification.objects.count() == 1


def test_verifying_corrects_fields_and_asks_for_a_photo_where_the_category_does(ground: Ground) -> None:
    officer, hotel = client_of(ground, "officer"), a_building(ground, category="place.hotel", attributes={})
    fields = {**sent(hotel, name="平安宾馆"), "result": "corrected", **HERE}
    asked = give(officer, hotel, "verify", **fields)
    assert asked.status_code == 422
    assert "需要照片" in asked.content.decode()
    assert give(officer, hotel, "verify", **fields, photo=a_photo()).status_code == 303
    hotel.refresh_from_db()
    assert (hotel.name, hotel.freshness, Verification.objects.get().result) == ("平安宾馆", "fresh", "corrected")
    kept = Verification.objects.get().photo
    assert kept is not None
    assert fetched(officer, f"/register/elements/{hotel.number}/files/{kept.pk}/small/")
    assert "data-position" not in officer.get(f"/register/elements/{hotel.number}/").content.decode()
    empty = give(officer, hotel, "verify", key="k2", **{**fields, "name": " "}, photo=a_photo())
    assert empty.status_code == 422


def test_a_stale_verification_says_so(ground: Ground, desk: Client) -> None:
    element = a_hydrant(ground)
    actions.change_element(element, {"name": "西侧消火栓"}, by=ground.officer)
    answer = give(desk, element, "verify", version=1, result="correct", **HERE)
    assert answer.status_code == 409
    assert "西侧消火栓" in answer.content.decode()
    assert not Verification.objects.exists()


def test_what_is_gone_or_closed_can_be_had_back(ground: Ground, desk: Client) -> None:
    element = a_hydrant(ground)
    for verb, fields in (("verify", {"result": "gone", **HERE}), ("close", {})):
        assert give(desk, element, verb, key=verb, **fields).status_code == 303
        element.refresh_from_db()
        assert element.status == "closed"
        assert allowed(ground.desk, element) == ["reopen"]
        address, back = undo_of(desk, element)
        assert desk.post(address, back).status_code == 303
        element.refresh_from_db()
        assert element.status == "active"


def test_closing_says_what_is_lost(ground: Ground, desk: Client) -> None:
    shop = a_building(ground, category="place.shop", attributes={})
    actions.set_contact(shop, role="keeper", reach="0533-2100000", by=ground.desk)
    assert "1 个联系方式将立即删除" in desk.get(f"/register/elements/{shop.number}/close/").content.decode()
    stale = give(desk, shop, "close", version=9)
    assert stale.status_code == 409
    assert "第 9 版" in stale.content.decode()


def test_a_merge_keeps_one_and_can_be_undone(ground: Ground, desk: Client) -> None:
    one, other = a_hydrant(ground), a_hydrant(ground, name="3号楼消火栓")
    form = desk.get(f"/register/elements/{one.number}/merge/").content.decode()
    assert other.number in form
    assert give(desk, one, "merge", number=other.number.lower(), keep="other").url.endswith(f"{other.number}/")
    one.refresh_from_db()
    assert (one.status, one.merged_into_id) == ("merged", other.pk)
    address, back = undo_of(desk, other)
    assert desk.post(address, back).status_code == 303
    one.refresh_from_db()
    assert one.status == "active"
    for number in ("XH-E-999999", one.number):
        assert give(desk, one, "merge", number=number, keep="this").status_code == 422


def test_links_are_said_from_either_side_and_can_be_had_back(ground: Ground, desk: Client) -> None:
    shop, house = a_building(ground, category="place.shop", attributes={}), a_building(ground)
    assert give(desk, house, "link", kind="inside-from", number=shop.number).status_code == 303
    link = Link.objects.get()
    assert (link.a, link.b, link.kind) == (shop, house, "inside")
    assert desk.post(f"/register/elements/{house.number}/links/{link.pk}/drop/").status_code == 303
    assert not Link.objects.exists()
    address, back = undo_of(desk, house)
    assert desk.post(address, back).status_code == 303
    again = Link.objects.get()
    assert (again.a, again.b) == (shop, house)


def test_parts_have_clocks_of_their_own(ground: Ground, desk: Client) -> None:
    house = a_building(ground)
    assert give(desk, house, "part", name="水泵房", cadence="7").status_code == 303
    part = Part.objects.get()
    assert desk.post(f"/register/elements/{house.number}/parts/{part.pk}/verify/").status_code == 303
    part.refresh_from_db()
    assert part.due_at is not None
    assert desk.post(f"/register/elements/{house.number}/parts/{part.pk}/drop/").status_code == 303
    address, back = undo_of(desk, house)
    assert desk.post(address, back).status_code == 303
    part.refresh_from_db()
    assert (part.active, part.cadence) == (True, 7)
    assert give(desk, house, "part", name="李四 13800138000", cadence="7").status_code == 422
    assert give(desk, house, "part", name="配电间", cadence="0").status_code == 422


def test_a_contact_is_opened_with_a_reason_that_is_logged(ground: Ground, desk: Client) -> None:
    shop = a_building(ground, category="place.shop", attributes={})
    assert give(desk, shop, "contact", role="keeper", reach="0533-2100000").status_code == 303
    contact = Contact.objects.get()
    address = f"/register/elements/{shop.number}/contacts/{contact.pk}/"
    assert "0533-2100000" not in desk.get(address).content.decode()
    assert desk.post(address, {}).status_code == 422
    shown = desk.post(address, {"reason": "visit"})
    assert "0533-2100000" in shown.content.decode()
    assert "no-store" in shown["Cache-Control"]
    assert [(row.reason, row.staff_id) for row in Reveal.objects.all()] == [("visit", ground.desk.pk)]
    assert client_of(ground, "analyst").post(address, {"reason": "visit"}).status_code == 403
    assert desk.get(address.replace(str(contact.pk), "999999")).status_code == 404


def test_visits_and_population_are_counts(ground: Ground, desk: Client) -> None:
    house = a_building(ground)
    counted = give(desk, house, "count", date="2026-03-01", households="36", long_term="90", temporary="12")
    assert counted.status_code == 303
    assert PopulationCount.objects.get().long_term == 90
    fields = {"doors": "36", "reached": "30", "hazard-gas": "2", "need-advice": "5"}
    assert give(desk, house, "visit", **fields).status_code == 303
    visit = BuildingVisit.objects.get()
    assert (visit.hazards, visit.needs) == ({"gas": 2}, {"advice": 5})
    for wrong in ({"reached": "40"}, {"hazard-gas": "-1"}, {"at": "2199-01-01T10:00"}):
        assert give(desk, house, "visit", **{**fields, **wrong}).status_code == 422
    assert (
        give(desk, house, "count", date="2199-01-01", households="1", long_term="1", temporary="1").status_code == 422
    )
    assert give(desk, a_hydrant(ground), "visit", **fields).status_code == 422


def test_photos_are_kept_and_deleted_for_good(ground: Ground, desk: Client) -> None:
    house = a_building(ground)
    assert give(desk, house, "attach").status_code == 422
    assert give(desk, house, "attach", files=[a_photo("a.jpg"), a_photo("b.jpg")]).status_code == 303
    first, second = Attachment.objects.order_by("pk")
    folder = f"/register/elements/{house.number}/files/"
    assert fetched(desk, f"{folder}{first.pk}/")[:3] == b"\xff\xd8\xff"
    assert client_of(ground, "auxiliary").post(f"{folder}{first.pk}/drop/").status_code == 403
    assert desk.post(f"{folder}{first.pk}/drop/").status_code == 303
    assert desk.get(f"{folder}{first.pk}/").status_code == 404
    assert desk.post(f"{folder}{first.pk}/drop/").status_code == 422
    other = a_hydrant(ground)
    assert desk.get(f"/register/elements/{other.number}/files/{second.pk}/").status_code == 404
    with pytest.raises(Refused, match="not_found"):
        actions.drop_attachment(other, second.pk, by=ground.desk)
    actions.close_element(house, by=ground.desk)
    with pytest.raises(Refused, match="not_standing"):
        actions.attach_files(house, [a_photo()], by=ground.desk)


def test_a_command_that_cannot_be_given_says_why(ground: Ground, desk: Client) -> None:
    element = a_hydrant(ground)
    for verb in COMMANDS:
        expected = 200 if verb in allowed(ground.desk, element) else 422
        assert desk.get(f"/register/elements/{element.number}/{verb}/").status_code == expected, verb
    analyst = client_of(ground, "analyst")
    assert allowed(ground.analyst, element) == []
    assert {analyst.get(f"/register/elements/{element.number}/{verb}/").status_code for verb in COMMANDS} == {403}
    assert desk.get(f"/register/elements/{element.number}/delete/").status_code == 404


def test_a_source_is_never_a_person() -> None:
    with pytest.raises(Refused, match="personal"):
        actions.Source("王五 13800138000", datetime(2026, 1, 1, tzinfo=UTC).date())
