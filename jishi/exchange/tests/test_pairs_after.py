"""After a list came into the register, the register is looked through for what stands in it twice."""

import pytest

from jishi.exchange.register_import import import_register
from jishi.jobs.models import Job
from jishi.register.models import Element
from jishi.register.tests.factory import a_ground

pytestmark = pytest.mark.django_db
MAP = """
source = "list"
name = "A list"
licence = "none"
[key]
column = "no"
[file]
format = "csv"
[coordinates]
datum = "wgs84"
[fields]
address = "address"
[fields.name]
column = "name"
[fields.category]
column = "what"
default = "place.shop"
"""


@pytest.mark.parametrize("dry_run", [True, False])
def test_pairs_are_looked_for_after_an_import(tmp_path, dry_run):
    ground = a_ground()
    (tmp_path / "map.toml").write_text(MAP, encoding="utf-8")
    (tmp_path / "list.csv").write_text("no,name,address,what\n1,长乐文具店,长乐路9号,\n", encoding="utf-8")
    jobs = Job.objects.filter(kind="register.find_pairs")
    report = import_register(
        tmp_path / "list.csv", tmp_path / "map.toml", ground.station, by=ground.desk, dry_run=dry_run
    )
    assert report.created == 1
    assert Element.objects.count() == jobs.count() == (0 if dry_run else 1)
    import_register(tmp_path / "list.csv", tmp_path / "map.toml", ground.station, by=ground.desk)
    jobs.delete()
    again = import_register(tmp_path / "list.csv", tmp_path / "map.toml", ground.station, by=ground.desk)
    assert (again.unchanged, jobs.count()) == (1, 0)
