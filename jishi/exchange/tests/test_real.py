"""Real cities, where the data is at hand: the first rows of Boston's year, all of Chicago's premises."""

import csv
import gzip
import os
from itertools import islice
from pathlib import Path

import pytest

from jishi.exchange.matters_import import import_matters
from jishi.exchange.register_import import import_register
from jishi.matters.tests import factory
from jishi.register.models import Change, Element, Verification
from jishi.stations.actions import import_areas
from jishi.stations.models import Area, Station

HOUSE = Path(__file__).resolve().parents[3]
REAL = Path(os.environ.get("JISHI_REAL_DATA", HOUSE.parent / "shared" / "data"))
TABLE = REAL / "boston_311_2015" / "boston_311_2015.csv.gz"
CHICAGO = REAL / "chicago_food_inspections" / "chicago_food_inspections.csv.gz"
MAP = HOUSE / "docs" / "maps" / "boston_311.toml"
ROWS = 1_500


@pytest.mark.skipif(not TABLE.is_file(), reason="JISHI_REAL_DATA has no boston_311_2015")
@pytest.mark.django_db
def test_every_row_of_the_first_ones_comes_in(tmp_path):
    house = factory.a_station("BOS", "Boston")
    codes = ["A1", "A7", "A15", "B2", "B3", "C6", "C11", "D4", "D14", "E5", "E13", "E18"]
    Area.objects.bulk_create(Area(station=house.station, code=code, name=code) for code in codes)
    with gzip.open(TABLE, "rt", encoding="utf-8", newline="") as file:
        lines = list(islice(csv.reader(file), ROWS + 1))
    path = tmp_path / "first.csv"
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file).writerows(lines)
    first = import_matters(path, MAP, house.station, by=None)
    again = import_matters(path, MAP, house.station, by=None)
    assert (first.read, first.imported, first.flags.get("default_category")) == (ROWS, ROWS, None)
    assert (again.imported, again.already_there) == (0, ROWS)
    assert first.flags["placeholder_point"] > 0


@pytest.mark.skipif(not CHICAGO.is_file(), reason="JISHI_REAL_DATA has no chicago_food_inspections")
@pytest.mark.django_db
def test_chicagos_premises_come_in_whole():
    outlines = CHICAGO.with_name("community_areas.geojson")
    factory.a_station("CHI", "Chicago")
    import_areas(
        outlines, name_field="name", code_field="area_number", station_code="CHI", bureau=None, dry_run=False
    )  # fmt: skip
    station = Station.objects.get(code="CHI")
    map_ = HOUSE / "docs" / "maps" / "chicago_food.toml"
    report = import_register(CHICAGO, map_, station, by=None)
    assert (report.read, report.created, report.rejected) == (27_600, 12_367, 0)
    assert (report.updated, report.unchanged, report.verified) == (15_217, 16, 27_584)
    assert report.flags["no_point"] == 110
    assert (Element.objects.count(), Verification.objects.count()) == (12_367, 27_584)
    assert Change.objects.filter(kind="created").count() == 12_367
    assert Element.objects.filter(lon=None).count() < 110
    assert Element.objects.filter(area=None, lon__isnull=False).count() < 200
    again = import_register(CHICAGO, map_, station, by=None)
    assert (again.unchanged, again.created, again.updated) == (27_600, 0, 0)
