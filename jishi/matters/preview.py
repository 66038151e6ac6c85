"""What a command will lead to, said before it is given: who gets the matter, which clock runs and until when.

The loop itself is asked, with words that nobody will read in the place of those still to be written.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.utils.translation import gettext as _

from jishi.base import words
from jishi.base.errors import Refused
from jishi.matters import catalogue, commands, labels, loop

_SAMPLE: Mapping[str, Any] = {
    "reason": "-", "text": "-", "outcome": "no_action", "result": "pass", "mended": True, "minutes": 480, "root": -1,
    "itself": -2, "root_state": "handling", "agency": 1, "person": 1, "photos": 1, "grade": 3,
}  # fmt: skip


class Coming(NamedTuple):
    """What follows: the unit (an id) that gets it, the clock that runs, and until when; or that it is closed."""

    unit: int | None
    clock: str
    until: datetime | None
    moves: bool

    def sentence(self, units: Mapping[int, str]) -> str:
        """What will happen, in words."""
        if self.until is None:
            return _("The matter closes. Nobody owes anything more.")
        unit = units.get(self.unit or 0, "?")
        facts = {"unit": unit, "what": labels.CLOCKS[self.clock], "moment": words.moment(self.until)}
        if self.moves:
            return _("It goes to %(unit)s, %(what)s until %(moment)s.") % facts
        return _("It stays with %(unit)s, %(what)s until %(moment)s.") % facts


def coming(state: loop.State, actor: loop.Actor, verb: str, values: Mapping[str, Any], now: datetime) -> Coming | None:
    """What the command leads to if it is given now; None where that depends on what is still to be filled in."""
    if verb in ("transfer", "locate"):
        return None
    kind = commands.BY_VERB[verb]
    known = set(kind.__dataclass_fields__)
    sample = {name: value for name, value in {**_SAMPLE, **_here(state)}.items() if name in known}
    if verb == "triage":
        del sample["unit"]  # left open, it goes to the desk
    given = {name: value for name, value in values.items() if name in known and value not in ("", None)}
    try:
        event = loop.decide(state, kind(**{**sample, **given}), actor, now, catalogue.rules_of(state.station))
    except (Refused, TypeError):
        return None
    after = loop.evolve(state, event)
    if after.state == "closed":
        return Coming(None, "", None, True)
    clock = "resume" if after.state == "suspended" else loop.CLOCK_OF[after.state]
    moved = (after.state, after.responsible_unit) != (state.state, state.responsible_unit)
    return Coming(after.responsible_unit, clock, after.next_due, moved)


def sentences(
    state: loop.State, actor: loop.Actor, verb: str, values: Mapping[str, Any], now: datetime, units: Mapping[int, str]
) -> list[str]:
    """What will happen, as the form says it; two sentences where it depends on the choice."""
    if verb == "check":
        found = [coming(state, actor, verb, {"result": result}, now) for result in ("pass", "rework")]
        leads = (_("If it passes: %(what)s"), _("If it goes back: %(what)s"))
        return [lead % {"what": each.sentence(units)} for lead, each in zip(leads, found, strict=True) if each]
    said = []
    note = _NOTES.get(verb)
    if verb == "withdraw" and state.hazard:
        note = "hazard"
    if note:
        said.append(_note(note))
    if verb not in ("merge", "request", "refuse"):
        next_one = coming(state, actor, verb, values, now)
        if next_one:
            said.append(next_one.sentence(units))
    return said


_NOTES = {"merge": "merge", "transfer": "transfer", "withdraw": "withdraw", "suspend": "suspend", "answer": "answer",
          "reopen": "reopen", "refer": "refer", "request": "request", "refuse": "refuse",
          "mark_urgent": "mark_urgent", "unmark_urgent": "unmark_urgent"}  # fmt: skip


def _note(which: str) -> str:
    return {
        "merge": _(
            "It closes as a duplicate. The other matter takes over the duty to answer; both reporters are told."
        ),
        "transfer": _("The desk of the other station becomes responsible, and its clocks begin now."),
        "withdraw": _("The reporter's name and contact are deleted now."),
        "hazard": _("The reporter's name and contact are deleted now. The hazard stays where it is in the loop."),
        "suspend": _("All clocks stand still until then. Your unit answers for it meanwhile."),
        "answer": _("Whoever holds a receipt reads it there; tell the others the way that was agreed."),
        "reopen": _("A new round begins, with new clocks."),
        "request": _("A leader decides; the clocks run on until then."),
        "refuse": _("The unit is told; its clocks run on as they are."),
        "mark_urgent": _("Shorter clocks run from now on; the time that was worked counts."),
        "unmark_urgent": _("The ordinary clocks run again. The reporter is told the reason in your answer."),
        "refer": _("The unit stays responsible for what the agency does."),
    }[which]


def _here(state: loop.State) -> dict[str, Any]:
    """Stand-ins that fit this matter."""
    at = catalogue.ground(state.station)
    return {
        "unit": state.unit or catalogue.proposed_unit(state.station, state.category),
        "category": state.category,
        "grade": state.grade or 3,
        "approver_unit": at.command,
        "root_station": state.station,
    }
