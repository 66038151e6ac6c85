"""A wrong map is refused with the key it is about; the maps that come with Jishi can be used."""

from pathlib import Path

import pytest

from jishi.base.errors import Refused
from jishi.base.sentences import sentence
from jishi.exchange.mapping import parse_map, read_map
from jishi.exchange.register_map import read_register_map

MAPS = Path(__file__).resolve().parents[3] / "docs" / "maps"
GOOD = """
source = "s"
[fields]
external_id = "id"
reported_at = "at"
closed_at = "end"
category = "kind"
"""


def refusal(text):
    with pytest.raises(Refused) as caught:
        parse_map(text.encode())
    return caught.value


@pytest.mark.parametrize(("name", "read"), [("boston_311.toml", read_map), ("chicago_food.toml", read_register_map)])
def test_the_maps_that_come_with_jishi_can_be_read(name, read):
    assert read(MAPS / name).source
    assert sorted(path.name for path in MAPS.glob("*.toml")) == ["boston_311.toml", "chicago_food.toml"]


def test_the_smallest_map():
    assert parse_map(GOOD.encode()).columns() == {
        "id": ["fields.external_id"],
        "at": ["fields.reported_at"],
        "end": ["fields.closed_at"],
        "kind": ["fields.category"],
    }


@pytest.mark.parametrize(
    ("text", "code", "key"),
    [
        ("source = ", "map_unreadable", None),
        ("\xff", "map_unreadable", None),
        (GOOD + "surprise = 1", "map_unknown_key", "fields.surprise"),
        ("surprise = 1\n" + GOOD, "map_unknown_key", "surprise"),
        (GOOD.replace('source = "s"', ""), "map_missing_key", "source"),
        (GOOD.replace('"s"', '"With space"'), "map_bad_value", "source"),
        (GOOD.replace('"s"', '"jishi"'), "map_bad_value", "source"),
        (GOOD.replace('category = "kind"', ""), "map_missing_key", "fields.category"),
        (GOOD.replace('closed_at = "end"', ""), "map_missing_key", "fields.status"),
        (GOOD + 'lon = "x"', "map_missing_key", "fields.lat"),
        (GOOD + 'place = ""', "map_missing_key", "fields.place"),
        (GOOD + 'place = { column = "a", constant = "b" }', "map_one_of", "fields.place"),
        (GOOD + 'place = { columns = ["a", 1] }', "map_wrong_type", "fields.place.columns"),
        (GOOD + 'status = { column = "a", values = { x = "later" } }', "map_bad_value", 'fields.status.values."x"'),
        (GOOD + 'grade = { column = "a", default = "9" }', "map_bad_value", "fields.grade.default"),
        (GOOD + '[file]\nencoding = "klingon"', "map_bad_value", "file.encoding"),
        (GOOD + "[file]\nheader_row = 0", "map_bad_value", "file.header_row"),
        (GOOD + '[file]\ndelimiter = "ab"', "map_bad_value", "file.delimiter"),
        (GOOD + '[time]\nzone = "Asia/Atlantis"', "map_bad_value", "time.zone"),
        (GOOD + '[time]\nformats = ["%H:%M"]', "map_bad_value", "time.formats"),
        (GOOD + '[coordinates]\ndatum = "epsg:2249"', "map_bad_value", "coordinates.datum"),
        (GOOD + "[coordinates]\nplaceholders = [1, 2]", "map_wrong_type", "coordinates.placeholders"),
        ("keep_text = 1\n" + GOOD, "map_wrong_type", "keep_text"),
        ('drop = "a"\n' + GOOD, "map_wrong_type", "drop"),
        (GOOD + '[party]\nage = "a"', "map_unknown_key", "party.age"),
    ],
)
def test_a_wrong_map_is_refused_by_its_key(text, code, key):
    refused = refusal(text)
    assert (refused.code, refused.facts.get("key")) == (code, key)
    assert "%" not in sentence(refused).replace("%Y-%m-%d %H:%M:%S", "").replace("“%H:%M”", "")


def test_a_map_that_is_not_there(tmp_path):
    with pytest.raises(Refused, match="no_map"):
        read_map(tmp_path / "none.toml")
