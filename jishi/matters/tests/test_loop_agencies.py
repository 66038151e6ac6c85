"""An outside agency answers beside the loop: the unit stays responsible with its clock, whatever the agency says."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from jishi.base.errors import Refused
from jishi.matters import commands as c
from jishi.matters import loop
from jishi.matters.tests.pure import NOW, PEOPLE, RULES, at, command, do
from jishi.matters.tests.test_loop import check_invariants

ANSWERS = ("agency_accept", "agency_return", "agency_report")
SAYS = {"agency_accept": "accepted", "agency_return": "returned", "agency_report": "done"}


def referred(state: str = "handling") -> loop.State:
    """A matter that stands with agency 3 too."""
    matter = do(at("handling"), "refer")
    return do(matter, "suspend") if state == "suspended" else matter


@pytest.mark.parametrize("state", ["handling", "suspended"])
@pytest.mark.parametrize("verb", ANSWERS)
def test_an_answer_moves_neither_the_owner_nor_a_clock(state: str, verb: str) -> None:
    before = referred(state)
    assert (before.agency, before.agency_state) == (3, "asked")
    after = do(before, verb, NOW + timedelta(hours=1))
    check_invariants(after)
    assert (after.agency, after.agency_state) == (3, SAYS[verb])
    assert replace(after, agency_state="asked", version=before.version) == before


def test_only_the_agency_that_was_asked_answers_and_nobody_on_staff() -> None:
    matter = referred()
    for verb in ANSWERS:
        with pytest.raises(Refused, match="agency_other"):
            loop.decide(matter, command(verb), loop.agency_actor(4), NOW, RULES)
        for who in (*PEOPLE.values(), loop.SYSTEM):
            with pytest.raises(Refused, match="not_allowed"):
                loop.decide(matter, command(verb), who, NOW, RULES)
    with pytest.raises(Refused, match="agency_other"):
        loop.decide(at("handling"), c.AgencyAccept(), loop.agency_actor(3), NOW, RULES)
    assert loop.allowed(matter, loop.agency_actor(3)) == list(ANSWERS)
    assert loop.allowed(matter, loop.agency_actor(4)) == []


def test_an_answer_is_given_once_and_the_desk_may_ask_again() -> None:
    accepted = do(referred(), "agency_accept")
    assert loop.allowed(accepted, loop.agency_actor(3)) == ["agency_return", "agency_report"]
    for last in ("agency_return", "agency_report"):
        said = do(accepted, last)
        assert loop.allowed(said, loop.agency_actor(3)) == []
        for verb in ANSWERS:
            with pytest.raises(Refused, match="agency_answered"):
                do(said, verb)
        again = do(said, "refer")
        assert (again.agency_state, again.next_due) == ("asked", said.next_due)


def test_the_agencys_word_is_not_believed_without_a_check() -> None:
    done = do(referred(), "agency_report")
    assert (done.state, done.outcome) == ("handling", "")
    submitted = do(done, "submit")
    assert (submitted.state, submitted.agency_state) == ("submitted", "done")
    assert do(submitted, "check").state == "checked"


@pytest.mark.parametrize("said", ["asked", "accepted", "returned", "done"])
def test_what_takes_the_matter_from_the_agency_leaves_no_answer_behind(said: str) -> None:
    matter = replace(referred(), agency_state=said)
    for verb in ("recall", "return", "withdraw", "merge"):
        after = do(matter, verb)
        check_invariants(after)
        assert (after.agency, after.agency_state) == (None, ""), verb
    other = loop.evolve(matter, loop.decide(matter, c.Refer(agency=4, reason="r"), PEOPLE["desk"], NOW, RULES))
    assert (other.agency, other.agency_state) == (4, "asked")


def test_nobody_waits_for_the_agency_once_the_result_is_submitted() -> None:
    for said, left in (("asked", ""), ("accepted", ""), ("returned", "returned"), ("done", "done")):
        submitted = do(replace(referred(), agency_state=said), "submit")
        assert (submitted.agency, submitted.agency_state) == (3, left)
        with pytest.raises(Refused, match="wrong_state"):
            do(submitted, "agency_report")
        answered = do(do(submitted, "check"), "answer")
        again = do(answered, "reopen")
        assert (again.agency, again.agency_state) == (None, "")
