"""Words become codes: by the map's table, by this house's own names, by a default; constants, templates, null words."""

from dataclasses import replace

import pytest

from jishi.base.errors import Refused
from jishi.exchange.tests.tables import HEADER, a_map, import_rows
from jishi.matters.models import Flag, Matter

BASE = {
    "编号": "B-1",
    "上报时间": "2026-03-02 08:15",
    "类别": "路灯",
    "地点": "和平里",
    "经度": "116.41",
    "纬度": "39.95",
}


def one(house, folder, parts=None, **cells):
    """Import one row made of ``cells``; its report and its matter."""
    extra = [name for name in cells if name not in HEADER]
    values = {**BASE, **cells}
    header = [*HEADER, *extra]
    report = import_rows(
        house, folder, [[values.get(name, "") for name in header]], a_map(**parts or {}), header=header
    )
    return report, Matter.objects.first()


def test_words_compare_whatever_their_width_case_and_spacing(house, tmp_path):
    _, matter = one(house, tmp_path, {"values": '"Street Light" = "public.light"'}, 类别="  ＳＴＲＥＥＴ  light ")
    assert matter.category_id == "public.light"


def test_names_and_codes_of_the_catalogue_need_no_table(house, tmp_path):
    assert one(house, tmp_path, 类别="井盖缺损")[1].category_id == "public.manhole"
    assert one(house, tmp_path, 类别="public.tree", 编号="B-2")[0].imported == 1


def test_an_unknown_category_takes_the_default_and_is_counted(house, tmp_path):
    report, matter = one(house, tmp_path, {"category": 'default = "other"'}, 类别="从未见过")
    assert (matter.category_id, report.flags["default_category"]) == ("other", 1)


def test_an_unknown_category_without_a_default_is_rejected(house, tmp_path):
    assert one(house, tmp_path, 类别="从未见过")[0].rejected_by == {"unknown_category": 1}


def test_a_table_that_leads_nowhere_is_refused_whole(house, tmp_path):
    with pytest.raises(Refused, match="map_unknown_code"):
        one(house, tmp_path, {"values": '"x" = "public.nothing"'})


STATUS = '[fields.status]\ncolumn = "状态"\nvalues = {{ "挂起" = "open" }}\n{}'


@pytest.mark.parametrize(
    ("word", "default", "closed", "state"),
    [
        ("已办结", "", "2026-03-03", "closed"),
        ("处理中", "", "", "inherited"),
        ("挂起", "", "", "inherited"),
        ("Closed", "", "", "closed"),
        ("", "", "2026-03-03", "closed"),
        ("", "", "", "inherited"),
        ("不明", 'default = "closed"', "", "closed"),
    ],
)
def test_statuses(house, tmp_path, word, default, closed, state):
    _, matter = one(house, tmp_path, {"more": STATUS.format(default)}, 状态=word, 办结时间=closed)
    assert matter.state == state


@pytest.mark.parametrize("default", ["", 'default = "reject"'])
def test_an_unknown_status_is_rejected(house, tmp_path, default):
    assert one(house, tmp_path, {"more": STATUS.format(default)}, 状态="不明")[0].rejected_by == {"unknown_status": 1}


def test_outcome_and_grade(house, tmp_path):
    more = """
    [fields.outcome]
    column = "结果"
    values = { "修好了" = "fixed" }
    [fields.grade]
    column = "等级"
    """
    report, matter = one(house, tmp_path, {"more": more}, 结果="修好了", 等级="红色", 办结时间="2026-03-03")
    assert (matter.outcome, matter.grade, report.flags.get("unknown_outcome")) == ("fixed", 1, None)
    report, _ = one(house, tmp_path, {"more": more}, 编号="B-2", 结果="??", 等级="??", 办结时间="2026-03-03")
    assert (report.imported, report.flags["unknown_outcome"], report.flags["unknown_grade"]) == (1, 1, 1)


def test_a_unit_owns_the_open_matter_and_its_own_word_is_kept(house, tmp_path):
    more = '[fields.unit]\ncolumn = "承办"\n[fields.unit.values]\n"巡一队" = "patrol"'
    _, matter = one(house, tmp_path, {"more": more}, 承办="巡一队")
    assert (matter.responsible_unit, matter.original_unit) == (house.patrol, "巡一队")
    report, _ = one(house, tmp_path, {"more": more}, 承办="城管局", 编号="B-2")
    other = Matter.objects.get(external_id="B-2")
    assert (other.responsible_unit.kind, other.original_unit) == ("desk", "城管局")
    assert other.flags & Flag.UNKNOWN_UNIT
    assert report.flags["unknown_unit"] == 1


def test_an_area_by_its_word(house, tmp_path):
    more = '[fields.area]\ncolumn = "社区"\n[fields.area.values]\n"和平" = "heping"'
    assert one(house, tmp_path, {"more": more}, 社区="和平")[1].area == house.area
    assert one(house, tmp_path, {"more": more}, 社区="和平里社区", 编号="B-2")[0].flags.get("no_area") is None


def test_the_original_target_is_kept_beside_the_new_deadline(house, tmp_path):
    _, matter = one(house, tmp_path, {"fields": 'due_at = "限办"'}, 限办="2026-03-05")
    assert matter.original_due.isoformat() == "2026-03-05T15:59:59+00:00"
    assert (matter.state, matter.next_due > matter.original_due) == ("inherited", True)


def test_null_words_columns_joined_template_and_constant(house, tmp_path):
    parts = {
        "fields": 'grade = { constant = "2" }\nunit = { columns = ["区", "队"], separator = "/" }',
        "more": '[fields.title]\ntemplate = "{类别} · {地点}"',
    }
    _, matter = one(house, tmp_path, parts, 地点="NULL", 区="东区", 队="na")
    assert (matter.title, matter.place_name, matter.grade, matter.original_unit) == ("路灯", "", 2, "东区")


def test_a_whole_number_that_a_spreadsheet_made_a_fraction(house, tmp_path):
    map_ = a_map()
    fields = {**map_.fields, "external_id": replace(map_.fields["external_id"], integer=True)}
    row = ["2132.0", "2026-03-02", "", "路灯", "和平里", "", ""]
    report = import_rows(house, tmp_path, [row], replace(map_, fields=fields))
    assert (report.imported, Matter.objects.get().external_id) == (1, "2132")
