"""The first rows of a real city's year, where the data is at hand."""

import csv
import gzip
import os
from itertools import islice
from pathlib import Path

import pytest

from jishi.exchange.matters_import import import_matters
from jishi.matters.tests import factory
from jishi.stations.models import Area

HOUSE = Path(__file__).resolve().parents[3]
TABLE = (
    Path(os.environ.get("JISHI_REAL_DATA", HOUSE.parent / "shared" / "data"))
    / "boston_311_2015"
    / "boston_311_2015.csv.gz"
)
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
