"""The loop's words on screen: commands, clocks, stages and flags, in the words of those who work with them."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy as p

from jishi.matters.models import Flag

Words = str | Promise

#: What a button says that gives the command.
VERBS: Mapping[str, Words] = {
    "triage": p("command", "Take into the loop"),
    "assess": p("command", "Assess"),
    "reassess": p("command", "Assess again"),
    "decline": p("command", "Decline"),
    "withdraw": p("command", "Note a withdrawal"),
    "merge": p("command", "Merge as duplicate"),
    "unmerge": p("command", "Take the duplicate apart"),
    "push": p("command", "Push to a unit"),
    "refer": p("command", "Refer to an agency"),
    "accept": p("command", "Accept"),
    "return": p("command", "Return"),
    "recall": p("command", "Recall"),
    "assign": p("command", "Assign a person"),
    "transfer": p("command", "Transfer to a station"),
    "log": p("command", "Write a note"),
    "suspend": p("command", "Suspend"),
    "resume": p("command", "Resume"),
    "extend": p("command", "Extend the time"),
    "submit": p("command", "Submit the result"),
    "check": p("command", "Check the result"),
    "answer": p("command", "Answer the reporter"),
    "rate": p("command", "Note the rating"),
    "close": p("command", "Close"),
    "reopen": p("command", "Reopen"),
}

#: What is owed while a clock runs.
CLOCKS: Mapping[str, Words] = {
    "triage": p("clock", "to take into the loop"),
    "assess": p("clock", "to assess"),
    "push": p("clock", "to push"),
    "accept": p("clock", "to accept"),
    "handle": p("clock", "to handle"),
    "check": p("clock", "to check"),
    "answer": p("clock", "to answer"),
    "close": p("clock", "to close"),
    "resume": p("clock", "to resume"),
}

STAGES: Mapping[str, Words] = {
    "discover": _("Discover"),
    "assess": _("Assess"),
    "push": _("Push"),
    "handle": _("Handle"),
    "feedback": _("Feed back"),
}

CHANNELS: Mapping[str, Words] = {
    "desk": p("channel", "at the desk"),
    "phone": p("channel", "by phone"),
    "paste": p("channel", "from a pasted message"),
    "patrol": p("channel", "on patrol"),
    "api": p("channel", "by another system"),
    "import": p("channel", "imported"),
}

#: What an importer kept although it was odd, and what follows from it.
FLAGS: Mapping[int, Words] = {
    Flag.CLOSED_BEFORE_OPENED: _("The source says that it was closed before it was reported."),
    Flag.CLOSED_SAME_SECOND: _("The source says that it was closed in the second of its report."),
    Flag.NO_POINT: _("The source gives no usable point, so it is on no map."),
    Flag.CLOCK_GAP: _("The source gives a local time that the clock skipped; the moment after it is used."),
    Flag.AMBIGUOUS_HOUR: _("The source gives a local time that came twice; the first is used."),
    Flag.FUTURE: _("The source gives a time that had not come yet when it was imported."),
    Flag.UNKNOWN_UNIT: _("The source names a unit that is not known here, so the desk has it."),
    Flag.MASKED: _("Words that identify a person were masked when it was imported."),
    Flag.DATE_ONLY: _("The source gives a day without a time."),
    Flag.NO_CLOSING_TIME: _("The source says that it was closed, but not when."),
}

#: The command that moves a matter on, by its state.
LIKELY: Mapping[str, str] = {
    "inherited": "triage",
    "reported": "assess",
    "assessed": "push",
    "pushed": "accept",
    "handling": "submit",
    "suspended": "resume",
    "submitted": "check",
    "checked": "answer",
    "answered": "close",
    "closed": "reopen",
}


def flags_of(bits: int) -> list[Words]:
    """The sentences of a matter's flags."""
    return [words for bit, words in FLAGS.items() if bits & bit]


def in_order(state: str, verbs: list[str]) -> list[str]:
    """The commands that may be given now, the likely one first; a note stays at hand before the rarer ones."""
    likely = LIKELY.get(state, "")
    order = {likely: 0, "return": 1, "push": 1, "log": 2}
    return sorted(verbs, key=lambda verb: order.get(verb, 3))
