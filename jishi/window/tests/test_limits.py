"""How often an address may do a thing: counted in one place for all processes, and forgotten within a day."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.core.cache import caches
from django.db import connection
from django.test import RequestFactory
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from jishi.base.errors import Refused
from jishi.window.actions.limits import count_one, forget_counts
from jishi.window.limits import LONGEST, Limit, QuickLimit
from jishi.window.models import Tally
from jishi.window.queries.limits import counted

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def of(address: str):
    return RequestFactory().get("/", REMOTE_ADDR=address)


@pytest.fixture(params=[Limit, QuickLimit])
def limit(request):
    caches["memory"].clear()
    return request.param("tested", most=2, soft=1)


def test_each_address_is_counted_for_itself(limit):
    assert [limit.note(of("10.0.0.1")) for _ in range(3)] == [1, 2, 3]
    assert limit.note(of("10.0.0.2")) == 1
    assert (limit.count(of("10.0.0.1")), limit.count(of("10.0.0.3"))) == (3, 0)
    with pytest.raises(Refused, match="too_often"):
        limit.check(of("10.0.0.1"))
    limit.check(of("10.0.0.2"))


def test_a_time_begins_with_the_first_and_does_not_grow_with_the_others():
    now = timezone.now()
    assert count_one("a", now + HOUR, now) == 1
    assert count_one("a", now + HOUR * 1.5, now + HOUR / 2) == 2
    assert (counted("a", now + HOUR / 2), counted("a", now + HOUR)) == (2, 0)
    assert count_one("a", now + HOUR * 2, now + HOUR) == 1
    assert counted("a", now + HOUR * 1.9) == 1


def test_counting_takes_one_statement():
    with CaptureQueriesContext(connection) as asked:
        count_one("a", timezone.now() + HOUR, timezone.now())
    assert len(asked) == 1


def test_what_counts_no_more_is_deleted_and_nothing_else():
    now = timezone.now()
    for mark, hours in (("over", -1), ("just", 0), ("counts", 1)):
        Tally.objects.create(mark=mark, count=5, until=now + hours * HOUR)
    assert forget_counts(now) == 2
    assert [tally.mark for tally in Tally.objects.all()] == ["counts"]


def test_nothing_counts_for_a_whole_day_and_no_address_is_written():
    Limit("tested", most=2, seconds=86_400).note(of("10.0.0.1"))
    tally = Tally.objects.get()
    assert tally.until <= timezone.now() + LONGEST < timezone.now() + timedelta(days=1)
    assert "10.0.0.1" not in tally.mark
