"""对账: a list of an authority against the register, from the file to the last decision, and back."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from jishi.base.errors import Refused
from jishi.exchange.models import ReconcileList, ReconcileRow, RowKind
from jishi.exchange.reconcile import actions
from jishi.exchange.reconcile.actions import begin_list, compare_list, decide, undo
from jishi.exchange.reconcile.comparing import differences
from jishi.jobs.worker import run_due
from jishi.register.actions import Point, change_element, close_element, create_element, merge_elements
from jishi.register.models import Change, Element, Verification
from jishi.register.tests import factory

pytestmark = pytest.mark.django_db

HEAD = "编号,名称,地址,类别,经度,纬度,状况,形式,停用\n"
MAP = """
source = "xiaofang"
key = "编号"
[fields]
name = "名称"
address = "地址"
lon = "经度"
lat = "纬度"
category = { column = "类别", default = "thing.hydrant" }
attributes = { state = "状况", type = "形式" }
status = { column = "停用", values = { "是" = "closed", "否" = "active" }, default = "active" }
"""
ON = date(2026, 3, 1)
LON, LAT = factory.WEST + 0.005, factory.SOUTH + 0.005


@pytest.fixture
def ground():
    return factory.a_ground()


def a_row(key, name, address="和平里3号", lon=LON, lat=LAT, state="完好", kind="地上式", gone="否"):
    return f"{key},{name},{address},消火栓,{lon},{lat},{state},{kind},{gone}\n"


def numbered(ground, key, name="3号楼东侧消火栓", **more):
    return factory.a_hydrant(ground, name, origin="xiaofang", external_id=key, **more)


def compared(ground, *rows, by="desk", **more):
    table = SimpleUploadedFile("消防栓 13800138000.csv", (HEAD + "".join(rows)).encode())
    made = begin_list(
        ground.station,
        table,
        MAP.encode(),
        "xf.toml",
        **{"authority": "消防大队", "on": ON, "by": ground.people[by], **more},
    )
    compare_list(made.pk)
    made.refresh_from_db()
    assert made.state == "open", made.refusal
    return made


def kinds(made):
    return {(row.key, row.kind, row.element_id) for row in made.rows.all()}


def only(made, kind):
    return made.rows.get(kind=kind)


def test_every_row_stands_in_one_tab(ground):
    same, other = numbered(ground, "H-1", "一号消火栓"), numbered(ground, "H-2", "二号消火栓")
    alike = factory.a_hydrant(ground, "东大门消火栓", address="建设路18号", point=Point(LON + 0.003, LAT))
    missed = factory.a_hydrant(ground, "仅我有消火栓", address="解放路99号", point=Point(LON, LAT + 0.004))
    factory.a_building(ground)
    made = compared(
        ground, a_row("H-1", "一号消火栓"), a_row("H-2", "二号消火栓", state="损坏"),
        a_row("H-3", "东大门消火栓", "建设路18号", LON + 0.003),
        a_row("H-4", "体育场北消火栓", "体育路7号", LON - 0.004, LAT - 0.004),
        a_row("H-5", "早已拆除消火栓", "中山路1号", gone="是"), "H-6,,,,,,\n",
    )  # fmt: skip
    assert kinds(made) == {
        ("H-1", "same", same.pk), ("H-2", "differing", other.pk), ("H-3", "alike", alike.pk),
        ("H-4", "theirs", None), ("", "ours", missed.pk),
    }  # fmt: skip
    assert (made.categories, made.source) == (["thing.hydrant"], "xiaofang")
    figures = made.figures
    assert (figures["read"], figures["kept"], figures["rejected"], figures["gone"]) == (6, 5, 1, 1)
    assert [each["row"] for each in figures["rejects"]] == [7]
    assert not actions.folder_of(made.pk).exists()
    assert "13800138000" not in made.name
    assert Change.objects.count() == Element.objects.count()  # comparing writes nothing


def test_same_rows_verify_on_the_day_of_the_list(ground):
    hydrant = numbered(ground, "H-1")
    made = compared(ground, a_row("H-1", hydrant.name))
    assert decide(only(made, "same"), "verify", by=ground.desk) == "verified"
    seen = Verification.objects.get(element=hydrant)
    assert (seen.source, timezone.localtime(seen.at).date()) == ("消防大队", ON)
    step = Change.objects.filter(element=hydrant).latest("version")
    assert (step.kind, step.source, step.source_date) == ("verified", "消防大队", ON)


def test_differing_rows_are_corrected_in_one_step(ground):
    hydrant = numbered(ground, "H-1", attributes={"state": "good", "type": "ground", "pressure": 0.3})
    made = compared(ground, a_row("H-1", "改名消火栓", "和平里5号", LON + 0.001, state="损坏"))
    found = {each.field: (each.ours, each.theirs) for each in differences(only(made, "differing").said, hydrant)}
    assert set(found) == {"name", "address", "point", "attributes.state"}
    assert found["attributes.state"] == ("good", "broken")
    assert decide(only(made, "differing"), "correct", by=ground.desk, version=1) == "corrected"
    hydrant.refresh_from_db()
    assert (hydrant.name, hydrant.address, hydrant.lon) == ("改名消火栓", "和平里5号", round(LON + 0.001, 6))
    assert hydrant.attributes == {"state": "broken", "type": "ground", "pressure": 0.3}
    assert (hydrant.version, hydrant.freshness != "never") == (2, True)


def test_spellings_of_an_address_and_steps_of_a_roof_do_not_differ(ground):
    hydrant = numbered(ground, "H-1", address="新华街和平里3号楼")
    made = compared(ground, a_row("H-1", hydrant.name, "新华街 和平里 3 幢", LON + 0.0003))
    assert kinds(made) == {("H-1", "same", hydrant.pk)}


def test_their_rows_are_registered_with_their_number(ground):
    made = compared(ground, a_row("H-9", "体育场北消火栓", "体育路7号"))
    assert decide(only(made, "theirs"), "create", by=ground.desk) == "created"
    element = Element.objects.get()
    assert (element.source, element.external_id, element.area_id) == ("xiaofang", "H-9", ground.west.pk)
    assert element.attributes == {"state": "good", "type": "ground"}
    step = Change.objects.get(element=element)
    assert (step.source, step.source_date) == ("消防大队", ON)
    again = compared(ground, a_row("H-9", "体育场北消火栓", "体育路7号"))
    assert kinds(again) == {("H-9", "same", element.pk)}


def test_our_rows_are_closed_and_opened_again(ground):
    hydrant = factory.a_hydrant(ground, "孤零零消火栓", address="解放路99号")
    made = compared(ground, a_row("H-9", "体育场北消火栓", "体育路7号", LON - 0.004, LAT - 0.004))
    row = only(made, "ours")
    assert decide(row, "close", by=ground.desk) == "closed"
    hydrant.refresh_from_db()
    assert hydrant.status == "closed"
    undo(row, by=ground.desk)
    hydrant.refresh_from_db()
    row.refresh_from_db()
    assert (hydrant.status, row.outcome) == ("active", "")


def test_likeness_proposes_and_somebody_decides(ground):
    alike = factory.a_hydrant(ground, "东大门消火栓", address="建设路18号")
    list_ = a_row("H-3", "东大门消火栓", "建设路18号", state="损坏")
    made = compared(ground, list_)
    row = only(made, "alike")
    assert (row.score >= 50, "same_name" in row.alike) == (True, True)
    assert decide(row, "split", by=ground.desk) == ""
    row.refresh_from_db()
    assert (row.kind, row.element) == ("theirs", None)
    undo(row, by=ground.desk)
    row.refresh_from_db()
    assert (row.kind, row.element_id) == ("alike", alike.pk)
    assert decide(row, "verify", by=ground.desk) == "verified"
    alike.refresh_from_db()
    assert alike.attributes["state"] == "good"
    later = compared(ground, list_, on=ON + timedelta(days=30))
    assert kinds(later) == {("H-3", "differing", alike.pk)}  # the number is known from the decision


def test_a_merged_element_stands_for_both_and_a_closed_one_opens(ground):
    lost, kept = numbered(ground, "H-1", "甲消火栓"), factory.a_hydrant(ground, "乙消火栓", address="建设路1号")
    merge_elements(kept, lost, by=ground.chief)
    closed = numbered(ground, "H-2", "丙消火栓", address="建设路2号")
    close_element(closed, by=ground.chief)
    made = compared(ground, a_row("H-1", "乙消火栓", "建设路1号"), a_row("H-2", "丙消火栓", "建设路2号"))
    assert kinds(made) == {("H-1", "same", kept.pk), ("H-2", "differing", closed.pk)}
    assert decide(only(made, "differing"), "correct", by=ground.desk) == "corrected"
    closed.refresh_from_db()
    assert (closed.status, closed.freshness != "never") == ("active", True)


def test_what_is_closed_on_their_list_is_closed_here(ground):
    hydrant = numbered(ground, "H-1")
    made = compared(ground, a_row("H-1", hydrant.name, gone="是"))
    assert decide(only(made, "differing"), "correct", by=ground.desk) == "closed"
    hydrant.refresh_from_db()
    assert hydrant.status == "closed"


def test_the_area_of_a_list_narrows_what_is_missed(ground):
    factory.a_hydrant(ground, "东区消火栓", address="幸福路2号", point=Point(factory.WEST + 0.015, LAT))
    west = factory.a_hydrant(ground, "西区消火栓", address="解放路99号")
    made = compared(ground, a_row("H-9", "体育场北消火栓", "体育路7号", LON - 0.004, LAT - 0.004), area=ground.west)
    assert [row.element_id for row in made.rows.filter(kind="ours")] == [west.pk]


def test_later_rows_of_one_key_weigh_more(ground):
    hydrant = numbered(ground, "H-1")
    made = compared(ground, a_row("H-1", hydrant.name, state="老化"), a_row("H-1", hydrant.name, state=""))
    assert only(made, "differing").said["attributes"] == {"state": "worn", "type": "ground"}
    assert made.figures["keys"] == 1


def test_what_changed_since_it_was_shown_is_not_overwritten(ground):
    hydrant = numbered(ground, "H-1")
    made = compared(ground, a_row("H-1", "改名消火栓"))
    change_element(hydrant, {"name": "另名消火栓"}, by=ground.officer)
    with pytest.raises(Refused, match="stale"):
        decide(only(made, "differing"), "correct", by=ground.desk, version=1)
    assert only(made, "differing").outcome == ""


def test_a_row_is_decided_once_and_only_as_it_may_be(ground):
    numbered(ground, "H-1")
    made = compared(ground, a_row("H-1", "3号楼东侧消火栓"))
    row = only(made, "same")
    for decision in ("create", "close", "correct", "split", "nonsense"):
        with pytest.raises(Refused, match="unknown_decision"):
            decide(row, decision, by=ground.desk)
    with pytest.raises(Refused, match="bad_aside"):
        decide(row, "aside", by=ground.desk, reason="because")
    for role in ("auxiliary", "analyst", "auditor", "administrator"):
        with pytest.raises(Refused, match="not_allowed"):
            decide(row, "verify", by=ground.people[role])
    assert decide(row, "aside", by=ground.desk, reason="visit") == "aside"
    with pytest.raises(Refused, match="row_decided"):
        decide(row, "verify", by=ground.desk)
    undo(row, by=ground.desk)
    decide(row, "verify", by=ground.desk)
    with pytest.raises(Refused, match="not_undone"):
        undo(row, by=ground.desk)


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"on": date(2999, 1, 1)}, "future"), ({"authority": "找13800138000"}, "personal"),
        ({"by": "aux"}, "not_allowed"), ({"map_": b"nonsense"}, "map_unreadable"),
    ],
)  # fmt: skip
def test_a_list_that_cannot_be_taken(ground, more, code):
    given = {"authority": "消防大队", "on": ON, "map_": MAP.encode(), **more}
    by = ground.auxiliary if given.pop("by", "") else ground.desk
    with pytest.raises(Refused, match=code):
        begin_list(
            ground.station, SimpleUploadedFile("a.csv", HEAD.encode()), given.pop("map_"), "m.toml", by=by, **given
        )
    assert ReconcileList.objects.count() == 0


def test_a_list_without_the_columns_is_refused_in_words(ground, browser):
    table = SimpleUploadedFile("a.csv", "甲,乙\n1,2\n".encode())
    made = begin_list(ground.station, table, MAP.encode(), "m.toml", authority="消防", on=ON, by=ground.desk)
    compare_list(made.pk)
    made.refresh_from_db()
    assert (made.state, made.refusal["code"]) == ("refused", "missing_columns")
    assert "columns that the file does not have" in page(browser, f"/register/reconcile/{made.pk}/")


def test_no_person_comes_in(ground):
    made = compared(ground, a_row("H-9", "王老板13800138000消火栓", "体育路7号 302室"), a_row("13800138000", "消火栓"))
    told = str([row.said for row in made.rows.all()]) + str(made.figures)
    assert "13800138000" not in told
    assert "302" not in told
    assert made.figures["rejected_by"] == {"personal_external_id": 1}


# The screens


@pytest.fixture
def browser(ground):
    client = Client(headers={"accept-language": "en"})
    client.force_login(ground.desk)
    return client


def page(client, address):
    response = client.get(address)
    assert response.status_code == 200
    return response.content.decode()


def test_from_the_file_to_the_last_row(ground, browser):
    numbered(ground, "H-1", "一号消火栓")
    numbered(ground, "H-2", "二号消火栓", address="和平里4号")
    rows = (
        HEAD
        + a_row("H-1", "一号消火栓")
        + a_row("H-2", "二号消火栓", "和平里4号", state="损坏")
        + a_row("H-9", "九号消火栓", "体育路7号")
    )
    sent = browser.post("/register/reconcile/", {
        "authority": "消防大队", "date": ON.isoformat(), "table": SimpleUploadedFile("list.csv", rows.encode()),
        "map": SimpleUploadedFile("xf.toml", MAP.encode()), "area": "",
    })  # fmt: skip
    made = ReconcileList.objects.get()
    address = f"/register/reconcile/{made.pk}/"
    assert (sent.status_code, sent["Location"]) == (303, address)
    assert "hx-get" in page(browser, address)
    run_due()
    for tab, words in (
        ("theirs", "九号消火栓"),
        ("differing", "compare-differs"),
        ("same", "一号消火栓"),
        ("ours", "All of these"),
    ):
        assert words in page(browser, f"{address}?tab={tab}"), tab
    row = made.rows.get(kind="differing")
    browser.post(f"{address}decide/", {"only": f"correct:{row.pk}:1", "tab": "differing"})
    browser.post(f"{address}decide/", {"decision": "create", "pick": f"{made.rows.get(kind='theirs').pk}:0"})
    aside = made.rows.get(kind="same")
    browser.post(f"{address}decide/", {"only": f"aside:{aside.pk}:1:visit", "tab": "same"})
    shown = page(browser, f"{address}?tab=done")
    for words in ("Corrected", "Registered", "Set aside", "to be looked at on the spot"):
        assert words in shown
    assert f'value="{aside.pk}"' in shown  # the way back
    browser.post(f"{address}undo/", {"rows": str(aside.pk), "tab": "same"})
    aside.refresh_from_db()
    assert aside.outcome == ""
    assert "2 of 3" in page(browser, "/register/reconcile/")
    browser.post(f"{address}put-away/")
    assert (ReconcileRow.objects.count(), Element.objects.count()) == (0, 3)


def test_marked_rows_are_decided_together_and_refusals_are_told(ground, browser):
    made = compared(ground, a_row("H-1", "甲消火栓", "建设路1号"), a_row("H-2", "乙消火栓", "建设路2号", LON - 0.003))
    change = Element.objects.count()
    first, second = made.rows.filter(kind="theirs").order_by("pk")
    create_element(
        ground.station, by=ground.desk, category="thing.hydrant", name="抢先", origin="xiaofang", external_id="H-2"
    )  # fmt: skip
    address = f"/register/reconcile/{made.pk}/"
    done = browser.post(
        f"{address}decide/",
        {"decision": "create", "pick": [f"{first.pk}:0", f"{second.pk}:0"], "tab": "theirs"},
        follow=True,
    ).content.decode()
    assert "1 row: registered." in done
    assert "has this number of that source already" in done
    assert Element.objects.count() == change + 2
    second.refresh_from_db()
    assert second.outcome == ""


def test_the_next_list_takes_the_map_of_the_last(ground, browser):
    made = compared(ground, a_row("H-1", "甲消火栓"))
    sent = browser.post("/register/reconcile/", {
        "authority": "消防大队", "date": ON.isoformat(), "known": made.pk,
        "table": SimpleUploadedFile("list.csv", (HEAD + a_row("H-1", "甲消火栓")).encode()),
    })  # fmt: skip
    assert sent.status_code == 303
    assert ReconcileList.objects.latest("pk").map_text == MAP


def test_what_is_missing_in_the_form_is_said(browser):
    sent = browser.post("/register/reconcile/", {"authority": "消防"})
    assert sent.status_code == 422
    assert ReconcileList.objects.count() == 0


def test_another_stations_list_is_not_there(ground):
    made = compared(ground, a_row("H-1", "甲消火栓"))
    row = made.rows.get()
    stranger = Client()
    stranger.force_login(factory.a_ground("YH").desk)
    address = f"/register/reconcile/{made.pk}/"
    assert stranger.get(address).status_code == 404
    for action in ("decide", "undo", "put-away"):
        sent = stranger.post(f"{address}{action}/", {"decision": "create", "pick": f"{row.pk}:0", "rows": row.pk})
        assert sent.status_code == 404
    other = compared(factory.a_ground("ZH"), a_row("H-7", "乙消火栓"))
    own = Client()
    own.force_login(ground.desk)
    own.post(f"{address}decide/", {"decision": "create", "pick": f"{other.rows.get().pk}:0"})
    assert other.rows.get().outcome == ""


def test_the_register_offers_it_to_those_who_may(ground):
    for role, there in (("desk", True), ("officer", True), ("auxiliary", False), ("analyst", False)):
        client = Client(headers={"accept-language": "en"})
        client.force_login(ground.people[role])
        assert ("/register/reconcile/" in page(client, "/register/elements/")) is there, role
        assert client.get("/register/reconcile/").status_code == (200 if there else 403), role


def test_a_long_tab_asks_few_queries(ground, browser, django_assert_max_num_queries):
    for place in range(12):
        numbered(ground, f"H-{place}", f"{place}号消火栓", address=f"建设路{place + 1}号")
    made = compared(ground, *(a_row(f"H-{place}", f"{place}号消火栓", f"建设路{place + 1}号") for place in range(12)))
    page(browser, "/register/elements/")
    with django_assert_max_num_queries(16):
        page(browser, f"/register/reconcile/{made.pk}/?tab={RowKind.SAME}")
