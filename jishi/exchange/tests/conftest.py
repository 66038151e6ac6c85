"""A station that rows are imported into."""

import pytest

from jishi.exchange.open311.actions.keys import make_key
from jishi.matters.tests import factory
from jishi.register import catalogue
from jishi.register.tests.factory import a_ground


@pytest.fixture
def house(db):
    return factory.a_station()


@pytest.fixture
def raw(house):
    """The key of a system that reports to the house by Open311."""
    return make_key(house.station, label="市民热线", by=house.administrator)[1]


@pytest.fixture
def ground(db):
    """A station with two areas and somebody of every role, to bring a register into."""
    catalogue.forget()
    return a_ground()
