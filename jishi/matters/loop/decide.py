"""The decider: one small function for each command."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from jishi.base.errors import Refused
from jishi.matters import commands as c
from jishi.matters import ladder
from jishi.matters.loop import agencies, plans, public, requests
from jishi.matters.loop.moves import enter, leave
from jishi.matters.loop.state import Actor, Event, State
from jishi.matters.loop.table import CLOCK_OF, COMMANDS, LEADERS, OPEN
from jishi.matters.terms import Clock, Rules


def allowed(state: State, actor: Actor) -> list[str]:
    """The commands that the actor may give in this state, in the table's order, as far as state, role and unit say."""
    return [verb for verb in COMMANDS if verb != "report" and not why_not(state, verb, actor)]


def why_not(state: State, verb: str, actor: Actor) -> Refused | None:
    """Why this command cannot be given now, as far as state, role and unit say; None where it can."""
    rule = COMMANDS[verb]
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
    if verb in agencies.ANSWERS:
        return agencies.why_not(state, verb, actor)
    return requests.why_not(state, verb) or plans.why_not(state, verb) or public.why_not(state, verb, actor)


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
        refused = why_not(state, verb, actor)
        if refused:
            raise refused
    for name in rule.required:
        value = getattr(command, name)
        if value in (None, "", 0) and value is not False and not public.may_leave_open(actor, verb, name):
            raise Refused("missing", field=name, command=verb)
    event: Event = _DECIDERS[verb](state, command, actor, now, rules.pressing(state.urgent == "confirmed"))
    return public.signed(_acted(state, requests.settle(state, event), actor, now, rules), actor)


def _acted(state: State, event: Event, actor: Actor, now: datetime, rules: Rules) -> Event:
    """Whoever acts stops the ladders under way: the next level of an overdue clock waits its whole interval."""
    if actor.id is None:
        return event
    named = {clock.kind for clock in (*event.change, *event.start)} | set(event.stop)
    waits = [(clock, ladder.put_off(clock, rules.calendar, now)) for clock in state.clocks if clock.kind not in named]
    change = tuple(new for old, new in waits if new != old)
    return replace(event, change=(*event.change, *change)) if change else event


def _report(state: State, cmd: c.Report, actor: Actor, now: datetime, rules: Rules) -> Event:
    sets = {"category": cmd.category, "grade": cmd.grade, "area": cmd.area, "hazard": cmd.hazard,
            "needs_photo": cmd.needs_photo}  # fmt: skip
    if cmd.element is not None:
        sets["element"] = cmd.element
    if cmd.channel == "drill":
        sets["drill"] = True
    if cmd.urgent:
        sets["urgent"] = "asked"
    answer = rules.start("answer", cmd.category, cmd.grade, now)
    return enter(state, "reported", "reported", now, rules, sets=sets, also_start=(answer,),
                  facts={"channel": cmd.channel})  # fmt: skip


def _triage(state: State, cmd: c.Triage, actor: Actor, now: datetime, rules: Rules) -> Event:
    category = cmd.category or state.category
    sets = {"category": category, "grade": cmd.grade, "hazard": cmd.hazard or state.hazard,
            "needs_photo": cmd.needs_photo or state.needs_photo}  # fmt: skip
    if category is None:
        raise Refused("missing", field="category", command="triage")
    answer = rules.start("answer", category, cmd.grade, now)
    if cmd.unit is None:
        return enter(state, "triaged", "assessed", now, rules, sets={**sets, "unit": None}, also_start=(answer,))
    return enter(state, "triaged", "pushed", now, rules, sets=sets, unit=cmd.unit, also_start=(answer,))


def _assess(state: State, cmd: c.Assess, actor: Actor, now: datetime, rules: Rules) -> Event:
    sets = {"category": cmd.category, "grade": cmd.grade, "hazard": cmd.hazard, "needs_photo": cmd.needs_photo,
            "area": cmd.area if cmd.area is not None else state.area}  # fmt: skip
    answer = state.clock("answer")
    changed = rules.reterm(answer, cmd.category, cmd.grade, now) if answer else None
    change = (changed,) if changed and changed != answer else ()
    return enter(state, "assessed", "assessed", now, rules, sets=sets, change=change)


def _reassess(state: State, cmd: c.Reassess, actor: Actor, now: datetime, rules: Rules) -> Event:
    changed = tuple(rules.reterm(clock, cmd.category, cmd.grade, now) for clock in state.clocks)
    change = tuple(new for new, old in zip(changed, state.clocks, strict=True) if new != old)
    sets: dict[str, Any] = {"category": cmd.category, "grade": cmd.grade, "hazard": cmd.hazard,
                            "needs_photo": cmd.needs_photo}  # fmt: skip
    stage = next((clock for clock in changed if clock.kind == CLOCK_OF.get(state.state)), None)
    if stage:
        sets["next_due"] = stage.due
    return Event("reassessed", sets, change=change, facts={"was": [state.category, state.grade]})


def _to_checked(
    state: State, event: str, now: datetime, rules: Rules, outcome: str, also_set: Mapping[str, Any] | None = None,
    **facts: str,
) -> Event:  # fmt: skip
    """To the stage of the answer, which is owed whatever came of the matter."""
    answer = state.clock("answer")
    change: tuple[Clock, ...] = ()
    also: tuple[Clock, ...] = ()
    if answer is None:
        also = (rules.start("answer", state.category, state.grade, now),)
    elif answer.paused:
        change = (rules.wind(answer, now),)
    sets = {"outcome": outcome, "unit": None, "assignee": None, "suspended_until": None, **(also_set or {})}
    return enter(state, event, "checked", now, rules, sets=sets, facts=facts, change=change, also_start=also)


def _decline(state: State, cmd: c.Decline, actor: Actor, now: datetime, rules: Rules) -> Event:
    if cmd.outcome not in ("no_action", "unverifiable", "out_of_scope"):
        raise Refused("bad_outcome", outcome=cmd.outcome)
    return _to_checked(state, "declined", now, rules, cmd.outcome)


def _withdraw(state: State, cmd: c.Withdraw, actor: Actor, now: datetime, rules: Rules) -> Event:
    if state.hazard:
        return Event("withdrawn", {}, facts={"hazard_stays": True})
    if public.is_public(actor) and state.followers:
        return Event("withdrawn", {}, facts={"followed": True})
    return _to_checked(state, "withdrawn", now, rules, "withdrawn", agencies.no_longer(state))


def _merge(state: State, cmd: c.Merge, actor: Actor, now: datetime, rules: Rules) -> Event:
    if cmd.root == cmd.itself:
        raise Refused("merge_itself")
    if cmd.root_station != state.station:
        raise Refused("merge_elsewhere")
    if cmd.root_state not in OPEN:
        raise Refused("merge_closed")
    event = leave(state, "merged", now, outcome="duplicate", root=cmd.root, **agencies.no_longer(state))
    return replace(event, facts={"root": cmd.root})


def _unmerge(state: State, cmd: c.Unmerge, actor: Actor, now: datetime, rules: Rules) -> Event:
    sets = {"outcome": "", "root": None, "closed_at": None}
    answer = rules.start("answer", state.category, state.grade, now)
    return enter(state, "unmerged", "reported", now, rules, sets=sets, also_start=(answer,),
                  facts={"root": state.root})  # fmt: skip


def _push(state: State, cmd: c.Push, actor: Actor, now: datetime, rules: Rules) -> Event:
    facts = {"rule": cmd.rule} if cmd.rule else {}
    return enter(state, "pushed", "pushed", now, rules, unit=cmd.unit, sets={"assignee": cmd.person}, facts=facts)


def _refer(state: State, cmd: c.Refer, actor: Actor, now: datetime, rules: Rules) -> Event:
    unit = state.unit if state.state == "handling" else (cmd.unit or rules.desk)
    sets = {"agency": cmd.agency, "agency_state": "asked"}
    return enter(state, "referred", "handling", now, rules, unit=unit, sets=sets,
                  keep_clock=state.state == "handling")  # fmt: skip


def _accept(state: State, cmd: c.Accept, actor: Actor, now: datetime, rules: Rules) -> Event:
    assignee = state.assignee if state.assignee is not None else actor.id
    return enter(state, "accepted", "handling", now, rules, sets={"assignee": assignee})


def _return(state: State, cmd: c.Return, actor: Actor, now: datetime, rules: Rules) -> Event:
    return _back_to_desk(state, "returned", now, rules, returned=state.returned + 1)


def _recall(state: State, cmd: c.Recall, actor: Actor, now: datetime, rules: Rules) -> Event:
    return _back_to_desk(state, "recalled", now, rules)


def _back_to_desk(state: State, event: str, now: datetime, rules: Rules, **sets: Any) -> Event:
    sets = {"unit": None, "assignee": None, "agency": None, **agencies.no_longer(state), **sets}
    return enter(state, event, "assessed", now, rules, sets=sets, facts={"unit": state.unit})


def _assign(state: State, cmd: c.Assign, actor: Actor, now: datetime, rules: Rules) -> Event:
    return Event("assigned", {"assignee": cmd.person})


def _transfer(state: State, cmd: c.Transfer, actor: Actor, now: datetime, rules: Rules) -> Event:
    """``rules`` are those of the station that receives it."""
    if cmd.station == state.station:
        raise Refused("transfer_here")
    sets = {"station": cmd.station, "area": None, "element": None}
    return enter(state, "transferred", state.state, now, rules, sets=sets,
                  facts={"from_station": state.station, "to_station": cmd.station})  # fmt: skip


def _log(state: State, cmd: c.Log, actor: Actor, now: datetime, rules: Rules) -> Event:
    return Event("logged")


def _locate(state: State, cmd: c.Locate, actor: Actor, now: datetime, rules: Rules) -> Event:
    if cmd.element == state.element:
        raise Refused("located_there")
    return Event("located", {"element": cmd.element}, facts={"was": state.element} if state.element else {})


def _suspend(state: State, cmd: c.Suspend, actor: Actor, now: datetime, rules: Rules) -> Event:
    person = cmd.person or state.assignee
    if person is None:
        raise Refused("missing", field="person", command="suspend")
    requests.check_suspension(state, cmd.until, now, rules)
    sets = {"state": "suspended", "responsible_unit": cmd.approver_unit, "next_due": cmd.until, "assignee": person,
            "suspended_until": cmd.until, **requests.paused(state, cmd.until, now)}  # fmt: skip
    return Event("suspended", sets, change=tuple(rules.stop(clock, now) for clock in state.clocks),
                 facts={"approver": actor.id})  # fmt: skip


def _resume(state: State, cmd: c.Resume, actor: Actor, now: datetime, rules: Rules) -> Event:
    if actor.id is None and state.suspended_until and now < state.suspended_until:
        raise Refused("until_not_reached")
    wound = tuple(rules.wind(clock, now) for clock in state.clocks)
    handle = next(clock for clock in wound if clock.kind == "handle")
    sets = {"state": "handling", "responsible_unit": state.unit, "next_due": handle.due, "suspended_until": None,
            **requests.unpaused(state, now)}  # fmt: skip
    if not cmd.back:
        return Event("resumed", sets, change=wound)
    return Event("resumed", {**sets, "assignee": cmd.person}, change=wound, facts={"back": cmd.back})


def _extend(state: State, cmd: c.Extend, actor: Actor, now: datetime, rules: Rules) -> Event:
    requests.check_extension(state, cmd.minutes, rules)
    changed = tuple(
        rules.extend(clock, cmd.minutes, now) for clock in state.clocks if clock.kind in ("handle", "answer")
    )
    handle = next(clock for clock in changed if clock.kind == "handle")
    return Event("extended", {"next_due": handle.due, "extended": state.extended + cmd.minutes}, change=changed,
                 facts={"minutes": cmd.minutes, "approver": actor.id})  # fmt: skip


def _submit(state: State, cmd: c.Submit, actor: Actor, now: datetime, rules: Rules) -> Event:
    if cmd.outcome not in ("fixed", "no_action", "referred", "unverifiable"):
        raise Refused("bad_outcome", outcome=cmd.outcome)
    if state.needs_photo and not cmd.photos:
        raise Refused("photo_needed")
    return enter(state, "submitted", "submitted", now, rules,
                  sets={"outcome": cmd.outcome, "submitter": actor.id, **agencies.overtaken(state)})  # fmt: skip


def _check(state: State, cmd: c.Check, actor: Actor, now: datetime, rules: Rules) -> Event:
    if cmd.result == "pass":
        return _to_checked(state, "checked", now, rules, state.outcome, result="pass")
    if cmd.result != "rework":
        raise Refused("bad_result", result=cmd.result)
    if not cmd.reason:
        raise Refused("missing", field="reason", command="check")
    return enter(state, "checked", "handling", now, rules, sets={"outcome": "", "reworked": state.reworked + 1},
                  facts={"result": "rework"})  # fmt: skip


def _answer(state: State, cmd: c.Answer, actor: Actor, now: datetime, rules: Rules) -> Event:
    event = enter(state, "answered", "answered", now, rules, sets={"mended": None, "answered_at": now})
    return replace(event, stop=tuple(clock.kind for clock in state.clocks))


def _close(state: State, cmd: c.Close, actor: Actor, now: datetime, rules: Rules) -> Event:
    return leave(state, "closed", now)


def _reopen(state: State, cmd: c.Reopen, actor: Actor, now: datetime, rules: Rules) -> Event:
    return public.new_round(state, "reopened", now, rules)


_DECIDERS: Mapping[str, Any] = {
    "report": _report, "triage": _triage, "assess": _assess, "reassess": _reassess, "decline": _decline,
    "withdraw": _withdraw, "merge": _merge, "unmerge": _unmerge, "push": _push, "refer": _refer, "accept": _accept,
    "return": _return, "recall": _recall, "assign": _assign, "transfer": _transfer, "log": _log, "locate": _locate,
    "suspend": _suspend,
    "resume": _resume, "extend": _extend, "submit": _submit, "check": _check, "answer": _answer,
    "close": _close, "reopen": _reopen,
    "agency_accept": agencies.accept, "agency_return": agencies.give_back, "agency_report": agencies.report_done,
    **plans.DECIDERS, "request": requests.request, "refuse": requests.refuse, **public.DECIDERS,
}  # fmt: skip
