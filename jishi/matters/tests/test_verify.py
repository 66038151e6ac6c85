"""``jishi verify`` finds what was changed behind the loop's back."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import DatabaseError

from jishi.base.errors import Refused
from jishi.journal.models import Event, Head
from jishi.matters import verify as ledger
from jishi.matters.models import Assignment, Clock, Matter, Text
from jishi.matters.tests.factory import House, a_matter, a_station
from jishi.register.actions import create_element
from jishi.register.models import Element

pytestmark = pytest.mark.django_db


@pytest.fixture
def house() -> House:
    """A station with a closed matter, one in hand and one just reported."""
    house = a_station()
    for state in ("closed", "handling", "reported", "suspended", "inherited"):
        a_matter(house, state)
    return house


@pytest.fixture
def unlocked() -> None:
    """The journal without its triggers, as somebody with the database in hand could have it."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("DROP TRIGGER journal_event_append_only ON journal_event")
        else:
            cursor.execute("DROP TRIGGER journal_event_no_update")
            cursor.execute("DROP TRIGGER journal_event_no_delete")


def codes() -> set[str]:
    return {problem.code for problem in ledger.verify().problems}


def test_a_whole_ledger_is_well(house: House) -> None:
    report = ledger.verify()
    assert report.ok, report.problems
    assert (report.matters, report.stations) == (5, 1)
    assert report.events == Event.objects.count()


@pytest.mark.parametrize("change", [lambda rows: rows.update(kind="x"), lambda rows: rows.delete()])
def test_the_database_refuses_to_change_an_event(house: House, change: Callable[[Any], Any]) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
        change(Event.objects.filter(seq=2))


def test_an_edited_event_is_found_and_named(house: House, unlocked: None) -> None:
    Event.objects.filter(seq=3).update(actor_id=house.chief.pk)
    problem = ledger.verify().problems[0]
    assert (problem.code, problem.where) == ("event_changed", "XH/3")


def test_a_removed_event_is_found(house: House, unlocked: None) -> None:
    Event.objects.filter(seq=4).delete()
    problem = ledger.verify().problems[0]
    assert (problem.code, problem.where) == ("event_missing", "XH/4")


def test_a_swapped_pair_is_found(house: House, unlocked: None) -> None:
    first, second = Event.objects.filter(seq__in=(2, 3)).order_by("seq")
    Event.objects.filter(pk=first.pk).update(seq=900)
    Event.objects.filter(pk=second.pk).update(seq=2)
    Event.objects.filter(pk=first.pk).update(seq=3)
    problem = ledger.verify().problems[0]
    assert (problem.code, problem.where) == ("chain_broken", "XH/2")


def test_a_cut_tail_is_found_by_its_head_row_and_without_it_by_a_kept_head(house: House, unlocked: None) -> None:
    kept = ledger.read_heads(ledger.write_heads())
    last = Event.objects.order_by("-seq").first()
    assert last is not None
    Event.objects.filter(pk=last.pk).delete()
    assert "tail_cut" in codes()
    Head.objects.update(seq=last.seq - 1, hash=last.prev_hash)
    Matter.objects.filter(pk=last.subject_id).delete()
    assert ledger.verify().ok
    problem = ledger.verify(kept).problems[0]
    assert (problem.code, problem.where) == ("tail_cut", f"XH/{last.seq}")


def test_a_rewritten_chain_is_found_by_a_kept_head(house: House) -> None:
    kept = ledger.read_heads(ledger.write_heads())
    forged = {"XH": (kept["XH"][0], "0" * 64)}
    assert ledger.verify(kept).ok
    assert ledger.verify(forged).problems[0].code == "head_differs"


def test_a_kept_head_stays_good_when_the_ledger_has_grown(house: House) -> None:
    kept = ledger.read_heads(ledger.write_heads())
    a_matter(house, "closed")
    assert ledger.verify(kept).ok


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"grade": 1}, "row_differs"),
        ({"returned": 7}, "row_differs"),
        ({"version": 99}, "row_differs"),
    ],
)
def test_a_row_changed_by_hand_is_found(house: House, change: dict[str, Any], code: str) -> None:
    matter = Matter.objects.filter(state="handling").get()
    Matter.objects.filter(pk=matter.pk).update(**change)
    problem = ledger.verify().problems[0]
    assert (problem.code, problem.where) == (code, matter.number)
    assert problem.facts["field"] in change


def test_a_moved_deadline_is_found(house: House) -> None:
    matter = Matter.objects.filter(state="handling").get()
    assert matter.next_due
    Matter.objects.filter(pk=matter.pk).update(next_due=matter.next_due + timedelta(days=1))
    assert codes() == {"row_differs"}
    Clock.objects.filter(matter=matter, kind="handle").update(due=matter.next_due)
    Matter.objects.filter(pk=matter.pk).update(next_due=matter.next_due)
    assert codes() == set()
    Clock.objects.filter(matter=matter, kind="handle").update(worked=60)
    assert "clock_differs" in codes()


def test_an_assignment_taken_away_is_found(house: House) -> None:
    Assignment.objects.filter(matter__state="handling", ended_at=None).delete()
    assert codes() == {"assignment_differs"}


def test_changed_words_are_found_and_a_purge_that_no_event_tells_of(house: House) -> None:
    text = Text.objects.filter(kind="title").first()
    assert text is not None
    Text.objects.filter(pk=text.pk).update(body="另一个标题")
    assert codes() == {"text_changed", "row_differs"}
    Text.objects.filter(pk=text.pk).update(body="", salt="", purged_at=text.matter.reported_at)
    assert codes() == {"purge_unsaid"}


def test_a_matter_without_events_is_found(house: House) -> None:
    matter = Matter.objects.filter(state="closed").get()
    Matter.objects.create(
        station=house.station, number="XH-1", title="x", state="closed", occurred_at=matter.reported_at,
        reported_at=matter.reported_at,
    )  # fmt: skip
    assert codes() == {"matter_without_events"}


def test_an_open_matter_needs_an_owner_and_a_deadline(house: House) -> None:
    matter = Matter.objects.filter(state="handling")
    for change in ({"responsible_unit": None}, {"next_due": None}, {"root": matter.get().pk}):
        with pytest.raises(IntegrityError), transaction.atomic():
            matter.update(**change)


def test_a_matter_has_one_open_assignment(house: House) -> None:
    open_one = Assignment.objects.filter(matter__state="handling", ended_at=None).get()
    open_one.pk = None
    with pytest.raises(IntegrityError), transaction.atomic():
        open_one.save(force_insert=True)


@pytest.mark.parametrize("text", ["", "XH 3", "XH three " + "0" * 64, "XH 3 abc"])
def test_a_file_that_is_no_head_is_refused(text: str) -> None:
    with pytest.raises(Refused, match="bad_head_file"):
        ledger.read_heads(text)


def test_the_register_is_proven_with_it(house: House) -> None:
    made = create_element(house.station, by=house.desk, category="thing.hydrant", name="东门消火栓")
    report = ledger.verify()
    assert (report.ok, report.elements) == (True, 1)
    Element.objects.filter(pk=made.pk).update(name="西门消火栓")
    [problem] = ledger.verify().problems
    assert (problem.code, problem.where) == ("element_differs", made.number)
