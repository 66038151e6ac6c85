"""Published counts bound no withheld cell tighter than 0 to 4, whatever was published before."""

from __future__ import annotations

import json
import random
from collections.abc import Iterator
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jishi.register.suppression import HELP_LEAST, LEAST, MEASURES, Published, Release, Row, help_count, suppress
from jishi.register.tests.test_suppress_attacker import PAIR, Attacker, a_release, naively

COUNTS = st.one_of(st.integers(0, 6), st.integers(5, 40))


def publish(*releases: Release) -> list[Published]:
    """The releases, each published with all before it as its history."""
    published: list[Published] = []
    for release in releases:
        published.append(suppress(release, published))
    return published


@st.composite
def sequences(draw, most: int = 4) -> list[Release]:
    """A few successive dates: most buildings stay as they were, some change, appear, disappear or move."""
    areas = [f"a{number}" for number in range(draw(st.integers(1, 3)))]
    rows: dict[str, Row] = {}
    releases = []
    for month in range(1, draw(st.integers(1, most)) + 1):
        for number in range(draw(st.integers(2, 9) if month == 1 else st.integers(0, 3))):
            place = f"p{number}" if month == 1 else draw(st.sampled_from([f"p{at}" for at in range(11)]))
            if month > 1 and place in rows and draw(st.integers(0, 4)) == 0:
                del rows[place]
                continue
            rows[place] = Row(draw(st.sampled_from(areas)), place, draw(COUNTS), draw(COUNTS), draw(COUNTS))
        releases.append(Release(date(2026, month, 1), tuple(rows.values())))
    return releases


@settings(max_examples=40)
@given(sequences())
def test_attacker_never_wins(releases):
    assert Attacker(publish(*releases)).wins() == {}


@settings(max_examples=20)
@given(sequences())
def test_attacker_who_is_not_told_what_stayed_never_wins_either(releases):
    assert Attacker(publish(*releases), told=False).wins() == {}


@settings(max_examples=25)
@given(sequences())
def test_small_is_withheld_and_withheld_stays_withheld(releases):
    published = publish(*releases)
    for name in MEASURES:
        ever: set[str] = set()
        for one in published:
            alone = suppress(one.release)
            places = {row.place for row in one.release.rows}
            small = {row.place for row in one.release.rows if getattr(row, name) < LEAST}
            assert small <= alone.withheld[name].places
            assert small | (ever & places) <= one.withheld[name].places
            ever |= one.withheld[name].places


@settings(max_examples=25)
@given(sequences())
def test_nothing_shown_is_small_and_what_is_shown_is_true(releases):
    for one in publish(*releases):
        for line in one.lines():
            rows = [r for r in one.release.rows if line.area in (None, r.area) and line.place in (None, r.place)]
            for name in MEASURES:
                value = getattr(line, name)
                assert value is None or value == sum(getattr(row, name) for row in rows) >= LEAST
            if line.residents is not None:
                assert line.residents == sum(row.long_term + row.temporary for row in rows)


def a_district(dice: random.Random, *, areas: int, buildings: int) -> list[Row]:
    """Blocks of some 30 households, low houses of a few, towers; two persons and more each, a third with a lodger."""
    rows = []
    for number in range(buildings):
        kind = dice.random()
        households = round(dice.lognormvariate(3.4, 0.7)) if kind < 0.7 else dice.randint(1, 8)
        if kind > 0.9:
            households = dice.randint(60, 240)
        long_term = sum(dice.choice((1, 2, 2, 3, 3, 4)) for _ in range(round(households * 0.8)))
        temporary = sum(dice.random() < 0.35 for _ in range(households))
        rows.append(Row(f"a{int(areas * dice.random() ** 1.3)}", f"p{number}", households, long_term, temporary))
    return rows


def months(dice: random.Random, rows: list[Row], count: int, changed: float) -> Iterator[Release]:
    """The district month by month: that share of the buildings is counted anew, and differs by up to three."""
    for month in range(1, count + 1):
        yield Release(date(2026, month, 1), tuple(rows))
        for at, row in enumerate(rows):
            if dice.random() < changed:
                now = (max(0, getattr(row, name) + dice.choice((-3, -2, -1, 1, 2, 3))) for name in MEASURES)
                rows[at] = Row(row.area, row.place, *now)


@pytest.mark.parametrize("seed", range(3))
def test_attacker_never_wins_in_half_a_year_of_two_areas(seed):
    dice = random.Random(seed)
    published = publish(*months(dice, a_district(dice, areas=2, buildings=24), 6, 0.15))
    assert Attacker(published).wins() == {}


def test_little_is_withheld_beyond_what_is_small():
    """24 areas, 5,000 buildings, a tenth of them counted anew each month: every total is shown for three months."""
    dice = random.Random(1)
    published = publish(*months(dice, a_district(dice, areas=24, buildings=5000), 3, 0.1))
    for month, one in enumerate(published, 1):
        for name, most in {"households": 0.11, "long_term": 0.05, "temporary": 0.31}.items():
            withheld = one.withheld[name]
            small = sum(getattr(row, name) < LEAST for row in one.release.rows)
            assert len(withheld.places) / 5000 <= most + 0.01
            assert (len(withheld.places) - small) / 5000 <= 0.01 * month
            assert not withheld.areas
            assert not withheld.station


def test_the_attacker_wins_in_a_district_where_only_the_small_cells_are_withheld():
    dice = random.Random(0)
    district = a_district(dice, areas=6, buildings=30)
    assert Attacker([naively(Release(date(2026, 1, 1), tuple(district)))]).wins()


HAND_MADE = {
    "one small cell in a row": [PAIR],
    "all cells small": [{"甲": {"one": (1, 2, 3), "two": (4, 0, 1)}, "乙": {"three": (1, 1, 1)}}],
    "a total that is the sum of one cell": [{"甲": {"one": (3, 3, 3)}, "乙": {"two": (30, 60, 9), "three": (9, 9, 9)}}],
    "ones alone under a shown total": [{"甲": {f"p{n}": (1, 9, 9) for n in range(7)}, "乙": {"q": (30, 9, 9)}}],
    "nobody at all": [{"甲": {"one": (0, 0, 0)}, "乙": {"two": (0, 0, 0)}}],
    "one building in all": [{"甲": {"one": (2, 50, 7)}}],
    "one building falls": [PAIR, {"甲": {"one": (3, 8, 9), "two": (2, 40, 9)}, "乙": {"three": (30, 60, 9)}}],
    "nothing changes": [PAIR, PAIR, PAIR],
    "a new small building": [PAIR, PAIR | {"乙": {"three": (30, 60, 9), "new": (2, 3, 0)}}],
    "a closed building": [
        {"甲": {"one": (3, 8, 9), "two": (20, 40, 9), "four": (12, 2, 9)}},
        {"甲": {"two": (20, 40, 9), "four": (12, 2, 9)}},
        {"甲": {"two": (20, 40, 9)}},
    ],
    "a building that comes back": [PAIR, {"甲": {"two": (20, 40, 9)}, "乙": {"three": (30, 60, 9)}}, PAIR],
    "a building that moves": [PAIR, {"甲": {"two": (20, 40, 9)}, "乙": {"three": (30, 60, 9), "one": (3, 8, 9)}}],
    "an area that shrinks to its small buildings": [
        {"甲": {"one": (1, 9, 9), "two": (3, 9, 9), "three": (20, 9, 9)}},
        {"甲": {"one": (1, 9, 9), "two": (3, 9, 9), "three": (0, 9, 9)}},
        {"甲": {"one": (1, 9, 9), "two": (3, 9, 9)}},
    ],
    "down one by one": [{"甲": {"one": (n, 9, 9), "two": (20, 9, 9), "three": (7, 9, 9)}} for n in (6, 5, 4, 3, 2, 1)],
}


@pytest.mark.parametrize("name", HAND_MADE)
def test_attacker_never_wins_where(name):
    published = publish(*(a_release(month, areas) for month, areas in enumerate(HAND_MADE[name], 1)))
    attacker = Attacker(published)
    assert attacker.withheld(), "the case withholds something"
    assert attacker.wins() == {}


def test_total_is_given_up_where_nothing_else_changed():
    """The only change is one building that falls under 5: any total of that day would say by how much."""
    before, after = publish(
        a_release(1, {"甲": {"one": (20, 9, 9), "two": (30, 9, 9)}, "乙": {"three": (30, 9, 9)}}),
        a_release(2, {"甲": {"one": (2, 9, 9), "two": (30, 9, 9)}, "乙": {"three": (30, 9, 9)}}),
    )
    assert not any(one.places or one.areas or one.station for one in before.withheld.values())
    households = after.withheld["households"]
    assert (households.places, households.areas, households.station) == ({"one"}, {"甲"}, True)
    assert not after.withheld["long_term"].areas


def test_total_is_kept_by_withholding_another_building_that_changed():
    _, after = publish(
        a_release(1, {"甲": {"one": (20, 9, 9), "two": (30, 9, 9), "three": (8, 9, 9)}}),
        a_release(2, {"甲": {"one": (2, 9, 9), "two": (31, 9, 9), "three": (8, 9, 9)}}),
    )
    households = after.withheld["households"]
    assert (households.places, households.areas, households.station) == ({"one", "two"}, frozenset(), False)


def test_the_choice_of_cover_does_not_follow_the_counts():
    chosen = {
        suppress(a_release(1, {"甲": {"s": (1, 9, 9), "x": (x, 9, 9), "y": (y, 9, 9)}})).withheld["households"].places
        for x, y in [(6, 90), (90, 6), (7, 7)]
    }
    assert len(chosen) == 1


def test_residents_are_shown_only_with_both_parts():
    lines = {line.place: line for line in suppress(a_release(1, {"甲": {"s": (9, 90, 2), "x": (9, 30, 8)}})).lines()}
    assert (lines["s"].long_term, lines["s"].temporary, lines["s"].residents) == (90, None, None)
    total = next(suppress(a_release(1, {"甲": {"s": (9, 90, 6), "x": (9, 30, 8)}})).lines())
    assert (total.long_term, total.temporary, total.residents) == (120, 14, 134)


@settings(max_examples=10)
@given(sequences(most=2))
def test_data_goes_out_and_comes_back(releases):
    for one in publish(*releases):
        assert Published.from_data(json.loads(json.dumps(one.as_data()))) == one


@pytest.mark.parametrize("rows", [[Row("甲", "one", 1, 1, 1)] * 2, [Row("甲", "one", 1, -1, 1)]])
def test_a_table_that_cannot_be_is_refused(rows):
    with pytest.raises(ValueError, match=r"twice|less than zero"):
        Release(date(2026, 1, 1), tuple(rows))


def test_help_counts_stand_from_five_on():
    assert [help_count(value) for value in range(7)] == [None] * HELP_LEAST + [5, 6]
