"""THE LOOP: a pure decider.  ``decide(state, command, …) -> events`` or ``Refused``; ``evolve(state, event) -> state``.

Nothing here knows a database or a clock on the wall: the time, the actor and the rules are passed in.  The table
:data:`COMMANDS` is the whole of what may happen: from which states, by which roles, with which fields, to which state.
A station's ``responsible_unit`` and ``next_due`` follow from :data:`OWNER` and :data:`CLOCK_OF`, so no command can leave
an open matter without either.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from jishi.base.errors import Refused
from jishi.matters import commands as c
from jishi.matters.terms import Clock, Rules

STATES = (
    "inherited", "reported", "assessed", "pushed", "handling", "suspended", "submitted", "checked", "answered", "closed",
)  # fmt: skip
OPEN = frozenset(STATES) - {"closed"}

#: The five stages of 闭环 and the states of each.
STAGES: Mapping[str, tuple[str, ...]] = {
    "discover": ("inherited", "reported"),
    "assess": ("assessed",),
    "push": ("pushed",),
    "handle": ("handling", "suspended", "submitted"),
    "feedback": ("checked", "answered", "closed"),
}
STAGE_OF = {state: stage for stage, states in STAGES.items() for state in states}

OUTCOMES = ("fixed", "no_action", "referred", "unverifiable", "duplicate", "withdrawn", "out_of_scope")

#: The clock that each open state runs against.  A suspended matter runs against the date of its suspension.
CLOCK_OF: Mapping[str, str] = {
    "inherited": "triage",
    "reported": "assess",
    "assessed": "push",
    "pushed": "accept",
    "handling": "handle",
    "submitted": "check",
    "checked": "answer",
    "answered": "close",
}

#: Who is responsible in each open state; "unit" is the unit that the matter was offered to, "approver" the approver's.
OWNER: Mapping[str, str] = {
    "inherited": "unit",
    "reported": "desk",
    "assessed": "desk",
    "pushed": "unit",
    "handling": "unit",
    "suspended": "approver",
    "submitted": "checking",
    "checked": "desk",
    "answered": "desk",
}

#: The roles that lead a station: they act for any of its units.
LEADERS = frozenset({"chief", "deputy"})
_DESK = frozenset({"desk"}) | LEADERS
_UNIT = frozenset({"officer", "desk"}) | LEADERS
_CREW = _UNIT | {"auxiliary", "checker"}


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the table.  ``to`` is None where the state stays as it is or depends on the command's fields."""

    from_states: frozenset[str]
    to: tuple[str, ...]
    roles: frozenset[str]
    event: str
    required: tuple[str, ...] = ()
    own_unit: bool = False


def _rule(
    from_states: str, to: str, roles: frozenset[str], event: str, required: str = "", own_unit: bool = False
) -> Rule:
    return Rule(frozenset(from_states.split()), tuple(to.split()), roles, event, tuple(required.split()), own_unit)


_WORKED_ON = "assessed pushed handling suspended submitted"

#: For each command: from-states, to-states (none: the state stays), roles, event, required fields, and whether the
#: actor must belong to the responsible unit (leaders act for any unit).
COMMANDS: Mapping[str, Rule] = {
    "report": _rule("", "reported", frozenset({"desk", "officer", "auxiliary"}) | LEADERS, "reported", "title"),
    "triage": _rule("inherited", "assessed pushed", _DESK, "triaged", "grade"),
    "assess": _rule("reported", "assessed", _DESK, "assessed", "category grade"),
    "reassess": _rule(_WORKED_ON, "", _DESK, "reassessed", "category grade reason"),
    "decline": _rule("inherited reported assessed", "checked", _DESK, "declined", "outcome reason"),
    "withdraw": _rule(f"inherited reported {_WORKED_ON}", "checked", _DESK, "withdrawn", "reason"),
    "merge": _rule(f"inherited reported {_WORKED_ON}", "closed", _DESK, "merged", "root"),
    "unmerge": _rule("closed", "reported", _DESK, "unmerged", "reason"),
    "push": _rule("assessed", "pushed", _DESK, "pushed", "unit"),
    "refer": _rule("assessed handling", "handling", _DESK, "referred", "agency reason"),
    "accept": _rule("pushed", "handling", _UNIT, "accepted", own_unit=True),
    "return": _rule("pushed handling", "assessed", _UNIT, "returned", "reason", own_unit=True),
    "recall": _rule("pushed handling", "assessed", _DESK, "recalled", "reason"),
    "assign": _rule("pushed handling", "", _UNIT, "assigned", "person", own_unit=True),
    "transfer": _rule("reported assessed", "", LEADERS, "transferred", "station reason"),
    "log": _rule(f"inherited reported {_WORKED_ON} checked answered", "", _CREW, "logged", "text"),
    "suspend": _rule("handling", "suspended", LEADERS, "suspended", "until reason"),
    "resume": _rule("suspended", "handling", LEADERS | {"system"}, "resumed"),
    "extend": _rule("handling", "", LEADERS, "extended", "minutes reason"),
    "submit": _rule("handling", "submitted", _UNIT, "submitted", "outcome text", own_unit=True),
    "check": _rule("submitted", "checked handling", frozenset({"checker"}) | LEADERS, "checked", "result"),
    "answer": _rule("checked", "answered", _DESK, "answered", "text"),
    "rate": _rule("answered", "", _DESK, "rated", "mended"),
    "close": _rule("answered", "closed", _DESK, "closed"),
    "reopen": _rule("answered closed", "assessed", _DESK, "reopened", "reason"),
}


@dataclass(frozen=True, slots=True)
class Actor:
    """Who gives a command: a member of staff with roles and units at the matter's station, or the system (id None)."""

    id: int | None
    roles: frozenset[str]
    units: frozenset[int] = frozenset()


SYSTEM = Actor(None, frozenset({"system"}))


@dataclass(frozen=True, slots=True)
class State:
    """A matter as the loop knows it: codes, ids and times, no text."""

    station: int
    state: str
    version: int = 0
    cycle: int = 1
    outcome: str = ""
    category: str | None = None
    grade: int = 0
    area: int | None = None
    hazard: bool = False
    needs_photo: bool = False
    responsible_unit: int | None = None
    next_due: datetime | None = None
    unit: int | None = None
    assignee: int | None = None
    agency: int | None = None
    submitter: int | None = None
    suspended_until: datetime | None = None
    root: int | None = None
    mended: bool | None = None
    returned: int = 0
    reworked: int = 0
    reopened: int = 0
    closed_at: datetime | None = None
    clocks: tuple[Clock, ...] = ()

    def clock(self, kind: str) -> Clock | None:
        """The running (or paused) clock of one kind."""
        return next((clock for clock in self.clocks if clock.kind == kind), None)


@dataclass(frozen=True, slots=True)
class Event:
    """What a command leads to: the fields it sets, the clocks it starts, changes and stops, and the facts it notes."""

    kind: str
    set: Mapping[str, Any] = field(default_factory=dict)
    start: tuple[Clock, ...] = ()
    change: tuple[Clock, ...] = ()
    stop: tuple[str, ...] = ()
    facts: Mapping[str, Any] = field(default_factory=dict)


def allowed(state: State, actor: Actor) -> list[str]:
    """The commands that the actor may give in this state, in the table's order, as far as state, role and unit say."""
    return [verb for verb, rule in COMMANDS.items() if verb != "report" and not _why_not(state, verb, rule, actor)]


def _why_not(state: State, verb: str, rule: Rule, actor: Actor) -> Refused | None:
    if state.state not in rule.from_states:
        return Refused("wrong_state", command=verb, state=state.state)
    if not rule.roles & actor.roles:
        return Refused("not_allowed", command=verb)
    if rule.own_unit and not actor.roles & LEADERS and state.responsible_unit not in actor.units:
        return Refused("wrong_unit", command=verb)
    if verb == "unmerge" and state.outcome != "duplicate":
        return Refused("not_merged")
    if verb == "reopen" and state.outcome == "duplicate":
        return Refused("unmerge_instead")
    if verb == "check" and actor.id in (state.submitter, state.assignee):
        return Refused("same_person", command=verb)
    if verb == "close" and state.mended is False:
        return Refused("not_mended")
    return None


def decide(state: State | None, command: c.Command, actor: Actor, now: datetime, rules: Rules) -> Event:
    """What the command leads to.

    Raises ``Refused`` with ``wrong_state``, ``not_allowed``, ``wrong_unit``, ``missing`` (a required field), or the
    code of the guard that the command has of its own.
    """
    verb = command.verb
    rule = COMMANDS[verb]
    if isinstance(command, c.Report):
        if state is not None:
            raise Refused("wrong_state", command=verb, state=state.state)
        if not rule.roles & actor.roles:
            raise Refused("not_allowed", command=verb)
        state = State(station=command.station, state="reported")
    elif state is None:
        raise Refused("wrong_state", command=verb, state="")
    else:
        refused = _why_not(state, verb, rule, actor)
        if refused:
            raise refused
    for name in rule.required:
        if getattr(command, name) in (None, "", 0):
            raise Refused("missing", field=name, command=verb)
    return _DECIDERS[verb](state, command, actor, now, rules)


def evolve(state: State, event: Event) -> State:
    """The state after the event."""
    kept = {clock.kind: clock for clock in state.clocks if clock.kind not in event.stop}
    kept.update((clock.kind, clock) for clock in (*event.change, *event.start))
    return replace(state, **event.set, version=state.version + 1, clocks=tuple(kept.values()))


def _enter(
    state: State,
    event: str,
    to: str,
    now: datetime,
    rules: Rules,
    *,
    sets: Mapping[str, Any] | None = None,
    facts: Mapping[str, Any] | None = None,
    change: tuple[Clock, ...] = (),
    unit: int | None = None,
    also_start: tuple[Clock, ...] = (),
    keep_clock: bool = False,
) -> Event:
    """An event that leads to another open state: its owner, its clock and its deadline come from the tables."""
    after = replace(state, **(sets or {}))
    kind = CLOCK_OF[to]
    running = next((clock for clock in (*change, *also_start) if clock.kind == kind), None) or state.clock(kind)
    start = list(also_start)
    if running is None or not (keep_clock or kind == "answer"):
        running = rules.start(kind, after.category, after.grade, now)
        start.append(running)
    keep = {"answer", kind} if keep_clock else {"answer"}
    stop = tuple(clock.kind for clock in state.clocks if clock.kind not in keep)
    owner = {"desk": rules.desk, "checking": rules.checking, "unit": unit if unit is not None else after.unit}[OWNER[to]]
    values = {**(sets or {}), "state": to, "responsible_unit": owner, "next_due": running.due}
    if unit is not None:
        values["unit"] = unit
    return Event(event, values, tuple(start), change, stop, facts or {})


def _close(state: State, event: str, now: datetime, **sets: Any) -> Event:
    values = {"state": "closed", "responsible_unit": None, "next_due": None, "unit": None, "assignee": None,
              "suspended_until": None, "closed_at": now, **sets}  # fmt: skip
    return Event(event, values, stop=tuple(clock.kind for clock in state.clocks), facts={})


def _report(state: State, cmd: c.Report, actor: Actor, now: datetime, rules: Rules) -> Event:
    sets = {"category": cmd.category, "grade": cmd.grade, "area": cmd.area, "hazard": cmd.hazard,
            "needs_photo": cmd.needs_photo}  # fmt: skip
    answer = rules.start("answer", cmd.category, cmd.grade, now)
    return _enter(state, "reported", "reported", now, rules, sets=sets, also_start=(answer,),
                  facts={"channel": cmd.channel})  # fmt: skip


def _triage(state: State, cmd: c.Triage, actor: Actor, now: datetime, rules: Rules) -> Event:
    sets = {"category": cmd.category or state.category, "grade": cmd.grade, "hazard": cmd.hazard or state.hazard,
            "needs_photo": cmd.needs_photo or state.needs_photo}  # fmt: skip
    if sets["category"] is None:
        raise Refused("missing", field="category", command="triage")
    answer = rules.start("answer", sets["category"], cmd.grade, now)
    if cmd.unit is None:
        return _enter(state, "triaged", "assessed", now, rules, sets={**sets, "unit": None}, also_start=(answer,))
    return _enter(state, "triaged", "pushed", now, rules, sets=sets, unit=cmd.unit, also_start=(answer,))


def _assess(state: State, cmd: c.Assess, actor: Actor, now: datetime, rules: Rules) -> Event:
    sets = {"category": cmd.category, "grade": cmd.grade, "hazard": cmd.hazard, "needs_photo": cmd.needs_photo,
            "area": cmd.area if cmd.area is not None else state.area}  # fmt: skip
    answer = state.clock("answer")
    changed = rules.reterm(answer, cmd.category, cmd.grade, now) if answer else None
    change = (changed,) if changed and changed != answer else ()
    return _enter(state, "assessed", "assessed", now, rules, sets=sets, change=change)


def _reassess(state: State, cmd: c.Reassess, actor: Actor, now: datetime, rules: Rules) -> Event:
    changed = tuple(rules.reterm(clock, cmd.category, cmd.grade, now) for clock in state.clocks)
    change = tuple(new for new, old in zip(changed, state.clocks, strict=True) if new != old)
    sets: dict[str, Any] = {"category": cmd.category, "grade": cmd.grade, "hazard": cmd.hazard,
                            "needs_photo": cmd.needs_photo}  # fmt: skip
    stage = next((clock for clock in changed if clock.kind == CLOCK_OF.get(state.state)), None)
    if stage:
        sets["next_due"] = stage.due
    return Event("reassessed", sets, change=change, facts={"was": [state.category, state.grade]})


def _to_checked(state: State, event: str, now: datetime, rules: Rules, outcome: str, **facts: str) -> Event:
    """To the stage of the answer, which is owed whatever came of the matter."""
    answer = state.clock("answer")
    change: tuple[Clock, ...] = ()
    also: tuple[Clock, ...] = ()
    if answer is None:
        also = (rules.start("answer", state.category, state.grade, now),)
    elif answer.paused:
        change = (rules.wind(answer, now),)
    sets = {"outcome": outcome, "unit": None, "assignee": None, "suspended_until": None}
    return _enter(state, event, "checked", now, rules, sets=sets, facts=facts, change=change, also_start=also)


def _decline(state: State, cmd: c.Decline, actor: Actor, now: datetime, rules: Rules) -> Event:
    if cmd.outcome not in ("no_action", "unverifiable", "out_of_scope"):
        raise Refused("bad_outcome", outcome=cmd.outcome)
    return _to_checked(state, "declined", now, rules, cmd.outcome)


def _withdraw(state: State, cmd: c.Withdraw, actor: Actor, now: datetime, rules: Rules) -> Event:
    if state.hazard:
        return Event("withdrawn", {}, facts={"hazard_stays": True})
    return _to_checked(state, "withdrawn", now, rules, "withdrawn")


def _merge(state: State, cmd: c.Merge, actor: Actor, now: datetime, rules: Rules) -> Event:
    if cmd.root == cmd.itself:
        raise Refused("merge_itself")
    if cmd.root_station != state.station:
        raise Refused("merge_elsewhere")
    if cmd.root_state not in OPEN:
        raise Refused("merge_closed")
    event = _close(state, "merged", now, outcome="duplicate", root=cmd.root)
    return replace(event, facts={"root": cmd.root})


def _unmerge(state: State, cmd: c.Unmerge, actor: Actor, now: datetime, rules: Rules) -> Event:
    sets = {"outcome": "", "root": None, "closed_at": None}
    answer = rules.start("answer", state.category, state.grade, now)
    return _enter(state, "unmerged", "reported", now, rules, sets=sets, also_start=(answer,),
                  facts={"root": state.root})  # fmt: skip


def _push(state: State, cmd: c.Push, actor: Actor, now: datetime, rules: Rules) -> Event:
    facts = {"rule": cmd.rule} if cmd.rule else {}
    return _enter(state, "pushed", "pushed", now, rules, unit=cmd.unit, sets={"assignee": cmd.person}, facts=facts)


def _refer(state: State, cmd: c.Refer, actor: Actor, now: datetime, rules: Rules) -> Event:
    unit = state.unit if state.state == "handling" else (cmd.unit or rules.desk)
    return _enter(state, "referred", "handling", now, rules, unit=unit, sets={"agency": cmd.agency},
                  keep_clock=state.state == "handling")  # fmt: skip


def _accept(state: State, cmd: c.Accept, actor: Actor, now: datetime, rules: Rules) -> Event:
    assignee = state.assignee if state.assignee is not None else actor.id
    return _enter(state, "accepted", "handling", now, rules, sets={"assignee": assignee})


def _return(state: State, cmd: c.Return, actor: Actor, now: datetime, rules: Rules) -> Event:
    return _back_to_desk(state, "returned", now, rules, returned=state.returned + 1)


def _recall(state: State, cmd: c.Recall, actor: Actor, now: datetime, rules: Rules) -> Event:
    return _back_to_desk(state, "recalled", now, rules)


def _back_to_desk(state: State, event: str, now: datetime, rules: Rules, **sets: Any) -> Event:
    sets = {"unit": None, "assignee": None, "agency": None, **sets}
    return _enter(state, event, "assessed", now, rules, sets=sets, facts={"unit": state.unit})


def _assign(state: State, cmd: c.Assign, actor: Actor, now: datetime, rules: Rules) -> Event:
    return Event("assigned", {"assignee": cmd.person})


def _transfer(state: State, cmd: c.Transfer, actor: Actor, now: datetime, rules: Rules) -> Event:
    """``rules`` are those of the station that receives it."""
    if cmd.station == state.station:
        raise Refused("transfer_here")
    sets = {"station": cmd.station, "area": None}
    return _enter(state, "transferred", state.state, now, rules, sets=sets,
                  facts={"from_station": state.station, "to_station": cmd.station})  # fmt: skip


def _log(state: State, cmd: c.Log, actor: Actor, now: datetime, rules: Rules) -> Event:
    return Event("logged")


def _suspend(state: State, cmd: c.Suspend, actor: Actor, now: datetime, rules: Rules) -> Event:
    if cmd.until <= now:
        raise Refused("until_past")
    if (cmd.until - now).days > c.SUSPEND_DAYS:
        raise Refused("until_far", days=c.SUSPEND_DAYS)
    sets = {"state": "suspended", "responsible_unit": cmd.approver_unit, "next_due": cmd.until,
            "suspended_until": cmd.until}  # fmt: skip
    return Event("suspended", sets, change=tuple(rules.stop(clock, now) for clock in state.clocks),
                 facts={"approver": actor.id})  # fmt: skip


def _resume(state: State, cmd: c.Resume, actor: Actor, now: datetime, rules: Rules) -> Event:
    if actor.id is None and state.suspended_until and now < state.suspended_until:
        raise Refused("until_not_reached")
    wound = tuple(rules.wind(clock, now) for clock in state.clocks)
    handle = next(clock for clock in wound if clock.kind == "handle")
    sets = {"state": "handling", "responsible_unit": state.unit, "next_due": handle.due, "suspended_until": None}
    return Event("resumed", sets, change=wound)


def _extend(state: State, cmd: c.Extend, actor: Actor, now: datetime, rules: Rules) -> Event:
    if not 0 < cmd.minutes <= c.EXTEND_MINUTES:
        raise Refused("extend_far", minutes=c.EXTEND_MINUTES)
    changed = tuple(rules.extend(clock, cmd.minutes, now) for clock in state.clocks if clock.kind in ("handle", "answer"))
    handle = next(clock for clock in changed if clock.kind == "handle")
    return Event("extended", {"next_due": handle.due}, change=changed,
                 facts={"minutes": cmd.minutes, "approver": actor.id})  # fmt: skip


def _submit(state: State, cmd: c.Submit, actor: Actor, now: datetime, rules: Rules) -> Event:
    if cmd.outcome not in ("fixed", "no_action", "referred", "unverifiable"):
        raise Refused("bad_outcome", outcome=cmd.outcome)
    if state.needs_photo and not cmd.photos:
        raise Refused("photo_needed")
    return _enter(state, "submitted", "submitted", now, rules,
                  sets={"outcome": cmd.outcome, "submitter": actor.id})  # fmt: skip


def _check(state: State, cmd: c.Check, actor: Actor, now: datetime, rules: Rules) -> Event:
    if cmd.result == "pass":
        return _to_checked(state, "checked", now, rules, state.outcome, result="pass")
    if cmd.result != "rework":
        raise Refused("bad_result", result=cmd.result)
    if not cmd.reason:
        raise Refused("missing", field="reason", command="check")
    return _enter(state, "checked", "handling", now, rules, sets={"outcome": "", "reworked": state.reworked + 1},
                  facts={"result": "rework"})  # fmt: skip


def _answer(state: State, cmd: c.Answer, actor: Actor, now: datetime, rules: Rules) -> Event:
    event = _enter(state, "answered", "answered", now, rules, sets={"mended": None})
    return replace(event, stop=tuple(clock.kind for clock in state.clocks))


def _rate(state: State, cmd: c.Rate, actor: Actor, now: datetime, rules: Rules) -> Event:
    stars = {name: value for name, value in (("result", cmd.result), ("manner", cmd.manner)) if value}
    if any(not 1 <= value <= 5 for value in stars.values()):
        raise Refused("bad_stars")
    return Event("rated", {"mended": cmd.mended == "yes"}, facts=stars)


def _do_close(state: State, cmd: c.Close, actor: Actor, now: datetime, rules: Rules) -> Event:
    return _close(state, "closed", now)


def _reopen(state: State, cmd: c.Reopen, actor: Actor, now: datetime, rules: Rules) -> Event:
    sets = {"cycle": state.cycle + 1, "outcome": "", "reopened": state.reopened + 1, "mended": None, "unit": None,
            "assignee": None, "agency": None, "submitter": None, "closed_at": None}  # fmt: skip
    answer = rules.start("answer", state.category, state.grade, now)
    return _enter(state, "reopened", "assessed", now, rules, sets=sets, also_start=(answer,))


_DECIDERS: Mapping[str, Any] = {
    "report": _report, "triage": _triage, "assess": _assess, "reassess": _reassess, "decline": _decline,
    "withdraw": _withdraw, "merge": _merge, "unmerge": _unmerge, "push": _push, "refer": _refer, "accept": _accept,
    "return": _return, "recall": _recall, "assign": _assign, "transfer": _transfer, "log": _log, "suspend": _suspend,
    "resume": _resume, "extend": _extend, "submit": _submit, "check": _check, "answer": _answer, "rate": _rate,
    "close": _do_close, "reopen": _reopen,
}  # fmt: skip


def imported(
    state: str, outcome: str, category: str, grade: int, area: int | None, unit: int | None, now: datetime, rules: Rules,
    closed_at: datetime | None = None,
) -> Event:  # fmt: skip
    """How a matter of another system comes in: finished (``closed``), or open (``inherited``), owned by ``unit`` or the desk."""
    if state == "closed":
        return Event("imported", {"state": "closed", "outcome": outcome, "category": category, "grade": grade,
                                  "area": area, "closed_at": closed_at})  # fmt: skip
    clock = rules.start("triage", category, grade, now)
    sets = {"state": "inherited", "category": category, "grade": grade, "area": area, "unit": unit,
            "responsible_unit": unit or rules.desk, "next_due": clock.due}  # fmt: skip
    return Event("imported", sets, (clock,))
