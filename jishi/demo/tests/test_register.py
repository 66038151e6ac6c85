"""The register of the demo: whole, plausible, and held by its own history."""

from __future__ import annotations

import json
from collections import Counter
from datetime import timedelta
from pathlib import Path
from random import Random

import pytest
from django.db.models import Count, F, Sum

from jishi.demo import actions
from jishi.demo.basemap import write_basemap
from jishi.demo.lives import standings
from jishi.demo.register import TWICE, WRONG, draft_station
from jishi.demo.tests.conftest import UNTIL
from jishi.demo.town import area_of, town, wet
from jishi.matters.models import Matter
from jishi.register import verify
from jishi.register.actions import Past, PastStep
from jishi.register.actions.elements import checked
from jishi.register.actions.searches import search_pairs
from jishi.register.catalogue import sorts
from jishi.register.dwellings import names_a_flat
from jishi.register.history import EMPTY, difference, values_of
from jishi.register.models import (
    BuildingVisit,
    Contact,
    DuplicatePair,
    Element,
    FreshnessDay,
    HelpCount,
    Link,
    Part,
    PopulationCount,
    Rollup,
    Target,
    Verification,
)
from jishi.register.queries import overview_of
from jishi.stations.models import Area, Staff, Station


@pytest.mark.django_db
def test_it_is_held_by_its_history_and_its_sums(demo: actions.Made) -> None:
    assert demo.elements == Element.objects.count() > 200
    assert list(verify.problems()) == []
    for element in Element.objects.all():
        checked(element.station_id, values_of(element))
    assert not Verification.objects.filter(at__gt=UNTIL).exists()
    assert not Element.objects.filter(created_at__lt=UNTIL - timedelta(days=740)).exists()


@pytest.mark.django_db
def test_it_has_all_that_a_chief_asks_for(demo: actions.Made) -> None:
    freshness = dict(Element.objects.filter(status="active").values_list("freshness").annotate(n=Count("pk")))
    assert set(freshness) == {"fresh", "due", "overdue", "never"}
    assert freshness["fresh"] > sum(freshness.values()) / 2
    assert Element.objects.filter(grade__gt=0).exclude(reasons=[]).exists()
    assert not Element.objects.filter(grade__gt=0, reasons=[]).exists()
    for model in (BuildingVisit, Contact, HelpCount, Link, Part, PopulationCount, Target):
        assert model._default_manager.exists(), model
    assert Matter.objects.filter(element__isnull=False).count() > Matter.objects.count() / 5
    assert not Matter.objects.filter(element__created_at__gt=F("reported_at")).exists()
    assert Matter.objects.filter(lon__isnull=False).exclude(element=None).exists()


@pytest.mark.django_db
def test_the_days_end_with_what_stands_now(demo: actions.Made) -> None:
    today = FreshnessDay.objects.order_by("-day").values("day")[:1]
    totals = {name: Sum(name) for name in ("fresh", "due", "overdue", "never")}
    counted = FreshnessDay.objects.filter(day__in=today).aggregate(**totals)
    chief = Staff.objects.get(username="chief")
    overview = overview_of(chief, Station.objects.get().pk)
    assert counted == {name: overview.whole.counts.get(name, 0) for name in totals}
    assert FreshnessDay.objects.aggregate(n=Count("day", distinct=True))["n"] > 200
    assert Rollup.objects.filter(level=0).aggregate(n=Sum("count"))["n"] == overview.whole.total


@pytest.mark.django_db
def test_an_area_counts_what_its_buildings_count(demo: actions.Made) -> None:
    for area in PopulationCount.objects.filter(area__isnull=False):
        inside = PopulationCount.objects.filter(element__area=area.area_id, date=area.date)
        sums = inside.aggregate(households=Sum("households"), long_term=Sum("long_term"), temporary=Sum("temporary"))
        assert sums == {"households": area.households, "long_term": area.long_term, "temporary": area.temporary}
    assert not HelpCount.objects.filter(count__lt=5).exists()


@pytest.mark.django_db
def test_what_is_there_twice_is_found(demo: actions.Made) -> None:
    search_pairs(Station.objects.get().pk)
    found = {pk for pair in DuplicatePair.objects.values_list("a", "b") for pk in pair}
    twice = set(Element.objects.exclude(source="jishi").filter(status="active").values_list("pk", flat=True))
    assert len(twice) >= TWICE * Element.objects.count() / 2
    # Some have no point, or say the address in quite other words.
    assert len(twice & found) >= 0.5 * len(twice)


@pytest.mark.django_db
def test_a_full_district_has_some_twenty_thousand_elements() -> None:
    # Each of the four stations has six areas of the same make.
    areas = [Area(pk=number + 1, name=f"第{number}社区") for number in range(6)]
    drafts = draft_station(Random("full"), areas, 0, 1.0, UNTIL)
    assert 4500 < len(drafts) < 5500
    assert {draft.category for draft in drafts} >= set(sorts()) - {"place", "org", "thing"}
    assert 0.2 * WRONG < sum(draft.at is None or not draft.address for draft in drafts) / len(drafts) < WRONG
    assert max(Counter(draft.name for draft in drafts).values()) < 12


@pytest.mark.django_db
def test_a_standing_begins_and_ends_with_the_steps_that_make_it() -> None:
    values = {**EMPTY, "category": "thing.hydrant", "name": "x", "area": 3, "attributes": {}}
    days = [UNTIL + timedelta(days=number) for number in (0, 10, 30, 200)]
    steps = [PastStep("created", days[0], difference({**EMPTY, "attributes": {}}, values))]
    steps += [PastStep("verified", days[1], {}), PastStep("verified", days[2], {"status": ["active", "closed"]})]
    assert list(standings(Past(values, steps))) == [
        (days[0], days[1], "never", 3),
        (days[1], days[2], "fresh", 3),
    ]
    steps[2] = PastStep("changed", days[3], {"grade": [0, 1]})
    spans = list(standings(Past(values, steps)))
    assert [span[2] for span in spans] == ["never", "fresh", "due", "overdue", "overdue"]
    assert spans[-1] == (days[3], None, "overdue", 3)


def test_the_street_map_is_small_whole_and_leaves_another_alone(tmp_path: Path) -> None:
    folder = tmp_path / "basemap"
    written = write_basemap(folder)
    assert {path.name for path in written} == {
        "buildings.geojson", "labels.geojson", "parks.geojson", "roads.geojson", "water.geojson",
    }  # fmt: skip
    for path in written:
        assert path.stat().st_size < 1_000_000
        content = json.loads(path.read_text(encoding="utf-8"))
        assert content["type"] == "FeatureCollection"
        assert content["features"]
    assert write_basemap(folder) == []


def test_nothing_stands_in_the_water() -> None:
    ground = town()
    assert all(not wet(spot.at) and area_of(spot.at) == spot.area for spot in ground.spots)
    assert all(not wet(lot.at) for block in ground.blocks for lot in block.lots)
    doors = Counter((spot.street, spot.number) for spot in ground.spots)
    assert max(doors.values()) == 1
    assert not [spot for spot in ground.spots if names_a_flat("thing.manhole", f"{spot.address}门前井盖")]
    assert {spot.area for spot in ground.spots} == {(column, row) for column in range(6) for row in range(4)}
