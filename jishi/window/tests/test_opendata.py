"""No line of the open data can be told from four others by its area and category."""

from __future__ import annotations

import json
from collections import Counter
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from jishi.window.figures.case import Case
from jishi.window.figures.opendata import COLUMNS, rows_of
from jishi.window.figures.tables import LEAST
from jishi.window.tests.windows import SETTLED, a_case

AREAS = {1: "heping", 2: "jianshe", 3: "xinhua"}
AREA, CATEGORY, CELL = COLUMNS.index("area"), COLUMNS.index("category"), COLUMNS.index("cell")


def lines(cases: list[Case], hidden: tuple[tuple[str, object], ...] = ()) -> list[list[object]]:
    return rows_of(cases, "2026-Q1", AREAS, hidden, "Asia/Shanghai", SETTLED)


def test_a_line_says_when_by_month_in_the_stations_own_time() -> None:
    last = datetime(2026, 1, 31, 17, 0, tzinfo=UTC)  # already February at the station
    [line, *_more] = lines([a_case(reported_at=last, outcome="fixed", reopened=True, cell=0x88)] * LEAST)
    assert dict(zip(COLUMNS, line, strict=True)) == {
        "quarter": "2026-Q1", "category": "fire.exit", "area": "heping", "reported_month": "2026-02",
        "answered_month": "2026-02", "days_to_answer": 2, "answered_in_time": "yes", "outcome": "fixed",
        "reopened": "yes", "cell": "88",
    }  # fmt: skip


def test_a_few_lose_area_category_and_cell() -> None:
    found = lines([a_case(1, cell=7)] * 8 + [a_case(2, cell=9)] * 4)
    assert Counter(row[AREA] for row in found)["jianshe"] == 0
    assert all(row[CELL] != "9" for row in found)


def test_what_the_tables_leave_out_is_left_out_here_too() -> None:
    found = lines([a_case(1)] * 8 + [a_case(2)] * 8, hidden=(("area", 2),))
    assert {row[AREA] for row in found} == {"heping", ""}


def test_the_order_says_nothing_of_the_time() -> None:
    early, late = (datetime(2026, 2, day, tzinfo=UTC) for day in (1, 20))
    cases = [a_case(reported_at=late)] * 5 + [a_case(reported_at=early)] * 5
    assert lines(cases) == lines(list(reversed(cases)))


CASES = st.lists(
    st.builds(
        a_case, st.sampled_from([1, 2, 3, None]), st.sampled_from(["fire.exit", "public.water", "public.light"]),
        cell=st.sampled_from([None, 1, 2]),
    ),
    max_size=60,
)  # fmt: skip


@given(CASES)
def test_nothing_can_be_worked_out_by_subtracting(cases: list[Case]) -> None:
    """Each pair that is shown has five lines; what an area or a category lost is nothing, all, or five and more."""
    found = lines(cases)
    assert len(found) == len(cases)
    assert all(
        count >= LEAST for pair, count in Counter((row[AREA], row[CATEGORY]) for row in found).items() if pair[1]
    )
    assert all(count >= LEAST for cell, count in Counter(row[CELL] for row in found).items() if cell)
    for name, column in (("area", AREA), ("category", CATEGORY)):
        whole = Counter(AREAS.get(case.area or 0, "") if name == "area" else case.category for case in cases)
        shown = Counter(row[column] for row in found if row[CATEGORY])
        for group, count in whole.items():
            lost = count - shown[group]
            assert lost == 0 or lost == count or lost >= LEAST, (group, count, lost)


def test_a_release_can_be_kept_as_it_is() -> None:
    assert json.loads(json.dumps(lines([a_case()] * 6))) == lines([a_case()] * 6)
