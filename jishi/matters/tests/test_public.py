"""The public in the loop, purely: who it is, what it may do when, and what an urgent need does to the clocks."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from jishi.base.errors import Refused
from jishi.matters import commands as c
from jishi.matters import loop
from jishi.matters.terms import Policy, Rules, Term, check_policy
from jishi.matters.tests.pure import CALENDAR, CHECKING, DESK, NOW, PEOPLE, POLICY, RULES, at, command, do
from jishi.matters.tests.test_loop import check_invariants

PUBLIC = loop.public_actor()
OPEN_TO_ALL = ("reported", "assessed", "pushed", "handling", "suspended", "submitted", "checked", "answered")
WEEK = timedelta(days=7)


def by_public(state: loop.State, given: c.Command, now=NOW) -> tuple[loop.Event, loop.State]:
    """What the public's command leads to; the invariants hold."""
    event = loop.decide(state, given, PUBLIC, now, RULES)
    after = loop.evolve(state, event)
    check_invariants(after)
    return event, after


@pytest.mark.parametrize("state", loop.STATES)
def test_what_the_public_may_do_in_each_state(state: str) -> None:
    may = set(loop.allowed(at(state), PUBLIC))
    unfinished = {"withdraw"} if state in OPEN_TO_ALL[:6] or state == "inherited" else set()
    watched = {"follow", "add"} if state in OPEN_TO_ALL else set()
    answered = {"rate", "dispute"} if state == "answered" else {"dispute"} if state == "closed" else set()
    assert may == unfinished | watched | answered


def test_nobody_on_staff_follows_adds_or_disputes_and_the_public_does_nothing_else() -> None:
    for verb in ("follow", "add", "dispute"):
        for who in (*PEOPLE.values(), loop.SYSTEM, loop.agency_actor(3)):
            with pytest.raises(Refused, match="not_allowed"):
                loop.decide(at("answered"), command(verb), who, NOW, RULES)
    for state in loop.STATES:
        assert set(loop.allowed(at(state), PUBLIC)) <= {"withdraw", "follow", "add", "rate", "dispute"}


def test_a_report_of_the_public_is_signed_by_nobody_and_may_ask_for_the_mark() -> None:
    for urgent, mark in ((False, ""), (True, "asked")):
        event = loop.decide(None, c.Report(station=1, title="t", channel="window", urgent=urgent), PUBLIC, NOW, RULES)
        assert event.facts == {"channel": "window", "public": True}
        state = loop.evolve(loop.State(station=1, state="reported"), event)
        assert (state.urgent, state.state, state.responsible_unit) == (mark, "reported", DESK)
    assert "public" not in loop.decide(None, command("report"), PEOPLE["desk"], NOW, RULES).facts


def test_following_counts_and_moves_nothing() -> None:
    before = at("handling")
    _event, after = by_public(before, c.Follow())
    assert after == replace(before, followers=1, version=before.version + 1)
    assert by_public(after, c.Follow())[1].followers == 2


def test_something_is_added_or_it_is_refused() -> None:
    before = at("handling")
    for given, facts in ((c.Add(text="t"), {}), (c.Add(photos=2), {"photos": 2})):
        event, after = by_public(before, given)
        assert event.facts == {**facts, "public": True}
        assert after == replace(before, version=before.version + 1)
    with pytest.raises(Refused, match="missing"):
        by_public(before, c.Add())


def test_the_public_stops_no_ladder() -> None:
    overdue = NOW + timedelta(days=30)
    before = at("handling")
    clocks = before.clocks
    assert by_public(before, c.Add(text="t"), overdue)[1].clocks == clocks
    noted = loop.decide(before, c.Log(text="t"), PEOPLE["officer"], overdue, RULES)
    assert {clock.kind for clock in noted.change} <= {clock.kind for clock in clocks}


def test_the_public_takes_back_without_a_reason_and_staff_give_one() -> None:
    assert by_public(at("handling", hazard=False), c.Withdraw())[1].outcome == "withdrawn"
    event, after = by_public(at("handling", hazard=True), c.Withdraw())
    assert (after.state, event.facts) == ("handling", {"hazard_stays": True, "public": True})
    with pytest.raises(Refused, match="missing"):
        loop.decide(at("handling"), c.Withdraw(), PEOPLE["desk"], NOW, RULES)
    with pytest.raises(Refused, match="missing"):
        by_public(at("answered"), c.Dispute())


def test_the_public_rates_once_a_round_and_over_the_desk() -> None:
    event = loop.decide(at("answered"), c.Rate(mended=False), PEOPLE["desk"], NOW, RULES)
    noted = loop.evolve(at("answered"), event)
    assert (noted.mended, noted.rated_by) == (False, "desk")
    event, rated = by_public(noted, c.Rate(mended=True, result=4, manner=5))
    assert (rated.mended, rated.rated_by) == (True, "public")
    assert event.facts == {"result": 4, "manner": 5, "public": True}
    for who in (PUBLIC, PEOPLE["desk"]):
        with pytest.raises(Refused, match="rated_already"):
            loop.decide(rated, c.Rate(mended=False), who, NOW, RULES)
    assert (do(rated, "reopen").rated_by, do(rated, "reopen").mended) == ("", None)


@pytest.mark.parametrize("stars", [0, 6, -1])
def test_stars_go_from_one_to_five(stars: int) -> None:
    for given in (c.Rate(mended=True, result=stars), c.Rate(mended=True, manner=stars)):
        with pytest.raises(Refused, match="bad_stars"):
            by_public(at("answered"), given)


@pytest.mark.parametrize("state", ["answered", "closed"])
def test_not_mended_begins_a_new_round_while_the_answer_is_fresh(state: str) -> None:
    before = at(state)
    assert before.answered_at == NOW
    event, after = by_public(before, c.Dispute(reason="r"), NOW + WEEK)
    assert (event.kind, after.state, after.responsible_unit) == ("disputed", "assessed", DESK)
    assert (after.cycle, after.reopened, after.disputed, after.answered_at) == (2, 1, 1, None)
    assert after.clock("answer") is not None


@pytest.mark.parametrize("state", ["answered", "closed"])
def test_later_it_goes_to_the_chief_and_the_state_stays(state: str) -> None:
    before = at(state)
    event, after = by_public(before, c.Dispute(reason="r"), NOW + WEEK + timedelta(seconds=1))
    assert event.kind == "appealed"
    assert after == replace(before, appealed=True, version=before.version + 1)
    with pytest.raises(Refused, match="appealed_already"):
        by_public(after, c.Dispute(reason="r"), NOW + WEEK)
    assert not do(after, "reopen").appealed


def test_after_the_second_time_the_chief_decides() -> None:
    matter = at("answered")
    for time in (1, 2):
        _event, matter = by_public(matter, c.Dispute(reason="r"))
        assert matter.disputed == time
        for verb in ("push", "accept", "submit", "check", "answer"):
            matter = do(matter, verb)
    event, after = by_public(matter, c.Dispute(reason="r"))
    assert (event.kind, after.state, after.disputed) == ("appealed", "answered", 2)


def test_what_was_answered_before_moments_were_kept_counts_from_its_closing() -> None:
    assert by_public(at("answered", answered_at=None), c.Dispute(reason="r"))[0].kind == "disputed"
    old = at("closed", answered_at=None)
    assert by_public(old, c.Dispute(reason="r"), NOW + WEEK)[0].kind == "disputed"
    assert by_public(old, c.Dispute(reason="r"), NOW + 2 * WEEK)[0].kind == "appealed"


def test_the_policy_says_for_how_long() -> None:
    data = {"limits": {"dispute_days": 0}}
    strict = Rules(Policy(2, {"default": {"any": {"answer": "1d work"}}, **data}, {}), CALENDAR, DESK, CHECKING)
    event = loop.decide(at("answered"), c.Dispute(reason="r"), PUBLIC, NOW + timedelta(hours=1), strict)
    assert event.kind == "appealed"


def test_a_duplicate_is_disputed_where_it_is_answered() -> None:
    with pytest.raises(Refused, match="answered_elsewhere"):
        by_public(do(at("assessed"), "merge"), c.Dispute(reason="r"))


@pytest.mark.parametrize("state", ["reported", "assessed", "pushed", "handling", "submitted", "checked"])
def test_a_confirmed_need_runs_on_shorter_clocks_and_back(state: str) -> None:
    before = at(state, urgent="asked")
    marked = do(before, "mark_urgent")
    check_invariants(marked)
    assert marked.urgent == "confirmed"
    for clock in marked.clocks:
        shorter = POLICY.term(before.category, before.grade, clock.kind, urgent=True)
        assert (clock.term, clock.mode) == (shorter.minutes, shorter.mode)
    back = do(marked, "unmark_urgent")
    check_invariants(back)
    assert (back.urgent, back.next_due) == ("", before.next_due)
    assert {clock.kind: clock.due for clock in back.clocks} == {clock.kind: clock.due for clock in before.clocks}


def test_what_was_worked_counts_and_later_clocks_are_short_too() -> None:
    matter = at("handling", grade=3)
    matter = do(matter, "mark_urgent")
    handle = matter.clock("handle")
    assert handle is not None
    assert matter.next_due == NOW + timedelta(hours=24)
    later = do(at("handling"), "mark_urgent", NOW + timedelta(hours=5))
    assert later.next_due == NOW + timedelta(hours=24)
    pushed = do(do(at("reported"), "mark_urgent"), "assess")
    assert pushed.clock("push") is not None
    again = do(do(do(do(matter, "submit"), "check"), "answer"), "reopen")
    assert again.urgent == "confirmed"
    answer = again.clock("answer")
    assert answer is not None
    assert answer.term == POLICY.term(again.category, again.grade, "answer", urgent=True).minutes


def test_a_suspended_matter_is_marked_and_its_clocks_stand_still() -> None:
    paused = do(at("suspended"), "mark_urgent")
    check_invariants(paused)
    resumed = do(paused, "resume", NOW + timedelta(days=3))
    assert resumed.next_due == NOW + timedelta(days=4)


def test_a_mark_is_confirmed_or_refused_once() -> None:
    asked = at("reported", urgent="asked")
    refused = do(asked, "unmark_urgent")
    assert (refused.urgent, refused.clocks, refused.next_due) == ("", asked.clocks, asked.next_due)
    with pytest.raises(Refused, match="not_urgent"):
        do(refused, "unmark_urgent")
    with pytest.raises(Refused, match="urgent_already"):
        do(do(asked, "mark_urgent"), "mark_urgent")


def test_no_urgent_term_is_longer_than_the_ordinary_one() -> None:
    for grade in (0, 1, 2, 3, 4):
        for kind in ("assess", "push", "accept", "handle", "check", "answer", "close"):
            short, ordinary = POLICY.term(None, grade, kind, urgent=True), POLICY.term(None, grade, kind)
            assert _length(short) <= _length(ordinary), (grade, kind)


def _length(term: Term) -> int:
    """Minutes around the clock; a working day of eight hours is a day."""
    return term.minutes * 3 if term.mode == "work" else term.minutes


def test_a_policy_without_the_table_halves_its_terms() -> None:
    data = {"default": {"any": {"handle": "2d work", "push": "1m clock"}}}
    assert Policy(1, data, {}).term(None, 3, "handle", urgent=True).minutes == 480
    assert Policy(1, data, {}).term(None, 3, "push", urgent=True).minutes == 1
    named = Policy(1, {**data, "urgent": {"fire": {"3": {"handle": "30m clock"}}}}, {"fire.smoke": "fire"})
    assert named.term("fire.smoke", 3, "handle", urgent=True) == Term(30, "clock")
    assert named.term("fire.smoke", 3, "handle").minutes == 960
    assert named.term("public", 3, "handle", urgent=True).minutes == 960


def test_an_urgent_table_that_cannot_be_read_is_refused() -> None:
    for bad in ({"default": {"3": {"handle": "soon"}}}, {"default": {"any": {"push": "0m clock"}}}):
        with pytest.raises(Refused, match="bad_term"):
            check_policy({"urgent": bad})
    with pytest.raises(Refused, match="bad_limit"):
        check_policy({"limits": {"dispute_days": -1}})


def test_extensions_of_an_urgent_matter_are_measured_by_its_own_term() -> None:
    matter = do(at("handling", grade=3), "mark_urgent")
    with pytest.raises(Refused) as refused:
        loop.decide(matter, c.Extend(minutes=1441, reason="r"), PEOPLE["chief"], NOW, RULES)
    assert (refused.value.code, refused.value.facts["minutes"]) == ("extend_most", 1440)
