"""A demo of a few days and some hundred elements, made once for all the tests of a module that look at it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.db import transaction
from django.test import override_settings
from pytest_django.plugin import DjangoDbBlocker

from jishi.demo import actions

UNTIL = datetime(2026, 3, 2, 4, 0, tzinfo=UTC)
#: How large the demo of these tests is.
SMALL = actions.Size(1, 60, 60, 0.07)


@pytest.fixture(scope="module")
def ground(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    """What is made as the small demo is smaller still; the data folder is the module's own."""
    with pytest.MonkeyPatch.context() as patch, override_settings(DATA_DIR=tmp_path_factory.mktemp("demo")):
        patch.setitem(actions.SIZES, "small", SMALL)
        yield


@pytest.fixture(scope="module")
def demo(ground: None, django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[actions.Made]:
    """The demo of seed 7, taken back after the last test of the module."""
    with django_db_blocker.unblock(), transaction.atomic():
        yield make(7)
        transaction.set_rollback(True)


def make(seed: int) -> actions.Made:
    """Make the demo of this seed."""
    return actions.make_demo(seed=seed, size="small", until=UNTIL)
