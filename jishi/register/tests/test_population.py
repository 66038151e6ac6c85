"""Population as counts: exact inside the station, suppressed outside, and nothing that leaves but the table."""

from datetime import date, timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from jishi.base.errors import Refused
from jishi.register import actions, queries
from jishi.register.models import CountRelease, HelpCount, PopulationCount
from jishi.register.queries.population import former_releases, release_of
from jishi.register.suppression import Published
from jishi.register.tests.factory import a_building, a_ground, a_hydrant
from jishi.stations.actions import give_post
from jishi.stations.models import Staff

pytestmark = pytest.mark.django_db
SPRING, SUMMER = date(2026, 3, 1), date(2026, 6, 1)


@pytest.fixture
def counted(ground):
    """Four buildings of the west with counts, one of them with three households; one of the east."""
    for place, households in enumerate((30, 41, 3, 25)):
        building = a_building(ground, f"和平里{place}号楼")
        record(building, SPRING, households, households * 3, 6)
    record(a_building(ground, "建设路1号楼", area=ground.east.pk), SPRING, 50, 120, 8)
    return ground


def record(where, on, households, long_term, temporary):
    actions.record_counts(where, on=on, households=households, long_term=long_term, temporary=temporary, by=None)


@pytest.fixture
def outsider(ground):
    """The chief of the bureau, who sees the station from above."""
    person = Staff.objects.create(username="above", name="局长")
    give_post(person, role="chief", bureau=ground.station.bureau)
    return Staff.objects.get(pk=person.pk)


@pytest.fixture
def chief(screen, ground):
    screen.force_login(ground.chief)
    return screen


def outside_of(person, ground):
    return {
        (line.area, line.place): (line.households, line.long_term, line.temporary, line.residents)
        for line in queries.published_counts(person, ground.station.pk).lines
    }


def test_the_newest_count_of_each_building_is_summed_by_area(counted):
    record(counted.station.element_set.get(name="和平里0号楼"), SUMMER, 31, 93, 6)
    east, west = queries.counts_of(counted.chief, counted.station.pk)
    assert west.shown == (31 + 41 + 3 + 25, 93 + 123 + 9 + 75, 24)
    assert east.shown == (50, 120, 8)
    assert west.newest == SUMMER
    earlier = queries.counts_of(counted.chief, counted.station.pk, SPRING)[1]
    assert earlier.shown[0] == 30 + 41 + 3 + 25


def test_an_area_counted_as_a_whole_holds_its_buildings(counted):
    record(counted.west, SPRING, 150, 400, 40)
    west = queries.counts_of(counted.chief, counted.station.pk)[1]
    assert west.shown == (150, 400, 40)
    rest = next(row for row in release_of(counted.station.pk, SPRING).rows if row.place == f"area-{counted.west.pk}")
    assert (rest.households, rest.long_term, rest.temporary) == (150 - 99, 400 - 297, 40 - 24)


def test_an_area_that_holds_less_than_its_buildings_is_not_used(counted, chief):
    record(counted.west, SPRING, 10, 400, 40)
    west = queries.counts_of(counted.chief, counted.station.pk)[1]
    assert west.contradicts
    assert west.shown[0] == 99
    assert not any(row.place.startswith("area-") for row in release_of(counted.station.pk, SPRING).rows)
    assert "less than its buildings: not used" in chief.get(reverse("register:population")).content.decode()


def test_a_closed_building_is_not_counted(counted):
    actions.close_element(counted.station.element_set.get(name="和平里0号楼"), by=counted.chief)
    assert queries.counts_of(counted.chief, counted.station.pk)[1].shown[0] == 69


def test_the_screen_inside(chief, counted):
    page = chief.get(reverse("register:population"), {"area": counted.west.pk})
    assert page.context["sums"] == [149, 417, 32]
    text = page.content.decode()
    assert "和平里2号楼" in text
    assert "Counts, never people" in text


@pytest.mark.parametrize("where", ["building", "area"])
def test_counts_are_recorded_on_screen(chief, ground, where):
    building = a_building(ground)
    at = {"number": building.number, "area": ""} if where == "building" else {"number": "", "area": ground.west.pk}
    values = {"date": "2026-03-01", "households": 12, "long_term": 30, "temporary": 5}
    answer = chief.post(reverse("register:record_counts"), {**at, **values})
    assert answer.status_code == 303
    count = PopulationCount.objects.get()
    assert (count.households, count.long_term, count.temporary, count.by) == (12, 30, 5, ground.chief)


@pytest.mark.parametrize(
    "wrong",
    [
        {"number": "", "area": ""},
        {"number": "XH-E-000099"},
        {"households": "-1"},
        {"households": "x"},
        {"date": (timezone.localdate() + timedelta(days=2)).isoformat()},
    ],
)
def test_what_is_no_count_is_refused_in_words(chief, ground, wrong):
    values = {"number": a_building(ground).number, "area": "", "date": "2026-03-01"}
    values |= {"households": 12, "long_term": 30, "temporary": 5, **wrong}
    answer = chief.post(reverse("register:record_counts"), values)
    assert answer.status_code == 422
    assert 'role="alert"' in answer.content.decode()
    assert not PopulationCount.objects.exists()


def test_a_thing_has_no_population(chief, ground):
    values = {"number": a_hydrant(ground).number, "date": "2026-03-01", "households": 1, "long_term": 1, "temporary": 1}
    assert chief.post(reverse("register:record_counts"), values).status_code == 422


def test_help_counts_stand_from_five_on(chief, ground):
    values = {"area": ground.west.pk, "kind": "alone_80", "date": "2026-03-01"}
    assert chief.post(reverse("register:record_help"), {**values, "count": 7}).status_code == 303
    assert HelpCount.objects.get().count == 7
    page = chief.get(reverse("register:population"), {"tab": "help"}).content.decode()
    assert "80 or older, living alone" in page
    chief.post(reverse("register:record_help"), {**values, "count": 4})
    assert not HelpCount.objects.exists()


# What leaves the station.


def test_small_counts_are_withheld_and_totals_do_not_give_them_away(counted, outsider):
    actions.publish_counts(counted.station, SPRING, by=counted.chief)
    lines = outside_of(outsider, counted)
    assert lines["和平里社区", "和平里2号楼"][0] is None
    assert lines["和平里社区", "和平里0号楼"] == (30, 90, 6, 96)
    west = lines["和平里社区", ""][0]
    hidden = [key for key, figures in lines.items() if key[0] == "和平里社区" and key[1] and figures[0] is None]
    assert west is None or len(hidden) > 1
    assert ("建设路社区", "建设路1号楼") in lines


def test_what_was_withheld_once_stays_so(counted, outsider):
    actions.publish_counts(counted.station, SPRING, by=counted.chief)
    record(counted.station.element_set.get(name="和平里2号楼"), SUMMER, 20, 60, 6)
    actions.publish_counts(counted.station, SUMMER, by=counted.chief)
    assert outside_of(outsider, counted)["和平里社区", "和平里2号楼"][0] is None
    assert [each.release.on for each in former_releases(counted.station.pk)] == [SPRING, SUMMER]
    assert queries.published_counts(outsider, counted.station.pk).days == [SUMMER, SPRING]


def test_a_table_that_was_given_out_does_not_change(counted, outsider):
    actions.publish_counts(counted.station, SPRING, by=counted.chief)
    before = outside_of(outsider, counted)
    record(counted.station.element_set.get(name="和平里0号楼"), SPRING, 99, 99, 99)
    assert outside_of(outsider, counted) == before
    assert Published.from_data(CountRelease.objects.get().table).release.on == SPRING


@pytest.mark.parametrize(
    ("on", "code"),
    [(SPRING, "release_order"), (SPRING - timedelta(days=1), "release_order"), (date(2999, 1, 1), "future")],
)
def test_days_only_go_forward(counted, on, code):
    actions.publish_counts(counted.station, SPRING, by=counted.chief)
    with pytest.raises(Refused) as refused:
        actions.publish_counts(counted.station, on, by=counted.chief)
    assert refused.value.code == code


def test_nothing_counted_is_no_table(ground):
    with pytest.raises(Refused, match="nothing_counted"):
        actions.publish_counts(ground.station, SPRING, by=ground.chief)


def test_the_chief_gives_a_table_out_on_screen(chief, counted):
    assert (
        "No table was given out yet" in chief.get(reverse("register:population"), {"tab": "outside"}).content.decode()
    )
    assert chief.get(reverse("register:export_counts")).status_code == 422
    assert chief.post(reverse("register:publish_counts"), {"date": "2026-03-01"}).status_code == 303
    assert chief.post(reverse("register:publish_counts"), {"date": "2026-03-01"}).status_code == 422
    page = chief.get(reverse("register:population"), {"tab": "outside"})
    assert "withheld" in page.content.decode()


def test_the_export_is_the_suppressed_table_for_everybody(screen, counted, outsider):
    actions.publish_counts(counted.station, SPRING, by=counted.chief)
    found = set()
    for person in (counted.chief, counted.officer, outsider):
        screen.force_login(person)
        answer = screen.get(reverse("register:export_counts"))
        assert answer.status_code == 200
        found.add(answer.content)
    [content] = found
    rows = [line.split(",") for line in content.decode("utf-8-sig").splitlines()]
    assert len(rows) == 1 + 1 + 2 + 5
    small = next(row for row in rows if "和平里2号楼" in row)
    assert small[4] == "*"


def test_from_outside_only_the_table_is_seen(screen, counted, outsider):
    actions.record_help(counted.west, on=SPRING, kind="stairs", count=11, by=None)
    assert queries.counts_of(outsider, counted.station.pk) == []
    assert queries.help_counts_of(outsider, counted.station.pk) == {}
    screen.force_login(outsider)
    for query in ({}, {"tab": "counts", "area": counted.west.pk}, {"tab": "help"}):
        page = screen.get(reverse("register:population"), query).content.decode()
        assert "You look at this station from outside" in page
        assert "297" not in page
        assert "和平里2号楼" not in page
    actions.publish_counts(counted.station, SPRING, by=counted.chief)
    assert "和平里0号楼" in screen.get(reverse("register:population")).content.decode()


def test_from_outside_a_buildings_page_does_not_tell(screen, counted, outsider):
    building = counted.station.element_set.get(name="和平里0号楼")
    address = reverse("register:element", args=[building.number])
    for person, told in ((counted.officer, 1), (outsider, 0)):
        screen.force_login(person)
        assert len(screen.get(address).context["facts"].counts) == told


def test_another_station_sees_nothing(screen, counted):
    actions.publish_counts(counted.station, SPRING, by=counted.chief)
    stranger = a_ground("YH", counted.station.bureau).chief
    assert queries.published_counts(stranger, counted.station.pk).on is None
    screen.force_login(stranger)
    assert "和平里0号楼" not in screen.get(reverse("register:population")).content.decode()


@pytest.mark.parametrize("role", ["desk", "officer", "auxiliary", "checker", "analyst", "auditor", "administrator"])
def test_only_leaders_give_a_table_out(screen, counted, role):
    screen.force_login(counted.people[role])
    assert screen.post(reverse("register:publish_counts"), {"date": "2026-03-01"}).status_code == 403
    assert screen.get(reverse("register:publish_counts")).status_code == 403


def test_the_number_of_queries_is_fixed(chief, counted, django_assert_max_num_queries):
    actions.publish_counts(counted.station, SPRING, by=counted.chief)
    for tab in ("counts", "help", "outside"):
        chief.get(reverse("register:population"), {"tab": tab})
        with django_assert_max_num_queries(14):
            chief.get(reverse("register:population"), {"tab": tab, "area": counted.west.pk})
