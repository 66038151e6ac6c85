"""The ladder of a clock: how it is written, when each step comes, what is taken, and what an act puts off.  Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from jishi.base.errors import Refused
from jishi.matters import commands as c
from jishi.matters import ladder, loop
from jishi.matters.terms import KINDS, Clock, Policy, Rules, check_policy
from jishi.matters.tests.pure import CALENDAR, DESK, NOW, POLICY, RULES, at, command, do, giver

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
CODE = "h50.hl80.hl100.d120.c150.b200"


def running(minutes: int = 100, *, mode: str = "clock", steps: str = CODE, started: datetime = NOW) -> Clock:
    """A clock that starts with its ladder armed."""
    blank = Clock("handle", minutes, mode, started, started, 1, 1, ladder=steps)  # type: ignore[arg-type]
    return RULES.wind(blank, started)


def at_minutes(*minutes: int) -> list[datetime]:
    return [NOW + timedelta(minutes=each) for each in minutes]


def moments(clock: Clock) -> list[datetime]:
    return [at for _step, at in ladder.schedule(clock, CALENDAR)]


def percents(taken: list[tuple[ladder.Step, datetime]]) -> list[int]:
    return [step.percent for step, _at in taken]


def test_the_code_of_a_ladder_says_all_that_its_lines_say():
    assert ladder.code_of(ladder.BUILT_IN) == CODE
    assert ladder.code_of(["50 lead handler", "100 bureau"]) == "hl50.b100"
    assert ladder.steps_of("hl50.b100") == (
        ladder.Step(50, ("handler", "lead")), ladder.Step(100, ("bureau",)),
    )  # fmt: skip
    assert ladder.steps_of("") == ()


@pytest.mark.parametrize(
    "lines",
    [
        [], "100 handler", ["50 handler"], ["100"], ["100 mayor"], ["100 handler handler"], ["100  handler"],
        ["0 handler", "100 handler"], ["80 lead", "50 handler", "100 lead"], ["100 handler", "100 lead"],
        ["1000 lead", "100 lead"], [100], ["100 Handler"], [f"{percent} handler" for percent in range(95, 106)],
    ],
)  # fmt: skip
def test_a_ladder_that_cannot_be_meant_is_refused(lines):
    with pytest.raises(Refused) as refused:
        ladder.code_of(lines)
    assert refused.value.code == "bad_ladder"


def test_steps_come_at_their_share_of_the_term_and_go_on_beyond_it():
    assert moments(running(100)) == at_minutes(50, 80, 100, 120, 150, 200)
    assert moments(running(7)) == at_minutes(4, 6, 7, 9, 12, 16)


def test_steps_of_working_time_rest_over_night_and_over_the_weekend():
    friday = datetime(2026, 3, 6, 8, 0, tzinfo=UTC)
    clock = running(240, mode="work", started=friday)
    assert moments(clock) == [
        datetime(2026, 3, 6, 10, 0, tzinfo=UTC),
        datetime(2026, 3, 9, 1, 42, tzinfo=UTC),
        datetime(2026, 3, 9, 2, 30, tzinfo=UTC),
        datetime(2026, 3, 9, 3, 18, tzinfo=UTC),
        datetime(2026, 3, 9, 6, 0, tzinfo=UTC),
        datetime(2026, 3, 9, 8, 0, tzinfo=UTC),
    ]


def test_steps_are_taken_one_by_one_in_time():
    clock = running(100)
    for before, percent, following in [
        (49, 50, 80), (79, 80, 100), (99, 100, 120), (119, 120, 150), (149, 150, 200), (199, 200, None),
    ]:  # fmt: skip
        now = NOW + timedelta(minutes=before)
        assert ladder.take(clock, CALENDAR, now) == (clock, [])
        clock, taken = ladder.take(clock, CALENDAR, now + MINUTE)
        assert percents(taken) == [percent]
        assert taken[0][1] == now + MINUTE
        assert clock.timer_step == percent
        assert clock.timer_at == (NOW + timedelta(minutes=following) if following else None)
    assert ladder.take(clock, CALENDAR, NOW + timedelta(days=99)) == (clock, [])


def test_after_a_time_of_being_off_all_steps_that_came_meanwhile_are_taken_in_order_at_once():
    clock, taken = ladder.take(running(100), CALENDAR, NOW + timedelta(minutes=130))
    assert percents(taken) == [50, 80, 100, 120]
    assert [at for _step, at in taken] == at_minutes(50, 80, 100, 120)
    assert clock.timer_at == NOW + timedelta(minutes=150)


@given(
    minutes=st.integers(1, 3_000),
    mode=st.sampled_from(["clock", "work"]),
    looks=st.lists(st.integers(0, 20_000), max_size=8),
)
def test_however_often_one_looks_the_same_steps_are_taken_at_the_same_moments(minutes, mode, looks):
    clock = running(minutes, mode=mode)
    taken = []
    for look in [*sorted(looks), 10**6]:
        clock, more = ladder.take(clock, CALENDAR, NOW + timedelta(minutes=look))
        taken += more
    assert taken == list(ladder.schedule(running(minutes, mode=mode), CALENDAR))


def test_a_paused_clock_has_nothing_armed_and_goes_on_where_it_was():
    clock, _taken = ladder.take(running(100), CALENDAR, NOW + timedelta(minutes=60))
    stopped = RULES.stop(clock, NOW + timedelta(minutes=70))
    assert stopped.timer_at is None
    assert ladder.take(stopped, CALENDAR, NOW + timedelta(days=9)) == (stopped, [])
    later = NOW + timedelta(days=9)
    again = RULES.wind(stopped, later)
    assert (again.timer_step, again.timer_at) == (50, later + 10 * MINUTE)
    again, taken = ladder.take(again, CALENDAR, later + 30 * MINUTE)
    assert percents(taken) == [80, 100]


def test_more_time_brings_the_steps_again_that_lie_ahead_again():
    clock, _taken = ladder.take(running(100), CALENDAR, NOW + timedelta(minutes=85))
    longer = RULES.extend(clock, 100, NOW + timedelta(minutes=90))
    assert (longer.timer_step, longer.timer_at) == (0, NOW + timedelta(minutes=100))
    a_little = RULES.extend(clock, 10, NOW + timedelta(minutes=90))
    assert (a_little.timer_step, a_little.timer_at) == (80, NOW + timedelta(minutes=110))


def test_more_time_that_is_not_enough_leaves_the_due_time_passed_and_the_next_level_waiting():
    clock, _taken = ladder.take(running(100), CALENDAR, NOW + timedelta(minutes=160))
    now = NOW + timedelta(minutes=160)
    short = RULES.extend(clock, 20, now)
    assert short.due == now
    assert (short.timer_step, short.timer_at) == (100, now + 24 * MINUTE)


def test_an_act_on_an_overdue_clock_lets_the_next_level_wait_its_whole_interval():
    clock, _taken = ladder.take(running(100), CALENDAR, NOW + timedelta(minutes=125))
    now = NOW + timedelta(minutes=140)
    put_off = ladder.put_off(clock, CALENDAR, now)
    assert put_off == replace(clock, timer_at=now + 30 * MINUTE)
    put_off, taken = ladder.take(put_off, CALENDAR, now + 30 * MINUTE)
    assert percents(taken) == [150]
    assert put_off.timer_at == now + 80 * MINUTE
    done, _taken = ladder.take(put_off, CALENDAR, now + 80 * MINUTE)
    assert ladder.put_off(done, CALENDAR, now + 90 * MINUTE) == done


def test_an_act_before_the_due_time_puts_nothing_off():
    clock, _taken = ladder.take(running(100), CALENDAR, NOW + timedelta(minutes=85))
    assert ladder.put_off(clock, CALENDAR, NOW + timedelta(minutes=99)) == clock
    paused = RULES.stop(clock, NOW + timedelta(minutes=99))
    assert ladder.put_off(paused, CALENDAR, NOW + timedelta(minutes=120)) == paused


def under(*lines: str) -> Rules:
    """The rules of a policy in which every clock has the same term, and this ladder."""
    default = {"any": dict.fromkeys(KINDS, "100m clock")}
    return Rules(Policy(2, {"default": default, "ladder": {"default": {"any": lines}}}, {}), CALENDAR, DESK, DESK)


def test_another_ladder_with_the_same_term_takes_no_step_twice():
    clock, _taken = ladder.take(running(100), CALENDAR, NOW + timedelta(minutes=55))
    rules = under("30 lead", "60 chief", "100 bureau")
    changed = rules.reterm(clock, None, 3, NOW + timedelta(minutes=57))
    assert (changed.due, changed.timer_step, changed.timer_at) == (clock.due, 50, NOW + timedelta(minutes=60))
    assert changed.ladder == "l30.c60.b100"
    assert rules.reterm(changed, None, 3, NOW + timedelta(minutes=58)) == changed
    assert under(*ladder.BUILT_IN).reterm(changed, None, 3, NOW + timedelta(minutes=59)) == clock


def test_another_ladder_on_an_overdue_clock_waits_its_interval_though_its_moment_had_passed():
    clock, taken = ladder.take(running(100, steps="h100.d150"), CALENDAR, NOW + timedelta(minutes=135))
    assert percents(taken) == [100]
    now = NOW + timedelta(minutes=140)
    changed = under("100 handler", "120 chief", "180 bureau").reterm(clock, None, 3, now)
    assert (changed.due, changed.timer_step, changed.timer_at) == (clock.due, 100, now + 20 * MINUTE)
    last = under("50 handler", "100 lead").reterm(clock, None, 3, now)
    assert (last.timer_step, last.timer_at) == (100, None)


def test_another_ladder_of_a_paused_clock_has_nothing_armed():
    clock = RULES.stop(running(100), NOW + timedelta(minutes=20))
    changed = under("30 lead", "100 bureau").reterm(clock, None, 3, NOW + timedelta(minutes=40))
    assert (changed.ladder, changed.timer_at, changed.paused) == ("l30.b100", None, True)


def overdue(state: str) -> tuple[loop.State, datetime]:
    """A matter whose clock of this state ran out, with all steps up to 100 taken, and a moment after it."""
    matter = at(state)
    clock = matter.clock(loop.CLOCK_OF[state])
    assert clock is not None
    now = clock.due + MINUTE
    clocks = tuple(ladder.take(each, CALENDAR, now)[0] for each in matter.clocks)
    return replace(matter, clocks=clocks), now


def test_whoever_acts_stops_the_ladder_and_the_system_does_not():
    matter, now = overdue("handling")
    before = matter.clock("handle")
    assert before is not None
    assert before.timer_step == 100
    acted = loop.evolve(matter, loop.decide(matter, c.Log(text="t"), giver("log", matter), now + HOUR, RULES))
    after = acted.clock("handle")
    assert after == replace(before, timer_at=now + HOUR + (before.timer_at - before.due))  # type: ignore[operator]
    by_agency = replace(matter, agency=3, agency_state="asked")
    said = loop.decide(by_agency, c.AgencyAccept(), loop.agency_actor(3), now + HOUR, RULES)
    assert not said.change
    started = loop.decide(matter, command("start_plan"), loop.SYSTEM, now + HOUR, RULES)
    assert not started.change


@pytest.mark.parametrize("verb", ["suspend", "merge", "submit", "return"])
def test_what_leaves_the_state_leaves_no_step_behind_for_it(verb):
    matter, now = overdue("handling")
    after = do(matter, verb, now)
    clock = after.clock("handle")
    assert clock is None or (clock.paused and clock.timer_at is None)
    assert verb != "merge" or not after.clocks


def test_the_backlog_rests():
    [clock] = at("inherited").clocks
    assert (clock.kind, clock.ladder, clock.timer_at) == ("triage", "", None)
    assert POLICY.ladder("fire", 1, "triage") == ""


def test_the_most_exact_ladder_wins():
    data = {
        "default": {"any": dict.fromkeys(KINDS, "1h clock")},
        "ladder": {
            "default": {"1": ["100 chief"], "any": ["100 handler"]},
            "fire": {"2": ["100 deputy"], "any": ["100 lead"]},
        },
    }
    policy = Policy(1, data, {"fire": None, "fire.smoke": "fire"})
    found = {(code, grade): policy.ladder(code, grade, "handle") for code in (None, "fire.smoke") for grade in (1, 2)}
    assert found == {(None, 1): "c100", (None, 2): "h100", ("fire.smoke", 1): "l100", ("fire.smoke", 2): "d100"}
    assert Policy(1, {"default": data["default"]}, {}).ladder("fire", 1, "handle") == CODE


@pytest.mark.parametrize(
    ("more", "code"),
    [
        ({"ladder": {"default": {"any": ["80 handler"]}}}, "bad_ladder"),
        ({"limits": {"extend_most": -1}}, "bad_limit"),
        ({"limits": {"suspend_times": "2"}}, "bad_limit"),
        ({"limits": {"pauses": 2}}, "bad_limit"),
    ],
)
def test_a_policy_with_a_ladder_or_a_limit_that_cannot_be_meant_is_refused(more, code):
    terms = {"default": {"any": dict.fromkeys(KINDS, "1h clock")}}
    check_policy(terms)
    with pytest.raises(Refused) as refused:
        check_policy({**terms, **more})
    assert refused.value.code == code


def test_every_grade_that_ships_ends_at_the_bureau_and_tells_everybody_once_overdue():
    for grade in range(5):
        steps = ladder.steps_of(POLICY.ladder(None, grade, "handle"))
        assert [step.percent for step in steps][:3] == [50, 80, 100]
        assert {level for step in steps for level in step.levels} == set(ladder.LEVELS)
        assert steps[-1].levels == ("bureau",)
