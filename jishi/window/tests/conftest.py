"""What the tests of the window stand on."""

from __future__ import annotations

from datetime import datetime

import pytest
from django.utils import timezone


@pytest.fixture
def now() -> datetime:
    """The moment of the test."""
    return timezone.now()
