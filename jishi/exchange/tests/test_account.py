"""Every row is accounted for: imported, already there, or rejected with row number, column and reason."""

import csv
from dataclasses import replace

import pytest
from django.utils import translation

from jishi.base.errors import Refused
from jishi.exchange.matters_import import import_matters
from jishi.exchange.tests.tables import HEADER, ROWS, a_file, a_map, import_rows
from jishi.journal.models import Event
from jishi.matters.models import Flag, Matter
from jishi.matters.verify import verify
from jishi.notify.models import Notice


def row(external_id="R-1", reported="2026-03-02 08:00", closed="", category="路灯", place="和平里"):
    return [external_id, reported, closed, category, place, "116.41", "39.95"]


def rejected(path):
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_finished_ones_are_history_and_open_ones_the_backlog(house, tmp_path):
    report = import_rows(house, tmp_path, ROWS)
    assert (report.history, report.inherited) == (2, 1)
    open_one = Matter.objects.get(state="inherited")
    assert (open_one.external_id, open_one.responsible_unit.kind) == ("A-2", "desk")
    assert open_one.next_due is not None
    kinds = list(Event.objects.filter(station_id=house.station.pk).order_by("seq").values_list("kind", flat=True))
    assert kinds == ["matter.imported"] * 3
    assert not Notice.objects.exists()


def test_the_second_run_imports_nothing(house, tmp_path):
    import_rows(house, tmp_path, ROWS)
    events = Event.objects.count()
    report = import_rows(house, tmp_path, ROWS)
    assert (report.imported, report.already_there, report.rejected) == (0, 3, 0)
    assert Event.objects.count() == events


def test_a_dry_run_says_the_same_and_writes_nothing(house, tmp_path):
    rows = [row(), row(), row(place="别处"), row("R-2", "不详")]
    dry = import_rows(house, tmp_path, rows, dry_run=True)
    assert not Matter.objects.exists()
    real = import_rows(house, tmp_path, rows)
    assert {**dry.as_dict(), "dry_run": False} == real.as_dict()
    assert (real.imported, real.already_there, dict(real.rejected_by)) == (1, 1, {"conflict": 1, "bad_date": 1})


def test_the_same_content_is_there_already_and_other_content_a_conflict(house, tmp_path):
    import_rows(house, tmp_path, [row()])
    path = tmp_path / "rejects.csv"
    report = import_rows(house, tmp_path, [row(), row(place="别处"), row(closed="2026-03-09")], rejects=path)
    assert (report.already_there, dict(report.rejected_by)) == (1, {"conflict": 2})
    assert [line["row"] for line in rejected(path)] == ["3", "4"]
    assert Matter.objects.get().place_name == "和平里"


def test_a_conflict_across_batches_of_one_file(house, tmp_path, monkeypatch):
    monkeypatch.setattr("jishi.exchange.matters_import.BATCH", 2)
    rows = [row("1"), row("2"), row("1"), row("2", place="别处"), row("3")]
    for dry_run in (True, False):
        report = import_rows(house, tmp_path, rows, dry_run=dry_run)
        assert (report.imported, report.already_there, dict(report.rejected_by)) == (3, 1, {"conflict": 1})


def test_other_stations_and_other_sources_do_not_collide(house, tmp_path):
    from jishi.matters.tests import factory

    import_rows(house, tmp_path, [row()])
    assert import_rows(house, tmp_path, [row()], replace(a_map(), source="other")).imported == 1
    assert import_rows(factory.a_station("DH", "东湖派出所"), tmp_path, [row()]).imported == 1


def test_how_a_date_is_written_does_not_make_it_other_content(house, tmp_path):
    import_rows(house, tmp_path, [row(reported="2026-03-02 08:00")])
    assert import_rows(house, tmp_path, [row(reported="2026/3/2 8:00:00")]).already_there == 1
    assert import_rows(house, tmp_path, [row(reported="2026-03-02T00:00:00Z")]).already_there == 1


@pytest.mark.parametrize(
    ("cells", "reason", "column"),
    [
        (row(external_id=""), "missing_external_id", "编号"),
        (row(external_id="NULL"), "missing_external_id", "编号"),
        (row(external_id="x" * 81), "long_external_id", "编号"),
        (row(reported="-"), "missing_reported_at", "上报时间"),
        (row(reported="2026-13-01"), "bad_date", "上报时间"),
        (row(closed="不详"), "bad_date", "办结时间"),
        (row(category="没有的类"), "unknown_category", "类别"),
        (row(category=""), "unknown_category", "类别"),
        (row(category="宗教"), "outside_law", "类别"),
        (row(place="和\x00平"), "nul_byte", "地点"),
        (row()[:-1], "too_few_cells", ""),
        ([*row(), "多"], "too_many_cells", ""),
        ([""] * 7, "empty_row", ""),
    ],
)
def test_a_rejected_row_has_its_number_column_and_reason(house, tmp_path, cells, reason, column):
    path = tmp_path / "rejects.csv"
    report = import_rows(house, tmp_path, [row("good"), cells], rejects=path)
    assert (report.imported, dict(report.rejected_by)) == (1, {reason: 1})
    line = rejected(path)[0]
    assert (line["row"], line["column"], line["reason"]) == ("3", column, reason)
    assert line["sentence"]


@pytest.mark.parametrize(
    ("reported", "closed", "flag", "bit"),
    [
        ("2026-03-02 08:00", "2026-03-01 08:00", "closed_before_opened", Flag.CLOSED_BEFORE_OPENED),
        ("2026-03-02 08:00:05", "2026-03-02 08:00:05", "closed_same_second", Flag.CLOSED_SAME_SECOND),
        ("2026-03-02", "2026-03-09 08:00", "date_only", Flag.DATE_ONLY),
        ("2199-03-02 08:00", "", "future", Flag.FUTURE),
    ],
)
def test_what_is_odd_is_kept_and_flagged(house, tmp_path, reported, closed, flag, bit):
    report = import_rows(house, tmp_path, [row(reported=reported, closed=closed)])
    assert (report.imported, report.flags[flag]) == (1, 1)
    assert Matter.objects.get().flags & bit


@pytest.mark.parametrize(
    ("reported", "flag", "bit", "at"),
    [
        ("2015-03-08 02:30", "clock_gap", Flag.CLOCK_GAP, "2015-03-08T07:30"),
        ("2015-11-01 01:30", "ambiguous_hour", Flag.AMBIGUOUS_HOUR, "2015-11-01T05:30"),
    ],
)
def test_the_two_hours_that_a_wall_clock_gets_wrong(house, tmp_path, reported, flag, bit, at):
    map_ = replace(a_map(), zone="America/New_York")
    report = import_rows(house, tmp_path, [row(reported=reported, closed="2015-12-01")], map_)
    matter = Matter.objects.get()
    assert (report.flags[flag], matter.flags & bit) == (1, bit)
    assert matter.reported_at.isoformat().startswith(at)


def test_closed_without_a_time_and_open_with_one(house, tmp_path):
    map_ = a_map(more='[fields.status]\ncolumn = "状态"')
    rows = [[*row("1"), "已办结"], [*row("2", closed="2026-03-03"), "处理中"]]
    report = import_rows(house, tmp_path, rows, map_, header=[*HEADER, "状态"])
    assert (report.flags["no_closing_time"], report.flags["closing_time_ignored"]) == (1, 1)
    first, second = Matter.objects.order_by("external_id")
    assert (first.state, bool(first.flags & Flag.NO_CLOSING_TIME)) == ("closed", True)
    assert (second.state, second.closed_at) == ("inherited", None)


def test_rows_without_a_number_of_their_own_may_have_their_content_for_one(house, tmp_path):
    map_ = a_map()
    fields = {**map_.fields, "external_id": replace(map_.fields["external_id"], columns=(), content=True)}
    map_ = replace(map_, fields=fields)
    report = import_rows(house, tmp_path, [row(""), row(""), row("", place="别处")], map_)
    assert (report.imported, report.already_there) == (2, 1)
    assert import_rows(house, tmp_path, [row("")], map_).already_there == 1


def test_a_rejected_cell_is_no_formula(house, tmp_path):
    path = tmp_path / "rejects.csv"
    import_rows(house, tmp_path, [row(reported="=1+1")], rejects=path)
    assert rejected(path)[0]["上报时间"] == "'=1+1"


def test_a_rejects_file_that_cannot_be_written_stops_the_import(house, tmp_path):
    with pytest.raises(Refused, match="cannot_write"):
        import_rows(house, tmp_path, ROWS, rejects=tmp_path / "nowhere" / "rejects.csv")
    assert not Matter.objects.exists()


def test_the_report_in_words_names_every_reason(house, tmp_path):
    report = import_rows(house, tmp_path, [row(), row("2", "不详")])
    with translation.override("en"):
        words = report.in_words()
    assert "1 imported" in words
    assert "The date cannot be read" in words


def test_the_number_of_queries_of_a_batch_is_fixed(house, tmp_path, django_assert_max_num_queries):
    rows = [row(str(number)) for number in range(900)]
    import_rows(house, tmp_path, [row("first")])
    with django_assert_max_num_queries(25):
        import_rows(house, tmp_path, rows)


def line(external_id, place="和平里", more=""):
    return f"{external_id},2026-03-02 08:00,,路灯,{place},116.41,39.95{more}\n"


@pytest.mark.parametrize("after", [1, 3, 9000])
def test_a_quotation_mark_that_is_never_closed_costs_its_own_row_only(house, tmp_path, after):
    head = ",".join(HEADER) + "\n"
    table = head + line("R-1") + line("R-2", '"和平里') + "".join(line(f"S-{place}") for place in range(after))
    rejects = tmp_path / "rejects.csv"
    path = a_file(tmp_path, table)
    report = import_matters(path, a_map(), house.station, by=None, rejects=rejects)
    assert (report.read, report.imported, dict(report.rejected_by)) == (after + 2, after + 1, {"broken_quotes": 1})
    assert [told["row"] for told in rejected(rejects)] == ["3"]


def test_a_cell_of_ten_megabytes_is_rejected_as_that_and_costs_its_own_row_only(house, tmp_path):
    table = ",".join(HEADER) + "\n" + line("R-1") + line("R-2", "大" * 3_500_000) + line("R-3")
    rejects = tmp_path / "rejects.csv"
    report = import_matters(a_file(tmp_path, table), a_map(), house.station, by=None, rejects=rejects)
    assert (report.read, report.imported, dict(report.rejected_by)) == (3, 2, {"long_cell": 1})
    assert [told["row"] for told in rejected(rejects)] == ["3"]


def test_a_very_long_text_is_cut_and_marked(house, tmp_path):
    rows = [row(place="1 室 13800138000 " * 5_000)]
    report = import_rows(house, tmp_path, rows)
    assert (report.imported, report.flags["shortened"], report.flags["masked"]) == (1, 1, 1)
    assert len(Matter.objects.get().place_name) == 120
    assert "138" not in Matter.objects.get().place_name


def test_a_title_of_which_nothing_may_be_kept_becomes_the_category(house, tmp_path):
    report = import_rows(house, tmp_path, [row(place="12室")], a_map(fields='title = "地点"'))
    assert report.imported == 1
    assert Matter.objects.get().title == Matter.objects.get().category.name_zh
    assert verify().ok
