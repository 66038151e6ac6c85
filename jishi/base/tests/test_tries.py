"""Wrong tries are counted by address for a while, under a hash of the day."""

from __future__ import annotations

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache
from django.test import RequestFactory
from django.utils import timezone

from jishi.base.tries import Tries, address_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _nothing_tried():
    cache.clear()


def request_from(address, **more):
    return RequestFactory().get("/", REMOTE_ADDR=address, **more)


def test_one_address_waits_and_others_do_not():
    tries = Tries("door", most=3, seconds=60)
    here, there = request_from("198.51.100.7"), request_from("198.51.100.8")
    for _each in range(3):
        assert not tries.too_many(here)
        tries.note_wrong(here)
    assert tries.too_many(here)
    assert not tries.too_many(there)
    assert not Tries("window", most=3).too_many(here)


def test_it_is_forgotten_after_a_while():
    tries = Tries("door", most=1, seconds=60)
    here = request_from("198.51.100.7")
    with time_machine.travel(timezone.now(), tick=False) as clock:
        tries.note_wrong(here)
        assert tries.too_many(here)
        clock.shift(timedelta(seconds=61))
        assert not tries.too_many(here)


def test_no_address_is_kept_and_the_hash_of_a_day_says_nothing_of_the_next():
    tries, here = Tries("door"), request_from("198.51.100.7")
    today = tries._key(here)
    assert "198.51.100.7" not in today
    with time_machine.travel(timezone.now() + timedelta(days=1), tick=False):
        assert tries._key(here) != today


def test_behind_a_proxy_the_address_is_the_one_that_the_proxy_saw(settings):
    forged = request_from("127.0.0.1", HTTP_X_FORWARDED_FOR="203.0.113.1, 198.51.100.7")
    assert address_of(forged) == "127.0.0.1"
    settings.ENV = settings.ENV.model_copy(update={"secure": True})
    assert address_of(forged) == "198.51.100.7"
    assert address_of(request_from("127.0.0.1")) == "127.0.0.1"
