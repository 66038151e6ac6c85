"""What ships, which plan fits, and what the compiler refuses."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from jishi.base.errors import Refused
from jishi.matters.models import Category, Plan, PlanVersion
from jishi.matters.plans import actions, catalogue
from jishi.matters.plans.compiler import check, flaws
from jishi.matters.plans.written import Written, WrittenTask, levels, read
from jishi.matters.tests.factory import House, a_station

GO = WrittenTask("go", "到场", "Go there", "patrol", 10)
LOOK = WrittenTask("look", "复查", "Look again", "checking", 30, ("go",))
PLAN = Written("试验预案", "Trial", (GO, LOOK), "现场安全。", "It is safe.", ("look",), tell_units=("desk",))


def test_what_ships_holds_and_can_be_read_back() -> None:
    rows = list(catalogue.shipped())
    assert {code for code, *_rest in rows} >= {"gas_leak", "exit_blocked", "building_danger", "flooding"}
    for _code, category, grade, plan in rows:
        assert flaws(plan) == []
        assert read(plan.as_data()) == plan
        assert grade == 1
        assert not category.startswith(("help", "security", "dispute"))
    assert any(plan.auto_start for *_rest, plan in rows)


@pytest.mark.parametrize(
    ("plan", "row", "code"),
    [
        (replace(PLAN, tasks=()), 0, "plan_no_task"),
        (replace(PLAN, tasks=(), ends_tasks=()), 0, "plan_empty"),
        (replace(PLAN, ends_tasks=()), 0, "plan_no_end"),
        (replace(PLAN, ends_tasks=("gone",)), 0, "plan_no_task"),
        (replace(PLAN, tell_units=("army",)), 0, "plan_no_unit"),
        (replace(PLAN, tell_roles=("general",)), 0, "plan_no_role"),
        (replace(PLAN, name_en=" "), 0, "plan_words_missing"),
        (replace(PLAN, ends_zh="找李某13800138000"), 0, "personal"),
        (replace(PLAN, name_zh="信访维稳预案"), 0, "plan_outside_law"),
        (replace(PLAN, tasks=(GO, replace(LOOK, owner="army"))), 2, "plan_no_unit"),
        (replace(PLAN, tasks=(GO, replace(LOOK, after=("gone",)))), 2, "plan_no_task"),
        (replace(PLAN, tasks=(GO, replace(LOOK, code="Look"))), 2, "plan_bad_code"),
        (replace(PLAN, tasks=(GO, LOOK, LOOK)), 3, "plan_twice"),
        (replace(PLAN, tasks=(GO, replace(LOOK, minutes=0))), 2, "plan_bad_minutes"),
        (replace(PLAN, tasks=(GO, replace(LOOK, minutes=10**6))), 2, "plan_bad_minutes"),
        (replace(PLAN, tasks=(GO, replace(LOOK, title_zh=""))), 2, "plan_words_missing"),
        (replace(PLAN, tasks=(GO, replace(LOOK, title_zh="查" * 61))), 2, "too_long"),
        (replace(PLAN, tasks=(GO, replace(LOOK, agency="rq"))), 2, "plan_words_missing"),
        (replace(PLAN, tasks=(GO, replace(LOOK, agency="rq", ask_zh="劝返上访", ask_en="x"))), 2, "plan_outside_law"),
        (replace(PLAN, tasks=(replace(GO, after=("look",)), LOOK)), 1, "plan_cycle"),
        (replace(PLAN, tasks=(replace(GO, after=("go",)), LOOK)), 1, "plan_cycle"),
        (replace(PLAN, tasks=tuple(replace(GO, code=f"t{n}") for n in range(41)), ends_tasks=("t1",)), 0, "plan_long"),
    ],
)
def test_a_flaw_names_its_row_and_its_reason(plan: Written, row: int, code: str) -> None:
    assert (row, code) in {(flaw.row, flaw.refused.code) for flaw in flaws(plan)}
    with pytest.raises(Refused) as refused:
        check(plan)
    assert refused.value.code == "plan_unfit"
    assert refused.value.facts["reason"]


def test_the_steps_of_a_plan_follow_from_what_comes_after_what() -> None:
    check(PLAN)
    third = replace(GO, code="third", after=("go", "look"))
    beside = replace(GO, code="beside")
    found = levels((third, GO, LOOK, beside))
    assert [[task.code for task in step] for step in found] == [["go", "beside"], ["look"], ["third"]]


@pytest.fixture
def house(db: Any) -> House:
    return a_station()


def test_seeding_adds_what_is_missing_and_changes_nothing(house: House) -> None:
    before = set(PlanVersion.objects.values_list("pk", "version"))
    assert {plan.code for plan in catalogue.in_force(house.station.pk)} == {code for code, *_ in catalogue.shipped()}
    catalogue.seed_plans()
    assert set(PlanVersion.objects.values_list("pk", "version")) == before


def test_the_most_exact_plan_fits_and_the_stations_own_before_what_ships(house: House) -> None:
    at, by = house.station, house.people["chief"]

    def fitting(category: str, grade: int) -> str:
        found = catalogue.match(at.pk, category, grade)
        return found.code if found else ""

    assert fitting("fire.gas", 1) == "gas_leak"
    assert fitting("fire.gas", 2) == ""
    assert fitting("nuisance.noise", 1) == ""
    assert catalogue.match(at.pk, None, 1) is None
    actions.publish_plan(at, "any_fire", PLAN, category="fire", grade=0, by=by)
    assert fitting("fire.gas", 2) == "any_fire"
    assert fitting("fire.equipment", 1) == "any_fire"
    assert fitting("fire.gas", 1) == "gas_leak"
    actions.publish_plan(at, "red_fire", PLAN, category="fire", grade=1, by=by)
    assert fitting("fire.equipment", 1) == "red_fire"
    actions.publish_plan(at, "own_gas", PLAN, category="fire.gas", grade=1, by=by)
    assert fitting("fire.gas", 1) == "own_gas"
    assert catalogue.match(a_station("YH", "永和派出所").station.pk, "fire.gas", 1).code == "gas_leak"  # type: ignore[union-attr]
    assert Category.objects.get(code="fire.gas").parent_id == "fire"


def test_only_those_who_lead_or_administer_write_plans(house: House) -> None:
    for role in ("chief", "deputy", "administrator"):
        actions.publish_plan(house.station, "own_1", PLAN, category="fire", grade=0, by=house.people[role])
    for role, code in (("desk", "not_allowed"), ("officer", "not_allowed")):
        with pytest.raises(Refused) as refused:
            actions.publish_plan(house.station, "own_1", PLAN, category="fire", grade=0, by=house.people[role])
        assert refused.value.code == code
    stranger = a_station("YH", "永和派出所").people["chief"]
    with pytest.raises(Refused, match="not_found"):
        actions.publish_plan(house.station, "own_1", PLAN, category="fire", grade=0, by=stranger)
    assert Plan.objects.get(station=house.station).versions.count() == 3
    assert actions.next_code(house.station) == "own_2"


def test_owners_are_units_of_the_station_and_the_desk_where_there_is_none_of_a_kind(house: House) -> None:
    at = house.station.pk
    assert catalogue.owner_unit(at, "patrol") == house.patrol.pk
    assert catalogue.owner_unit(at, "chief") == house.units["command"].pk
    assert catalogue.owner_unit(at, "other") == house.units["desk"].pk
