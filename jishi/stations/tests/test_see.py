"""What a person sees starts from their posts, and costs one query."""

import pytest
from django.contrib.auth.models import AnonymousUser

from jishi.stations import actions, queries
from jishi.stations.models import Agency, Post, Role, Staff, Unit

pytestmark = pytest.mark.django_db


def test_an_officer_sees_the_own_station_only(officer, station, other_station, far_station, patrol):
    access = queries.access_of(officer)
    assert list(queries.visible_to(officer)) == [station]
    assert access.roles(station.pk) == {"officer"}
    assert access.roles(other_station.pk) == frozenset()
    assert access.unit_ids == access.unit_ids_at(station.pk) == {patrol.pk}
    assert access.unit_ids_at(other_station.pk) == frozenset()
    assert access.home == station.pk
    assert access.sees(station.pk)
    assert not access.sees(far_station.pk)
    assert not access.is_bureau
    assert not access.is_administrator


def test_a_bureau_post_counts_for_every_station_below(bureau_administrator, station, other_station, far_station):
    access = queries.access_of(bureau_administrator)
    assert set(access.station_ids) == {station.pk, other_station.pk}
    assert access.roles(other_station.pk) == {"administrator"}
    assert access.is_bureau
    assert access.is_administrator
    assert access.unit_ids == frozenset()
    assert not access.sees(far_station.pk)


def test_a_bureau_without_stations_is_seen_by_its_administrator(bureau, bureau_administrator):
    assert queries.access_of(bureau_administrator).station_ids == ()
    assert list(queries.administered_bureaux(bureau_administrator)) == [bureau]
    assert queries.access_of(bureau_administrator).is_administrator


def test_home_is_the_station_of_the_first_post_even_beside_a_bureau_post(bureau, station, other_station):
    staff = actions.create_staff(username="two", name="二", password=None, posts=[])
    actions.give_post(staff, role=Role.ANALYST, bureau=bureau)
    actions.give_post(staff, role=Role.CHECKER, station=station)
    access = queries.access_of(staff)
    assert access.home == station.pk
    assert access.roles(station.pk) == {"checker", "analyst"}
    assert access.roles(other_station.pk) == {"analyst"}


def test_access_is_one_query_and_then_none(officer, bureau_administrator, other_station, django_assert_num_queries):
    for staff in Staff.objects.filter(pk__in=[officer.pk, bureau_administrator.pk]):
        with django_assert_num_queries(1):
            assert queries.access_of(staff).stations[0].name
        with django_assert_num_queries(0):
            queries.access_of(staff)


def test_access_is_read_again_after_a_change_of_posts(officer, station, other_station):
    queries.access_of(officer)
    post = actions.give_post(officer, role=Role.DESK, station=other_station)
    assert queries.access_of(officer).sees(other_station.pk)
    actions.take_post(post)
    assert not queries.access_of(officer).sees(other_station.pk)
    Post.objects.all().delete()
    officer.refresh_from_db()
    assert queries.access_of(officer).station_ids == ()


def test_nobody_and_the_closed_account_see_nothing(officer, station):
    officer.is_active = False
    for someone in (AnonymousUser(), officer):
        assert not queries.visible_to(someone).exists()
        assert not queries.areas_of(someone).exists()
        assert not queries.units_of(someone).exists()
        assert not queries.agencies_of(someone).exists()
        assert not queries.visible_bureaux(someone).exists()


def test_units_and_agencies_and_colleagues_are_those_of_the_visible_stations(
    officer, outsider, administrator, station, far_station, bureau, patrol
):
    fire = Agency.objects.create(bureau=bureau, code="fire", name="消防救援站")
    Agency.objects.create(bureau=far_station.bureau, code="fire", name="远山消防")
    closed = Unit.objects.create(station=station, code="old", name="旧组", active=False)
    assert set(queries.units_of(officer).values_list("kind", flat=True)) == {"desk", "checking", "command", "patrol"}
    assert closed not in queries.units_of(officer)
    assert list(queries.units_of(officer, far_station)) == []
    assert list(queries.agencies_of(officer)) == [fire]
    assert set(queries.colleagues_of(officer, station)) == {officer, administrator}
    assert list(queries.colleagues_of(officer, station, patrol)) == [officer]
    assert list(queries.colleagues_of(officer, far_station)) == []
    assert queries.desk_of(station.pk).kind == "desk"
    assert list(queries.visible_bureaux(officer)) == [bureau]


def test_an_administrator_manages_accounts_of_the_own_station(administrator, officer, outsider, bureau_administrator):
    assert set(queries.manageable_staff(administrator)) == {administrator, officer}
    assert set(queries.manageable_staff(bureau_administrator)) == {administrator, officer, bureau_administrator}
    assert list(queries.manageable_staff(officer)) == []
