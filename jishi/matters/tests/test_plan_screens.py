"""The screens of plans: list, steps, the sheet without a script, board, panel, desk, review, paper."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from jishi.matters import verify as ledger
from jishi.matters.models import Matter, Plan, PlanItem, PlanTask, PlanVersion
from jishi.matters.plans.catalogue import in_force, plan_of
from jishi.matters.tests.factory import House, a_matter, a_station, staff
from jishi.matters.tests.sheets import sheet_of
from jishi.matters.tests.test_plans import a_run, do, finish

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    return a_station()


def client_of(house: House, role: str) -> Client:
    client = Client(headers={"accept-language": "en"})
    client.force_login(house.people[role])
    return client


def test_the_list_and_the_steps_of_a_plan_are_read_by_everybody(house: House) -> None:
    for role in ("chief", "officer", "analyst"):
        client = client_of(house, role)
        assert "Gas leak" in client.get("/plans/").text
        page = client.get("/plans/gas_leak/").text
        assert page.count('class="step-task"') == 8
        assert ("/plans/gas_leak/edit/" in page) == (role == "chief")
        assert ('action="/plans/gas_leak/drill/"' in page) == (role == "chief")
    assert client_of(house, "chief").get("/plans/no_such/").status_code == 404


def test_a_new_version_is_published_and_what_runs_keeps_its_own(house: House) -> None:
    matter = a_run(house)
    client = client_of(house, "deputy")
    assert client.get("/plans/gas_leak/edit/").status_code == 200
    sent = {
        **sheet_of(house.station.pk, "gas_leak"),
        "t1-title_zh": "派出最近的巡逻车",
        "t1-minutes": "3",
        "do": "publish",
    }
    answer = client.post("/plans/gas_leak/edit/", sent)
    assert (answer.status_code, answer.url) == (303, "/plans/gas_leak/")
    own = Plan.objects.get(station=house.station)
    assert (own.code, own.versions.count()) == ("gas_leak", 1)
    assert plan_of(house.station.pk, "gas_leak").plan.tasks[0].minutes == 3
    assert "派出最近的巡逻车" not in client.get(f"/matters/{matter.number}/plan/").text
    client.post("/plans/gas_leak/edit/", {**sheet_of(house.station.pk, "gas_leak"), "do": "publish"})
    assert own.versions.count() == 2
    assert "version 1" in client.get("/plans/gas_leak/?version=1").text
    other = a_station("YH", "永和派出所")
    assert plan_of(other.station.pk, "gas_leak").plan.tasks[0].minutes == 5
    assert ledger.verify().ok, ledger.verify().problems
    PlanVersion.objects.filter(plan=own, version=1).update(data={**own.versions.get(version=1).data, "name_zh": "改"})
    assert {problem.code for problem in ledger.verify().problems} == {"plan_differs"}


def test_the_stations_own_plan_is_put_away_and_used_again(house: House) -> None:
    client = client_of(house, "chief")
    client.post("/plans/gas_leak/edit/", {**sheet_of(house.station.pk, "gas_leak"), "t1-minutes": "3", "do": "publish"})
    client.post("/plans/gas_leak/use/", {"active": "0"})
    assert plan_of(house.station.pk, "gas_leak").own is False
    assert "Put away or replaced" in client.get("/plans/").text
    client.post("/plans/gas_leak/use/", {"active": "1"})
    assert plan_of(house.station.pk, "gas_leak").own is True
    assert client.post("/plans/smoke/use/", {"active": "0"}).status_code == 422


def test_the_sheet_works_without_a_script(house: House) -> None:
    client = client_of(house, "chief")
    sent = sheet_of(house.station.pk, "exit_blocked")
    moved = client.post("/plans/exit_blocked/edit/", {**sent, "do": "down-3"}).text
    assert 'name="t4-title_zh" type="text" value="当场清理，恢复通道畅通"' in moved
    assert 'name="t6-after" type="text" value="4"' in moved
    dropped = client.post("/plans/exit_blocked/edit/", {**sent, "do": "drop-1"}).text
    assert 'name="rows" value="5"' in dropped
    assert 'name="t2-after" type="text" value="1"' in dropped
    added = client.post("/plans/exit_blocked/edit/", {**sent, "do": "add"}).text
    assert 'name="rows" value="7"' in added
    assert 'name="t7-code" value="t1"' in added
    assert not Plan.objects.filter(station=house.station).exists()


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"t1-after": "3"}, "Row 1"),
        ({"t1-title_en": ""}, "Row 1"),
        ({"t2-owner": "army"}, "no kind of unit army"),
        ({"t1-title_zh": "请回电13800138000"}, "Row 1"),
        ({"t1-title_zh": "劝返上访人员"}, "is not kept here"),
        ({"t4-minutes": "0"}, "Row 4"),
        ({"rows": "0"}, "at least one task"),
        ({"name_zh": ""}, "missing"),
        ({"category": "no.such"}, "not in use"),
        ({"category": "fire.exit", "grade": "9"}, "grade"),
    ],
)
def test_a_plan_that_cannot_be_used_is_refused_with_row_and_reason(house: House, wrong: Any, said: str) -> None:
    client = client_of(house, "administrator")
    answer = client.post("/plans/gas_leak/edit/", {**sheet_of(house.station.pk, "gas_leak"), **wrong, "do": "publish"})
    assert answer.status_code == 422
    assert said in answer.text
    assert not Plan.objects.filter(station=house.station).exists()


def test_a_plan_of_the_stations_own_is_written_from_nothing(house: House) -> None:
    client = client_of(house, "chief")
    assert client.get("/plans/new/").status_code == 200
    sent = {**sheet_of(house.station.pk, "lift_stuck"), "name_zh": "井盖塌陷处置预案", "name_en": "Collapsed manhole",
            "category": "public.manhole", "grade": "0", "do": "publish"}  # fmt: skip
    client.post("/plans/new/", sent)
    assert {plan.code for plan in in_force(house.station.pk) if plan.own} == {"own_1"}
    again = client.post("/plans/new/", sent)
    assert again.status_code == 422
    assert "Another plan of the station" in again.text
    assert client_of(house, "desk").get("/plans/new/").status_code == 403
    stranger = client_of(a_station("YH", "永和派出所"), "chief")
    assert stranger.get("/plans/own_1/").status_code == 404
    assert stranger.post("/plans/own_1/edit/", sent).status_code == 404
    for address in ("/plans/own_1/use/", "/plans/own_1/drill/"):
        assert stranger.post(address, {"active": "0"}).status_code == 422
    assert Plan.objects.get(code="own_1").active


def test_the_matters_page_offers_the_plan_and_shows_how_far_it_is(house: House) -> None:
    matter = a_matter(house, "handling", category="fire.gas", grade=2)
    client = client_of(house, "desk")
    assert "Start Gas leak" not in client.get(f"/matters/{matter.number}/").text
    red = a_matter(house, "assessed", category="public.lift", grade=1)
    page = client.get(f"/matters/{red.number}/").text
    assert "Start People stuck in a lift" in page
    answer = client.post(
        f"/matters/{red.number}/start_plan/", {"version": red.version, "key": "k", "plan": "lift_stuck"}
    )
    assert answer.status_code == 303
    assert answer.url == f"/matters/{red.number}/plan/"
    page = client.get(f"/matters/{red.number}/").text
    assert "5 tasks are open: the matter cannot be closed." in page
    assert f"/matters/{red.number}/plan/rescue/take_task/" in page
    assert f"/matters/{red.number}/plan/calm/take_task/" not in page


def test_the_board_takes_finishes_and_takes_back_by_one_press(house: House) -> None:
    matter = a_run(house)
    client = client_of(house, "officer")
    board = f"/matters/{matter.number}/plan/"
    assert client.get(board).status_code == 200
    finish(house, matter, "dispatch")
    answer = client.post(f"{board}cordon/take_task/", {"key": "k1"})
    assert (answer.status_code, answer.url) == (303, f"{board}#task-cordon")
    page = client.get(board).text
    assert f'action="{board}cordon/reopen_task/"' in page
    assert "data-undo" in page
    client.post(f"{board}cordon/reopen_task/", {"key": "k2"})
    client.post(f"{board}cordon/take_task/", {"key": "k3"})
    client.post(f"{board}cordon/finish_task/", {"key": "k4"})
    assert PlanTask.objects.get(code="cordon").state == "done"
    refused = client.post(f"{board}cordon/finish_task/", {"key": "k5"})
    assert refused.status_code == 303
    assert "over already" in client.get(board).text
    assert client.post(f"{board}evacuate/take_task/", {"key": "k6"}).status_code == 403
    assert client.post(f"{board}cordon/skip_task/", {"key": "k7"}).status_code == 404
    assert client.get(f"/matters/{a_matter(house).number}/plan/").status_code == 404


def test_the_board_answers_again_only_when_something_changed(house: House) -> None:
    matter = a_run(house)
    client = client_of(house, "chief")
    board = f"/matters/{matter.number}/plan/"
    seen = f"{matter.version}.1.0"
    assert f"seen={seen}" in client.get(board).text
    ask = {"HTTP_HX_REQUEST": "true"}
    assert client.get(f"{board}?run=1&seen={seen}", **ask).status_code == 204
    finish(house, matter, "dispatch")
    again = client.get(f"{board}?run=1&seen={seen}", **ask)
    assert again.status_code == 200
    assert "<html" not in again.text


def test_a_task_has_forms_for_notes_reasons_and_handing_on(house: House) -> None:
    matter = finish(house, a_run(house), "dispatch")
    client = client_of(house, "chief")
    for verb, more in (
        ("hand_task", {"unit": house.patrol.pk, "person": house.officer.pk}), ("finish_task", {"text": "已拉警戒线"}),
        ("skip_task", {"reason": "楼内无人"}),
    ):  # fmt: skip
        address = f"/matters/{matter.number}/{verb}/"
        task = "evacuate" if verb == "skip_task" else "cordon"
        form = client.get(f"{address}?task={task}").text
        assert f'value="{task}" selected' in form
        matter.refresh_from_db()
        answer = client.post(address, {"version": 1, "key": verb, "task": task, **more})
        assert (answer.status_code, answer.url) == (303, f"/matters/{matter.number}/plan/"), verb
    assert dict(PlanTask.objects.filter(code__in=["cordon", "evacuate"]).values_list("code", "state")) == {
        "cordon": "done", "evacuate": "skipped",
    }  # fmt: skip


def test_the_desk_shows_my_tasks_and_what_reviews_asked_of_my_unit(
    house: House, django_assert_max_num_queries: Any
) -> None:
    matter = finish(house, a_run(house), "dispatch")
    client = client_of(house, "officer")
    assert "Set a cordon, no fire and no switches" in client.get("/").text
    do(house, matter, "take_task", "auxiliary", task="cordon")
    assert "Set a cordon" not in client.get("/").text
    run = matter.runs.get()
    for _turn in range(12):
        from jishi.matters.plans.actions import add_item

        add_item(run, body="补充警戒带", unit=house.patrol.pk, due=timezone.now() + timedelta(days=3), by=house.chief)
    client.get("/")
    with django_assert_max_num_queries(9):
        page = client.get("/").text
    assert page.count("补充警戒带") == 12


def test_a_review_lists_what_was_late_and_skipped_and_its_items_are_tasks(house: House) -> None:
    matter = a_run(house)
    started = matter.runs.get().started_at
    do(house, matter, "finish_task", task="dispatch", now=started + timedelta(minutes=25))
    finish(house, matter, "call_gas", "cordon", "evacuate", "measure", "reopen")
    do(house, matter, "skip_task", task="engine", reason="消防车已在场")
    client = client_of(house, "chief")
    address = f"/matters/{matter.number}/plan/review/"
    assert "still runs" in client.get(address).text
    do(house, matter, "end_plan", reason="不需要另报")
    page = client.get(address).text
    assert "20 min" in page
    assert "消防车已在场" in page
    assert "不需要另报" in page
    due = timezone.localtime() + timedelta(days=3)
    sent = {"body": "巡逻车配足警戒带", "unit": house.patrol.pk, "due": f"{due:%Y-%m-%dT%H:%M}"}
    assert client.post(address, sent).status_code == 303
    item = PlanItem.objects.get()
    assert (item.unit, item.made_by, item.done_at) == (house.patrol, house.people["chief"], None)
    for wrong in ({"body": ""}, {"body": "找13800138000"}, {"due": "2020-01-01T00:00"}, {"unit": "0"}):
        assert client.post(address, {**sent, **wrong}).status_code == 422, wrong
    assert client_of(house, "officer").post(address, sent).status_code == 403
    assert "巡逻车配足警戒带" in client.get(f"{address}print/").text
    assert "巡逻车配足警戒带" in client.get(f"/matters/{matter.number}/plan/").text
    officer = client_of(house, "officer")
    assert client_of(house, "checker").post(f"{address}{item.pk}/", {"done": "1"}).status_code == 403
    officer.post(f"{address}{item.pk}/", {"done": "1"})
    officer.post(f"{address}{item.pk}/", {"done": "0"})
    officer.post(f"{address}{item.pk}/", {"done": "1"})
    item.refresh_from_db()
    assert item.done_by == house.officer
    assert ledger.verify().ok, ledger.verify().problems
    PlanItem.objects.update(done_at=None)
    assert {problem.code for problem in ledger.verify().problems} == {"plan_item_differs"}
    PlanItem.objects.update(done_at=item.done_at, body="改过")
    assert {problem.code for problem in ledger.verify().problems} == {"plan_item_changed"}
    item.delete()
    assert {problem.code for problem in ledger.verify().problems} == {"plan_item_missing"}


def test_a_closed_matters_items_stay_on_the_desk(house: House) -> None:
    matter = a_run(house, state="answered")
    finish(house, matter, "dispatch", "call_gas", "cordon", "evacuate", "engine", "measure", "reopen", "bulletin")
    do(house, matter, "end_plan")
    client = client_of(house, "chief")
    due = timezone.localtime() + timedelta(days=3)
    client.post(
        f"/matters/{matter.number}/plan/review/",
        {"body": "演练夜间疏散", "unit": house.patrol.pk, "due": f"{due:%Y-%m-%dT%H:%M}"},
    )
    do(house, matter, "close", "desk")
    assert Matter.objects.get(pk=matter.pk).state == "closed"
    colleague = staff("officer", house)
    other = Client()
    other.force_login(colleague)
    assert "演练夜间疏散" in other.get("/").text


def test_a_row_offers_no_closing_while_tasks_are_open(house: House) -> None:
    matter = a_run(house, state="answered")
    client = client_of(house, "desk")
    assert f'action="/matters/{matter.number}/close/"' not in client.get("/").text
    finish(house, matter, "dispatch", "call_gas", "cordon", "evacuate", "engine", "measure", "reopen", "bulletin")
    assert f'action="/matters/{matter.number}/close/"' not in client.get("/").text
    do(house, matter, "end_plan")
    assert f'action="/matters/{matter.number}/close/"' in client.get("/").text
