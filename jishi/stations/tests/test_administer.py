"""The administrator's screens: only administrators come in, and each sees and changes only what they manage."""

import json
from datetime import time

import pytest
from django.urls import reverse

from jishi.stations import actions, queries
from jishi.stations.administration import administration
from jishi.stations.models import Agency, Area, CalendarVersion, Post, Role, Staff, Station, Unit
from jishi.stations.tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db


def page(name, *args):
    return reverse(f"admin:{name}", args=args)


@pytest.fixture
def keeper(client, administrator):
    client.force_login(administrator)
    return client


@pytest.fixture
def bureau_keeper(client, bureau_administrator):
    client.force_login(bureau_administrator)
    return client


def posts(*given, taken=(), initial=()):
    """What the form of an account sends for its posts: those that stand, those ticked to be taken, and new ones."""
    rows = [{"id": post.pk, "staff": post.staff_id, **({"DELETE": "on"} if post in taken else {})} for post in initial]
    rows += given
    sent = {"posts-TOTAL_FORMS": len(rows), "posts-INITIAL_FORMS": len(initial)}
    for index, row in enumerate(rows):
        sent |= {f"posts-{index}-{name}": value for name, value in row.items()}
    return sent


NEW = {"username": "newone", "name": "新人", "email": "", "language": "", "password1": PASSWORD, "password2": PASSWORD}
ACCOUNT = {"name": "李明", "email": "", "language": "", "is_active": "on"}


def test_who_is_not_signed_in_goes_to_the_house_s_own_door(client):
    answer = client.get(page("index"), follow=True)
    assert answer.redirect_chain[-1][0].startswith(reverse("account_login"))
    assert page("index") in answer.redirect_chain[-1][0]


def test_other_roles_do_not_come_in(client, officer):
    client.force_login(officer)
    assert client.get(page("index"), follow=True).status_code == 403
    assert client.get(page("stations_staff_changelist")).status_code == 302
    assert client.post(page("stations_staff_add"), NEW).status_code == 302
    assert not Staff.objects.filter(username="newone").exists()


def test_being_an_administrator_follows_from_the_post(client, officer, station):
    client.force_login(officer)
    post = actions.give_post(officer, role=Role.ADMINISTRATOR, station=station)
    assert client.get(page("index")).status_code == 200
    actions.take_post(post)
    assert client.get(page("index")).status_code == 302


def test_its_own_ways_out_are_those_of_the_house(keeper):
    assert keeper.get(page("login")).url == page("index")
    assert keeper.post(page("logout")).url == reverse("account_logout")
    assert keeper.get(page("password_change")).url == reverse("account_change_password")


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_every_screen_opens_in_both_languages(bureau_keeper, bureau_administrator, station, officer, language):
    actions.choose_language(bureau_administrator, language)
    html = bureau_keeper.get(page("index")).content.decode()
    assert ("我管理的" in html) == (language == "zh-hans")
    for model in administration._registry:
        name = f"{model._meta.app_label}_{model._meta.model_name}"
        answer = bureau_keeper.get(page(f"{name}_changelist"))
        assert answer.status_code == 200, name
        assert "<style" not in answer.content.decode()
        added = bureau_keeper.get(page(f"{name}_add")).status_code
        assert added == (403 if name == "stations_bureau" else 200), name
    assert bureau_keeper.get(page("stations_staff_change", officer.pk)).status_code == 200
    assert bureau_keeper.get(page("auth_user_password_change", officer.pk)).status_code == 200


def test_nothing_of_the_public_has_a_screen():
    names = {model._meta.label_lower for model in administration._registry}
    assert names == {
        *(
            f"stations.{name}"
            for name in ("bureau", "station", "area", "unit", "agency", "agencykey", "staff", "calendarversion")
        ),
        "matters.category",
        "matters.policyversion",
        "register.category",
        "register.target",
        "exchange.service",
        "window.service",
        "window.stationservice",
    }


def test_lists_and_choices_hold_only_what_is_managed(keeper, station, other_station, far_station, outsider, officer):
    assert other_station.name not in keeper.get(page("stations_station_changelist")).content.decode()
    form = keeper.get(page("stations_unit_add")).content.decode()
    assert station.name in form
    assert other_station.name not in form
    people = keeper.get(page("stations_staff_changelist")).content.decode()
    assert officer.username in people
    assert outsider.username not in people
    for name, pk in (
        ("station", other_station.pk),
        ("station", far_station.pk),
        ("unit", far_station.units.first().pk),
        ("staff", outsider.pk),
        ("bureau", station.bureau_id),
    ):
        answer = keeper.get(page(f"stations_{name}_change", pk), follow=True)
        assert answer.redirect_chain == [(page("index"), 302)], name


def test_what_is_not_offered_is_refused(keeper, other_station, bureau):
    sent = {"station": other_station.pk, "code": "x", "name": "组", "kind": "patrol", "active": "on"}
    assert keeper.post(page("stations_unit_add"), sent).status_code == 200
    assert not Unit.objects.filter(code="x").exists()
    sent = {"bureau": bureau.pk, "code": "NEW", "name": "新所", "time_zone": ""}
    assert keeper.post(page("stations_station_add"), sent).status_code == 403
    sent = {"bureau": bureau.pk, "code": "fire", "name": "消防", "active": "on"}
    assert keeper.post(page("stations_agency_add"), sent).status_code == 403


def test_a_bureau_s_administrator_makes_a_station_with_its_units(bureau_keeper, bureau):
    sent = {"bureau": bureau.pk, "code": "NEW", "name": "新所", "time_zone": "", "morning": "07:30"}
    assert bureau_keeper.post(page("stations_station_add"), sent).status_code == 302
    made = Station.objects.get(code="NEW")
    assert set(made.units.values_list("kind", flat=True)) == {"desk", "checking", "command"}
    assert made.morning == time(7, 30)
    changed = {"name": "新新所", "time_zone": "", "morning": "09:00"}
    assert bureau_keeper.post(page("stations_station_change", made.pk), changed).url
    made.refresh_from_db()
    assert (made.code, made.name, made.morning) == ("NEW", "新新所", time(9))
    assert bureau_keeper.post(page("stations_bureau_change", bureau.pk), {"name": "平安区分局"}).status_code == 302
    bureau.refresh_from_db()
    assert (bureau.code, bureau.name) == ("PA", "平安区分局")
    sent = {"bureau": bureau.pk, "code": "fire", "name": "消防", "active": "on"}
    assert bureau_keeper.post(page("stations_agency_add"), sent).status_code == 302
    assert Agency.objects.get().name == "消防"


def test_units_and_areas_are_kept(keeper, station):
    sent = {"station": station.pk, "code": "p2", "name": "巡逻二组", "kind": "patrol", "active": "on"}
    assert keeper.post(page("stations_unit_add"), sent).status_code == 302
    desk = queries.desk_of(station.pk)
    sent = {"code": desk.code, "name": desk.name, "kind": "other", "active": "on"}
    assert keeper.post(page("stations_unit_change", desk.pk), sent).status_code == 200
    assert queries.desk_of(station.pk) == desk
    ring = [[116, 39], [116.1, 39], [116.1, 39.1], [116, 39]]
    sent = {"station": station.pk, "code": "a", "name": "一区"}
    answer = keeper.post(page("stations_area_add"), {**sent, "polygon": '{"type": "Point"}'})
    assert answer.status_code == 200
    polygon = json.dumps({"type": "Polygon", "coordinates": [ring]})
    assert keeper.post(page("stations_area_add"), {**sent, "polygon": polygon}).status_code == 302
    area = Area.objects.get()
    assert area.west == 116
    assert keeper.post(page("stations_area_delete", area.pk), {"post": "yes"}).status_code == 302
    assert not Area.objects.exists()


def test_an_account_needs_a_good_password_and_a_post(keeper, patrol):
    assert keeper.post(page("stations_staff_add"), {**NEW, **posts()}).status_code == 200
    weak = {**NEW, "password1": "123456", "password2": "123456"}
    assert (
        keeper.post(page("stations_staff_add"), {**weak, **posts({"role": "officer", "unit": patrol.pk})}).status_code
        == 200
    )
    assert not Staff.objects.filter(username="newone").exists()
    good = {**NEW, **posts({"role": "officer", "unit": patrol.pk})}
    assert keeper.post(page("stations_staff_add"), good).status_code == 302
    made = Staff.objects.get(username="newone")
    assert made.check_password(PASSWORD)
    assert (made.posts.get().unit, made.posts.get().station) == (patrol, patrol.station)


def test_posts_are_given_and_taken_but_not_all_and_not_elsewhere(keeper, officer, station, other_station):
    post = officer.posts.get()
    address = page("stations_staff_change", officer.pk)
    desk = {"role": "desk", "station": station.pk}

    def sent(*given, **more):
        return keeper.post(address, {**ACCOUNT, **posts(*given, initial=[post], **more)}).status_code

    assert sent({"role": "desk", "station": other_station.pk}) == 200
    assert sent({"role": "officer", "unit": post.unit_id}) == 200
    assert sent(taken=[post]) == 200
    assert list(officer.posts.all()) == [post]
    assert sent(desk, taken=[post]) == 302
    assert [(each.role, each.station) for each in officer.posts.all()] == [("desk", station)]


def test_a_closed_account_is_out_at_once(keeper, officer, client):
    other = type(client)()
    other.force_login(officer)
    assert other.get(reverse("stations:account")).status_code == 200
    sent = {name: value for name, value in ACCOUNT.items() if name != "is_active"}
    answer = keeper.post(page("stations_staff_change", officer.pk), {**sent, **posts(initial=officer.posts.all())})
    assert answer.status_code == 302
    assert other.get(reverse("stations:account")).status_code == 302


def test_a_new_password_ends_the_sessions_of_the_old_one(keeper, officer, client):
    other = type(client)()
    other.force_login(officer)
    address = page("auth_user_password_change", officer.pk)
    assert keeper.post(address, {"password1": "short", "password2": "short"}).status_code == 200
    assert other.get(reverse("stations:account")).status_code == 200
    new = "another-long-1-password"
    assert keeper.post(address, {"password1": new, "password2": new}).status_code == 302
    officer.refresh_from_db()
    assert officer.check_password(new)
    assert other.get(reverse("stations:account")).status_code == 302


def test_who_has_a_post_above_is_not_taken_over(keeper, officer, bureau, station):
    actions.give_post(officer, role=Role.ADMINISTRATOR, bureau=bureau)
    assert keeper.get(page("auth_user_password_change", officer.pk)).status_code == 403
    address = page("stations_staff_change", officer.pk)
    form = keeper.get(address).content.decode()
    assert 'name="is_active"' not in form
    assert bureau.name not in form
    here = officer.posts.get(station=station)
    answer = keeper.post(address, {"is_active": "", **posts(initial=[here], taken=[here])})
    assert answer.status_code == 302
    officer.refresh_from_db()
    assert officer.is_active
    assert [post.bureau for post in officer.posts.all()] == [bureau]


def test_a_calendar_is_a_new_version_begun_as_a_copy(bureau_keeper):
    newest = CalendarVersion.objects.first()
    form = bureau_keeper.get(page("stations_calendarversion_add")).context["adminform"].form
    assert form.initial["known_years"] == newest.known_years
    sent = {name: json.dumps(getattr(newest, name)) for name in ("days", "known_years", "hours", "weekdays")}
    address = page("stations_calendarversion_add")
    assert bureau_keeper.post(address, {**sent, "hours": '[["25:00", "x"]]'}).status_code == 200
    assert bureau_keeper.post(address, {**sent, "weekdays": "[0, 1, 2, 3, 4, 5]"}).status_code == 302
    assert [each.weekdays for each in CalendarVersion.objects.all()] == [[0, 1, 2, 3, 4, 5], newest.weekdays]
    change = page("stations_calendarversion_change", newest.pk)
    assert bureau_keeper.get(change).status_code == 200
    assert bureau_keeper.post(change, sent).status_code == 403


def test_what_all_stations_share_is_read_but_not_changed_by_one_of_them(keeper):
    newest = CalendarVersion.objects.first()
    assert keeper.get(page("stations_calendarversion_change", newest.pk)).status_code == 200
    assert keeper.get(page("stations_calendarversion_add")).status_code == 403


def test_posts_of_other_stations_are_not_shown(keeper, officer, other_station):
    actions.give_post(officer, role=Role.DESK, station=other_station)
    assert Post.objects.filter(staff=officer).count() == 2
    for address in (page("stations_staff_changelist"), page("stations_staff_change", officer.pk)):
        assert other_station.name not in keeper.get(address).content.decode()
