"""``jishi purge``: what it says of what it finds."""

from __future__ import annotations

import pytest
from click.testing import CliRunner
from django.utils import translation

from jishi.matters.tests import factory
from jishi.privacy import purge
from jishi.project.commands import keep

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("over", [False, True], ids=["nothing", "held"])
def test_what_a_legal_hold_keeps_is_not_said_to_have_time_left(monkeypatch: pytest.MonkeyPatch, over: bool) -> None:
    station = factory.a_station("XH").station
    held = [(1, station.pk)] if over else []
    shredder = purge.Shredder(
        "matter", "matters", lambda now: [], lambda ids, now: ids, lambda ids, now: None, lambda now: held
    )
    monkeypatch.setattr(purge, "_shredders", {"matter": shredder})
    monkeypatch.setattr(purge, "_parts", {})
    with translation.override("en"):
        said = CliRunner().invoke(keep.purge(), ["--dry-run"]).output.splitlines()
    kept = ["XH         1  kept by a legal hold: matters"] if over else []
    assert said == [*kept, "There is nothing to delete."]
