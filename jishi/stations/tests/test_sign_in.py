"""Signing in: by account name, locked after five failures, and over after the hours of a session."""

from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.conf import settings
from django.core.exceptions import ValidationError
from django.urls import reverse

from jishi.stations import actions
from jishi.stations.models import Staff
from jishi.stations.tests.conftest import PASSWORD

pytestmark = pytest.mark.django_db
START = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


def sign_in(client, password=PASSWORD, username="officer"):
    sent = {"login": username, "password": password}
    return client.post(reverse("account_login"), sent, headers={"Accept-Language": "en"})


def is_in(client):
    return client.get(reverse("stations:account")).status_code == 200


def test_the_account_name_and_the_password_open_the_desk(client, officer):
    assert sign_in(client).url == reverse("matters:desk")
    assert is_in(client)


def test_five_failures_lock_the_account_for_five_minutes_and_no_other(client, officer, administrator):
    with time_machine.travel(START, tick=False) as now:
        for _attempt in range(5):
            assert sign_in(client, "wrong-password-1").status_code == 200
        locked = sign_in(client)
        assert not is_in(client)
        assert "after five failed attempts" in locked.content.decode().lower()
        assert sign_in(client, username="keeper").status_code == 302
        client.post(reverse("account_logout"))
        now.shift(timedelta(minutes=5, seconds=1))
        assert sign_in(client).status_code == 302
        assert is_in(client)


def test_four_failures_and_then_the_right_password_come_in(client, officer):
    for _attempt in range(4):
        sign_in(client, "wrong-password-1")
    assert sign_in(client).status_code == 302


def test_a_session_ends_after_its_hours(client, officer):
    with time_machine.travel(START, tick=False) as now:
        sign_in(client)
        now.shift(timedelta(seconds=settings.SESSION_COOKIE_AGE - 60))
        assert is_in(client)
        now.shift(timedelta(seconds=120))
        assert not is_in(client)


def test_nobody_makes_an_account_for_themselves(client):
    sent = {"username": "me", "password1": PASSWORD, "password2": PASSWORD}
    client.post(reverse("account_signup"), sent)
    assert not Staff.objects.exists()


@pytest.mark.parametrize("password", ["short-1", "1234567890123", "password123", "newofficer1"])
def test_a_weak_password_is_refused(db, station, password):
    with pytest.raises(ValidationError):
        actions.create_staff(username="newofficer", name="新人", password=password, posts=[])
    assert not Staff.objects.exists()


def test_an_account_without_a_password_opens_for_nobody(client, db):
    actions.create_staff(username="officer", name="李明", password=None, posts=[])
    assert sign_in(client, "").status_code == 200
    assert not is_in(client)
