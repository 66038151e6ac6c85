"""A category's workbook: filled in, it comes back in without a map; its wrong cells come back marked."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from jishi.base.errors import Refused
from jishi.exchange import actions
from jishi.exchange.models import Run
from jishi.exchange.tests import lists
from jishi.exchange.tests.tables import as_text
from jishi.jobs.worker import run_due
from jishi.register.models import Element

GOOD = {
    "name": "平安饭店",
    "address": "和平里1号",
    "attributes.gas": "管道燃气",
    "attributes.seats": 40,
    "lon": 117.305,
    "lat": 37.105,
}
GOOD_IN_ENGLISH = {"attributes.gas": "piped gas"}


@pytest.fixture
def clients(ground):
    made = {}
    for language in ("zh-hans", "en"):
        client = made[language] = Client(headers={"accept-language": language})
        client.force_login(ground.desk)
    return made


def opened(response):
    content = response.content if not response.streaming else b"".join(response.streaming_content)
    return openpyxl.load_workbook(io.BytesIO(content))


def the_template(client, category="place.catering"):
    response = client.get(f"/register/template/{category}.xlsx")
    assert response.status_code == 200
    return opened(response)


def fill(book, *rows):
    sheet = book.worksheets[0]
    codes = {cell.value.split(":", 2)[2]: cell.column for cell in sheet[1]}
    for number, row in enumerate(rows, 3):
        for code, value in row.items():
            sheet.cell(number, codes[code], value)
    file = io.BytesIO()
    book.save(file)
    return file.getvalue(), codes


def bring_in(client, content, name="填好.xlsx", **fields):
    sent = client.post("/import/", {"table": SimpleUploadedFile(name, content), "what": "register", **fields})
    assert sent.status_code == 303, sent.content.decode()
    run_due()
    return Run.objects.latest("pk"), sent["Location"]


def test_the_template_speaks_the_readers_language_and_shows_choices(clients):
    for language, name, label, choice in (
        ("zh-hans", "名称 *", "用气方式 *", "管道燃气"), ("en", "Name *", "Gas supply *", "piped gas"),
    ):  # fmt: skip
        book = the_template(clients[language])
        sheet, notes = book.worksheets[:2]
        heads = [cell.value for cell in sheet[2]]
        assert name in heads
        assert label in heads
        assert sheet.row_dimensions[1].hidden
        gas = next(cell for cell in sheet[1] if cell.value == "jishi:place.catering:attributes.gas")
        [rule] = [rule for rule in sheet.data_validations.dataValidation if f"{gas.column_letter}3" in rule.sqref]
        assert (rule.type, rule.formula1.startswith("lists!")) == ("list", True)
        assert choice in [row[gas.column - 1].value for row in book["lists"].iter_rows()]
        assert label.rstrip(" *") in [row[0].value for row in notes.iter_rows()]


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_filled_in_it_comes_back_without_a_map(clients, ground, language):
    row = GOOD | (GOOD_IN_ENGLISH if language == "en" else {})
    content, _ = fill(the_template(clients[language]), row, {**row, "external_id": "D-7", "name": "和平酒楼"})
    run, address = bring_in(clients[language], content)
    assert (run.state, run.template, run.figures["created"]) == ("ready", "place.catering", 2)
    assert clients[language].post(f"{address}start/").status_code == 303
    run_due()
    found = Element.objects.get(external_id="D-7")
    assert (found.category_id, found.name, found.attributes) == (
        "place.catering",
        "和平酒楼",
        {"gas": "piped", "seats": 40},
    )
    assert (found.source, found.area_id, found.number[:5]) == ("template", ground.west.pk, "XH-E-")
    again, _ = bring_in(clients[language], content)
    assert (again.figures["created"], again.figures["unchanged"]) == (0, 2)


def test_wrong_cells_come_back_marked_and_good_rows_are_kept(clients):
    client = clients["en"]
    wrong = {**GOOD, "name": "张伟", "attributes.gas": "柴火", "attributes.seats": -3, "grade": "red", "lon": 1_164_500}
    content, codes = fill(the_template(client), {**GOOD, **GOOD_IN_ENGLISH}, wrong, {"address": "和平里3号"})
    run, address = bring_in(client, content)
    assert (run.figures["created"], run.figures["rejected"]) == (1, 2)
    page = client.get(address).content.decode()
    assert f"{address}marked/" in page
    assert "Name" in page
    assert "jishi:place" not in page
    sheet = opened(client.get(f"{address}marked/")).worksheets[0]
    marked = {(cell.row, cell.column): cell.comment.text for line in sheet.iter_rows() for cell in line if cell.comment}
    place = {code: marked.get((4, column), "") for code, column in codes.items()}
    assert "person's name" in place["name"]
    assert "does not fit" in place["attributes.gas"]
    assert "does not fit" in place["attributes.seats"]
    assert "need a reason" in place["grade"]
    assert "no coordinates" in place["lon"]
    assert (5, codes["name"]) in marked
    assert not [at for at in marked if at[0] == 3]
    assert sheet.cell(4, codes["name"]).fill.fgColor.rgb == "FFF8D7DA"
    assert sheet.cell(3, codes["attributes.seats"]).value == 40
    client.post(f"{address}start/")
    run_due()
    assert [element.name for element in Element.objects.all()] == ["平安饭店"]


def test_the_datum_of_a_template_is_chosen_on_the_screen(clients):
    content, _ = fill(the_template(clients["zh-hans"]), GOOD)
    _, address = bring_in(clients["zh-hans"], content, datum="gcj02")
    clients["zh-hans"].post(f"{address}start/")
    run_due()
    found = Element.objects.get()
    assert (found.datum, found.lon != 117.305, abs(found.lon - 117.305) < 0.01) == ("gcj02", True, True)


def test_a_workbook_without_the_hidden_row_needs_a_map(clients):
    book = the_template(clients["en"])
    book.worksheets[0].delete_rows(1)
    content, _ = fill_plain(book)
    sent = clients["en"].post("/import/", {"table": SimpleUploadedFile("a.xlsx", content), "what": "register"})
    assert (sent.status_code, "no template of Jishi" in sent.content.decode()) == (422, True)
    assert not Run.objects.exists()


def fill_plain(book):
    file = io.BytesIO()
    book.save(file)
    return file.getvalue(), None


def test_a_list_with_a_map_comes_in_by_the_same_screen(clients):
    client = clients["en"]
    empty = dict.fromkeys(("top", "coordinates", "fields", "gas", "values"), "")
    files = {"map": SimpleUploadedFile("food.toml", lists.MAP.format(**empty).encode())}
    content = as_text(lists.ROWS, header=lists.HEADER).encode()
    run, address = bring_in(client, content, "food.csv", **files)
    page = client.get(address).content.decode()
    assert "Take 6 rows into the register" in page
    assert "Restaurant · 和平里1号" in page
    client.post(f"{address}start/")
    run_due()
    run.refresh_from_db()
    assert (run.state, Element.objects.count()) == ("done", 3)
    assert "Every row is accounted for" in client.get(address).content.decode()
    second = client.post(
        "/import/", {"table": SimpleUploadedFile("b.csv", content), "what": "matters", "known": run.pk}
    )
    assert (second.status_code, "for something else" in second.content.decode()) == (422, True)


def test_templates_are_for_those_who_may_import(ground):
    for role, status in (("desk", 200), ("chief", 200), ("auxiliary", 403), ("auditor", 403)):
        client = Client()
        client.force_login(ground.people[role])
        assert client.get("/register/template/place.shop.xlsx").status_code == status
    assert client.get("/register/template/place.nowhere.xlsx").status_code == 403
    desk = Client()
    desk.force_login(ground.desk)
    assert desk.get("/register/template/place.nowhere.xlsx").status_code == 404


def test_a_map_of_matters_is_refused_for_the_register(ground):
    map_ = b'source = "x"\n[fields]\nexternal_id = "a"\n'
    table = SimpleUploadedFile("a.csv", b"a,b\n")
    with pytest.raises(Refused, match="map_missing_key"):
        actions.begin_run(ground.station, table, map_, "m.toml", by=ground.desk, what="register")
