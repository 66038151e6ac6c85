"""Who is told of an event of the loop, and by which rule.  Called inside the transaction of every command.

:data:`TOLD` is the whole of it: for each kind of event the rows of who is told what.  A row names an audience of
:data:`AUDIENCES` and, where it does not always hold, a condition of :data:`WHEN`.  Nobody is told twice of one
event, the actor never, and never those who only look on.  Who works where is remembered (``stations.crew``), so that
telling costs its own rows and little else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from jishi.matters import catalogue
from jishi.matters.loop import Actor, Event, State
from jishi.matters.models import Assignment
from jishi.notify.actions import To, tell
from jishi.stations.crew import LOOK_ON, Crew, crew_of
from jishi.stations.models import Role

#: Grades that the leaders of the station are told of.
GRAVE = (1, 2)


@dataclass(frozen=True, slots=True)
class Happening:
    """An event of one matter, with what it was before and is after."""

    matter: int
    before: State | None
    event: Event
    after: State
    actor: Actor
    now: datetime

    @property
    def crew(self) -> Crew:
        """The people of the station that has the matter now."""
        return crew_of(self.after.station)


@dataclass(frozen=True, slots=True)
class Row:
    """Whom an event is told to: the kind of notice, the audience, the rule that says why, and when it holds."""

    kind: str
    whom: str
    rule: str
    when: str = ""


#: The rule of those who are told because a unit has nobody.
UNIT_EMPTY = "unit_empty"
#: What is added to a rule: told as one of the unit that has the matter, told as the one who is on duty there.
IN_UNIT = "_unit"
ON_DUTY = "_duty"

TOLD: Mapping[str, tuple[Row, ...]] = {
    "reported": (
        Row("matter.reported_red", "leaders", "grave", "grave"),
        Row("matter.urgent", "desk", "desk_urgent", "urgent_asked"),
        Row("matter.reported", "desk", "desk_new", "not_urgent_asked"),
    ),
    "triaged": (
        Row("matter.reported_red", "leaders", "grave", "grave"),
        Row("matter.offered", "unit", "pushed_unit", "pushed"),
    ),
    "assessed": (Row("matter.reported_red", "leaders", "grave", "grave"),),
    "reassessed": (
        Row("matter.reported_red", "leaders", "grave", "graver"),
        Row("matter.changed", "holder", "yours"),
    ),
    "declined": (Row("matter.to_answer", "desk", "desk_answer"),),
    "withdrawn": (
        Row("matter.to_answer", "desk", "desk_answer", "checked"),
        Row("matter.changed", "holder_before", "was_yours"),
    ),
    "merged": (Row("matter.changed", "holder_before", "was_yours"),),
    "unmerged": (Row("matter.reported", "desk", "desk_new"),),
    "pushed": (
        Row("matter.offered", "person", "pushed_person"),
        Row("matter.offered", "unit", "pushed_unit", "nobody_named"),
    ),
    "referred": (Row("matter.offered", "holder", "referred"),),
    "agency_accepted": (Row("matter.agency", "holder", "yours"),),
    "agency_returned": (Row("matter.agency", "holder", "yours"),),
    "agency_reported": (Row("matter.agency", "holder", "yours"),),
    "accepted": (Row("matter.changed", "pusher", "you_pushed"),),
    "returned": (Row("matter.back", "desk", "desk_returned"),),
    "recalled": (
        Row("matter.back", "desk", "desk_recalled"),
        Row("matter.changed", "holder_before", "was_yours"),
    ),
    "assigned": (
        Row("matter.offered", "person", "assigned_you"),
        Row("matter.changed", "person_before", "was_yours"),
    ),
    "transferred": (Row("matter.reported", "desk", "desk_transferred"),),
    "suspended": (Row("matter.decided", "holder", "yours"),),
    "resumed": (Row("matter.back", "holder", "yours_again"),),
    "extended": (Row("matter.decided", "holder", "yours"),),
    "requested": (Row("matter.asked", "leaders", "you_decide"),),
    "refused": (Row("matter.decided", "holder", "yours"),),
    "submitted": (Row("matter.to_check", "checkers", "checking"),),
    "checked": (
        Row("matter.back", "holder", "rework", "rework"),
        Row("matter.to_answer", "desk", "desk_answer", "checked"),
    ),
    "answered": (Row("matter.changed", "handler", "you_handled"),),
    "rated": (Row("matter.back", "desk", "desk_rated", "not_mended"),),
    "closed": (Row("matter.changed", "handler", "you_handled"),),
    "reopened": (
        Row("matter.back", "desk", "desk_reopened"),
        Row("matter.back", "last_unit", "handled_before"),
    ),
    "added": (
        Row("matter.added", "holder", "yours", "in_hand"),
        Row("matter.added", "desk", "desk_added", "not_in_hand"),
    ),
    "disputed": (
        Row("matter.back", "desk", "desk_disputed"),
        Row("matter.back", "chief", "chief_disputed"),
        Row("matter.back", "last_unit", "handled_before"),
    ),
    "appealed": (Row("matter.appealed", "chief", "chief_appealed"),),
    "urgent_marked": (Row("matter.changed", "holder", "yours"),),
    "urgent_unmarked": (Row("matter.changed", "holder", "yours"),),
}

WHEN: Mapping[str, Callable[[Happening], bool]] = {
    "": lambda it: True,
    "grave": lambda it: it.after.grade in GRAVE,
    "graver": lambda it: it.after.grade in GRAVE and (it.before is None or not 0 < it.before.grade <= it.after.grade),
    "pushed": lambda it: it.after.state == "pushed",
    "checked": lambda it: it.after.state == "checked",
    "rework": lambda it: it.after.state == "handling",
    "nobody_named": lambda it: not persons(it.crew, it.after.assignee),
    "not_mended": lambda it: it.after.mended is False,
    "urgent_asked": lambda it: it.after.urgent == "asked",
    "not_urgent_asked": lambda it: it.after.urgent != "asked",
    "in_hand": lambda it: it.after.unit is not None,
    "not_in_hand": lambda it: it.after.unit is None,
}

_silent: ContextVar[bool] = ContextVar("jishi_telling_silent", default=False)


@contextmanager
def silent() -> Iterator[None]:
    """Nobody is told of what happens inside: for a simulated past.  Holds for this thread alone."""
    token = _silent.set(True)
    try:
        yield
    finally:
        _silent.reset(token)


def is_silent() -> bool:
    """Whether what happens now is told to nobody."""
    return _silent.get()


#: What rooms above do when something happened to a matter, inside its transaction.
Listener = Callable[[Happening], None]
_listeners: list[Listener] = []


def listen(listener: Listener) -> None:
    """Call this for every event of the loop that is not silent, in the transaction of its command."""
    if listener not in _listeners:
        _listeners.append(listener)


def tell_of(matter_id: int, before: State | None, event: Event, after: State, actor: Actor, now: datetime) -> None:
    """Tell whoever has to know of this event; ``before`` is None for a new matter.  The actor is never told."""
    if _silent.get():
        return
    it = Happening(matter_id, before, event, after, actor, now)
    for kind, to in audience_of(it, TOLD.get(event.kind, ())).items():
        tell(
            kind, station=after.station, subject=("matter", matter_id), to=to, now=now, grade=after.grade,
            facts=_facts(it), agency=after.agency if event.kind == "referred" else None, inside_only=after.drill,
            first=before is None,
        )  # fmt: skip
    for each in _listeners:
        each(it)


def audience_of(it: Happening, rows: Iterable[Row]) -> dict[str, list[To]]:
    """Who is told, by the kind of notice, in the order of the rows.  A kind may hold nobody: channels are told too."""
    told = {it.actor.id}
    found: dict[str, list[To]] = {}
    for row in rows:
        if not WHEN[row.when](it):
            continue
        to = found.setdefault(row.kind, [])
        for staff, how in AUDIENCES[row.whom](it):
            if staff not in told:
                told.add(staff)
                to.append(To(staff, UNIT_EMPTY if how == UNIT_EMPTY else row.rule + how))
    return found


def _facts(it: Happening) -> dict[str, Any]:
    named = it.event.kind == "pushed" and it.after.assignee is not None
    facts: dict[str, Any] = {"event": "named" if named else it.event.kind}
    agency = it.after.agency if it.event.kind == "referred" else it.event.facts.get("agency")
    if agency is not None:
        facts["agency"] = agency
    unit = it.after.responsible_unit or (it.before.unit if it.before else None)
    if unit is not None:
        facts["unit"] = unit
    return facts


Reached = Iterable[tuple[int, str]]


def unit_crew(crew: Crew, unit: int, at: datetime) -> list[tuple[int, str]]:
    """Who is told for a unit, each with what their rule adds: on duty, there at all, or because nobody is there."""
    members, people = crew.members.get(unit, ()), crew.of_unit(unit, at)
    if not members:
        return [(staff, UNIT_EMPTY) for staff in people]
    on = set(crew.on_duty(at, unit)) & set(people)
    return [(staff, ON_DUTY if staff in on else "") for staff in people]


def persons(crew: Crew, *staff: int | None) -> list[tuple[int, str]]:
    """Those of these people who still work here or at the bureau above."""
    here = {each for role, people in crew.by_role.items() if role not in LOOK_ON for each in people}
    return [(each, "") for each in staff if each is not None and (each in here or each in crew.bureau)]


def holder(crew: Crew, state: State, at: datetime) -> list[tuple[int, str]]:
    """Who has the matter in hand, else the unit that has it."""
    in_hand = persons(crew, state.assignee)
    if in_hand or state.unit is None:
        return in_hand
    return [(staff, how if how == UNIT_EMPTY else IN_UNIT + how) for staff, how in unit_crew(crew, state.unit, at)]


def _desk(it: Happening) -> Reached:
    return unit_crew(it.crew, catalogue.ground(it.after.station).desk, it.now)


def _unit(it: Happening) -> Reached:
    return unit_crew(it.crew, it.after.unit, it.now) if it.after.unit is not None else ()


def _holder(it: Happening) -> Reached:
    return holder(it.crew, it.after, it.now)


def _holder_before(it: Happening) -> Reached:
    return holder(it.crew, it.before, it.now) if it.before is not None else ()


def _checkers(it: Happening) -> Reached:
    """Who may check: the checking unit without those who handled it; the leaders where nobody is left."""
    checking = it.after.responsible_unit
    found = unit_crew(it.crew, checking, it.now) if checking is not None else []
    return [each for each in found if each[0] not in (it.after.submitter, it.after.assignee)] or _leaders(it)


def _leaders(it: Happening) -> Reached:
    return [(staff, "") for staff in it.crew.leaders()]


def _chief(it: Happening) -> Reached:
    """The chief of the station; the other leaders where there is none."""
    return [(staff, "") for staff in it.crew.with_role(Role.CHIEF)] or _leaders(it)


def _pusher(it: Happening) -> Reached:
    """Who offered the matter to the unit that has it now."""
    by = Assignment.objects.filter(matter=it.matter, ended_at=None).values_list("offered_by_id", flat=True).first()
    return persons(it.crew, by)


def _last_unit(it: Happening) -> Reached:
    """The unit that had it in the round before."""
    hops = Assignment.objects.filter(matter=it.matter).order_by("-pk")
    unit = hops.values_list("unit_id", flat=True).first()
    return unit_crew(it.crew, unit, it.now) if unit is not None else ()


AUDIENCES: Mapping[str, Callable[[Happening], Reached]] = {
    "desk": _desk,
    "unit": _unit,
    "holder": _holder,
    "holder_before": _holder_before,
    "person": lambda it: persons(it.crew, it.after.assignee),
    "person_before": lambda it: persons(it.crew, it.before.assignee if it.before else None),
    "checkers": _checkers,
    "leaders": _leaders,
    "chief": _chief,
    "handler": lambda it: persons(it.crew, it.after.submitter),
    "pusher": _pusher,
    "last_unit": _last_unit,
}
