"""Registering, changing, closing, merging: the row, its history, the sums and the journal move together."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction
from jsonschema import Draft202012Validator, FormatChecker

from jishi.base.errors import Refused
from jishi.journal import queries as journal
from jishi.register import actions, attributes, quality
from jishi.register.actions.rollups import recount
from jishi.register.history import as_of, replay, values_of
from jishi.register.models import Change, DuplicatePair, Element, Rollup
from jishi.register.queries import Filters, count_elements, rows_of
from jishi.register.tests.factory import HIGH, SOUTH, WEST, WIDE, Ground, a_building, a_hydrant

NOW = datetime(2026, 3, 2, 1, tzinfo=UTC)


def sums_are_right() -> bool:
    """Whether the kept sums are those of the rows."""
    names = ("station_id", "status", "area_id", "category_id", "grade", "freshness", "quad")
    kept = {
        tuple(row[:7]): tuple(row[7:])
        for row in Rollup.objects.exclude(count=0).values_list(
            "station_id", "level", "quad", "area", "category_id", "grade", "freshness", "count", "x", "y"
        )
    }
    return kept == recount(Element.objects.values(*names))


def test_registering_derives_the_rest(ground: Ground) -> None:
    element = a_hydrant(ground)
    assert element.number == "XH-E-000001"
    assert element.area_id == ground.west.pk
    assert (element.kind, element.freshness, element.issues, element.version) == ("thing", "never", 0, 1)
    assert element.cell is not None
    assert element.quad is not None
    assert sums_are_right()
    events = list(journal.events_of("element", element.pk))
    assert [event.kind for event in events] == ["element.created"]
    assert "消火栓" not in events[0].payload
    assert list(journal.flaws(ground.station.pk)) == []


@pytest.mark.parametrize(
    ("values", "code"),
    [
        ({"name": " "}, "missing"),
        ({"name": "电话13800138000"}, "personal"),
        ({"category": "thing.camera"}, "unknown_category"),
        ({"attributes": {"state": "fine"}}, "bad_value"),
        ({"attributes": {"colour": "red"}}, "bad_value"),
        ({"point": actions.Point(200, 37)}, "bad_point"),
        ({"point": actions.Point(117, 37, "feet")}, "bad_datum"),
        ({"grade": 1}, "reason_needed"),
        ({"grade": 7}, "bad_grade"),
        ({"grade": 1, "reasons": ["lives_there"]}, "bad_reason"),
        ({"area": 999_999}, "area_elsewhere"),
    ],
)
def test_what_cannot_stand_is_refused(ground: Ground, values: dict[str, Any], code: str) -> None:
    with pytest.raises(Refused, match=code):
        a_hydrant(ground, **values)
    assert not Element.objects.exists()


@pytest.mark.parametrize("role", ["analyst", "auditor", "administrator"])
def test_only_those_at_work_register(ground: Ground, role: str) -> None:
    with pytest.raises(Refused, match="not_allowed"):
        a_hydrant(ground, by=ground.people[role])


def test_the_same_key_registers_once(ground: Ground) -> None:
    first = a_hydrant(ground, key="k1")
    assert a_hydrant(ground, key="k1").pk == first.pk
    assert a_hydrant(ground, key="k1", by=ground.desk).pk != first.pk


def test_a_point_in_gcj02_is_kept_in_wgs84(ground: Ground) -> None:
    element = a_hydrant(ground, point=actions.Point(WEST + 0.011, SOUTH + 0.0055, "gcj02"))
    assert element.datum == "gcj02"
    assert 200 < abs(element.lon - (WEST + 0.011)) * 111_320 * 0.8 < 800


def test_a_change_is_kept_and_can_be_shown_as_of(ground: Ground) -> None:
    element = a_hydrant(ground, now=NOW)
    later = NOW + timedelta(days=3)
    changed = actions.change_element(
        element, {"name": "东侧消火栓", "attributes": {"state": "worn", "type": "ground"}}, by=ground.desk, version=1,
        source=actions.Source("消防名册", later.date()), now=later,
    )  # fmt: skip
    assert changed.version == 2
    before, after = as_of(changed, NOW), as_of(changed, later)
    assert before is not None
    assert after is not None
    assert (before["name"], before["attributes"]["state"]) == ("3号楼东侧消火栓", "good")
    assert (after["name"], after["attributes"]["state"]) == ("东侧消火栓", "worn")
    assert as_of(changed, NOW - timedelta(days=1)) is None
    step = Change.objects.get(element=element, version=2)
    assert set(step.fields) == {"name", "attributes.state"}
    assert (step.by, step.source, step.source_date) == (ground.desk, "消防名册", later.date())


def test_a_stale_version_is_refused(ground: Ground) -> None:
    element = a_hydrant(ground)
    actions.change_element(element, {"name": "甲"}, by=ground.desk, version=1)
    with pytest.raises(Refused, match="stale"):
        actions.change_element(element, {"name": "乙"}, by=ground.desk, version=1)


def test_nothing_different_leaves_no_trace(ground: Ground) -> None:
    element = a_hydrant(ground)
    assert actions.change_element(element, {"name": element.name}, by=ground.desk).version == 1
    assert Change.objects.count() == 1


def test_moving_finds_the_area_anew(ground: Ground) -> None:
    element = a_hydrant(ground)
    moved = actions.change_element(
        element, {"point": actions.Point(WEST + WIDE + 0.002, SOUTH + 0.002)}, by=ground.desk
    )
    assert moved.area_id == ground.east.pk
    assert sums_are_right()
    lost = actions.change_element(moved, {"point": None}, by=ground.desk)
    assert (lost.quad, lost.issues) == (None, quality.NO_POINT)
    assert sums_are_right()


def test_an_area_that_the_outline_denies_is_an_issue(ground: Ground) -> None:
    element = a_hydrant(ground, area=ground.east.pk)
    assert element.area_id == ground.east.pk
    assert element.issues == quality.AREA_DENIED
    outside = a_hydrant(ground, point=actions.Point(WEST - 1, SOUTH + 3 * HIGH))
    assert outside.issues == quality.OUTSIDE
    assert list(rows_of(ground.desk, ground.station.pk, Filters(issue="outside"))) == [outside]


def test_closing_takes_it_off_and_reopening_brings_it_back(ground: Ground) -> None:
    element = a_hydrant(ground)
    actions.close_element(element, by=ground.desk)
    assert count_elements(ground.desk, ground.station.pk, Filters()) == (0, False)
    assert sums_are_right()
    with pytest.raises(Refused, match="not_standing"):
        actions.change_element(element, {"name": "甲"}, by=ground.desk)
    actions.reopen_element(element, by=ground.desk)
    assert count_elements(ground.desk, ground.station.pk, Filters()) == (1, False)
    assert sums_are_right()


def test_merging_and_its_undo(ground: Ground) -> None:
    keep, lose = a_building(ground), a_building(ground, "和平里三号楼")
    pair = DuplicatePair.objects.create(station=ground.station, a=keep, b=lose, score=93)
    from jishi.register.actions.pairs import mark_duplicates

    mark_duplicates([keep.pk, lose.pk])
    keep.refresh_from_db()
    assert keep.issues == quality.DUPLICATE
    kept = actions.merge_elements(keep, lose, by=ground.desk)
    lose.refresh_from_db()
    pair.refresh_from_db()
    assert (lose.status, lose.merged_into_id, pair.status, kept.issues) == ("merged", keep.pk, "merged", 0)
    assert sums_are_right()
    with pytest.raises(Refused, match="merge_itself_element"):
        actions.merge_elements(keep, keep, by=ground.desk)
    back = actions.unmerge_element(lose, by=ground.desk)
    pair.refresh_from_db()
    assert (back.status, back.merged_into_id, pair.status, back.issues) == ("active", None, "open", quality.DUPLICATE)
    assert sums_are_right()
    actions.decide_different(pair, by=ground.desk)
    back.refresh_from_db()
    assert back.issues == 0


def test_the_row_is_what_its_history_says(ground: Ground) -> None:
    element = a_building(ground)
    actions.change_element(element, {"grade": 1, "reasons": ["exits_blocked", "crowds"]}, by=ground.chief)
    actions.verify_element(
        element, by=ground.officer, position=actions.Point(WEST, SOUTH), corrections={"name": "三号楼"}
    )
    actions.close_element(element, by=ground.desk)
    element.refresh_from_db()
    steps = Change.objects.filter(element=element).order_by("version").values_list("fields", flat=True)
    assert replay(steps) == values_of(element)


def test_the_history_cannot_be_changed(ground: Ground) -> None:
    element = a_hydrant(ground)
    for statement in ("UPDATE register_change SET kind = 'x'", "DELETE FROM register_change"):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement)
    assert Change.objects.get(element=element).kind == "created"


@pytest.mark.parametrize("text", ["三号", "新华", "heping", "XH-E-000001", "HP-3"])
def test_search_finds_names_addresses_and_numbers(ground: Ground, text: str) -> None:
    element = a_building(ground, "和平里三号楼 Heping Building HP-3")
    a_hydrant(ground, name="北门消火栓", address="")
    assert list(rows_of(ground.desk, ground.station.pk, Filters(text=text))) == [element]


def test_strangers_find_nothing(ground: Ground) -> None:
    from jishi.register.tests.factory import a_ground

    stranger = a_ground("YH")
    element = a_hydrant(ground)
    assert not rows_of(stranger.desk, ground.station.pk, Filters()).exists()
    with pytest.raises(Refused, match="not_found"):
        actions.change_element(element, {"name": "甲"}, by=stranger.desk)


_RULES = {
    "text": {"type": "string", "maxLength": 3},
    "day": {"type": "string", "format": "date"},
    "whole": {"type": "integer", "minimum": 0, "maximum": 9},
    "number": {"type": "number"},
    "yes": {"type": "boolean"},
    "choice": {"enum": ["a", "b"]},
}


@pytest.mark.parametrize("code", [*_RULES, "unknown"])
@pytest.mark.parametrize(
    "value", ["a", "abcd", "2026-03-02", "2026-13-02", 0, 1, 10, -1, 1.0, 1.5, True, False, None, [], float("inf")]
)
def test_the_short_way_to_hold_a_value_against_its_property_says_what_the_validator_says(code, value):
    schema = attributes.to_schema([]) | {"properties": _RULES}
    found = [wrong.code for wrong in attributes.wrong_values(schema, {code: value})]
    validator = Draft202012Validator(schema, format_checker=FormatChecker())
    assert bool(found) is not validator.is_valid({code: value})
