"""More time and pauses: asked for, granted, refused, never more than the policy allows; a pause ends by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from jishi.base.errors import Refused
from jishi.jobs.actions import claim
from jishi.jobs.models import Job
from jishi.jobs.worker import perform
from jishi.matters import commands, loop
from jishi.matters.actions import apply
from jishi.matters.actions.apply import RESUME_JOB
from jishi.matters.loop import requests
from jishi.matters.models import Clock, Extension, Matter, Suspension
from jishi.matters.tests import factory as make
from jishi.matters.tests import pure
from jishi.matters.verify import verify
from jishi.stations.crew import forget
from jishi.stations.models import Post, Staff

NOW = pure.NOW
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
WHY = {"reason": "等待配件"}


def ask(state: loop.State, verb: str, now: datetime = NOW, **fields: Any) -> loop.State:
    """The state after one command of this sort, by somebody who may give it."""
    given = commands.BY_VERB[verb](**{"reason": "r", **fields})
    return loop.evolve(state, loop.decide(state, given, pure.giver(verb, state), now, pure.RULES))


def refused(state: loop.State, verb: str, now: datetime = NOW, **fields: Any) -> str:
    with pytest.raises(Refused) as found:
        ask(state, verb, now, **fields)
    return found.value.code


def asked(state: loop.State) -> tuple[str, int | None, datetime | None]:
    return state.asked, state.asked_minutes, state.asked_until


NOTHING = ("", None, None)


def test_asking_leaves_owner_state_and_clocks_as_they_are():
    matter = pure.at("handling")
    for fields in ({"what": "extend", "minutes": 60}, {"what": "suspend", "until": NOW + DAY}):
        waiting = ask(matter, "request", **fields)
        assert asked(waiting) == (fields["what"], fields.get("minutes"), fields.get("until"))
        assert replace(waiting, version=matter.version, asked="", asked_minutes=None, asked_until=None) == matter
        assert refused(waiting, "request", what="extend", minutes=1) == "asked_already"


def test_a_leader_grants_what_was_asked_or_something_else_or_refuses():
    matter = pure.at("handling")
    waiting = ask(matter, "request", what="extend", minutes=60)
    granted = ask(waiting, "extend", minutes=30)
    assert asked(granted) == NOTHING
    assert granted.next_due == matter.next_due + timedelta(minutes=30)
    assert asked(ask(waiting, "suspend", until=NOW + DAY, person=8, approver_unit=pure.COMMAND)) == NOTHING
    no = ask(waiting, "refuse")
    assert (asked(no), no.next_due, no.clocks) == (NOTHING, matter.next_due, matter.clocks)
    assert refused(no, "refuse") == "nothing_asked"


@pytest.mark.parametrize("verb", ["submit", "return", "recall", "merge", "withdraw"])
def test_what_is_no_longer_in_hand_is_no_longer_asked_for(verb):
    waiting = ask(pure.at("handling"), "request", what="extend", minutes=60)
    assert asked(pure.do(waiting, verb)) == NOTHING


def test_a_note_leaves_a_request_waiting():
    waiting = ask(pure.at("handling"), "request", what="extend", minutes=60)
    assert asked(pure.do(waiting, "log")) == ("extend", 60, None)


def test_all_extensions_of_a_round_together_add_at_most_the_share_that_the_policy_allows():
    matter = pure.at("handling")
    assert requests.left(matter, pure.RULES) == requests.Left(2880, 2, 90 * 1440)
    matter = ask(matter, "extend", minutes=2000)
    matter = ask(matter, "extend", minutes=880)
    assert requests.left(matter, pure.RULES).minutes == 0
    for verb, fields in (("extend", {"minutes": 1}), ("request", {"what": "extend", "minutes": 1})):
        assert refused(matter, verb, **fields) == "extend_most"
    again = pure.do(pure.do(pure.do(pure.do(pure.do(matter, "submit"), "check"), "answer"), "close"), "reopen")
    assert requests.left(again, pure.RULES).minutes == 2880


def suspended(state: loop.State, now: datetime, days: int) -> loop.State:
    return ask(state, "suspend", now, until=now + days * DAY, person=8, approver_unit=pure.COMMAND)


def test_suspensions_of_a_round_are_limited_in_number_and_in_days():
    matter, now = pure.at("handling"), NOW
    assert refused(matter, "suspend", until=NOW + 91 * DAY, person=8, approver_unit=4) == "until_far"
    matter = suspended(matter, now, 60)
    matter = pure.do(matter, "resume", now + 20 * DAY)
    now += 20 * DAY
    assert requests.left(matter, pure.RULES) == requests.Left(2880, 1, 70 * 1440)
    assert requests.left(matter, pure.RULES).days == 70
    assert refused(matter, "request", now, what="suspend", until=now + 71 * DAY) == "until_far"
    matter = pure.do(suspended(matter, now, 70), "resume", now + 70 * DAY)
    now += 70 * DAY
    assert requests.left(matter, pure.RULES) == requests.Left(2880, 0, 0)
    assert refused(matter, "suspend", now, until=now + DAY) == "suspend_times"
    assert refused(matter, "request", now, what="suspend", until=now + DAY) == "suspend_times"


def test_a_running_plan_forbids_a_pause_and_asking_for_one_but_not_more_time():
    planned = pure.do(pure.at("handling"), "start_plan")
    until = NOW + DAY
    over = replace(planned, open_tasks=0)
    for state, code in ((planned, "open_tasks"), (over, "plan_not_ended")):
        assert refused(state, "suspend", until=until, person=8, approver_unit=4) == code
        assert refused(state, "request", what="suspend", until=until) == code
        assert asked(ask(state, "request", what="extend", minutes=60)) == ("extend", 60, None)
    waiting = ask(pure.at("handling"), "request", what="suspend", until=until)
    waiting = pure.do(waiting, "start_plan")
    assert refused(waiting, "suspend", until=until, person=8, approver_unit=4) == "open_tasks"
    assert asked(waiting) == ("suspend", None, until)


@pytest.fixture
def house(db):
    return make.a_station()


def give(house, matter: Matter, verb: str, by: str, **fields: Any) -> Matter:
    apply(matter, commands.BY_VERB[verb](**fields), by=house.people[by])
    return Matter.objects.get(pk=matter.pk)


def paused(house, **fields: Any) -> Matter:
    matter = make.a_matter(house, "handling")
    until = matter.reported_at + 3 * DAY
    matter = give(house, matter, "request", "officer", what="suspend", until=until, **WHY)
    return give(house, matter, "suspend", "chief", until=until, **WHY, **fields)


def test_who_may_ask_and_who_may_decide(house):
    matter = make.a_matter(house, "handling")
    for by, code in (("auxiliary", "not_allowed"), ("checker", "not_allowed"), ("desk", "wrong_unit")):
        with pytest.raises(Refused) as found:
            give(house, matter, "request", by, what="extend", minutes=60, **WHY)
        assert found.value.code == code
    matter = give(house, matter, "request", "officer", what="extend", minutes=60, **WHY)
    for verb, fields in (("extend", {"minutes": 60}), ("refuse", {}), ("suspend", {"until": matter.next_due + DAY})):
        with pytest.raises(Refused) as found:
            give(house, matter, verb, "officer", **fields, **WHY)
        assert found.value.code == "not_allowed"
    matter = give(house, matter, "extend", "deputy", minutes=60, **WHY)
    assert (matter.asked, matter.extended) == ("", 60)
    assert list(Extension.objects.values_list("approver", "minutes")) == [(house.deputy.pk, 60)]
    assert verify().ok


def work_at(now: datetime, time_machine) -> int:
    """What the worker does at this moment for matters that rest."""
    time_machine.move_to(now)
    return sum(perform(each) for each in claim(100, now) if each.kind == RESUME_JOB)


def test_a_pause_ends_by_itself_at_its_date_and_returns_to_the_named_person(house, time_machine):
    other = make.staff("officer", house)
    forget()
    matter = paused(house, person=other.pk)
    assert (matter.state, matter.responsible_unit, matter.assignee) == ("suspended", house.units["command"], other)
    assert matter.next_due == matter.suspended_until
    assert Clock.objects.filter(matter=matter, stopped_at=None, timer_at=None, paused=True).count() == 2
    assert work_at(matter.suspended_until - timedelta(seconds=1), time_machine) == 0
    until = matter.suspended_until
    assert work_at(until, time_machine) == 1
    matter.refresh_from_db()
    assert (matter.state, matter.responsible_unit, matter.assignee) == ("handling", house.patrol, other)
    assert matter.suspended_until is None
    assert Clock.objects.filter(matter=matter, stopped_at=None, timer_at__gt=until, paused=False).count() == 2
    assert Suspension.objects.get().ended_at == until
    assert work_at(until + DAY, time_machine) == 0
    assert verify().ok


@pytest.mark.parametrize(("lead", "back"), [(True, "lead"), (False, "unit")])
def test_a_pause_whose_person_has_gone_returns_to_the_lead_of_the_unit_or_to_the_unit(house, lead, back, time_machine):
    sergeant = make.staff("officer", house)
    Post.objects.filter(staff=sergeant).update(lead=lead)
    matter = paused(house)
    assert matter.assignee == house.officer
    Staff.objects.filter(pk=house.officer.pk).update(is_active=False)
    forget()
    assert work_at(matter.suspended_until, time_machine) == 1
    matter.refresh_from_db()
    assert (matter.state, matter.responsible_unit) == ("handling", house.patrol)
    assert matter.assignee == (sergeant if back == "lead" else None)
    assert verify().ok


def test_a_pause_that_was_ended_before_is_not_ended_again(house, time_machine):
    matter = paused(house)
    until = matter.suspended_until
    matter = give(house, matter, "resume", "deputy")
    used = matter.paused_minutes
    assert (used, matter.paused_times) == (1, 1)
    again = matter.reported_at + 10 * DAY
    matter = give(house, matter, "suspend", "chief", until=again, **WHY)
    assert work_at(until, time_machine) == 1
    matter.refresh_from_db()
    assert (matter.state, matter.suspended_until) == ("suspended", again)
    assert work_at(again, time_machine) == 1
    matter.refresh_from_db()
    assert matter.state == "handling"
    assert not Job.objects.filter(kind=RESUME_JOB).exists()


def test_a_note_meanwhile_does_not_keep_it_suspended(house, time_machine):
    matter = paused(house)
    matter = give(house, matter, "log", "officer", text="配件仍未到")
    assert work_at(matter.suspended_until, time_machine) == 1
    matter.refresh_from_db()
    assert matter.state == "handling"


def test_a_person_of_another_unit_cannot_be_named(house):
    matter = make.a_matter(house, "handling")
    with pytest.raises(Refused) as found:
        give(house, matter, "suspend", "chief", until=matter.reported_at + DAY, person=house.checker.pk, **WHY)
    assert found.value.code == "person_elsewhere"
