"""No test sees what the process remembered for another one."""

from __future__ import annotations

from collections.abc import Iterator

import pytest


def forget() -> None:
    """Forget the stations' calendars and outlines, and how people are told."""
    from jishi.notify import channels, ways
    from jishi.stations import queries

    for room in (queries, ways, channels):
        room.forget()


@pytest.fixture(autouse=True)
def _nothing_remembered() -> Iterator[None]:
    """Begin and end with nothing remembered: a test that is rolled back takes the rows away."""
    forget()
    yield
    forget()
