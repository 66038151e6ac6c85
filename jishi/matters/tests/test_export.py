"""The export: what the filter shows and no more, and nothing that a spreadsheet would run."""

import csv
import io

import openpyxl
import pytest
from django.test import Client

from jishi.matters.actions import PartyInput, Place, report_matter
from jishi.matters.models import Matter
from jishi.matters.tests import factory as make
from jishi.matters.views import export as views

pytestmark = pytest.mark.django_db


@pytest.fixture
def house():
    return make.a_station()


@pytest.fixture
def client(house):
    client = Client()
    client.force_login(house.analyst)
    return client


def rows(answer):
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    return list(csv.reader(io.StringIO(text)))


def test_csv_has_what_the_filter_shows(house, client):
    pushed = make.a_matter(house, "pushed")
    make.a_matter(house, "closed")
    answer = client.get("/matters/export/?state=pushed")
    assert answer["Content-Disposition"].startswith('attachment; filename="XH-')
    head, row = rows(answer)
    assert len(head) == len(row)
    assert row[0] == pushed.number


def test_a_workbook_has_the_same(house, client):
    make.a_matter(house, "pushed")
    content = b"".join(client.get("/matters/export/?format=xlsx").streaming_content)
    sheet = openpyxl.load_workbook(io.BytesIO(content), read_only=True).active
    found = [[str(value if value is not None else "") for value in row] for row in sheet.iter_rows(values_only=True)]
    assert found == rows(client.get("/matters/export/"))


def test_no_party_no_description_no_point(house, client):
    where = Place("和平里", None, 116.41, 39.95)
    who = [PartyInput("reporter", "张三丰", "13800138000")]
    report_matter(house.station, by=house.desk, title="噪声", description="独一无二的描述", place=where, parties=who)
    text = str(rows(client.get("/matters/export/")))
    for secret in ("张三丰", "13800138000", "独一无二", "116.41"):
        assert secret not in text


@pytest.mark.parametrize("title", ["=1+1", "+86", "-cmd", "@SUM(A1)", "\tx"])
def test_formulas_are_defused(house, client, title):
    matter = make.a_matter(house)
    Matter.objects.filter(pk=matter.pk).update(title=title)
    assert rows(client.get("/matters/export/"))[1][1] == f"'{title}"


def test_the_cap_is_said(house, client, monkeypatch):
    monkeypatch.setattr(views, "MOST", 2)
    for _each in range(3):
        make.a_matter(house)
    lines = rows(client.get("/matters/export/"))
    assert len(lines) == 4
    assert len(lines[-1]) == 1


def test_chunks_follow_each_other(house, client, monkeypatch):
    monkeypatch.setattr("jishi.matters.queries.listing.EXPORT_CHUNK", 2)
    numbers = [make.a_matter(house).number for _each in range(5)]
    for query in ("", "q=楼道"):
        assert [line[0] for line in rows(client.get(f"/matters/export/?{query}"))[1:]] == numbers[::-1]


def test_the_words_are_of_the_readers_language(house, client):
    make.a_matter(house)
    assert rows(client.get("/matters/export/", headers={"accept-language": "en"}))[0][0] == "Number"
