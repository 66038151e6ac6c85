"""No test sees what the process remembered for another one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    """Forget the stations' calendars and outlines, whose rows a rolled-back test took away."""
    from jishi.notify import channels
    from jishi.stations import queries

    queries.forget()
    channels.forget()
    yield
    queries.forget()
    channels.forget()
