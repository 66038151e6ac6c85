"""Who is told of each event of the loop, what kind of notice it is, and by which rule."""

from __future__ import annotations

import threading
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from django.utils import timezone, translation

from jishi.matters import commands, ladder, lateness, loop, notices, store, telling
from jishi.matters.actions import apply, report_matter
from jishi.matters.tests import factory as make
from jishi.notify import kinds
from jishi.notify.models import Channel, Delivery, Notice
from jishi.stations.crew import crew_of
from jishi.stations.models import Post, Shift, Staff
from jishi.stations.queries import forget

pytestmark = pytest.mark.django_db


@dataclass
class Case:
    """A command in a state, by whom, and who is told: name → (kind without the room, rule)."""

    verb: str
    state: str
    by: str
    told: Mapping[str, tuple[str, str]]
    fields: Mapping[str, Any] = field(default_factory=dict)
    grade: int = 3


WHY = {"reason": "说明原因"}
CASES = [
    Case("assess", "reported", "desk", {}),
    Case("assess", "reported", "desk", dict.fromkeys(("chief", "deputy"), ("reported_red", "grave")), grade=1),
    Case("assess", "reported", "deputy", {"chief": ("reported_red", "grave")}, grade=2),
    Case("reassess", "handling", "desk", {
        "chief": ("reported_red", "grave"), "deputy": ("reported_red", "grave"), "officer": ("changed", "yours"),
    }, {"category": "dispute.rent", "grade": 1, **WHY}),
    Case("reassess", "handling", "desk", {"officer": ("changed", "yours")},
         {"category": "dispute.rent", "grade": 2, **WHY}, grade=1),
    Case("decline", "assessed", "chief", dict.fromkeys(("desk", "desk2"), ("to_answer", "desk_answer")),
         {"outcome": "no_action", **WHY}),
    Case("withdraw", "handling", "desk", {"desk2": ("to_answer", "desk_answer"), "officer": ("changed", "was_yours")},
         WHY),
    Case("push", "assessed", "desk", {
        "officer": ("offered", "pushed_unit"), "officer2": ("offered", "pushed_unit"),
        "auxiliary": ("offered", "pushed_unit"),
    }),
    Case("push", "assessed", "desk", {"officer2": ("offered", "pushed_person")}, {"person": "officer2"}),
    Case("push", "assessed", "desk", {"mediator": ("offered", "pushed_unit")}, {"unit": "mediation"}),
    Case("push", "assessed", "desk", dict.fromkeys(("chief", "deputy"), ("offered", "unit_empty")), {"unit": "fire"}),
    Case("refer", "handling", "desk", {"officer": ("offered", "referred")}, {"agency": "agency", **WHY}),
    Case("accept", "pushed", "officer", {"desk": ("changed", "you_pushed")}),
    Case("return", "pushed", "officer", dict.fromkeys(("desk", "desk2"), ("back", "desk_returned")), WHY),
    Case("recall", "handling", "desk", {"desk2": ("back", "desk_recalled"), "officer": ("changed", "was_yours")}, WHY),
    Case("recall", "pushed", "chief", {
        "desk": ("back", "desk_recalled"), "desk2": ("back", "desk_recalled"), "officer": ("changed", "was_yours_unit"),
        "officer2": ("changed", "was_yours_unit"), "auxiliary": ("changed", "was_yours_unit"),
    }, WHY),
    Case("assign", "handling", "chief", {
        "officer2": ("offered", "assigned_you"), "officer": ("changed", "was_yours"),
    }, {"person": "officer2"}),
    Case("log", "handling", "officer", {}, {"text": "已到现场"}),
    Case("suspend", "handling", "chief", {"officer": ("decided", "yours")}),
    Case("resume", "suspended", "deputy", {"officer": ("back", "yours_again")}),
    Case("extend", "handling", "chief", {"officer": ("decided", "yours")}, {"minutes": 60, **WHY}),
    Case("request", "handling", "officer", dict.fromkeys(("chief", "deputy"), ("asked", "you_decide")),
         {"what": "extend", "minutes": 60, **WHY}),
    Case("request", "handling", "chief", {"deputy": ("asked", "you_decide")},
         {"what": "suspend", "until": timezone.now() + timedelta(days=3), **WHY}),
    Case("submit", "handling", "officer", {"checker": ("to_check", "checking")}),
    Case("check", "submitted", "checker", dict.fromkeys(("desk", "desk2"), ("to_answer", "desk_answer"))),
    Case("check", "submitted", "checker", {"officer": ("back", "rework")}, {"result": "rework", **WHY}),
    Case("answer", "checked", "desk", {"officer": ("changed", "you_handled")}),
    Case("rate", "answered", "desk", {}, {"mended": True}),
    Case("rate", "answered", "desk", {"desk2": ("back", "desk_rated")}, {"mended": False}),
    Case("mark_urgent", "handling", "desk", {"officer": ("changed", "yours")}),
    Case("close", "answered", "desk", {"officer": ("changed", "you_handled")}),
    Case("reopen", "closed", "desk", {
        "desk2": ("back", "desk_reopened"), "officer": ("back", "handled_before"),
        "officer2": ("back", "handled_before"), "auxiliary": ("back", "handled_before"),
    }, WHY),
]  # fmt: skip


@pytest.fixture
def house():
    """A station whose desk and patrol have a second member, and an analyst in the patrol, who only looks on."""
    house = make.a_station()
    house.people["desk2"] = make.staff("desk", house)
    house.people["officer2"] = make.staff("officer", house)
    house.people["mediator"] = make.staff("officer", house, unit=house.units["mediation"])
    house.people["onlooker"] = make.staff("analyst", house, unit=house.patrol)
    return house


def newest() -> int:
    return Notice.objects.order_by("-pk").values_list("pk", flat=True).first() or 0


def told_since(house, last: int) -> dict[str, tuple[str, str]]:
    """Who was told since this notice, by name: the kind and the rule.  Fails where somebody was told twice."""
    names = {person.pk: name for name, person in house.people.items()}
    rows = Delivery.objects.filter(notice__gt=last, channel=Channel.APP, staff__isnull=False)
    found: dict[str, tuple[str, str]] = {}
    for staff, kind, rule in rows.values_list("staff_id", "notice__kind", "rule"):
        assert names[staff] not in found
        found[names[staff]] = kind.removeprefix("matter."), rule
    return found


def to(names: str, kind: str, rule: str) -> dict[str, tuple[str, str]]:
    """All of these are told the same."""
    return dict.fromkeys(names.split(), (kind, rule))


def command_of(house, case: Case) -> commands.Command:
    """The command of a case, with the ids of what it names."""
    usual = {
        "assess": {"category": "dispute.rent", "grade": case.grade}, "push": {"unit": "patrol"},
        "suspend": {"until": timezone.now() + timedelta(days=3), **WHY}, "check": {"result": "pass"},
        "submit": {"outcome": "fixed", "text": "已处理完毕"}, "answer": {"text": "已告知报告人"},
    }.get(case.verb, {})  # fmt: skip
    fields: dict[str, Any] = {**usual, **case.fields}
    for name, of in (("person", house.people), ("unit", house.units), ("agency", {"agency": house.agency})):
        if name in fields:
            fields[name] = of[fields[name]].pk
    return commands.BY_VERB[case.verb](**fields)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.verb}-{case.state}-{case.by}-{'-'.join(case.told)}")
def test_an_event_is_told_to(house, case):
    matter = make.a_matter(house, case.state, grade=3 if case.verb == "assess" else case.grade)
    last = newest()
    apply(matter, command_of(house, case), by=house.people[case.by])
    assert told_since(house, last) == dict(case.told)


def test_every_event_of_the_table_is_tested_here():
    tested = {loop.COMMANDS[case.verb].event for case in CASES}
    elsewhere = {"reported", "triaged", "merged", "unmerged", "transferred"}
    by_public = {"added", "disputed", "appealed", "urgent_unmarked"}
    by_agencies = {"agency_accepted", "agency_returned", "agency_reported"}
    assert set(telling.TOLD) == (tested - {"logged"}) | elsewhere | by_public | by_agencies | {"refused"}


def test_a_report_is_told_to_the_desk_and_a_grave_one_to_the_leaders(house):
    report_matter(house.station, by=house.officer, title="楼道堆物")
    assert told_since(house, 0) == to("desk desk2", "reported", "desk_new")
    last = newest()
    report_matter(house.station, by=house.desk, title="楼道冒烟", category="fire.smoke", grade=1)
    assert told_since(house, last) == {
        **to("chief deputy", "reported_red", "grave"), **to("desk2", "reported", "desk_new"),
    }  # fmt: skip


def test_what_is_taken_from_the_backlog_is_told_to_the_unit(house):
    matter = make.an_inherited_matter(house)
    assert told_since(house, 0) == {}
    apply(matter, commands.Triage(grade=1, unit=house.patrol.pk), by=house.desk)
    assert told_since(house, 0) == {
        **to("chief deputy", "reported_red", "grave"), **to("officer officer2 auxiliary", "offered", "pushed_unit"),
    }  # fmt: skip


def test_a_duplicate_is_told_to_whoever_had_it_and_to_the_desk_when_it_is_none(house):
    root, matter = make.a_matter(house, "handling"), make.a_matter(house, "handling")
    last = newest()
    apply(matter, commands.Merge(root=root.pk), by=house.desk)
    assert told_since(house, last) == to("officer", "changed", "was_yours")
    last = newest()
    apply(matter, commands.Unmerge(reason="不是同一处"), by=house.desk)
    assert told_since(house, last) == to("desk2", "reported", "desk_new")


def test_a_transfer_is_told_to_the_desk_of_the_station_that_receives_it(house):
    other = make.a_station("YJ", "玉江派出所", bureau=house.station.bureau)
    matter = make.a_matter(house, "assessed")
    last = newest()
    apply(matter, commands.Transfer(station=other.station.pk, reason="属地"), by=house.chief)
    assert told_since(other, last) == to("desk", "reported", "desk_transferred")


def test_those_on_duty_are_told_and_the_others_are_spared(house):
    now = timezone.now()
    Shift.objects.create(
        station=house.station, unit=house.patrol, staff=house.officer2, starts=now - timedelta(hours=1),
        ends=now + timedelta(hours=7),
    )  # fmt: skip
    forget()
    matter = make.a_matter(house, "assessed")
    last = newest()
    apply(matter, commands.Push(unit=house.patrol.pk), by=house.desk)
    assert told_since(house, last) == to("officer2", "offered", "pushed_unit_duty")


def test_somebody_who_left_is_not_told_and_their_unit_is(house):
    matter = make.a_matter(house, "handling")
    type(house.officer).objects.filter(pk=house.officer.pk).update(is_active=False)
    forget()
    last = newest()
    apply(matter, commands.Extend(minutes=60, reason="需配合"), by=house.chief)
    assert told_since(house, last) == to("officer2 auxiliary", "decided", "yours_unit")


def test_a_leader_who_handled_it_does_not_check_and_the_others_are_told(house):
    matter = make.a_matter(house, "pushed", unit=house.units["checking"])
    apply(matter, commands.Accept(), by=house.chief)
    last = newest()
    apply(matter, commands.Assign(person=house.checker.pk), by=house.chief)
    apply(matter, commands.Submit(outcome="fixed", text="已处理"), by=house.chief)
    assert told_since(house, last) == {
        **to("checker", "offered", "assigned_you"), **to("deputy", "to_check", "checking"),
    }  # fmt: skip


def test_a_request_that_is_refused_is_told_to_whoever_has_the_matter(house):
    matter = make.a_matter(house, "handling")
    apply(matter, commands.Request(what="extend", minutes=60, reason="等待配件"), by=house.officer)
    last = newest()
    apply(matter, commands.Refuse(reason="时间足够"), by=house.deputy)
    assert told_since(house, last) == to("officer", "decided", "yours")


@dataclass
class Late:
    """Who is told at one level of a ladder, and by which rule, where some people are not there."""

    level: str
    told: Mapping[str, str]
    gone: str = ""
    state: str = "handling"


LATE = [
    Late("handler", {"officer": "handler"}),
    Late("handler", dict.fromkeys(("officer2", "auxiliary"), "handler"), gone="officer"),
    Late("handler", dict.fromkeys(("officer", "officer2", "auxiliary"), "handler"), state="pushed"),
    Late("handler", dict.fromkeys(("chief", "deputy"), telling.UNIT_EMPTY), gone="officer officer2 auxiliary"),
    Late("handler", {"checker": "handler"}, state="submitted"),
    Late("lead", {"sergeant": "lead"}),
    Late("lead", {"deputy": "lead"}, gone="sergeant"),
    Late("lead", {"chief": "lead"}, gone="sergeant deputy"),
    Late("deputy", {"deputy": "deputy"}),
    Late("deputy", {"chief": "chief"}, gone="deputy"),
    Late("chief", {"chief": "chief"}),
    Late("chief", {"dispatcher": "bureau"}, gone="chief"),
    Late("bureau", {"dispatcher": "bureau"}),
]


@pytest.mark.parametrize("case", LATE, ids=lambda case: f"{case.level}-{case.state}-{case.gone}")
@pytest.mark.parametrize("percent", [80, 100])
def test_a_step_of_a_ladder_is_told_to(house, case, percent):
    if case.level == "lead":
        house.people["sergeant"] = make.staff("officer", house)
        Post.objects.filter(staff=house.sergeant).update(lead=True)
    house.people["dispatcher"] = make.bureau_staff("desk", house.station.bureau)
    matter, last = make.a_matter(house, case.state), newest()
    for name in case.gone.split():
        Staff.objects.filter(pk=house.people[name].pk).update(is_active=False)
    forget()
    state, now = store.lock(matter.pk), timezone.now()
    step = (state.clocks[0], ladder.Step(percent, (case.level,)), now)
    lateness.tell_late(matter.pk, state, [step], crew_of(house.station.pk), now)
    word = "warned" if percent < 100 else "late"
    rules = {name: how if how == telling.UNIT_EMPTY else f"{word}_{how}" for name, how in case.told.items()}
    assert told_since(house, last) == {name: (word, rule) for name, rule in rules.items()}


def test_a_leader_who_has_the_matter_in_hand_is_warned_as_such(house):
    matter = make.a_matter(house, "pushed")
    apply(matter, commands.Accept(), by=house.chief)
    state, now = store.lock(matter.pk), timezone.now()
    assert lateness.audience("handler", state, crew_of(house.station.pk), now) == {house.chief.pk: "handler"}


def test_whoever_is_named_twice_on_a_ladder_is_told_once_as_the_nearest(house):
    Post.objects.filter(staff=house.officer).update(lead=True)
    matter, last = make.a_matter(house, "handling"), newest()
    forget()
    state, now = store.lock(matter.pk), timezone.now()
    step = (state.clocks[0], ladder.Step(80, ("handler", "lead")), now)
    lateness.tell_late(matter.pk, state, [step], crew_of(house.station.pk), now)
    assert told_since(house, last) == to("officer", "warned", "warned_handler")


@pytest.mark.parametrize("event", ["agency_accepted", "agency_returned", "agency_reported"])
def test_what_an_agency_says_is_told_to_whoever_has_the_matter(house, event):
    matter = make.a_matter(house, "handling")
    state, last = store.lock(matter.pk), newest()
    happened = loop.Event(event, facts={"agency": house.agency.pk})
    telling.tell_of(matter.pk, state, happened, state, loop.agency_actor(house.agency.pk), timezone.now())
    assert told_since(house, last) == to("officer", "agency", "yours")
    assert Notice.objects.order_by("-pk")[0].facts["agency"] == house.agency.pk


def test_a_drill_is_told_inside_alone(house, monkeypatch):
    asked = []
    monkeypatch.setattr(telling, "tell", lambda *_args, **more: asked.append(more["inside_only"]))
    matter = make.a_matter(house, "handling")
    state = store.lock(matter.pk)
    actor = loop.Actor(house.desk.pk, frozenset({"desk"}))
    for drill in (False, True):
        after = replace(state, drill=drill)
        telling.tell_of(matter.pk, state, loop.Event("recalled"), after, actor, timezone.now())
    assert asked[-4:] == [False, False, True, True]


def test_what_is_rolled_back_was_told_to_nobody(house):
    class Fails(Exception):
        pass

    matter, last = make.a_matter(house, "assessed"), newest()

    def push_and_fail() -> None:
        with transaction.atomic():
            apply(matter, commands.Push(unit=house.patrol.pk), by=house.desk)
            assert told_since(house, last)
            raise Fails

    with pytest.raises(Fails):
        push_and_fail()
    assert told_since(house, last) == {}


def test_a_simulated_past_is_told_to_nobody(house):
    with telling.silent():
        make.a_matter(house, "closed", grade=1)
        seen = []
        thread = threading.Thread(target=lambda: seen.append(telling.is_silent()))
        thread.start()
        thread.join()
    assert not Notice.objects.exists()
    assert seen == [False]
    assert not telling.is_silent()


def test_every_rule_has_a_sentence_and_every_kind_a_label_and_a_title():
    suffixes = ("", telling.IN_UNIT, telling.ON_DUTY, telling.IN_UNIT + telling.ON_DUTY)
    persons = {"person", "person_before", "leaders", "handler", "pusher", "chief"}
    holders = {"holder", "holder_before"}
    for event, rows in telling.TOLD.items():
        for row in rows:
            hows = suffixes[:1] if row.whom in persons else suffixes if row.whom in holders else suffixes[::2]
            for how in hows:
                assert kinds.why(row.rule + how)
            assert row.whom in telling.AUDIENCES
            assert row.when in telling.WHEN
            assert notices.title_of(row.kind, {"event": event})
    late = [f"{word}_{level}" for word in ("warned", "late") for level in ladder.LEVELS]
    for language in ("en", "zh-hans"):
        with translation.override(language):
            assert all(str(kind.label) for kind in kinds.all_kinds())
            assert len({kinds.why(rule) for rule in late} - {""}) == len(late)
    with translation.override("zh-hans"):
        assert kinds.why("yours_unit_duty") == "这件事由您所在的组室承办。您正在值班。"
