"""The purge itself: what it counts, what it asks again, and that a batch goes whole or not at all."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from django.db import connection

from jishi.privacy import purge
from jishi.privacy.models import SubjectKey

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 3, 1, tzinfo=UTC)


@pytest.fixture
def gone(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[int]]:
    """A registry of its own: matters 1, 2 (station 7) and 3 (station 8), each with two letters; 2 is held meanwhile."""
    monkeypatch.setattr(purge, "_shredders", {})
    monkeypatch.setattr(purge, "_parts", {})
    found: dict[str, list[int]] = {"matter": [], "letter": []}

    def lock(ids: Sequence[int], now: datetime) -> list[int]:
        return [pk for pk in ids if pk != 2]

    def shredding(kind: str) -> purge.Shred:
        return lambda ids, now: found[kind].extend(ids)

    there = [(3, 8), (1, 7), (2, 7)]
    purge.register(purge.Shredder("matter", "matters", lambda now: there, lock, shredding("matter")))
    purge.register_part(
        purge.Part("matter", "letter", "letters", lambda ids: dict.fromkeys(ids, 2), shredding("letter"))
    )
    return found


def test_a_dry_run_counts_by_kind_and_station_and_changes_nothing(gone: dict[str, list[int]]) -> None:
    assert purge.run_purge(NOW, dry_run=True) == {"matter": {7: 2, 8: 1}, "letter": {7: 4, 8: 2}}
    assert gone == {"matter": [], "letter": []}


def test_what_is_held_when_its_turn_comes_stays(gone: dict[str, list[int]]) -> None:
    assert purge.run_purge(NOW) == {"matter": {7: 1, 8: 1}, "letter": {7: 2, 8: 2}}
    assert gone == {"matter": [1, 3], "letter": [1, 3]}


def test_a_batch_that_fails_leaves_nothing_half_gone(
    gone: dict[str, list[int]], monkeypatch: pytest.MonkeyPatch
) -> None:
    SubjectKey.objects.create(subject_kind="x", subject_id=1, wrapped=b"x")

    def fail(ids: Sequence[int], now: datetime) -> None:
        raise ValueError("the disk is gone")

    part = purge.Part("matter", "key", "keys", lambda ids: {}, lambda ids, now: SubjectKey.objects.all().delete())
    purge.register_part(part)
    shredder = purge._shredders["matter"]
    purge.register(purge.Shredder("matter", "matters", shredder.find, shredder.lock, fail))
    with pytest.raises(ValueError, match="the disk is gone"):
        purge.run_purge(NOW)
    assert SubjectKey.objects.count() == 1


def test_sqlite_overwrites_while_it_purges_and_no_longer(gone: dict[str, list[int]]) -> None:
    has_switch = connection.vendor == "sqlite"  # PostgreSQL purges without one

    def switch() -> int | None:
        if not has_switch:
            return None
        with connection.cursor() as cursor:
            return int(cursor.execute("PRAGMA secure_delete").fetchone()[0])

    before, seen = switch(), []
    purge.register_part(purge.Part("matter", "look", "looks", lambda ids: {}, lambda ids, now: seen.append(switch())))
    purge.run_purge(NOW)
    assert seen == [1 if has_switch else None]
    assert switch() == before
