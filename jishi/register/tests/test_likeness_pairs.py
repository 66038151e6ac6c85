"""What is offered as a likely duplicate, what is not, and why."""

import random
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jishi.register.likeness import REASONS, Record, find_pairs, pairs_of
from jishi.register.likeness.names import read_name
from jishi.register.likeness.score import distance

LON, LAT = 116.4, 39.9
STEP = 1 / 111_320  # degrees of latitude to a metre
HOUSE = Record("a", "宏达五金店", "柳城市东湖区建设路120号", LON, LAT, "shop", "retail")
PIZZA = Record("a", "Tony's Pizza LLC", "554 W Pershing Rd", -87.64, 41.82, "restaurant", "food")


def second(record: Record = HOUSE, **changed: object) -> Record:
    return replace(record, id="b", **changed)


def offered(*records: Record) -> set[frozenset[object]]:
    return {frozenset((pair.a, pair.b)) for pair in find_pairs(records)}


def reasons(*records: Record) -> set[str]:
    (pair,) = find_pairs(records)
    return set(pair.reasons)


@pytest.mark.parametrize(
    ("changed", "told_by"),
    [
        ({}, {"same_name", "same_address", "same_spot", "same_category"}),
        ({"lat": LAT + 50 * STEP}, {"near"}),
        ({"lon": None, "lat": None}, {"same_name", "same_address"}),
        ({"address": "建设路一百二十号"}, {"same_address"}),
        ({"address": ""}, {"same_name", "same_spot"}),
        ({"address": "建投路120号"}, {"similar_address"}),
        ({"name": "宏达五金"}, {"similar_name"}),
        ({"name": "五金店(宏达)"}, {"similar_name"}),
        ({"name": "柳城市宏达五金店", "category": "supermarket"}, {"linked_category"}),
        ({"name": "宏大五金店"}, {"similar_name"}),
    ],
)
def test_a_second_entry_is_offered(changed, told_by):
    found = reasons(HOUSE, second(**changed))
    assert told_by <= found <= set(REASONS)


@pytest.mark.parametrize(
    "changed",
    [
        {"name": "TONYS PIZZA"},
        {"name": "Tony's Piza Inc", "address": "554 West Pershing Road, Chicago, IL 60609"},
        {"name": "Pizza, Tony's", "lon": None, "lat": None},
        {"address": "554 W Pershing"},
    ],
)
def test_a_second_entry_in_english_is_offered(changed):
    assert offered(PIZZA, second(PIZZA, **changed))


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("柳河家园3号楼", "柳河家园4号楼"),
        ("柳河家园3号楼1单元电梯", "柳河家园1号楼3单元电梯"),
        ("柳城市第三小学", "柳城市第四小学"),
        ("建设路东门停车场", "建设路西门停车场"),
        ("公共停车场(建设路东门)", "建设路西门公共停车场"),
        ("美味快餐(和平路店)", "美味快餐(柳河广场店)"),
        ("宏达贸易有限公司", "瑞丰贸易有限公司"),
        ("Palmer House Bar", "Palmer House Kitchen"),
        ("Donut Depot #12", "Donut Depot #14"),
        ("Maria's Tacos", "Tony's Tacos"),
    ],
)
def test_neighbours_are_not_offered(one, other):
    assert not offered(replace(HOUSE, name=one), second(name=other))


@pytest.mark.parametrize(
    "changed",
    [
        {"lat": LAT + 3000 * STEP},
        {"address": "柳城市西山区建设路120号", "lon": None, "lat": None, "name": "宏达五金"},
        {"category": "parking", "family": "parking", "name": "宏达五金店停车场"},
    ],
)
def test_the_like_elsewhere_is_not_offered(changed):
    assert not offered(HOUSE, second(**changed))


def test_the_same_address_alone_is_no_sign():
    premises = [Record(licence, "", "554 W Pershing Rd", -87.64, 41.82, "restaurant", "food") for licence in range(6)]
    assert not offered(*premises)
    assert not offered(*[replace(one, name=f"Licence {one.id}") for one in premises])
    assert not offered(*[replace(one, name=str(1000 + int(str(one.id)))) for one in premises])


def test_a_name_that_all_of_a_kind_bear_says_nothing():
    hydrants = [
        Record(at, "消火栓", f"建设路{at // 2}号", LON, LAT + at // 2 * 200 * STEP, "hydrant", "hydrant")
        for at in range(20)
    ]
    assert not offered(*hydrants)


def test_a_list_brought_in_many_times_is_offered():
    assert len(offered(*[replace(HOUSE, id=at) for at in range(9)])) == 36


def test_shops_of_one_chain_along_a_street_are_not_offered():
    shops = [
        Record(at, "佳乐便利店", f"建设路{at * 9 + 1}号", LON, LAT + at * 72 * STEP, "shop", "retail")
        for at in range(30)
    ]
    assert not offered(*shops)


def test_a_pair_is_offered_once_and_in_one_order():
    records = [HOUSE, second(), second(PIZZA), replace(PIZZA, id="d")]
    found = [(pair.a, pair.b) for pair in find_pairs(records)]
    assert len(found) == len({frozenset(pair) for pair in found}) == 2
    assert found == [(pair.a, pair.b) for pair in find_pairs(records)]


def test_one_against_its_neighbours():
    neighbours = [second(name="宏达五金"), replace(HOUSE, id="c"), replace(HOUSE, id="d", name="瑞丰药店"), HOUSE]
    found = pairs_of(HOUSE, neighbours)
    assert [(pair.a, pair.b) for pair in found] == [("a", "c"), ("a", "b")]
    assert found[0].score > found[1].score >= 0.5
    assert pairs_of(HOUSE, neighbours, least=1.0) == []


def test_a_large_block_does_not_hide_the_same_entry():
    units = [replace(HOUSE, id=at, name=f"{chr(0x5000 + at)}{chr(0x6000 + at)}五金店") for at in range(300)]
    assert offered(*units, replace(units[77], id="again")) == {frozenset((77, "again"))}


@given(st.floats(-179, 179), st.floats(-70, 70), st.floats(-42, 42), st.floats(-42, 42))
def test_near_points_meet_anywhere(lon, lat, east, north):
    shift = distance((lon, lat), (lon + STEP, lat)) or 1
    other = second(lon=lon + east * STEP / shift, lat=lat + north * STEP, address="", name="宏达五金")
    assert offered(replace(HOUSE, lon=lon, lat=lat), other)


texts = st.text("柳河建设3三号楼店(-)AB street12", max_size=12)
records = st.builds(
    Record, st.integers(), texts, texts, st.one_of(st.none(), st.floats(116, 116.001)), st.just(39.9),
    st.sampled_from(["", "shop", "house"]), st.sampled_from(["", "retail"]),
)  # fmt: skip


@given(records, records)
def test_the_order_of_two_records_does_not_matter(one, other):
    one, other = replace(one, id=1), replace(other, id=2)
    forth, back = pairs_of(one, [other], least=0), pairs_of(other, [one], least=0)
    assert forth[0].score == pytest.approx(back[0].score)
    assert 0 <= forth[0].score <= 1
    assert set(forth[0].reasons) == set(back[0].reasons)


@pytest.mark.parametrize(
    "spellings",
    [
        ["柳城市宏达贸易有限公司", "宏达贸易有限责任公司", "宏达贸易", "宏达贸易有限公可"],
        ["柳河家园3号楼", "柳河家园三幢", "柳河家园3#楼", "柳河家园３栋"],
        ["第三小学", "第3小学", "柳城市三小"],
        ["Tony's Pizza, Inc.", "TONYS PIZZA LLC", "The Tony’s Pizza"],
    ],
)
def test_spellings_of_one_name(spellings):
    assert len({read_name(text).flat for text in spellings}) == 1


def test_the_branch_is_told_from_the_brand():
    assert (read_name("美味快餐(和平路店)").core, read_name("美味快餐(和平路店)").branch) == ("美味快餐", "和平路")
    assert read_name("美味快餐-和平路分店").branch == "和平路"
    assert read_name("永辉超市建设路店").core.startswith("永辉超市")


def test_the_cost_grows_with_the_records_not_with_their_pairs():
    dice = random.Random(5)
    signs = [chr(0x4E00 + at) for at in range(400)]
    shops = [
        Record(at, "".join(dice.sample(signs, 3)) + "五金店", "建设路1号", LON, LAT, "shop", "retail")
        for at in range(3000)
    ]
    compared = _compared(shops)
    assert compared < 20 * len(shops) < len(shops) ** 2 / 100


def _compared(shops: list[Record]) -> int:
    """How many comparisons were made."""
    return sum(1 for _ in find_pairs(shops, least=-1.0))
