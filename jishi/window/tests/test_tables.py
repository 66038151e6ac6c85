"""The tables of a quarter leave out what is small, and what would give it away; shares say of how many."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from jishi.window.figures.case import Case
from jishi.window.figures.tables import COUNTS, LEAST, LEAST_N, share, tables_of
from jishi.window.tests.windows import SETTLED, a_case

KINDS = ["fire", "public", "traffic"]


def tables(cases: list[Case], areas: tuple[int, ...] = (1, 2, 3)) -> dict[str, object]:
    return tables_of(cases, areas, KINDS, SETTLED)


def test_what_is_large_enough_is_shown_as_it_is() -> None:
    found = tables([a_case(1)] * 12 + [a_case(2)] * 20 + [a_case(3)] * 6)
    assert [line["received"] for line in found["areas"]] == [12, 20, 6, 0]  # type: ignore[attr-defined]
    assert found["all"]["received"] == 38  # type: ignore[index]


def test_a_small_area_takes_another_one_with_it() -> None:
    found = tables([a_case(1)] * 30 + [a_case(2)] * 20 + [a_case(3)] * 2)
    shown = [line["received"] for line in found["areas"]]  # type: ignore[attr-defined]
    assert shown[2] is None
    assert shown.count(None) >= 2


def test_a_share_says_nothing_of_few() -> None:
    nine, ten = tables([a_case(1)] * (LEAST_N - 1)), tables([a_case(1)] * LEAST_N)
    assert nine["all"]["in_time"] is None  # type: ignore[index]
    assert ten["all"]["in_time"] == 100  # type: ignore[index]


def test_shares_of_fewer_than_a_hundred_come_in_steps() -> None:
    assert [share(part, 30) for part in (0, 1, 29, 30)] == [0, 5, 95, 100]
    assert share(1, 100) == 1


def test_what_is_not_answered_by_its_deadline_is_late() -> None:
    late, open_yet = a_case(answered_at=None), a_case(answered_at=None, due=SETTLED.replace(year=2027))
    found = tables([a_case()] * 10 + [late] * 10 + [open_yet] * 10)["all"]
    assert (found["due"], found["in_time"], found["answered"], found["days"]) == (20, 50, 10, 2.0)  # type: ignore[index]


def test_satisfaction_comes_with_how_many_answered() -> None:
    said = a_case(mended=True, result=5, manner=4)
    found = tables([said] * 15 + [a_case(mended=False, result=1, manner=2)] * 5 + [a_case()] * 20)["all"]
    assert (found["rated"], found["response"], found["mended"]) == (20, 50, 75)  # type: ignore[index]
    assert (found["result"], found["manner"]) == (4.0, 3.5)  # type: ignore[index]


CASES = st.lists(
    st.builds(a_case, st.sampled_from([1, 2, 3, None]), st.sampled_from(["fire.exit", "public.water", "traffic.sign"])),
    max_size=60,
)


@given(CASES)
def test_no_small_number_can_be_worked_out(cases: list[Case]) -> None:
    """What is left out in a table whose total is shown is nothing, or at least five in at least two groups."""
    found = tables(cases)
    for count in COUNTS:
        total = found["all"][count]  # type: ignore[index]
        for name in ("areas", "kinds"):
            shown = [line[count] for line in found[name]]  # type: ignore[attr-defined]
            assert all(value is None or value == 0 or value >= LEAST for value in shown)
            if total is not None and None in shown:
                left = total - sum(value for value in shown if value is not None)
                assert left >= LEAST
                assert shown.count(None) >= 2
