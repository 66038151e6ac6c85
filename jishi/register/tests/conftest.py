"""A station with two areas to register elements at."""

from __future__ import annotations

import pytest

from jishi.register import catalogue
from jishi.register.tests.factory import Ground, a_ground


@pytest.fixture
def ground(db: None) -> Ground:
    """One station, its people, two areas side by side."""
    catalogue.forget()
    return a_ground()
