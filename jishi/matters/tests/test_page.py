"""The matter page in every state, as every role."""

import pytest
from django.test import Client

from jishi.matters.forms import FORMS
from jishi.matters.tests import factory as make

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", ["inherited", *make.WAYS])
def test_page_in(state):
    house = make.a_station()
    client = Client()
    matter = make.a_matter(house, state)
    for role in ("desk", "officer", "chief", "checker", "analyst"):
        client.force_login(house.people[role])
        assert client.get(f"/matters/{matter.number}/").status_code == 200
        for verb in FORMS:
            assert client.get(f"/matters/{matter.number}/{verb}/").status_code in (200, 403, 422)
