"""Two spellings of one address have one key; two addresses have two."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jishi.register.likeness import address_key, street_key
from jishi.register.likeness.addresses import KEY_LENGTH, read
from jishi.register.likeness.numerals import figures, value


@pytest.mark.parametrize(
    "spellings",
    [
        ["柳城市东湖区建设路120弄3号楼2单元301室", "建设路一百二十弄三号二单元三〇一", "建设路120弄3幢2-301"],
        ["建设路120弄3号楼2单元301室", "建设路１２０弄 3栋，2单元，301"],
        ["浙江省柳城市东湖区和平街道建设路120号柳河家园3号楼", "建设路120号3栋", "建设路120号3#楼", "建设路120号三幢"],
        ["柳河小区三号楼", "柳河小区3幢", "东湖区柳河3栋"],
        ["建设路200号万达广场A座1203室", "建设路200号a座12 03", "建设路200号A座一二〇三室"],
        ["北京市朝阳区建国路甲88号", "建国路甲88号"],
        ["文化巷012号", "文化巷十二号", "柳城市 文化巷12号"],
        ["五一路12号附3号", "五一路12号附三号"],
        ["100 Fifth Ave Ste 200", "100 5TH AVENUE #200", "100 5th Ave, Suite 200, New York, NY 10001"],
        ["100 Fifth Ave Ste 200", "100 5th Ave. Unit 200"],
        ["554 W PERSHING RD ", "554 West Pershing Road", "554 w. pershing rd, Chicago, IL 60609"],
        ["1754-1756 W DEVON AVE", "1754 W Devon Ave"],
        ["8324 S Racine Ave. (1200W)", "8324 S RACINE AVE BLDG"],
        ["200 E Randolph St 2nd Fl", "200 East Randolph Street, Floor 2"],
        ["2800-B W IRVING PARK RD", "2800 W Irving Park Rd Unit B"],
    ],
)  # fmt: skip
def test_spellings_of_one_address(spellings):
    assert len({address_key(text) for text in spellings}) == 1
    assert address_key(spellings[0])


@pytest.mark.parametrize(
    "different",
    [
        ["建设路120弄3号", "建设路120弄4号", "建设路12弄3号", "建设路120号"],
        ["建设路120号3号楼1单元", "建设路120号3号楼2单元", "建设路120号3号楼1单元101室"],
        ["柳河家园3号楼", "柳河家园13号楼", "桃园家园3号楼"],
        ["建设路200号A座1203室", "建设路200号B座1203室"],
        ["桃园村3组12号", "桃园村4组12号"],
        ["人民东路5号", "人民西路5号", "人民路5号"],
        ["10 W 63RD ST", "10 W 63RD PL", "10 E 63RD ST", "1063 W 63RD ST"],
        ["100 5th Ave Ste 200", "100 5th Ave Ste 201", "100 5th Ave"],
        ["1156 1/2 W 51ST ST", "1156 W 51ST ST"],
    ],
)
def test_different_addresses(different):
    assert len({address_key(text) for text in different}) == len(different)


def test_a_key_starts_with_the_street_key():
    for text in ("建设路120号柳河家园3号楼", "柳河家园3号楼2单元", "100 5th Ave Ste 200"):
        assert address_key(text).startswith(street_key(text) + "|")
        assert street_key(address_key(text)) != ""
    assert street_key("建设路120号3号楼") == street_key("柳城市东湖区建设路一百二十号")


def test_the_district_is_kept_apart_from_the_key():
    one, other = read("柳城市东湖区建设路1号"), read("柳城市西山区建设路1号")
    assert one.key == other.key
    assert (one.region, other.region) == ("东湖区", "西山区")


def test_names_of_places_are_no_numerals():
    assert read("三元桥北里8号楼").road == "三元桥北里"
    assert figures("千禧苑") == "千禧苑"


def test_nothing_has_no_key():
    assert [address_key(text) for text in ("", "  ", "，。", "()")] == [""] * 4


@pytest.mark.parametrize(
    ("numeral", "number"),
    [("三", 3), ("十", 10), ("十二", 12), ("二十", 20), ("一百零五", 105), ("一百二十", 120),
     ("一二〇三", 1203), ("廿三", 23), ("两千零八", 2008), ("叁拾", 30)],
)  # fmt: skip
def test_value(numeral, number):
    assert value(numeral) == number


@given(st.text(max_size=200))
def test_any_text_has_a_short_key(text):
    key = address_key(text)
    assert len(key) <= KEY_LENGTH
    assert key == address_key(f"  {text} ")


@given(st.integers(1, 9999), st.integers(1, 99), st.sampled_from(["号楼", "栋", "幢", "#楼"]), st.booleans())
def test_forms_of_a_building_have_one_key(number, building, form, wide):
    text = f"建设路{number}号{building}{form}"
    if wide:
        text = "".join(chr(ord(sign) + 0xFEE0) if sign.isdigit() else sign for sign in text)
    assert address_key(f"柳城市东湖区{text}") == address_key(f"建设路{number}号柳河家园{building}栋")


@given(st.integers(1, 12000), st.sampled_from(["N", "North", "n."]), st.sampled_from(["St", "STREET", "st."]))
def test_forms_of_a_street_have_one_key(number, direction, kind):
    assert address_key(f"{number} {direction} Clark {kind}") == address_key(f"{number} N CLARK ST")
