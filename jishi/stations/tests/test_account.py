"""The account page: the station to work at, the language, and keys to the API that are shown once."""

import pytest
from django.urls import reverse

from jishi.base.errors import Refused
from jishi.base.sentences import known
from jishi.stations import actions, queries
from jishi.stations.models import ApiToken, Role

pytestmark = pytest.mark.django_db
TOKEN = {"label": "夜间报表", "scopes": ["read"], "days": "30"}


@pytest.fixture
def signed_in(client, officer):
    client.force_login(officer)
    return client


def test_the_account_page_says_who_i_am_and_leads_on(signed_in, officer):
    html = signed_in.get(reverse("stations:account")).content.decode()
    for shown in (officer.username, officer.name, "巡逻一组", *map(reverse, ("mfa_index", "usersessions_list"))):
        assert shown in html
    assert reverse("admin:index") not in html


def test_an_administrator_is_led_to_what_they_manage(client, bureau_administrator):
    client.force_login(bureau_administrator)
    assert reverse("admin:index") in client.get(reverse("stations:account")).content.decode()


def test_the_station_to_work_at_is_chosen_and_stays(signed_in, officer, station, other_station):
    actions.give_post(officer, role=Role.OFFICER, station=other_station)
    html = signed_in.get(reverse("stations:account")).content.decode()
    assert reverse("stations:switch") in html
    answer = signed_in.post(reverse("stations:switch"), {"station": other_station.pk, "next": "/account/"})
    assert answer.url == "/account/"
    assert signed_in.get("/account/").wsgi_request.station == other_station


@pytest.mark.parametrize("after", ["https://elsewhere.example/", "//elsewhere.example", ""])
def test_the_switch_leads_to_no_other_site(signed_in, station, after):
    answer = signed_in.post(reverse("stations:switch"), {"station": station.pk, "next": after})
    assert answer.url == reverse("matters:desk")


def test_another_s_station_cannot_be_chosen(signed_in, station, far_station):
    for pk in (far_station.pk, "", "x", "²"):
        assert signed_in.post(reverse("stations:switch"), {"station": pk}).status_code == 404
    assert signed_in.get("/account/").wsgi_request.station == station


def test_a_station_no_longer_mine_is_left(signed_in, officer, station, other_station):
    post = actions.give_post(officer, role=Role.OFFICER, station=other_station)
    signed_in.post(reverse("stations:switch"), {"station": other_station.pk})
    actions.take_post(post)
    assert signed_in.get("/account/").wsgi_request.station == station


def test_the_language_goes_with_the_account(signed_in, officer, client):
    address = reverse("stations:language")
    assert signed_in.post(address, {"language": "en", "next": "/account/"}).url == "/account/"
    assert 'lang="en"' in signed_in.get("/account/", headers={"Accept-Language": "zh-hans"}).content.decode()
    other = type(client)()
    other.force_login(officer)
    assert other.get("/account/").headers["Content-Language"] == "en"
    assert signed_in.post(address, {"language": "tlh"}).status_code == 422


def test_who_is_not_signed_in_chooses_for_the_browser(client):
    client.post(reverse("stations:language"), {"language": "en", "next": "/accounts/login/"})
    assert client.get(reverse("account_login")).headers["Content-Language"] == "en"


def test_a_key_is_shown_once_and_opens_the_api(signed_in, officer):
    answer = signed_in.post(reverse("stations:make_token"), TOKEN)
    assert "no-store" in answer.headers["Cache-Control"]
    token = ApiToken.objects.get()
    raw = answer.content.decode().split('class="secret" tabindex="0">')[1].split("<")[0]
    assert raw.startswith(actions.KEY_PREFIX)
    assert raw not in token.digest
    page = signed_in.get(reverse("stations:account")).content.decode()
    assert raw not in page
    assert token.label in page
    owner, scopes = queries.token_owner(raw)
    assert (owner, scopes) == (officer, {"read"})
    revoked = signed_in.post(reverse("stations:revoke_token", args=[token.pk]))
    assert revoked.url == reverse("stations:account")
    assert queries.token_owner(raw) is None
    assert reverse("stations:revoke_token", args=[token.pk]) not in signed_in.get("/account/").content.decode()


@pytest.mark.parametrize("wrong", [{"days": "366"}, {"days": "0"}, {"scopes": ["all"]}, {"scopes": []}, {"label": " "}])
def test_a_key_beyond_its_bounds_is_not_made(signed_in, wrong):
    answer = signed_in.post(reverse("stations:make_token"), {**TOKEN, **wrong})
    assert answer.status_code == 422
    assert not ApiToken.objects.exists()


@pytest.mark.parametrize(
    ("wrong", "code"),
    [
        ({"days": 366}, "token_too_long"),
        ({"days": 0}, "token_too_long"),
        ({"scopes": ["all"]}, "unknown_scope"),
        ({"scopes": []}, "unknown_scope"),
        ({"label": " "}, "label_missing"),
    ],
)
def test_the_action_refuses_the_same(officer, wrong, code):
    with pytest.raises(Refused, match=code):
        actions.make_token(officer, **{"label": "x", "scopes": ["read"], "days": 30, **wrong})
    assert code in known()


def test_nobody_revokes_the_key_of_another(signed_in, outsider):
    token, raw = actions.make_token(outsider, label="x", scopes=["read"], days=1)
    assert signed_in.post(reverse("stations:revoke_token", args=[token.pk])).status_code == 404
    assert queries.token_owner(raw) is not None


def test_a_key_ends_with_its_time_and_with_its_account(officer):
    token, raw = actions.make_token(officer, label="x", scopes=["read"], days=1)
    officer.is_active = False
    officer.save()
    assert queries.token_owner(raw) is None
    officer.is_active = True
    officer.save()
    assert queries.token_owner(raw) is not None
    ApiToken.objects.filter(pk=token.pk).update(created_at="2020-01-01T00:00Z", expires_at="2020-01-02T00:00Z")
    assert queries.token_owner(raw) is None


def test_the_number_of_statements_does_not_grow_with_the_keys(signed_in, officer, django_assert_max_num_queries):
    for days in range(1, 9):
        actions.make_token(officer, label=f"k{days}", scopes=["read"], days=days)
    with django_assert_max_num_queries(7):
        signed_in.get(reverse("stations:account"))


def test_the_rules_of_a_password_are_said_in_words(signed_in):
    body = signed_in.get("/accounts/password/change/").content.decode()
    assert "&lt;li" not in body
