"""Law two on the way in: personal columns, free text, numbers of persons, and categories outside the law."""

import csv
from dataclasses import replace

import pytest
from django.utils import translation

from jishi.base.errors import Refused
from jishi.exchange.tests.tables import HEADER, a_map, import_rows
from jishi.matters.actions.parties import reveal_party
from jishi.matters.models import Flag, Matter, Party, Text

MOBILE, ID_CARD, PLATE = "13800138000", "11010519491231002X", "京A12345"
PARTY = '[party]\nname = "报警人姓名"\ncontact = "联系电话"'
COLUMNS = ("报警人姓名", "联系电话", "身份证号", "邮箱", "车牌号", "描述", "经办")
SAID = ("张三", MOBILE, ID_CARD, "zhang@example.org", PLATE, f"灯不亮,找张三 {MOBILE}", "甲")


def rows():
    return [
        ["L-1", "2026-03-02", "", "路灯", "和平里", "116.41", "39.95", *SAID],
        ["L-2", "2026-03-02", "2026-03-04", "路灯", "和平里", "116.41", "39.95", *SAID],
    ]


def run(house, folder, **parts):
    return import_rows(house, folder, rows(), a_map(**parts), header=[*HEADER, *COLUMNS])


def everything(matter):
    """All words that are kept of a matter in the clear."""
    texts = Text.objects.filter(matter=matter).values_list("body", flat=True)
    return " ".join([*texts, *(str(value) for value in Matter.objects.filter(pk=matter.pk).values_list()[0])])


def test_personal_columns_are_dropped_and_the_report_says_so(house, tmp_path):
    report = run(house, tmp_path)
    assert report.imported == 2
    assert report.dropped_columns == {
        "报警人姓名": "personal_name",
        "联系电话": "personal_phone",
        "身份证号": "personal_id_number",
        "邮箱": "personal_email",
        "车牌号": "personal_plate",
        "描述": "not_mapped",
        "经办": "not_mapped",
    }
    assert not Party.objects.exists()
    for matter in Matter.objects.all():
        assert not [word for word in (*SAID[:5],) if word in everything(matter)]


def test_a_party_is_sealed_for_the_open_matter_only(house, tmp_path):
    report = run(house, tmp_path, more=PARTY)
    assert (report.parties, report.party_columns) == (1, ["报警人姓名", "联系电话"])
    party = Party.objects.get()
    assert party.matter.external_id == "L-1"
    assert MOBILE.encode() not in bytes(party.contact_sealed)
    assert reveal_party(party.matter, party.pk, "contact", reason="call_back", by=house.desk) == MOBILE


def test_a_field_from_a_personal_column_is_left_empty_and_a_key_from_one_refused(house, tmp_path):
    report = run(house, tmp_path, fields='title = "报警人姓名"')
    assert report.dropped_columns["报警人姓名"] == "personal_name"
    assert set(Matter.objects.values_list("title", flat=True)) == {"路灯"}


def test_a_key_from_a_personal_column_is_refused_whole(house, tmp_path):
    header = ["联系电话" if name == "编号" else name for name in HEADER]
    map_ = a_map()
    fields = {**map_.fields, "external_id": replace(map_.fields["external_id"], columns=("联系电话",))}
    with pytest.raises(Refused, match="personal_column"):
        import_rows(house, tmp_path, [], replace(map_, fields=fields), header=header)


def test_an_innocent_name_over_personal_cells_is_found_by_the_cells(house, tmp_path):
    many = [
        [f"C-{n}", "2026-03-02", "", "路灯", "和平里", "116.41", "39.95", f"1380013{n:04d}"] for n in range(1000, 1020)
    ]
    report = import_rows(house, tmp_path, many, header=[*HEADER, "备用1"])
    assert report.dropped_columns["备用1"] == "personal_phone"


def test_free_text_is_dropped_unless_the_map_keeps_it_and_then_masked(house, tmp_path):
    assert run(house, tmp_path, fields='text = "描述"').dropped_columns["描述"] == "free_text"
    assert not Text.objects.filter(kind="description").exists()


def test_kept_text_is_masked(house, tmp_path):
    report = run(house, tmp_path, top="keep_text = true", fields='text = "描述"')
    bodies = list(Text.objects.filter(kind="description").values_list("body", flat=True))
    assert len(bodies) == 2
    assert all("灯不亮" in body and MOBILE not in body for body in bodies)
    assert report.flags["masked"] == 2
    assert all(matter.flags & Flag.MASKED for matter in Matter.objects.all())


@pytest.mark.parametrize(
    ("place", "kept"),
    [
        ("和平里3号楼2单元501室", "和平里3号楼2单元"),
        (f"和平里 {MOBILE}", "和平里 [mobile number]"),
        ("12 Main St Apt 4B", "12 Main St"),
    ],
)
def test_flats_and_numbers_in_a_place_are_taken_out(house, tmp_path, place, kept):
    with translation.override("en"):
        report = import_rows(house, tmp_path, [["F-1", "2026-03-02", "", "路灯", place, "", ""]])
    assert (report.flags["masked"], Matter.objects.get().place_name) == (1, kept)


@pytest.mark.parametrize(
    "category", ["涉访维稳", "宗教事务", "党建工作", "Protest / rally", "political speech", "重点人口"]
)
def test_categories_outside_the_law_are_refused_with_that_reason(house, tmp_path, category):
    map_ = a_map(category='default = "other"')
    report = import_rows(house, tmp_path, [["O-1", "2026-03-02", "", category, "和平里", "", ""]], map_)
    assert (report.rejected_by, Matter.objects.count()) == ({"outside_law": 1}, 0)


def test_the_map_may_name_more_words_outside_the_law(house, tmp_path):
    map_ = a_map(top='outside_law = ["专班事项"]', category='default = "other"')
    report = import_rows(house, tmp_path, [["O-1", "2026-03-02", "", "专班事项", "和平里", "", ""]], map_)
    assert report.rejected_by == {"outside_law": 1}


@pytest.mark.parametrize("external_id", [MOBILE, ID_CARD, PLATE])
def test_an_id_that_identifies_a_person_is_no_key(house, tmp_path, external_id):
    report = import_rows(house, tmp_path, [[external_id, "2026-03-02", "", "路灯", "和平里", "", ""]])
    assert report.rejected_by == {"personal_external_id": 1}


def test_the_rejects_file_leaves_personal_cells_out(house, tmp_path):
    bad = rows()
    bad[0][1] = "不详"
    path = tmp_path / "rejects.csv"
    map_ = a_map(more=PARTY)
    import_rows(house, tmp_path, bad, map_, header=[*HEADER, *COLUMNS], rejects=path)
    lines = list(csv.reader(path.read_text("utf-8-sig").splitlines()))
    assert lines[0] == ["row", "column", "reason", "sentence", *HEADER, "描述", "经办"]
    assert lines[1][:3] == ["2", "上报时间", "bad_date"]
    assert not [word for word in (MOBILE, ID_CARD, PLATE, "zhang@example.org") if word in path.read_text("utf-8-sig")]
