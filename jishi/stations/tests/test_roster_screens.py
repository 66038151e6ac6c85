"""The duty roster on the screen: planned, copied, taken back, printed; who is offered what; what it costs."""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.http import Http404
from django.urls import reverse
from django.utils import timezone

from jishi.stations import actions, roster
from jishi.stations.models import Role, Shift, Staff, Unit

HOUR = timedelta(hours=1)
SHANGHAI = ZoneInfo("Asia/Shanghai")
MONDAY = date(2026, 3, 2)
PAGE_QUERIES = 7


@pytest.fixture
def desk_unit(station):
    return Unit.objects.get(station=station, kind="desk")


@pytest.fixture
def desk(station, desk_unit):
    return someone("desk", "王值班", role=Role.DESK, unit=desk_unit)


@pytest.fixture
def noon():
    return timezone.now().replace(minute=0, second=0, microsecond=0)


def someone(username, name, **post):
    return actions.create_staff(username=username, name=name, password=None, posts=[post])


def on(station, staff, starts, hours=12, *, by, unit=None):
    return actions.add_shift(station, staff=staff, unit=unit, starts=starts, ends=starts + hours * HOUR, by=by)


def at(day, hour, zone=SHANGHAI):
    return datetime.combine(day, time(hour), tzinfo=zone)


def test_a_shift_is_planned_on_the_screen(client, station, desk, desk_unit):
    client.force_login(desk)
    address = reverse("stations:add_shift")
    assert "2026-03-02" in client.get(f"{address}?day=2026-03-02&unit={desk_unit.pk}").content.decode()
    sent = {"staff": desk.pk, "unit": desk_unit.pk, "day": "2026-03-02", "pattern": "night"}
    answer = client.post(address, sent)
    assert (answer.status_code, answer.url) == (303, reverse("stations:roster") + "?week=2026-03-02")
    shift = Shift.objects.get()
    assert (shift.starts, shift.ends) == (at(MONDAY, 20), at(MONDAY + timedelta(days=1), 8))
    assert client.post(address, sent).status_code == 422
    assert 'value="night"' in client.get(reverse("stations:change_shift", args=[shift.pk])).content.decode()
    other = {**sent, "pattern": "other", "begins": "06:00", "ends": "06:00", "last_day": "2026-03-04"}
    assert client.post(reverse("stations:change_shift", args=[shift.pk]), other).status_code == 303
    shift.refresh_from_db()
    assert (shift.starts, shift.ends) == (at(MONDAY, 6), at(MONDAY + timedelta(days=2), 6))
    page = client.get(answer.url).content.decode()
    assert "王值班" in page
    assert "06:00–03-04 06:00" in page
    assert "王值班" in client.get(reverse("stations:print_roster") + "?week=2026-03-02").content.decode()
    assert client.post(reverse("stations:drop_shift", args=[shift.pk])).status_code == 303
    assert not Shift.objects.exists()


@pytest.mark.parametrize("wrong", [{"pattern": "other"}, {"pattern": "x"}, {"day": "x"}, {"staff": "0"}, {"unit": "0"}])
def test_a_form_that_is_not_full_says_so(client, station, desk, wrong):
    client.force_login(desk)
    sent = {"staff": desk.pk, "unit": "", "day": "2026-03-02", "pattern": "day", **wrong}
    answer = client.post(reverse("stations:add_shift"), sent)
    assert answer.status_code == 422
    assert "field-errors" in answer.content.decode()


def test_a_week_is_copied_and_taken_back_on_the_screen(client, station, desk, officer):
    on(station, desk, at(MONDAY, 8), by=desk)
    client.force_login(desk)
    answer = client.post(reverse("stations:repeat_week"), {"week": "2026-03-04", "weeks": "1"})
    assert answer.url.endswith("?week=2026-03-09")
    assert "data-undo" in client.get(answer.url).content.decode()
    made = Shift.objects.order_by("-starts").first()
    again = client.post(reverse("stations:repeat_week"), {"week": "2026-03-02", "weeks": "1"})
    assert "王值班" in client.get(again.url).content.decode()
    assert client.post(reverse("stations:drop_shifts"), {"ids": f"{made.pk},x"}).status_code == 303
    assert Shift.objects.count() == 1


def test_only_planners_are_offered_to_plan(client, station, desk, officer):
    on(station, desk, at(MONDAY, 8), by=desk)
    for who, offered in ((desk, True), (officer, False)):
        client.force_login(who)
        page = client.get(reverse("stations:roster") + "?week=2026-03-02").content.decode()
        assert (reverse("stations:add_shift") in page) is offered
    assert client.get(reverse("stations:add_shift")).status_code == 403


def test_the_bureaus_roster_has_an_address(client, bureau, station, desk, outsider, noon):
    chief = someone("chief", "局长", role=Role.CHIEF, bureau=bureau)
    on(bureau, chief, noon, by=chief)
    address = f"{reverse('stations:roster')}?bureau={bureau.pk}"
    for who, status in ((chief, 200), (desk, 200), (outsider, 404)):
        client.force_login(who)
        assert client.get(address).status_code == status
    client.force_login(chief)
    assert f"{reverse('stations:add_shift')}?bureau={bureau.pk}&amp;day=" in client.get(address).content.decode()
    sent = {"staff": chief.pk, "day": "2026-03-02", "pattern": "whole"}
    assert client.post(f"{reverse('stations:add_shift')}?bureau={bureau.pk}", sent).status_code == 303


def test_nobody_looks_into_another_stations_roster(far_station, desk, outsider, noon):
    shift = on(far_station, outsider, noon, by=outsider)
    with pytest.raises(Http404):
        roster.get_shift(desk, shift.pk)
    assert roster.get_shift(outsider, shift.pk) == shift


def test_somebody_without_a_station_sees_the_bureaus(bureau):
    chief = someone("chief", "局长", role=Role.CHIEF, bureau=bureau)
    assert roster.ground_of(chief, None) == bureau
    with pytest.raises(Http404):
        roster.ground_of(Staff(is_active=False), None)


@pytest.mark.parametrize("shifts", [1, 30])
def test_queries_do_not_grow_with_the_shifts(client, station, desk, shifts, django_assert_num_queries):
    for place in range(shifts):
        on(station, desk, at(MONDAY, 0) + place * HOUR, 1, by=desk)
    client.force_login(desk)
    client.get(reverse("stations:roster"))
    with django_assert_num_queries(PAGE_QUERIES):
        client.get(reverse("stations:roster") + "?week=2026-03-02")


def test_a_lead_is_marked_by_the_administrator_and_shown(client, station, patrol, officer, administrator):
    client.force_login(administrator)
    address = reverse("admin:stations_staff_change", args=[officer.pk])
    assert "posts-1-lead" in client.get(address).content.decode()
    post = officer.posts.get()
    sent = {
        "username": officer.username, "name": officer.name, "email": "", "language": "", "is_active": "on",
        "posts-TOTAL_FORMS": "2", "posts-INITIAL_FORMS": "1", "posts-MIN_NUM_FORMS": "0",
        "posts-MAX_NUM_FORMS": "1000", "posts-0-id": post.pk, "posts-0-staff": officer.pk, "posts-0-DELETE": "on",
        "posts-1-role": "officer", "posts-1-unit": patrol.pk, "posts-1-station": station.pk, "posts-1-lead": "on",
        "posts-1-staff": officer.pk,
    }  # fmt: skip
    assert client.post(address, sent).status_code == 302
    assert officer.posts.get().lead
    mate = someone("mate", "赵同", role=Role.OFFICER, unit=patrol)
    client.force_login(mate)
    assert "李明" in client.get(reverse("stations:account")).content.decode()
