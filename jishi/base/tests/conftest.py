"""One member of staff, with no post: what base shows depends on nothing more."""

import pytest
from django.contrib.auth import get_user_model

PASSWORD = "a-long-enough-9-password"


@pytest.fixture
def officer(db):
    return get_user_model().objects.create_user("officer", PASSWORD, name="李明")


@pytest.fixture
def signed_in(client, officer):
    client.force_login(officer)
    return client
