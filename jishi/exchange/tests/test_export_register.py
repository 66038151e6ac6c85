"""The export of the register: what the filters leave, in four formats, and nothing of a person."""

from __future__ import annotations

import csv
import io
import json

import openpyxl
import pyarrow.parquet as pq
import pytest
import shapely
from django.urls import reverse

from jishi.exchange.exports import rows as exported
from jishi.register import actions
from jishi.register.models import Element
from jishi.register.tests import factory

pytestmark = pytest.mark.django_db
FORMATS = ("csv", "xlsx", "geojson", "geoparquet")


@pytest.fixture
def ground():
    return factory.a_ground()


@pytest.fixture
def held(ground):
    """A hydrant, a building with a contact and counts, and a hydrant without a point."""
    hydrant = factory.a_hydrant(ground, "=消火栓", grade=1, reasons=["old_wiring"])
    building = factory.a_building(ground)
    actions.set_contact(building, role="keeper", reach="13800138000", by=ground.officer)
    factory.a_hydrant(
        ground, "无点消火栓", point=None, attributes={"state": "broken", "type": "ground", "pressure": 0.3}
    )
    return hydrant, building


def exporting(client, ground, form, role="officer", language="en", **query):
    client.force_login(ground.people[role])
    response = client.get(
        reverse("exchange:export_register"), {"format": form, **query}, headers={"Accept-Language": language}
    )
    assert response.status_code == 200
    return response, b"".join(response)


def csv_rows(content):
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))


def test_csv_has_words_and_codes_and_no_formula(client, ground, held):
    response, content = exporting(client, ground, "csv")
    assert response["Content-Type"] == "text/csv; charset=utf-8"
    first, second, third = csv_rows(content)
    assert (first["Name"], first["Category code"], first["Area code"], first["Grade"]) == (
        "'=消火栓", "thing.hydrant", "west", "Red",
    )  # fmt: skip
    assert (first["Condition (state)"], third["Condition (state)"]) == ("good", "broken")
    assert (second["Condition (state)"], second["Category"]) == ("", "Residential building")
    assert (third["Pressure MPa (pressure)"], third["Longitude (WGS-84)"]) == ("0.3", "")


def test_the_heads_are_in_the_readers_language(client, ground, held):
    ground.officer.language = "zh-hans"
    ground.officer.save()
    text = exporting(client, ground, "csv", language="zh-hans")[1].decode("utf-8-sig")
    head, *_rest = csv.reader(io.StringIO(text))
    assert "设备状况 (state)" in head
    assert "类别代码" in head


def test_a_workbook_has_numbers_as_numbers(client, ground, held):
    sheet = openpyxl.load_workbook(io.BytesIO(exporting(client, ground, "xlsx")[1])).active
    head, first, _second, third = sheet.iter_rows(values_only=True)
    row = dict(zip(head, first, strict=True))
    assert row["Longitude (WGS-84)"] == held[0].lon
    assert row["Name"] == "'=消火栓"
    assert dict(zip(head, third, strict=True))["Pressure MPa (pressure)"] == 0.3


def test_geojson_has_codes(client, ground, held):
    response, content = exporting(client, ground, "geojson")
    assert response["Content-Type"] == "application/geo+json"
    told = json.loads(content)
    first, second, third = told["features"]
    assert first["id"] == held[0].number
    assert first["geometry"] == {"type": "Point", "coordinates": [held[0].lon, held[0].lat]}
    assert (first["properties"]["attributes.state"], first["properties"]["grade"]) == ("good", 1)
    assert first["properties"]["reasons"] == ["old_wiring"]
    assert (third["geometry"], third["properties"]["issues"]) == (None, ["no_point"])
    assert second["properties"]["attributes.floors"] == 6
    assert (told["numberReturned"], told["complete"]) == (3, True)


def test_geoparquet_says_what_it_is(client, ground, held):
    _response, content = exporting(client, ground, "geoparquet")
    file = pq.ParquetFile(io.BytesIO(content))
    geo = json.loads(file.metadata.metadata[b"geo"])
    assert geo["version"] == "1.1.0"
    assert geo["primary_column"] == "geometry"
    [(name, column)] = geo["columns"].items()
    assert (name, column["encoding"], column["geometry_types"]) == ("geometry", "WKB", ["Point"])
    assert column["bbox"] == [held[1].lon, held[1].lat, held[0].lon, held[0].lat]
    table = file.read().to_pydict()
    assert table["number"] == list(Element.objects.order_by("pk").values_list("number", flat=True))
    assert shapely.from_wkb(table["geometry"][0]).coords[0] == (held[0].lon, held[0].lat)
    assert table["geometry"][2] is None
    assert table["attributes.pressure"] == [None, None, 0.3]
    assert table["attributes.floors"] == [None, 6, None]
    assert table["created_at"][0] == held[0].created_at.replace(
        microsecond=held[0].created_at.microsecond // 1000 * 1000
    )
    assert file.schema_arrow.field("attributes.pressure").metadata[b"title"] == b"Pressure"


@pytest.mark.parametrize("kind", FORMATS)
def test_no_contact_and_no_count_leaves(client, ground, held, kind):
    building = held[1]
    actions.record_counts(
        building, on=building.created_at.date(), households=7777, long_term=8888, temporary=9999, by=ground.officer
    )
    _response, content = exporting(client, ground, kind)
    if kind == "xlsx":
        sheet = openpyxl.load_workbook(io.BytesIO(content)).active
        content = json.dumps(list(sheet.iter_rows(values_only=True)), default=str).encode()
    if kind == "geoparquet":
        content = json.dumps(pq.read_table(io.BytesIO(content)).to_pydict(), default=str).encode()
    for secret in (b"13800138000", b"7777", b"8888", b"9999"):
        assert secret not in content


@pytest.mark.parametrize("kind", FORMATS)
def test_the_filters_of_the_list_hold(client, ground, held, kind):
    _response, content = exporting(client, ground, kind, kind="place")
    found = {
        "csv": lambda: [row["Number"] for row in csv_rows(content)],
        "xlsx": lambda: [
            row[0] for row in openpyxl.load_workbook(io.BytesIO(content)).active.iter_rows(2, values_only=True)
        ],
        "geojson": lambda: [each["id"] for each in json.loads(content)["features"]],
        "geoparquet": lambda: pq.read_table(io.BytesIO(content)).to_pydict()["number"],
    }[kind]()
    assert found == [held[1].number]


@pytest.mark.parametrize("kind", FORMATS)
def test_an_empty_export_is_a_file_too(client, ground, kind):
    _response, content = exporting(client, ground, kind)
    assert content
    if kind == "geoparquet":
        assert pq.read_table(io.BytesIO(content)).num_rows == 0


def test_an_export_is_read_in_chunks_and_says_where_it_ends(client, ground, monkeypatch):
    made = [factory.a_hydrant(ground, f"消火栓{place}").number for place in range(5)]
    monkeypatch.setattr(exported, "CHUNK", 2)
    assert [row["Number"] for row in csv_rows(exporting(client, ground, "csv")[1])] == made
    chunks = list(exported.chunks_of(Element.objects.all(), 3))
    assert [[row["number"] for row in chunk] for chunk in chunks] == [made[:2], made[2:3]]
    *_rows, last = exported.lines_of(Element.objects.all(), 3)
    assert len(last) == 1


def test_another_station_stays_away(client, ground, held):
    other = factory.a_ground("YH")
    assert csv_rows(exporting(client, other, "csv")[1]) == []


def test_the_list_offers_the_export_of_its_filters(client, ground, held):
    client.force_login(ground.officer)
    page = client.get(reverse("register:list"), {"kind": "place", "grade": "1"}).content.decode()
    for kind in FORMATS:
        assert f"{reverse('exchange:export_register')}?format={kind}&amp;kind=place&amp;grade=1" in page
