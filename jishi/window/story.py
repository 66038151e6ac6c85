"""What happened to a matter, for whoever reported or follows it: plain sentences with units, no names of staff.

What is of no use to them has no sentence: notes, who of a unit has it, plans, requests for time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as _l
from django.utils.translation import pgettext_lazy

from jishi.base import words
from jishi.matters.timeline import Names

Words = str | Promise

#: The five stages, in the words of somebody who has never seen the loop.
STAGES: Mapping[str, Words] = {
    "discover": pgettext_lazy("public stage", "Received"),
    "assess": pgettext_lazy("public stage", "Looked at"),
    "push": pgettext_lazy("public stage", "Given to a unit"),
    "handle": pgettext_lazy("public stage", "Worked on"),
    "feedback": pgettext_lazy("public stage", "Answered"),
}

#: What the one whose turn it is does now, by the state of the matter.
TURNS: Mapping[str, Words] = {
    "inherited": _l("%(unit)s takes it up."),
    "reported": _l("%(unit)s looks at it."),
    "assessed": _l("%(unit)s finds the unit that can do it."),
    "pushed": _l("%(unit)s has been asked to take it on."),
    "handling": _l("%(unit)s works on it."),
    "suspended": _l("It waits for something. %(unit)s sees that it goes on."),
    "submitted": _l("It is said to be done. %(unit)s looks whether it is."),
    "checked": _l("%(unit)s writes your answer."),
    "answered": _l("It is your turn: is it mended?"),
    "closed": _l("It is finished."),
}

#: The same for an answered matter to whoever has said their word, or has none on it.
TURN_OVER: Words = _l("It was answered. The desk closes it.")

#: How it came out, said to the one who reported it.
OUTCOMES: Mapping[str, Words] = {
    "fixed": _l("It was put right."),
    "no_action": _l("Nothing had to be done."),
    "referred": _l("Another authority has it."),
    "unverifiable": _l("It could not be found or confirmed."),
    "withdrawn": _l("It was taken back."),
    "out_of_scope": _l("It is not for the police to do."),
}


@dataclass(frozen=True, slots=True)
class Told:
    """One event: its kind, what it set and noted, the names behind ids, and whether this receipt's holder did it."""

    kind: str
    set: Mapping[str, Any]
    facts: Mapping[str, Any]
    names: Names
    mine: bool

    @property
    def unit(self) -> str:
        """The unit that it leads to, or that it came from."""
        pk = self.set.get("unit") or self.facts.get("unit") or self.set.get("responsible_unit") or 0
        return self.names.units.get(pk) or _("the station")

    @property
    def agency(self) -> str:
        """The outside agency that it is about."""
        return self.names.agencies.get(self.facts.get("agency") or self.set.get("agency") or 0) or _(
            "another authority"
        )


def sentence_of(it: Told) -> str:
    """The sentence of an event; empty where the public has no use for it."""
    build = SENTENCES.get(it.kind)
    return build(it) if build else ""


def _pushed(it: Told) -> str:
    return _("It was given to %(unit)s.") % {"unit": it.unit}


def _checked(it: Told) -> str:
    if it.facts.get("result") == "rework":
        return _("It was looked at on the spot and is not done yet: %(unit)s goes on.") % {"unit": it.unit}
    return _("Somebody who had not done the work looked at it: it is done.")


def _withdrawn(it: Told) -> str:
    if it.facts.get("hazard_stays"):
        return _("The report was taken back; the danger is seen to all the same.")
    if it.facts.get("followed"):
        return _("The report was taken back; it goes on for others who follow it.")
    return _("You took the report back.") if it.mine else _("The report was taken back.")


def _transferred(it: Told) -> str:
    stations = it.names.stations
    return _("It went from %(from)s to %(to)s.") % {
        "from": stations.get(it.facts.get("from_station") or 0, "?"),
        "to": stations.get(it.facts.get("to_station") or 0, "?"),
    }


def _suspended(it: Told) -> str:
    until = it.set.get("suspended_until")
    moment = words.moment(datetime.fromisoformat(until)) if until else "?"
    return _("It waits until %(moment)s; the station's leaders agreed to that.") % {"moment": moment}


def _rated(it: Told) -> str:
    if it.mine:
        return _("You said that it is mended.") if it.set.get("mended") else _("You said that it is not mended.")
    return _("The reporter said that it is mended.") if it.set.get("mended") else _("The reporter said that it is not.")


def _disputed(it: Told) -> str:
    if it.mine:
        return _("You said that it is not mended: it was taken up again.")
    return _("Somebody said that it is not mended: it was taken up again.")


def _appealed(it: Told) -> str:
    if it.mine:
        return _("You said that it is not mended: the chief of the station decides.")
    return _("Somebody said that it is not mended: the chief of the station decides.")


def _assessed(it: Told) -> str:
    category = it.names.categories.get(it.set.get("category") or "")
    return (
        _("The desk looked at it: %(category)s.") % {"category": category} if category else _("The desk looked at it.")
    )


#: One builder for each kind of event that the public hears of.
SENTENCES: Mapping[str, Callable[[Told], str]] = {
    "reported": lambda it: _("The report came in."),
    "imported": lambda it: _("It came in from another system."),
    "triaged": lambda it: _("The desk took it up."),
    "assessed": _assessed,
    "reassessed": _assessed,
    "declined": lambda it: _("The desk looked at it and sends nobody; your answer says why."),
    "withdrawn": _withdrawn,
    "merged": lambda it: _("It is about the same as another report: both are answered together."),
    "joined": lambda it: _("Another report about the same was joined to it."),
    "unmerged": lambda it: _("It turned out to be a matter of its own and goes on by itself."),
    "pushed": _pushed,
    "referred": lambda it: (
        _("It was passed on to %(agency)s; %(unit)s sees what comes of it.") % {"agency": it.agency, "unit": it.unit}
    ),
    "accepted": lambda it: _("%(unit)s took it on.") % {"unit": it.unit},
    "returned": lambda it: _("%(unit)s gave it back: another unit is looked for.") % {"unit": it.unit},
    "recalled": lambda it: _("The desk took it back from %(unit)s: another unit is looked for.") % {"unit": it.unit},
    "transferred": _transferred,
    "suspended": _suspended,
    "resumed": lambda it: _("Work on it goes on."),
    "extended": lambda it: _("%(unit)s was given more time.") % {"unit": it.unit},
    "submitted": lambda it: _("%(unit)s says that its work is done.") % {"unit": it.unit},
    "checked": _checked,
    "answered": lambda it: _("The desk answered."),
    "rated": _rated,
    "closed": lambda it: _("It was closed."),
    "reopened": lambda it: _("It was taken up again."),
    "added": lambda it: _("You added something.") if it.mine else _("Somebody added something."),
    "disputed": _disputed,
    "appealed": _appealed,
    "urgent_marked": lambda it: _("The desk confirmed that it is urgent: shorter terms hold."),
    "urgent_unmarked": lambda it: _("The desk found that the ordinary terms do; your answer says why."),
    "agency_accepted": lambda it: _("%(agency)s took it on.") % {"agency": it.agency},
    "agency_returned": lambda it: _("%(agency)s gave it back.") % {"agency": it.agency},
    "agency_reported": lambda it: (
        _("%(agency)s says that it is done; the station looks for itself.") % {"agency": it.agency}
    ),
}
