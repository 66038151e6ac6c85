"""Folding the rows of a list into a history, without a database."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import hypothesis.strategies as st
from hypothesis import given

from jishi.register.folding import Said, Setting, Stand, fold, nothing
from jishi.register.history import replay

NOW = datetime(2026, 6, 1, tzinfo=UTC)
SETTING = Setting(NOW, {"place.shop": frozenset({"hours"}), "place.hotel": frozenset({"rooms"})}, lambda lon, lat: 7)


def day(number: int) -> datetime:
    return datetime(2026, 1, number, tzinfo=UTC)


def said(number: int | None, verified: int | None = None, **values: Any) -> Said:
    at = None if number is None else day(number)
    attributes = values.pop("attributes", {})
    return Said(at, repr((values, attributes)), values, attributes, verified and day(verified))


def folded(*rows: Said, stand: Stand | None = None):
    return fold(stand or nothing("list", "1"), rows, {"category": "place.shop", "name": "店铺"}, SETTING)


def test_the_first_row_takes_what_it_does_not_say_from_the_fallback():
    found = folded(said(1, address="a"))
    assert (found.stand.values["category"], found.stand.values["name"], found.outcomes) == (
        "place.shop",
        "店铺",
        ["created"],
    )
    assert folded(said(1, name="b")).stand.values["name"] == "b"


def test_a_verification_on_the_day_of_the_change_is_one_step_and_on_another_day_two():
    one = folded(said(1, name="a"), said(3, verified=3, name="b"))
    assert [(step.kind, step.verified, bool(step.fields)) for step in one.steps[1:]] == [
        ("verified", "corrected", True)
    ]
    two = folded(said(1, name="a"), said(3, verified=2, name="b"))
    assert [(step.kind, step.verified) for step in two.steps[1:]] == [("changed", ""), ("verified", "correct")]


def test_a_row_that_says_it_is_gone_closes_it_as_verified():
    found = folded(said(1, name="a"), said(3, verified=3, status="closed"))
    assert (found.steps[-1].verified, found.stand.values["status"]) == ("gone", "closed")


def test_a_point_finds_its_area_and_a_given_area_stays():
    assert folded(said(1, lon=1.0, lat=2.0)).stand.values["area"] == 7
    assert folded(said(1, lon=1.0, lat=2.0, area=3)).stand.values["area"] == 3
    moved = folded(said(1, lon=1.0, lat=2.0, area=3), said(2, lon=1.1, lat=2.0))
    assert moved.steps[-1].fields["area"] == [3, 7]


def test_a_new_grade_leaves_the_reasons_of_the_old_one_behind():
    found = folded(said(1, grade=1, reasons=["crowds"]), said(2, grade=3))
    assert found.stand.values["reasons"] == []


ROWS = st.lists(
    st.builds(
        said, st.integers(1, 9), st.none() | st.integers(1, 9),
        name=st.sampled_from("abc"), address=st.sampled_from("xy"),
        attributes=st.sampled_from([{}, {"hours": "1"}, {"hours": "2"}]),
    ),
    min_size=1, max_size=9,
)  # fmt: skip


@given(ROWS)
def test_folded_again_nothing_changes_and_the_history_gives_the_element(rows):
    rows.sort(key=lambda row: row.at)
    first = folded(*rows)
    assert [step.version for step in first.steps] == list(range(1, len(first.steps) + 1))
    assert replay([step.fields for step in first.steps]) == first.stand.values
    before = dict(first.stand.values)
    again = folded(*rows, stand=first.stand)
    assert (set(again.outcomes), again.steps, again.stand.values) == ({"unchanged"}, [], before)


@given(ROWS, st.integers(0, 9))
def test_cut_in_two_lists_it_ends_the_same(rows, cut):
    rows.sort(key=lambda row: row.at)
    head, tail = [row for row in rows if row.at.day <= cut], [row for row in rows if row.at.day > cut]
    whole = folded(*rows).stand
    stand = folded(*head).stand if head else nothing("list", "1")
    stand = folded(*tail, stand=stand).stand if tail else stand
    assert (stand.values, stand.verified_at, stand.version) == (whole.values, whole.verified_at, whole.version)
    assert stand.mark == whole.mark
