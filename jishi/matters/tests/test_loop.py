"""The table of the loop, walked: every state × command × role, every guard, no dead end, always an owner and a deadline."""  # noqa: E501

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from jishi.base.errors import Refused
from jishi.matters import commands as c
from jishi.matters import loop
from jishi.matters.loop import plans
from jishi.matters.tests.pure import (
    CHECKING,
    DESK,
    ELSEWHERE,
    NOW,
    PATROL,
    PEOPLE,
    ROLES,
    RULES,
    actor,
    at,
    command,
    do,
    giver,
)

VERBS = [verb for verb in loop.COMMANDS if verb != "report"]


def check_invariants(state: loop.State) -> None:
    """What holds for every matter at every moment."""
    if state.state == "closed":
        assert state.responsible_unit is None
        assert state.next_due is None
        assert not state.clocks
        assert state.closed_at
        return
    assert state.responsible_unit is not None
    assert state.next_due is not None
    if state.state == "suspended":
        assert state.next_due == state.suspended_until
        assert all(clock.paused for clock in state.clocks)
    else:
        clock = state.clock(loop.CLOCK_OF[state.state])
        assert clock is not None
        assert clock.due == state.next_due
        assert not clock.paused
    assert len({clock.kind for clock in state.clocks}) == len(state.clocks)
    if loop.OWNER[state.state] == "desk":
        assert state.responsible_unit == DESK
    assert (state.state == "submitted") <= (state.responsible_unit == CHECKING)
    assert not state.agency_state or state.agency is not None
    assert state.agency_state not in ("asked", "accepted") or state.state in ("handling", "suspended")


@pytest.mark.parametrize("state", loop.STATES)
@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("role", [*ROLES, "system", "public"])
def test_every_command_in_every_state_by_every_role(state: str, verb: str, role: str) -> None:
    matter = at(state)
    rule = loop.COMMANDS[verb]
    who = {"system": loop.SYSTEM, "public": loop.public_actor()}.get(role) or PEOPLE[role]
    if verb == "resume" and role == "system":
        matter = replace(matter, suspended_until=NOW)
    try:
        event = loop.decide(matter, command(verb), who, NOW, RULES)
    except Refused as refused:
        if state not in rule.from_states:
            assert refused.code == "wrong_state"
        elif role not in rule.roles:
            assert refused.code == "not_allowed"
        else:
            assert refused.code in {
                "wrong_unit",
                "not_merged",
                "same_person",
                "no_plan_runs",
                "nothing_asked",
                "not_urgent",
            }
        return
    assert state in rule.from_states
    assert role in rule.roles
    after = loop.evolve(matter, event)
    check_invariants(after)
    assert after.state in (rule.to or (state,)) or (verb == "withdraw" and matter.hazard)
    assert after.version == matter.version + 1
    assert event.kind == rule.event


def test_every_state_is_reached_and_none_is_a_dead_end() -> None:
    seen: dict[str, set[str]] = {}
    waiting = [at("reported"), at("inherited")]
    while waiting:
        matter = waiting.pop()
        if matter.state in seen and matter.outcome != "duplicate":
            continue
        verbs = seen.setdefault(matter.state, set())
        for verb in VERBS:
            try:
                after = loop.evolve(matter, loop.decide(matter, command(verb), giver(verb, matter), NOW, RULES))
            except Refused:
                continue
            verbs.add(verb)
            if after.state not in seen:
                waiting.append(after)
    assert set(seen) == set(loop.STATES)
    assert all(verbs - {"log"} for verbs in seen.values())


def test_every_command_has_a_from_state_and_every_open_state_an_owner_and_a_clock() -> None:
    assert set(c.BY_VERB) == set(loop.COMMANDS)
    for verb, rule in loop.COMMANDS.items():
        assert verb == "report" or rule.from_states
        assert rule.from_states <= set(loop.STATES)
        assert set(rule.to) <= set(loop.STATES)
    assert set(loop.OWNER) == loop.OPEN
    assert set(loop.CLOCK_OF) == loop.OPEN - {"suspended"}
    assert set(loop.STAGE_OF) == set(loop.STATES)


@pytest.mark.parametrize(
    ("verb", "field"), [(verb, name) for verb, rule in loop.COMMANDS.items() for name in rule.required]
)
def test_a_required_field_is_asked_for(verb: str, field: str) -> None:
    state = None if verb == "report" else _from(verb)
    blank: object = None if field in ("until", "mended") else type(getattr(command(verb), field))()
    with pytest.raises(Refused, match="missing"):
        loop.decide(state, replace(command(verb), **{field: blank}), giver(verb, state or at("reported")), NOW, RULES)


def _from(verb: str) -> loop.State:
    if verb == "unmerge":
        return do(at("assessed"), "merge")
    if verb in plans.OF_A_RUN:
        return do(at("handling"), "start_plan")
    if verb == "unmark_urgent":
        return do(at("handling"), "mark_urgent")
    if verb == "refuse":
        return do(at("handling"), "request")
    state = next(state for state in loop.STATES if state in loop.COMMANDS[verb].from_states)
    return at(state, agency=3, agency_state="asked") if verb.startswith("agency_") else at(state)


@pytest.mark.parametrize(
    ("state", "bad", "who", "code"),
    [
        ("handling", c.Submit(outcome="duplicate", text="t"), "officer", "bad_outcome"),
        ("reported", c.Decline(outcome="fixed", reason="r"), "desk", "bad_outcome"),
        ("submitted", c.Check(result="maybe"), "checker", "bad_result"),
        ("submitted", c.Check(result="rework"), "checker", "missing"),
        ("answered", c.Rate(mended=True, result=6), "desk", "bad_stars"),
        ("assessed", c.Merge(root=5, itself=5, root_state="handling", root_station=1), "desk", "merge_itself"),
        ("assessed", c.Merge(root=7, itself=5, root_state="closed", root_station=1), "desk", "merge_closed"),
        ("assessed", c.Merge(root=7, itself=5, root_state="handling", root_station=2), "desk", "merge_elsewhere"),
        ("assessed", c.Transfer(station=1, reason="r"), "chief", "transfer_here"),
        ("handling", c.Locate(element=None), "officer", "located_there"),
        ("handling", c.Suspend(until=NOW, reason="r", approver_unit=4), "chief", "until_past"),
        ("handling", c.Suspend(until=NOW + timedelta(days=400), reason="r", approver_unit=4), "chief", "until_far"),
        ("handling", c.Extend(minutes=10**7, reason="r"), "chief", "extend_far"),
        ("handling", c.Extend(minutes=2881, reason="r"), "chief", "extend_most"),
        ("handling", c.Request(what="more", reason="r"), "chief", "bad_request"),
        ("handling", c.Request(what="extend", reason="r"), "chief", "missing"),
        ("handling", c.Request(what="extend", minutes=2881, reason="r"), "chief", "extend_most"),
        ("handling", c.Request(what="suspend", reason="r"), "chief", "missing"),
        ("handling", c.Request(what="suspend", until=NOW, reason="r"), "chief", "until_past"),
        ("inherited", c.Triage(grade=2), "desk", "missing"),
    ],
)  # fmt: skip
def test_guards(state: str, bad: c.Command, who: str, code: str) -> None:
    matter = at(state, category=None) if state == "inherited" else at(state)
    with pytest.raises(Refused) as refused:
        loop.decide(matter, bad, PEOPLE[who], NOW, RULES)
    assert refused.value.code == code


def test_a_photo_is_asked_for_where_the_category_says_so() -> None:
    matter = at("handling", needs_photo=True)
    with pytest.raises(Refused, match="photo_needed"):
        loop.decide(matter, command("submit"), giver("submit", matter), NOW, RULES)
    event = loop.decide(matter, c.Submit(outcome="fixed", text="t", photos=1), giver("submit", matter), NOW, RULES)
    assert loop.evolve(matter, event).state == "submitted"


def test_the_checker_is_not_who_handled_it() -> None:
    matter = at("submitted")
    chief = actor("chief", pk=matter.submitter or 0)
    with pytest.raises(Refused, match="same_person"):
        loop.decide(matter, command("check"), chief, NOW, RULES)


def test_only_the_responsible_unit_accepts_but_a_leader_may_for_it() -> None:
    matter = at("pushed")
    with pytest.raises(Refused, match="wrong_unit"):
        loop.decide(matter, command("accept"), actor("officer", ELSEWHERE), NOW, RULES)
    assert loop.decide(matter, command("accept"), PEOPLE["deputy"], NOW, RULES).kind == "accepted"


def test_the_system_resumes_only_when_the_date_has_come() -> None:
    matter = at("suspended")
    with pytest.raises(Refused, match="until_not_reached"):
        loop.decide(matter, c.Resume(), loop.SYSTEM, NOW, RULES)
    later = NOW + timedelta(days=3)
    assert loop.evolve(matter, loop.decide(matter, c.Resume(), loop.SYSTEM, later, RULES)).state == "handling"


def test_what_is_not_mended_is_reopened_not_closed() -> None:
    matter = at("answered")
    matter = loop.evolve(matter, loop.decide(matter, c.Rate(mended=False), PEOPLE["desk"], NOW, RULES))
    with pytest.raises(Refused, match="not_mended"):
        loop.decide(matter, c.Close(), PEOPLE["desk"], NOW, RULES)
    again = do(matter, "reopen")
    assert (again.state, again.cycle, again.reopened, again.mended) == ("assessed", 2, 1, None)


def test_a_duplicate_is_unmerged_not_reopened() -> None:
    matter = do(at("assessed"), "merge")
    assert (matter.outcome, matter.root) == ("duplicate", 7)
    with pytest.raises(Refused, match="unmerge_instead"):
        do(matter, "reopen")
    assert do(matter, "unmerge").root is None
    with pytest.raises(Refused, match="not_merged"):
        do(at("closed"), "unmerge")


def test_a_withdrawn_hazard_stays_and_anything_else_is_still_answered() -> None:
    assert do(at("handling", hazard=True), "withdraw").state == "handling"
    matter = do(at("handling", hazard=False), "withdraw")
    assert (matter.state, matter.outcome, matter.responsible_unit) == ("checked", "withdrawn", DESK)


def test_a_suspension_stops_the_clocks_and_its_time_is_not_counted() -> None:
    matter = at("handling")
    due = matter.next_due
    assert due is not None
    paused = do(matter, "suspend", NOW + timedelta(hours=1))
    resumed = do(paused, "resume", NOW + timedelta(hours=49))
    assert resumed.next_due == due + timedelta(hours=48)
    assert resumed.clock("answer") is not None


def test_a_return_restarts_the_units_clock_and_not_the_matters() -> None:
    matter = at("pushed")
    answer = matter.clock("answer")
    later = NOW + timedelta(minutes=40)
    back = do(matter, "return", later)
    again = do(back, "push", later)
    assert (back.returned, back.unit, back.responsible_unit) == (1, None, DESK)
    assert again.clock("accept") == replace(
        matter.clock("accept"), started=later, due=again.next_due, timer_at=later + timedelta(minutes=30)
    )
    assert again.next_due == later + timedelta(hours=1)
    assert again.clock("answer") == answer


def test_a_graver_grade_carries_the_worked_time_over() -> None:
    matter = at("handling")
    later = NOW + timedelta(hours=5)
    after = loop.evolve(
        matter, loop.decide(matter, c.Reassess(category="fire", grade=1, reason="r"), PEOPLE["desk"], later, RULES)
    )
    assert after.next_due == NOW + timedelta(hours=8)
    handle = after.clock("handle")
    assert handle is not None
    assert (handle.term, handle.worked) == (480, 300)


def test_an_extension_moves_the_deadline() -> None:
    matter = at("handling")
    assert matter.next_due is not None
    assert do(matter, "extend").next_due == matter.next_due + timedelta(minutes=60)


def test_rework_goes_back_to_the_unit_with_a_new_clock() -> None:
    matter = at("submitted")
    later = NOW + timedelta(days=1)
    again = loop.evolve(
        matter, loop.decide(matter, c.Check(result="rework", reason="r"), PEOPLE["checker"], later, RULES)
    )
    assert (again.state, again.responsible_unit, again.reworked, again.outcome) == ("handling", PATROL, 1, "")
    assert again.next_due == later + timedelta(days=2)


def test_inherited_matters_run_no_promise_until_they_are_taken_in() -> None:
    matter = at("inherited")
    assert [clock.kind for clock in matter.clocks] == ["triage"]
    taken = do(matter, "triage", NOW + timedelta(days=200))
    assert taken.state == "assessed"
    answer = taken.clock("answer")
    assert answer is not None
    assert answer.started == NOW + timedelta(days=200)
    pushed = loop.evolve(
        matter, loop.decide(matter, c.Triage(category="fire", grade=2, unit=PATROL), PEOPLE["desk"], NOW, RULES)
    )
    assert (pushed.state, pushed.responsible_unit) == ("pushed", PATROL)


def test_allowed_agrees_with_decide() -> None:
    for state in loop.STATES:
        matter = at(state)
        for who in (*PEOPLE.values(), loop.public_actor()):
            for verb in VERBS:
                try:
                    loop.decide(matter, command(verb), who, NOW, RULES)
                except Refused:
                    given = False
                else:
                    given = True
                assert (verb in loop.allowed(matter, who)) == given, (state, verb, who)
