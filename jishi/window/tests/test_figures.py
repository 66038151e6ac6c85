"""The figures of a quarter: given out once, two weeks after it is over, and read by everybody."""

from __future__ import annotations

import csv
import io
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from jishi.matters import commands
from jishi.matters.actions import PublicDoor, apply
from jishi.matters.models import Matter
from jishi.matters.tests import factory
from jishi.window.actions.figures import SETTLES, release_all, release_figures
from jishi.window.figures.measured import cases_of
from jishi.window.figures.opendata import COLUMNS
from jishi.window.models import FiguresRelease
from jishi.window.quarters import Quarter
from jishi.window.station_jobs import release_quarters
from jishi.window.tests.windows import EN, SETTLED

pytestmark = pytest.mark.django_db
QUARTER = Quarter.read("2026-Q1")
assert QUARTER is not None
FEBRUARY = datetime(2026, 2, 3, 4, 0, tzinfo=UTC)


@pytest.fixture
def house():
    return factory.a_station("XH")


@pytest.fixture
def worked(house):
    """Twelve matters of one area, answered within a day; ten of their reporters said that it is mended."""
    for number in range(12):
        matter = factory.a_matter(house, "answered", now=FEBRUARY, step=timedelta(hours=1))
        if number < 10:
            said = commands.Rate(mended=number > 1, result=4, manner=5)
            apply(matter, said, by=None, door=PublicDoor(receipt=number + 1), now=FEBRUARY + timedelta(days=1))
    return house


def matters_of(house) -> list[Matter]:
    return list(Matter.objects.filter(station=house.station).order_by("pk"))


def read(answer) -> list[list[str]]:
    return list(csv.reader(io.StringIO(b"".join(answer.streaming_content).decode("utf-8-sig"))))


def test_a_quarter_is_known_by_its_code():
    assert QUARTER.code == "2026-Q1"
    assert (QUARTER.before.code, QUARTER.after.code) == ("2025-Q4", "2026-Q2")
    assert [Quarter.read(text) for text in ("", "2026", "2026-Q5", "26-Q1", "２０２６-Q1", "1999-Q1")] == [None] * 6
    begins, ends = QUARTER.span("Asia/Shanghai")
    assert (begins.isoformat(), ends.isoformat()) == ("2026-01-01T00:00:00+08:00", "2026-04-01T00:00:00+08:00")


def test_drills_duplicates_and_imports_are_not_counted(worked):
    first, second, third, *_rest = matters_of(worked)
    Matter.objects.filter(pk=first.pk).update(channel="import")
    Matter.objects.filter(pk=second.pk).update(outcome="duplicate", root=first)
    Matter.objects.filter(pk=third.pk).update(drill=True)
    assert len(cases_of(worked.station, QUARTER)) == 9


def test_cases_are_read_in_three_queries(worked, django_assert_max_num_queries):
    cases_of(worked.station, QUARTER)
    with django_assert_max_num_queries(3):
        cases = cases_of(worked.station, QUARTER)
    assert {(case.kind, case.category) for case in cases} == {("dispute", "dispute.rent")}
    assert all(case.answered_at is not None and case.due is not None for case in cases)
    assert sum(case.mended is True for case in cases) == 8


def test_nothing_is_given_out_before_a_quarter_has_settled(worked):
    ends = QUARTER.span("Asia/Shanghai")[1]
    assert release_figures(worked.station, QUARTER, ends + SETTLES - timedelta(seconds=1)) is None
    assert release_figures(worked.station, QUARTER, ends + SETTLES) is not None


def test_what_was_given_out_stays_as_it_was(worked):
    first = release_figures(worked.station, QUARTER, SETTLED)
    factory.a_matter(worked, "answered", now=FEBRUARY)
    again = release_figures(worked.station, QUARTER, SETTLED + timedelta(days=30))
    assert again.pk == first.pk
    assert again.tables == first.tables


def test_the_job_gives_out_every_quarter_with_matters_once(worked):
    assert release_all(SETTLED) == 1
    release_quarters()
    assert FiguresRelease.objects.filter(station=worked.station).count() == 1


def test_everybody_reads_the_figures_with_their_denominators(worked):
    release_figures(worked.station, QUARTER, SETTLED)
    page = Client().get("/window/XH/figures/", **EN).content.decode()
    assert "和平里社区" in page
    assert "of 10 who said so" in page
    assert "85 %" in page  # 10 of 12 said so, in steps of 5
    assert "What is counted" in page
    assert Client().get("/window/XH/figures/?quarter=2026-Q1").status_code == 200
    assert Client().get("/window/XH/figures/?quarter=2020-Q1").status_code == 404
    assert Client().get("/window/XH/figures/?quarter=%00").status_code == 404


def test_before_the_first_release_the_pages_say_when(house):
    for address in ("figures/", "open-data/"):
        assert "two weeks after" in Client().get(f"/window/XH/{address}", **EN).content.decode()
    for address in ("figures.csv", "open-data.csv"):
        assert Client().get(f"/window/XH/{address}").status_code == 404


def test_the_table_and_the_open_data_are_files(worked):
    release_figures(worked.station, QUARTER, SETTLED)
    head, whole, *more = read(Client().get("/window/XH/figures.csv", **EN))
    assert dict(zip(head, whole, strict=True))["received"] == "12"
    assert {line[1] for line in more} == {"area", "kind"}
    columns, *lines = read(Client().get("/window/XH/open-data.csv?year=2026"))
    assert tuple(columns) == COLUMNS
    assert len(lines) == 12
    assert Client().get("/window/XH/open-data.csv?year=2019").status_code == 404
    page = Client().get("/window/XH/open-data/", **EN).content.decode()
    assert "XH-2026.csv" in page
    assert all(f"<code>{name}</code>" in page for name in COLUMNS)


def test_the_open_data_holds_no_words_number_point_or_contact(worked):
    matter = matters_of(worked)[0]
    release_figures(worked.station, QUARTER, SETTLED)
    body = b"".join(Client().get("/window/XH/open-data.csv").streaming_content).decode()
    assert matter.number not in body
    assert matter.title not in body
    assert matter.place_name not in body
