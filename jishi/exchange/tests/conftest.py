"""A station that rows are imported into."""

import pytest

from jishi.matters.tests import factory


@pytest.fixture
def house(db):
    return factory.a_station()
