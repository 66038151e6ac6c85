"""Every page and part of base is drawn, in both languages."""

import json
import re

import pytest
from allauth.mfa.recovery_codes.internal.auth import RecoveryCodes
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from django.contrib.sessions.models import Session
from django.test import RequestFactory
from django.urls import reverse

from jishi.base import navigation, signin_notes, views
from jishi.base.tests.conftest import PASSWORD

CHINESE = {"accept-language": "zh-hans"}


def html(answer):
    return answer.content.decode()


@pytest.fixture
def second_step(officer):
    totp = TOTP.activate(officer, generate_totp_secret())
    RecoveryCodes.activate(officer)
    return totp


@pytest.fixture
def fresh(client, officer):
    client.post(reverse("account_login"), {"login": "officer", "password": PASSWORD})
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    return client


@pytest.mark.django_db
def test_the_sign_in_page_speaks_both_languages(client):
    assert "<h1>登录</h1>" in html(client.get(reverse("account_login"), headers=CHINESE))
    assert "<h1>Sign in</h1>" in html(client.get(reverse("account_login"), headers={"accept-language": "en"}))


@pytest.mark.django_db
def test_a_wrong_password_is_said(client):
    answer = client.post(reverse("account_login"), {"login": "officer", "password": "wrong"}, headers=CHINESE)
    assert 'role="alert"' in html(answer)


@pytest.mark.django_db
def test_demo_accounts_are_shown_in_a_demo_only(client, settings, monkeypatch):
    shown = signin_notes.DemoAccount("desk", "a-demo-password", "王建国", "desk officer")
    monkeypatch.setattr(signin_notes, "_accounts", [lambda: [shown]])
    assert "a-demo-password" not in html(client.get(reverse("account_login")))
    settings.ENV = settings.ENV.model_copy(update={"demo": True})
    assert "a-demo-password" in html(client.get(reverse("account_login")))


@pytest.mark.django_db
def test_nobody_makes_an_account_alone(client):
    answer = client.get(reverse("account_signup"))
    assert 'name="password1"' not in html(answer)


@pytest.mark.django_db
def test_an_account_that_is_off_is_told(client):
    assert client.get(reverse("account_inactive")).status_code == 200


@pytest.mark.parametrize(
    "name", ["account_logout", "account_change_password", "mfa_index", "mfa_activate_totp", "usersessions_list"]
)
def test_account_pages(fresh, name):
    answer = fresh.get(reverse(name), headers=CHINESE)
    assert answer.status_code == 200
    assert 'class="rail"' in html(answer)


def test_account_pages_with_a_second_step(fresh, second_step):
    for name in ("mfa_index", "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes"):
        assert fresh.get(reverse(name)).status_code == 200


def test_signing_in_asks_for_the_second_step(client, officer, second_step):
    answer = client.post(reverse("account_login"), {"login": "officer", "password": PASSWORD}, follow=True)
    assert reverse("mfa_authenticate") in html(answer)


def test_a_change_of_sign_in_asks_again(fresh, second_step):
    session = Session.objects.get()
    data = session.get_decoded()
    for method in data["account_authentication_methods"]:
        method["at"] = 0
    session.session_data = Session.objects.encode(data)
    session.save()
    assert html(fresh.get(reverse("mfa_deactivate_totp"), follow=True)).count("data-guard") == 1
    assert fresh.get(reverse("mfa_reauthenticate")).status_code == 200
    assert fresh.get(reverse("account_reauthenticate")).status_code == 200


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("query", ["", "?rows=0", "?rows=200&toasts=1", "?rows=x"])
def test_the_style_guide_draws_every_part(signed_in, language, query):
    answer = signed_in.get(reverse("base:style") + query, headers={"accept-language": language})
    assert answer.status_code == 200
    page = html(answer)
    assert not re.search(r'\sstyle="|<script>|<style|\son[a-z]+="', page)
    identifiers = re.findall(r'\sid="([^"]+)"', page.split('<h2 id="forms">')[0])
    assert len(identifiers) == len(set(identifiers))
    assert ("data-undo" in page) == ("toasts" in query)


def test_the_style_guide_is_for_staff(client, db):
    assert client.get(reverse("base:style")).status_code == 302


def test_a_dialog_is_a_page_too(signed_in):
    assert "data-dialog-part" in html(signed_in.get(reverse("base:style_dialog")))


def test_the_rail_shows_what_the_roles_allow(signed_in, monkeypatch):
    item = navigation.NavItem("vault", "The vault", "lock", "base:style", 1, frozenset({"chief"}))
    monkeypatch.setattr(navigation, "_items", {"vault": item})
    assert "The vault" not in html(signed_in.get(reverse("base:style")))
    monkeypatch.setattr(navigation, "roles_of", lambda _request: frozenset({"chief"}))
    assert "The vault" in html(signed_in.get(reverse("base:style")))


def test_a_slot_nobody_took_leads_nowhere(monkeypatch):
    monkeypatch.setattr(navigation, "_links", {})
    navigation.register_link("search", "no_such:view")
    assert navigation.link("search") == navigation.link("report") == ""


@pytest.mark.django_db
@pytest.mark.parametrize(("chosen", "kept"), [("dark", "dark"), ("light", "light"), ("", ""), ("pink", "")])
def test_the_theme_is_kept(client, chosen, kept):
    answer = client.post(reverse("base:theme"), {"theme": chosen, "next": "/accounts/login/"})
    assert answer.url == "/accounts/login/"
    page = html(client.get("/accounts/login/"))
    assert (f'data-theme="{kept}"' in page) == bool(kept)


@pytest.mark.django_db
def test_the_theme_switch_leads_to_our_pages_only(client):
    assert client.post(reverse("base:theme"), {"next": "https://elsewhere.example/"}).url == "/"


@pytest.mark.django_db
def test_every_answer_carries_the_policy(client):
    policy = client.get(reverse("account_login"))["Content-Security-Policy"]
    assert "default-src 'self'" in policy
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("view", "status"),
    [(views.bad_request, 400), (views.not_allowed, 403), (views.not_found, 404), (views.csrf_failed, 403)],
)
def test_error_pages(rf, view, status, signed_in, officer):
    page, problem = rf.get("/somewhere"), rf.get("/api/v1/somewhere")
    page.user = officer
    page.session = {}
    page._messages = []
    assert view(page).status_code == status
    answer = view(problem)
    assert answer.status_code == status
    assert json.loads(answer.content)["status"] == status


def test_the_page_for_our_own_fault_needs_no_database():
    assert views.failed(RequestFactory().get("/")).status_code == 500
    assert views.failed(RequestFactory().get("/api/v1/")).headers["Content-Type"] == "application/problem+json"


@pytest.mark.django_db
def test_a_page_that_is_not_there(client):
    answer = client.get("/no/such/page", headers=CHINESE)
    assert answer.status_code == 404
    assert "这里没有内容" in html(answer)
