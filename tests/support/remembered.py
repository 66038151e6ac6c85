"""No test sees what the process remembered for another one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    """Forget the stations' calendars and outlines, and how people are told: their rows a rolled-back test took away."""
    from jishi.notify import channels, ways
    from jishi.stations import queries

    for room in (queries, ways, channels):
        room.forget()
    yield
    for room in (queries, ways, channels):
        room.forget()
