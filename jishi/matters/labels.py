"""The loop's words on screen: commands, clocks, stages and flags, in the words of those who work with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from jishi.matters.models import Flag

Words = str | Promise

#: What a button says that gives the command.
VERBS: Mapping[str, Words] = {
    "triage": pgettext_lazy("command", "Take into the loop"),
    "assess": pgettext_lazy("command", "Assess"),
    "reassess": pgettext_lazy("command", "Assess again"),
    "decline": pgettext_lazy("command", "Decline"),
    "withdraw": pgettext_lazy("command", "Note a withdrawal"),
    "merge": pgettext_lazy("command", "Merge as duplicate"),
    "unmerge": pgettext_lazy("command", "Take the duplicate apart"),
    "push": pgettext_lazy("command", "Push to a unit"),
    "refer": pgettext_lazy("command", "Refer to an agency"),
    "accept": pgettext_lazy("command", "Accept"),
    "return": pgettext_lazy("command", "Return"),
    "recall": pgettext_lazy("command", "Recall"),
    "assign": pgettext_lazy("command", "Assign a person"),
    "transfer": pgettext_lazy("command", "Transfer to a station"),
    "log": pgettext_lazy("command", "Write a note"),
    "locate": pgettext_lazy("command", "Link to the register"),
    "suspend": pgettext_lazy("command", "Suspend"),
    "resume": pgettext_lazy("command", "Resume"),
    "extend": pgettext_lazy("command", "Extend the time"),
    "submit": pgettext_lazy("command", "Submit the result"),
    "check": pgettext_lazy("command", "Check the result"),
    "answer": pgettext_lazy("command", "Answer the reporter"),
    "rate": pgettext_lazy("command", "Note the rating"),
    "close": pgettext_lazy("command", "Close"),
    "reopen": pgettext_lazy("command", "Reopen"),
    "request": pgettext_lazy("command", "Ask for time"),
    "refuse": pgettext_lazy("command", "Refuse the request"),
    "follow": pgettext_lazy("public command", "Follow it too"),
    "add": pgettext_lazy("public command", "Add to it"),
    "dispute": pgettext_lazy("public command", "Not mended"),
    "mark_urgent": pgettext_lazy("command", "Confirm as urgent need"),
    "unmark_urgent": pgettext_lazy("command", "Not an urgent need"),
    "agency_accept": pgettext_lazy("agency command", "Accept"),
    "agency_return": pgettext_lazy("agency command", "Return with a reason"),
    "agency_report": pgettext_lazy("agency command", "Report as done"),
    "start_plan": pgettext_lazy("command", "Start a plan"),
    "end_plan": pgettext_lazy("command", "End the plan"),
    "take_task": pgettext_lazy("command", "Take a task"),
    "finish_task": pgettext_lazy("command", "Finish a task"),
    "skip_task": pgettext_lazy("command", "Skip a task"),
    "hand_task": pgettext_lazy("command", "Hand a task on"),
    "reopen_task": pgettext_lazy("command", "Take back a step of a task"),
}

#: The commands that the plan's panel and board give, and not the bar of the matter.
ON_THE_BOARD = frozenset(
    {"start_plan", "end_plan", "take_task", "finish_task", "skip_task", "hand_task", "reopen_task"}
)

#: What is owed while a clock runs.
CLOCKS: Mapping[str, Words] = {
    "triage": pgettext_lazy("clock", "to take into the loop"),
    "assess": pgettext_lazy("clock", "to assess"),
    "push": pgettext_lazy("clock", "to push"),
    "accept": pgettext_lazy("clock", "to accept"),
    "handle": pgettext_lazy("clock", "to handle"),
    "check": pgettext_lazy("clock", "to check"),
    "answer": pgettext_lazy("clock", "to answer"),
    "close": pgettext_lazy("clock", "to close"),
    "resume": pgettext_lazy("clock", "to resume"),
}

#: Where the agency stands that a matter was referred to.
AGENCY_STATES: Mapping[str, Words] = {
    "asked": pgettext_lazy("agency", "asked"),
    "accepted": pgettext_lazy("agency", "accepted"),
    "returned": pgettext_lazy("agency", "returned"),
    "done": pgettext_lazy("agency", "done"),
}

#: The levels of a ladder.
LEVELS: Mapping[str, Words] = {
    "handler": pgettext_lazy("level", "whoever has it in hand"),
    "lead": pgettext_lazy("level", "lead of the unit"),
    "deputy": pgettext_lazy("level", "deputy"),
    "chief": pgettext_lazy("level", "chief"),
    "bureau": pgettext_lazy("level", "bureau on duty"),
}

#: The mark of an urgent need: asked for by the reporter, or confirmed by the desk.
URGENT: Mapping[str, Words] = {
    "asked": pgettext_lazy("urgent", "urgent need?"),
    "confirmed": pgettext_lazy("urgent", "urgent need"),
}

STAGES: Mapping[str, Words] = {
    "discover": _("Discover"),
    "assess": _("Assess"),
    "push": _("Push"),
    "handle": _("Handle"),
    "feedback": _("Feed back"),
}

CHANNELS: Mapping[str, Words] = {
    "desk": pgettext_lazy("channel", "at the desk"),
    "phone": pgettext_lazy("channel", "by phone"),
    "paste": pgettext_lazy("channel", "from a pasted message"),
    "patrol": pgettext_lazy("channel", "on patrol"),
    "api": pgettext_lazy("channel", "by another system"),
    "import": pgettext_lazy("channel", "imported"),
    "drill": pgettext_lazy("channel", "drill"),
    "window": pgettext_lazy("channel", "by the public window"),
    "counter": pgettext_lazy("channel", "at the counter"),
    "open311": pgettext_lazy("channel", "by Open311"),
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

#: Why a small matter is worth a look before it grows.
SMALL: Mapping[str, Words] = {
    "same_place": pgettext_lazy("small", "again at one place"),
    "same_kind": pgettext_lazy("small", "the same kind nearby again"),
    "ageing": pgettext_lazy("small", "open for long"),
    "returned": pgettext_lazy("small", "returned more than once"),
    "reopened": pgettext_lazy("small", "opened again"),
}
#: The same with its figures.
SMALL_FIGURES: Mapping[str, Words] = {
    "same_place": pgettext_lazy("small", "%(count)s matters here within %(days)s days"),
    "same_kind": pgettext_lazy("small", "%(count)s of this kind nearby within %(days)s days"),
    "ageing": pgettext_lazy("small", "open for %(days)s days"),
    "returned": pgettext_lazy("small", "returned %(count)s times"),
    "reopened": pgettext_lazy("small", "opened again %(count)s times"),
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


def likely_of(state: str, asked: str, verbs: Sequence[str]) -> str:
    """The command that is likely next: what was asked for, to those who decide on it, else what moves it on."""
    return asked if asked in verbs else LIKELY.get(state, "")


def in_order(state: str, asked: str, verbs: list[str]) -> list[str]:
    """The commands that may be given now, the likely one first; what decides a request stands together, and a note
    stays at hand before the rarer ones."""
    order = {"log": 3, "return": 2, "push": 2, "refuse": 1, likely_of(state, asked, verbs): 0}
    given = [verb for verb in verbs if verb not in ON_THE_BOARD]
    return sorted(given, key=lambda verb: order.get(verb, 4))
