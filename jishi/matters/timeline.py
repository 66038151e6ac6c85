"""A matter's history as sentences: one builder for each kind of event."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from jishi.base import words
from jishi.matters import labels, loop
from jishi.matters import timeline_public as public
from jishi.matters.models import Grade, Outcome
from jishi.matters.plans import timeline as plans

Payload = Mapping[str, Any]


class Raw(NamedTuple):
    """What the journal holds of one event: ``kind`` without the room, ``payload`` as text."""

    version: int
    kind: str
    actor_id: int | None
    occurred_at: datetime
    recorded_at: datetime
    payload: str


class Names(NamedTuple):
    """The names of what events point to, by id; a category by its code."""

    units: Mapping[int, str] = {}
    staff: Mapping[int, str] = {}
    agencies: Mapping[int, str] = {}
    stations: Mapping[int, str] = {}
    areas: Mapping[int, str] = {}
    matters: Mapping[int, str] = {}
    elements: Mapping[int, str] = {}
    categories: Mapping[str, str] = {}


class Said(NamedTuple):
    """Words that came with an event.  ``body`` is empty once they were purged."""

    kind: str
    body: str


@dataclass(slots=True)
class Entry:
    """One line of the timeline.  ``tone`` is ``back`` for what came back, ``good`` for what is done, else plain."""

    version: int
    kind: str
    sentence: str
    at: datetime
    tone: str = ""
    note: str = ""
    late: str = ""
    noted_at: datetime | None = None
    words: list[Said] = field(default_factory=list)
    evidence: list[Any] = field(default_factory=list)


class Told(NamedTuple):
    """What a sentence is built from."""

    who: str
    set: Payload
    facts: Payload
    names: Names
    tasks: Sequence[Payload] = ()
    plan: int = 0

    @property
    def unit(self) -> str:
        """The unit that the event leads to."""
        return self.names.units.get(self.set.get("unit") or self.set.get("responsible_unit") or 0, "?")

    @property
    def agency(self) -> str:
        """The outside agency that answered."""
        return self.names.agencies.get(self.facts.get("agency") or 0, "?")

    @property
    def category(self) -> str:
        """The category that the event sets."""
        return self.names.categories.get(self.set.get("category") or "", _("no category"))

    @property
    def grade(self) -> str:
        """The grade that the event sets."""
        return str(Grade(self.set.get("grade") or 0).label)

    @property
    def outcome(self) -> str:
        """The outcome that the event sets."""
        value = self.set.get("outcome")
        return str(Outcome(value).label) if value else ""


Builder = Callable[[Told], str]


def _triaged(it: Told) -> str:
    facts = {"who": it.who, "grade": it.grade, "unit": it.unit}
    if it.set.get("state") == "pushed":
        return _("%(who)s took it from the backlog into the loop as %(grade)s and pushed it to %(unit)s.") % facts
    return _("%(who)s took it from the backlog into the loop as %(grade)s.") % facts


def _reassessed(it: Told) -> str:
    was, grade = [*(it.facts.get("was") or ()), "", 0][:2]
    facts = {
        "who": it.who, "category": it.category, "grade": it.grade,
        "was": it.names.categories.get(was or "", _("no category")), "was_grade": Grade(grade or 0).label,
    }  # fmt: skip
    return _("%(who)s changed it from %(was)s, %(was_grade)s, to %(category)s, %(grade)s.") % facts


def _located(it: Told) -> str:
    element = it.names.elements.get(it.set.get("element") or 0)
    if it.set.get("element") is None:
        return _("%(who)s took the link to the register away.") % {"who": it.who}
    return _("%(who)s linked it to %(element)s in the register.") % {"who": it.who, "element": element or "?"}


def _pushed(it: Told) -> str:
    person = it.names.staff.get(it.set.get("assignee") or 0, "")
    facts = {"who": it.who, "unit": it.unit, "person": person}
    if person:
        return _("%(who)s pushed it to %(unit)s, for %(person)s.") % facts
    return _("%(who)s pushed it to %(unit)s.") % facts


def _checked(it: Told) -> str:
    if it.facts.get("result") == "rework":
        return _("%(who)s checked it and sent it back to %(unit)s to do again.") % {"who": it.who, "unit": it.unit}
    return _("%(who)s checked it and let it pass.") % {"who": it.who}


def _imported(it: Told) -> str:
    if it.set.get("state") == "closed":
        return _("It came in as history of another system.")
    return _("It came in open from another system and waits in the backlog at %(unit)s.") % {"unit": it.unit}


def _joined(it: Told) -> str:
    duplicate = it.names.matters.get(it.facts.get("duplicate") or 0, "?")
    facts = {"who": it.who, "matter": duplicate}
    return _("%(who)s merged the duplicate %(matter)s into it; both reporters are answered from here.") % facts


def _merged(it: Told) -> str:
    return _("%(who)s merged it into %(matter)s as a duplicate.") % {
        "who": it.who, "matter": it.names.matters.get(it.facts.get("root") or 0, "?"),
    }  # fmt: skip


def _transferred(it: Told) -> str:
    return _("%(who)s transferred it from %(from)s to %(to)s.") % {
        "who": it.who,
        "from": it.names.stations.get(it.facts.get("from_station") or 0, "?"),
        "to": it.names.stations.get(it.facts.get("to_station") or 0, "?"),
    }


def _extended(it: Told) -> str:
    minutes = int(it.facts.get("minutes") or 0)
    return _("%(who)s gave %(time)s more.") % {"who": it.who, "time": words.duration(minutes * 60)}


def _suspended(it: Told) -> str:
    until = it.set.get("suspended_until")
    moment = words.moment(datetime.fromisoformat(until)) if until else "?"
    person = it.names.staff.get(it.set.get("assignee") or 0, "")
    facts = {"who": it.who, "moment": moment, "person": person}
    if person:
        return _("%(who)s suspended it until %(moment)s; then it returns to %(person)s.") % facts
    return _("%(who)s suspended it until %(moment)s.") % facts


def _resumed(it: Told) -> str:
    facts = {"who": it.who, "unit": it.unit, "person": it.names.staff.get(it.set.get("assignee") or 0, "?")}
    if it.facts.get("back") == "person":
        return _("%(who)s resumed it, back with %(person)s; the clocks run on.") % facts
    if it.facts.get("back") == "lead":
        return _("%(who)s resumed it. Whoever had it has left %(unit)s, so its lead %(person)s has it now.") % facts
    if it.facts.get("back") == "unit":
        return _("%(who)s resumed it. Whoever had it has left %(unit)s, which must name somebody.") % facts
    return _("%(who)s resumed it; the clocks run on.") % facts


def _requested(it: Told) -> str:
    facts = {"who": it.who, "time": words.duration(int(it.set.get("asked_minutes") or 0) * 60)}
    if it.set.get("asked") == "suspend":
        moment = words.moment(datetime.fromisoformat(it.set["asked_until"]))
        return _("%(who)s asked for a pause until %(moment)s.") % {**facts, "moment": moment}
    return _("%(who)s asked for %(time)s more.") % facts


def _refused(it: Told) -> str:
    if it.facts.get("what") == "suspend":
        return _("%(who)s did not grant the pause.") % {"who": it.who}
    return _("%(who)s did not grant more time.") % {"who": it.who}


def _back_to_desk(sentence: Callable[[], str]) -> Builder:
    def build(it: Told) -> str:
        return sentence() % {"who": it.who, "unit": it.names.units.get(it.facts.get("unit") or 0, "?")}

    return build


#: One builder for each kind of event of this room.
SENTENCES: Mapping[str, Builder] = {
    "reported": lambda it: _("%(who)s reported it.") % {"who": it.who},
    "imported": _imported,
    "triaged": _triaged,
    "assessed": lambda it: (
        _("%(who)s assessed it: %(category)s, %(grade)s.") % {"who": it.who, "category": it.category, "grade": it.grade}
    ),
    "reassessed": _reassessed,
    "declined": lambda it: _("%(who)s declined it: %(outcome)s.") % {"who": it.who, "outcome": it.outcome},
    "merged": _merged,
    "joined": _joined,
    "unmerged": lambda it: (
        _("%(who)s took it apart from %(matter)s; it is a matter of its own again.")
        % {"who": it.who, "matter": it.names.matters.get(it.facts.get("root") or 0, "?")}
    ),
    "pushed": _pushed,
    "referred": lambda it: (
        _("%(who)s referred it to %(agency)s; %(unit)s stays responsible.")
        % {"who": it.who, "agency": it.names.agencies.get(it.set.get("agency") or 0, "?"), "unit": it.unit}
    ),
    "accepted": lambda it: _("%(who)s accepted it for %(unit)s.") % {"who": it.who, "unit": it.unit},
    "returned": _back_to_desk(lambda: _("%(who)s returned it from %(unit)s to the desk.")),
    "recalled": _back_to_desk(lambda: _("%(who)s recalled it from %(unit)s.")),
    "assigned": lambda it: (
        _("%(who)s assigned %(person)s.")
        % {"who": it.who, "person": it.names.staff.get(it.set.get("assignee") or 0, "?")}
    ),
    "transferred": _transferred,
    "logged": lambda it: _("%(who)s noted:") % {"who": it.who},
    "located": _located,
    "suspended": _suspended,
    "resumed": _resumed,
    "extended": _extended,
    "submitted": lambda it: _("%(who)s submitted the result: %(outcome)s.") % {"who": it.who, "outcome": it.outcome},
    "checked": _checked,
    "answered": lambda it: _("%(who)s answered the reporter.") % {"who": it.who},
    "closed": lambda it: _("%(who)s closed it.") % {"who": it.who},
    "reopened": lambda it: (
        _("%(who)s reopened it; round %(cycle)s begins.") % {"who": it.who, "cycle": it.set.get("cycle", "?")}
    ),
    "agency_accepted": lambda it: _("%(agency)s accepted this matter.") % {"agency": it.agency},
    "agency_returned": lambda it: (
        _("%(agency)s returned this matter; %(unit)s stays responsible.") % {"agency": it.agency, "unit": it.unit}
    ),
    "agency_reported": lambda it: (
        _("%(agency)s reports that it is done; %(unit)s has yet to see for itself.")
        % {"agency": it.agency, "unit": it.unit}
    ),
    **plans.SENTENCES,
    **public.SENTENCES,
    "requested": _requested,
    "refused": _refused,
}

_BACK = frozenset({"returned", "recalled", "reopened", "agency_returned", "disputed", "appealed"})
_GOOD = frozenset({"answered", "closed", "plan_ended"})
#: Events that do what a clock asked for; only they can be late.
_DUTIES = frozenset(
    {"triaged", "assessed", "pushed", "accepted", "returned", "submitted", "checked", "answered", "closed"}
)


def pointed_to(events: Iterable[tuple[int | None, Payload]]) -> dict[str, set[int]]:
    """The ids whose names the sentences will need, by the field of :class:`Names`."""
    found: dict[str, set[int]] = {
        "units": set(),
        "staff": set(),
        "agencies": set(),
        "stations": set(),
        "matters": set(),
        "elements": set(),
    }
    for actor, payload in events:
        sets, facts = payload.get("set", {}), payload.get("facts", {})
        units, people = plans.points_to(payload)
        for kind, values in (
            ("staff", (actor, sets.get("assignee"), *people)),
            ("units", (sets.get("unit"), sets.get("responsible_unit"), facts.get("unit"), *units)),
            ("agencies", (sets.get("agency"), facts.get("agency"))),
            ("elements", (sets.get("element"),)),
            ("stations", (facts.get("from_station"), facts.get("to_station"))),
            ("matters", (facts.get("root"), facts.get("duplicate"))),
        ):
            found[kind].update(value for value in values if value)
    return found


def tell(events: Sequence[tuple[Raw, Payload]], names: Names) -> list[Entry]:
    """The entries of a matter's events, oldest first, with what was owed next and what came too late."""
    entries = []
    due: datetime | None = None
    unit = None
    plan = 0
    for raw, payload in events:
        sets = payload.get("set", {})
        plan = payload.get("facts", {}).get("plan", plan)
        unit = sets.get("unit", unit)
        who = names.staff.get(raw.actor_id, "?") if raw.actor_id else public.who(payload)
        told = Told(who, {"unit": unit, **sets}, payload.get("facts", {}), names, payload.get("tasks", ()), plan)
        entry = Entry(raw.version, raw.kind, sentence_of(raw.kind, told), raw.occurred_at, _tone(raw.kind, payload))
        if (raw.recorded_at - raw.occurred_at).total_seconds() > 60:
            entry.noted_at = raw.recorded_at
        if due is not None and raw.kind in _DUTIES and raw.recorded_at > due:
            entry.late = words.duration(raw.recorded_at - due)
        elif (late := plans.too_late(raw.kind, payload)) is not None:
            entry.late = words.duration(late)
        if "next_due" in sets:
            due = datetime.fromisoformat(sets["next_due"]) if sets["next_due"] else None
            entry.note = _owed(sets, due, names)
        entries.append(entry)
    return entries


def sentence_of(kind: str, told: Told) -> str:
    """The sentence of one event."""
    return SENTENCES[kind](told)


def payload_of(raw: Raw) -> Payload:
    """The event's payload, read."""
    payload: Payload = json.loads(raw.payload)
    return payload


def _tone(kind: str, payload: Payload) -> str:
    if kind in _BACK or payload.get("facts", {}).get("result") == "rework":
        return "back"
    return "good" if kind in _GOOD else ""


def _owed(sets: Payload, due: datetime | None, names: Names) -> str:
    """What is owed next, by whom and until when."""
    if due is None:
        return ""
    clock = "resume" if sets.get("state") == "suspended" else loop.CLOCK_OF.get(sets.get("state", ""))
    owner = names.units.get(sets.get("responsible_unit") or 0)
    if clock is None or not owner:
        return _("New deadline: %(moment)s") % {"moment": words.moment(due)}
    facts = {"unit": owner, "what": labels.CLOCKS[clock], "moment": words.moment(due)}
    return _("%(unit)s, %(what)s until %(moment)s") % facts


def times(count: int, kind: str) -> str:
    """How often it came back, in words; empty for never."""
    if not count:
        return ""
    if kind == "returned":
        return ngettext("returned once", "returned %(count)s times", count) % {"count": count}
    if kind == "reworked":
        return ngettext("done again once", "done again %(count)s times", count) % {"count": count}
    return ngettext("reopened once", "reopened %(count)s times", count) % {"count": count}
