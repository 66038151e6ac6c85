"""A receipt opens by its number and its secret, and says nothing to whoever has only one of them."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.utils import timezone

from jishi.base.errors import Refused
from jishi.matters.tests import factory
from jishi.window import secrets
from jishi.window.actions.receipts import issue_receipt, secret_for
from jishi.window.models import Receipt
from jishi.window.queries.receipts import open_receipt

pytestmark = pytest.mark.django_db
NOW = timezone.now()


@pytest.fixture
def matter():
    return factory.a_matter(factory.a_station())


def test_a_secret_can_be_typed_as_it_is_read():
    assert secrets.plain(" 7qk2-mx94-tobd ") == "7QK2MX94T0BD"
    assert secrets.plain("ilo") == "110"
    assert secrets.spelled(0) == "0000-0000-0000"
    assert secrets.spelled(2**secrets.BITS - 1) == "ZZZZ-ZZZZ-ZZZZ"
    assert len({secrets.new_secret() for _ in range(100)}) == 100


def test_a_receipt_opens_its_matter(matter):
    issued = issue_receipt(matter.pk, kind="reporter", now=NOW)
    opened = open_receipt(matter.number.lower(), f" {issued.secret.replace('-', '').lower()} ", now=NOW)
    assert opened.matter == matter
    assert opened.receipt.pk == issued.receipt


def test_the_secret_is_kept_nowhere(matter):
    issued = issue_receipt(matter.pk, kind="follower", now=NOW)
    kept = Receipt.objects.filter(pk=issued.receipt).values().get()
    assert all(issued.secret.replace("-", "") not in str(value).upper() for value in kept.values())


@pytest.mark.parametrize("wrong", ["secret", "number", "other", "empty", "odd"])
def test_all_that_is_wrong_is_refused_alike(matter, wrong, django_assert_num_queries):
    issued = issue_receipt(matter.pk, kind="reporter", now=NOW)
    other = factory.a_matter(factory.a_station("YH"))
    number, secret = {
        "secret": (matter.number, secrets.new_secret()),
        "number": ("XH-2020-999999", issued.secret),
        "other": (other.number, issued.secret),
        "empty": ("", ""),
        "odd": ("\ud800" * 50, "é" * 500),
    }[wrong]
    with django_assert_num_queries(1), pytest.raises(Refused, match="receipt_unknown"):
        open_receipt(number, secret, now=NOW)


def test_a_purged_receipt_opens_nothing(matter):
    issued = issue_receipt(matter.pk, kind="reporter", now=NOW)
    Receipt.objects.filter(pk=issued.receipt).update(purged_at=NOW)
    with pytest.raises(Refused, match="receipt_unknown"):
        open_receipt(matter.number, issued.secret, now=NOW + timedelta(seconds=1))


def test_the_same_key_gives_the_same_secret():
    assert secret_for("a" * 32) == secret_for("a" * 32)
    assert secret_for("a" * 32) != secret_for("b" * 32)
