"""Lists come into the register: every row accounted for, rows of one key as the history of one element."""

from __future__ import annotations

import csv
from datetime import UTC, datetime

from jishi.exchange.tests.lists import LAT, LON, ROWS, import_plain, import_rows, plain_row
from jishi.journal.models import Event
from jishi.register import actions
from jishi.register.actions.bulk import batch_digest
from jishi.register.actions.rollups import recount
from jishi.register.history import as_of, digest_of, replay, values_of
from jishi.register.models import Change, Element, Rollup, Verification


def figures(report):
    return report.created, report.updated, report.unchanged, report.rejected


def everything():
    """All that an import leaves, apart from when it was written and the salts."""
    elements = list(
        Element.objects.order_by("number").values_list("number", "content_digest", "version", "verified_at")
    )
    steps = list(
        Change.objects.order_by("element", "version").values_list("element", "version", "kind", "fields", "at")
    )
    return elements, steps, list(Verification.objects.order_by("element", "at").values_list("element", "at", "result"))


def test_rows_of_one_key_are_the_history_of_one_element(ground, tmp_path):
    report = import_rows(ground, tmp_path)
    assert figures(report) == (3, 3, 0, 0)
    assert (report.verified, dict(report.flags)) == (6, {"no_point": 2, "default_category": 1, "masked": 1})
    place = Element.objects.get(external_id="82474")
    assert (place.name, place.address, place.lon, place.attributes) == (
        "RESTAURANT · 和平里3号", "和平里3号", 117.306, {"gas": "bottled"},
    )  # fmt: skip
    steps = list(place.changes.order_by("version").values_list("version", "kind", "at"))
    assert [kind for _, kind, _ in steps] == ["created", "verified", "verified", "verified"]
    assert [f"{at:%m-%d %H}" for _, _, at in steps] == ["11-19 16", "11-19 16", "03-01 16", "05-01 16"]
    assert place.verified_at == datetime(2026, 5, 1, 16, tzinfo=UTC)
    march = as_of(place, datetime(2026, 3, 5, tzinfo=UTC))
    assert (march["address"], march["attributes"]) == ("和平里1号", {"gas": "piped"})
    assert as_of(place, datetime(2025, 12, 1, tzinfo=UTC))["lon"] is None
    results = Verification.objects.filter(element=place).order_by("at").values_list("result", flat=True)
    assert list(results) == ["correct", "corrected", "corrected"]


def test_an_empty_cell_says_nothing_and_a_default_counts_for_new_elements_alone(ground, tmp_path):
    import_rows(ground, tmp_path)
    later = [("1932", "", "", "2026-06-01", "", "", "")]
    report = import_rows(ground, tmp_path, later)
    place = Element.objects.get(external_id="1932")
    assert (report.updated, place.category_id, place.address, place.lon) == (1, "place.shop", "和平里2号", 117.305)


def test_the_second_run_changes_nothing(ground, tmp_path):
    import_rows(ground, tmp_path)
    events, left = Event.objects.count(), everything()
    report = import_rows(ground, tmp_path)
    assert (figures(report), dict(report.flags)) == ((0, 0, 6, 0), {})
    assert (Event.objects.count(), everything()) == (events, left)


def test_two_rows_of_one_moment_fold_in_the_order_of_the_file_and_only_once(ground, tmp_path):
    rows = [
        ("5", "Restaurant", "和平里1号", "2026-03-02", "", "", ""),
        ("5", "Restaurant", "和平里7号", "2026-03-02", "", "", ""),
    ]
    assert figures(import_rows(ground, tmp_path, rows)) == (1, 1, 0, 0)
    left = everything()
    assert figures(import_rows(ground, tmp_path, rows)) == (0, 0, 2, 0)
    assert (Element.objects.get().address, everything()) == ("和平里7号", left)


def test_a_dry_run_says_the_same_and_writes_nothing(ground, tmp_path):
    rows = [*ROWS, ("", "Restaurant", "和平里8号", "2026-03-02", "", "", "")]
    dry = import_rows(ground, tmp_path, rows, dry_run=True)
    assert not Element.objects.exists()
    assert not Event.objects.exists()
    real = import_rows(ground, tmp_path, rows)
    assert {**dry.as_dict(), "dry_run": False} == real.as_dict()
    assert dict(real.rejected_by) == {"missing_external_id": 1}


def test_an_older_list_adds_its_verifications_and_changes_no_field(ground, tmp_path):
    import_rows(ground, tmp_path)
    report = import_rows(ground, tmp_path, [("82474", "Restaurant", "旧地址", "2024-01-01", LAT, LON, "")])
    place = Element.objects.get(external_id="82474")
    assert (report.updated, place.address, place.version) == (1, "和平里3号", 5)
    assert Verification.objects.filter(element=place).count() == 4
    assert place.verified_at == datetime(2026, 5, 1, 16, tzinfo=UTC)


def test_a_correction_made_here_stays_until_the_list_says_something_new(ground, tmp_path):
    import_plain(ground, tmp_path, plain_row())
    actions.change_element(Element.objects.get(), {"name": "平安生鲜超市"}, by=ground.officer)
    assert figures(import_plain(ground, tmp_path, plain_row())) == (0, 0, 1, 0)
    import_plain(ground, tmp_path, plain_row(地址="和平里11号"))
    found = Element.objects.get()
    assert (found.name, found.address) == ("平安生鲜超市", "和平里11号")
    import_plain(ground, tmp_path, plain_row(名称="平安便民店"))
    assert Element.objects.get().name == "平安便民店"


def test_without_an_order_a_number_stands_once(ground, tmp_path):
    path = tmp_path / "rejects.csv"
    rows = [plain_row(), plain_row(), plain_row(名称="别的店")]
    report = import_plain(ground, tmp_path, *rows, rejects=path)
    assert (figures(report), dict(report.rejected_by)) == ((1, 0, 1, 1), {"key_twice": 1})
    with path.open(encoding="utf-8-sig", newline="") as file:
        [line] = csv.DictReader(file)
    assert (line["row"], line["column"], line["reason"], line["名称"]) == ("4", "编号", "key_twice", "别的店")


def test_closing_down_and_opening_again(ground, tmp_path):
    import_plain(ground, tmp_path, plain_row())
    actions.set_contact(Element.objects.get(), role="keeper", reach="13800138000", by=ground.chief)
    import_plain(ground, tmp_path, plain_row(状况="停用"))
    closed = Element.objects.get()
    assert (closed.status, closed.contacts.get().reach_sealed) == ("closed", None)
    import_plain(ground, tmp_path, plain_row(状况="营业"))
    kinds = Element.objects.get().changes.order_by("version").values_list("kind", flat=True)
    assert list(kinds) == ["created", "closed", "reopened"]


def test_one_that_was_merged_away_is_left_alone(ground, tmp_path):
    import_plain(ground, tmp_path, plain_row("S-1"), plain_row("S-2", 名称="平安超市二"))
    one, two = Element.objects.order_by("external_id")
    actions.merge_elements(one, two, by=ground.chief)
    report = import_plain(ground, tmp_path, plain_row("S-2", 名称="改名"))
    assert (figures(report), dict(report.flags)) == ((0, 0, 1, 0), {"merged_away": 1})


def test_what_is_written_is_what_one_by_one_would_have_written(ground, tmp_path):
    import_plain(ground, tmp_path, plain_row())
    listed = Element.objects.get()
    single = actions.create_element(
        ground.station, by=None, category="place.shop", name="平安超市", address="和平里9号",
        point=actions.Point(float(LON), float(LAT)),
    )  # fmt: skip
    single.refresh_from_db()
    for name in (
        "area_id",
        "cell",
        "quad",
        "kind",
        "address_key",
        "issues",
        "freshness",
        "due_at",
        "flips_at",
        "status",
    ):
        assert getattr(listed, name) == getattr(single, name), name
    assert listed.number.rpartition("-")[0] == single.number.rpartition("-")[0]
    assert set(single.grams.split()) - set(listed.grams.split()) == {"000002"}


def test_sums_and_history_are_in_step_with_the_rows(ground, tmp_path):
    import_rows(ground, tmp_path)
    import_rows(ground, tmp_path, [("1932", "Restaurant", "建设路4号", "2026-07-01", LAT, "117.3150", "管道")])
    names = ("station_id", "status", "area_id", "category_id", "grade", "freshness", "quad")
    sums = {key: value for key, value in recount(Element.objects.values(*names)).items() if value != (0, 0, 0)}
    stored = Rollup.objects.filter(count__gt=0).values_list(
        "station", "level", "quad", "area", "category", "grade", "freshness", "count", "x", "y"
    )
    assert {row[:7]: row[7:] for row in stored} == sums
    for element in Element.objects.all():
        assert replay(element.changes.order_by("version").values_list("fields", flat=True)) == values_of(element)
        assert element.version == element.changes.count()


def test_one_event_seals_a_batch(ground, tmp_path, monkeypatch):
    monkeypatch.setattr("jishi.exchange.register_import.BATCH", 3)
    import_rows(ground, tmp_path)
    events = list(Event.objects.order_by("seq"))
    assert {(event.kind, event.subject_kind) for event in events} == {("register.imported", "register_batch")}
    assert len(events) == 2
    for event in events:
        changes = list(Change.objects.filter(batch=event.subject_id).order_by("element", "version"))
        digests = [digest_of(change.salt, change.fields) for change in changes]
        assert digests == [change.digest for change in changes]
        assert f'"count":{len(changes)}' in event.payload
        assert f'"digest":"{batch_digest(digests)}"' in event.payload
        assert '"source":"food"' in event.payload


def test_grades_reasons_and_attributes(ground, tmp_path):
    rows = [
        plain_row("S-1", 等级="红", 理由="人很多；hazardous_goods"),
        plain_row("S-2", 等级="橙"),
        plain_row("S-3", 等级="蓝", 理由="不知道"),
    ]
    report = import_plain(ground, tmp_path, *rows)
    assert dict(report.flags) == {"grade_without_reason": 1, "unknown_reason": 1}
    graded = Element.objects.order_by("external_id").values_list("grade", "reasons")
    assert list(graded) == [(1, ["crowds", "hazardous_goods"]), (0, []), (4, [])]
