"""A small world for the pure loop: one policy, one calendar, people with roles, and a good command for every verb."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from importlib import resources

from jishi.matters import commands as c
from jishi.matters import loop
from jishi.matters.tasks import Run, Step, begin
from jishi.matters.terms import Policy, Rules
from jishi.worktime import Calendar

DESK, PATROL, CHECKING, COMMAND, ELSEWHERE = 1, 2, 3, 4, 9
NOW = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)
CALENDAR = Calendar.from_data(
    1, "Asia/Shanghai", hours=[["08:30", "12:00"], ["13:30", "18:00"]], weekdays=range(5), days={}, known_years=[2026]
)
POLICY = Policy(
    1, tomllib.loads(resources.files("jishi.matters").joinpath("catalog/policy.toml").read_text("utf-8")), {}
)
RULES = Rules(POLICY, CALENDAR, DESK, CHECKING)


def actor(role: str, unit: int | None = None, pk: int = 0) -> loop.Actor:
    """Somebody with one role; the number tells people apart."""
    number = pk or 100 + sorted(ROLES).index(role)
    return loop.Actor(number, frozenset({role}), frozenset({unit} if unit else ()))


ROLES = ("chief", "deputy", "desk", "officer", "auxiliary", "checker", "analyst", "auditor", "administrator")
HOME = {"chief": COMMAND, "deputy": COMMAND, "desk": DESK, "officer": PATROL, "auxiliary": PATROL, "checker": CHECKING}
PEOPLE = {role: actor(role, HOME.get(role)) for role in ROLES}


STEPS = (
    Step("a", PATROL, 10),
    Step("b", PATROL, 20),
    Step("c", DESK, 30, ("a", "b")),
    Step("d", PATROL, 5, ("c",), True),
)
RUN = Run(1, 7, STEPS, ("b",), begin(STEPS, NOW, lambda start, minutes: start + timedelta(minutes=minutes)))


def taken(run: Run, *codes: str) -> Run:
    """The run with these tasks in somebody's hands."""
    tasks = (replace(task, state="taken", person=8, taken_at=NOW) if task.code in codes else task for task in run.tasks)
    return replace(run, tasks=tuple(tasks))


def command(verb: str, now: datetime = NOW) -> c.Command:
    """A command of this verb with all that it needs."""
    return {
        "report": c.Report(station=1, title="t"),
        "triage": c.Triage(category="fire", grade=2),
        "assess": c.Assess(category="fire", grade=2),
        "reassess": c.Reassess(category="fire", grade=1, reason="r"),
        "decline": c.Decline(outcome="no_action", reason="r"),
        "withdraw": c.Withdraw(reason="r"),
        "merge": c.Merge(root=7, itself=5, root_state="handling", root_station=1),
        "unmerge": c.Unmerge(reason="r"),
        "push": c.Push(unit=PATROL),
        "refer": c.Refer(agency=3, reason="r"),
        "accept": c.Accept(),
        "return": c.Return(reason="r"),
        "recall": c.Recall(reason="r"),
        "assign": c.Assign(person=8),
        "transfer": c.Transfer(station=2, reason="r"),
        "log": c.Log(text="t"),
        "locate": c.Locate(element=11),
        "suspend": c.Suspend(until=now + timedelta(days=3), reason="r", person=8, approver_unit=COMMAND),
        "resume": c.Resume(),
        "extend": c.Extend(minutes=60, reason="r"),
        "submit": c.Submit(outcome="fixed", text="t"),
        "check": c.Check(result="pass"),
        "answer": c.Answer(text="t"),
        "rate": c.Rate(mended=True),
        "close": c.Close(),
        "reopen": c.Reopen(reason="r"),
        "agency_accept": c.AgencyAccept(),
        "agency_return": c.AgencyReturn(reason="r"),
        "agency_report": c.AgencyReport(text="t"),
        "start_plan": c.StartPlan(plan="p", seen=replace(RUN, tasks=())),
        "end_plan": c.EndPlan(reason="r", seen=RUN),
        "take_task": c.TakeTask(task="a", seen=RUN),
        "finish_task": c.FinishTask(task="a", seen=RUN),
        "skip_task": c.SkipTask(task="a", reason="r", seen=RUN),
        "hand_task": c.HandTask(task="a", unit=DESK, seen=RUN),
        "request": c.Request(what="extend", minutes=60, reason="r"),
        "refuse": c.Refuse(reason="r"),
        "follow": c.Follow(),
        "add": c.Add(text="t"),
        "dispute": c.Dispute(reason="r"),
        "mark_urgent": c.MarkUrgent(),
        "unmark_urgent": c.UnmarkUrgent(reason="r"),
        "reopen_task": c.ReopenTask(task="a", seen=taken(RUN, "a")),
    }[verb]


#: Who gives a command, where it is not the desk.
GIVEN_BY = {
    "accept": "officer", "return": "officer", "submit": "officer", "assign": "officer", "request": "officer",
    "check": "checker", "suspend": "deputy", "refuse": "deputy", "extend": "deputy", "resume": "deputy",
    "end_plan": "deputy", "skip_task": "deputy", "transfer": "chief",
}  # fmt: skip


def giver(verb: str, state: loop.State) -> loop.Actor:
    """Somebody who may give the command now."""
    if verb.startswith("agency_"):
        return loop.agency_actor(state.agency or 0)
    if loop.COMMANDS[verb].roles == {"public"}:
        return loop.public_actor()
    role = GIVEN_BY.get(verb, "desk")
    if role == "officer":
        return actor("officer", state.responsible_unit, pk=150)
    return PEOPLE[role]


def do(state: loop.State | None, verb: str, now: datetime = NOW) -> loop.State:
    """The state after a good command by somebody who may give it."""
    event = loop.decide(state, command(verb, now), giver(verb, state or BLANK), now, RULES)
    return loop.evolve(state or BLANK, event)


BLANK = loop.State(station=1, state="reported")


def inherited() -> loop.State:
    """An open matter of another system, in the backlog."""
    return loop.evolve(BLANK, loop.imported("inherited", "", "other", 0, None, None, NOW, RULES))


WAYS = {
    "reported": ["report"],
    "assessed": ["report", "assess"],
    "pushed": ["report", "assess", "push"],
    "handling": ["report", "assess", "push", "accept"],
    "suspended": ["report", "assess", "push", "accept", "suspend"],
    "submitted": ["report", "assess", "push", "accept", "submit"],
    "checked": ["report", "assess", "push", "accept", "submit", "check"],
    "answered": ["report", "assess", "push", "accept", "submit", "check", "answer"],
    "closed": ["report", "assess", "push", "accept", "submit", "check", "answer", "close"],
}


def at(state: str, **changes: object) -> loop.State:
    """A matter in this state, by the shortest way."""
    if state == "inherited":
        return replace(inherited(), **changes)
    matter = None
    for verb in WAYS[state]:
        matter = do(matter, verb)
    assert matter is not None
    assert matter.state == state
    return replace(matter, **changes)
