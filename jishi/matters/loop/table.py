"""The table of the loop: its states and stages, and for each command from where, to where, by whom and with what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

STATES = (
    "inherited", "reported", "assessed", "pushed", "handling", "suspended", "submitted", "checked", "answered", "closed",  # noqa: E501
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
_PUBLIC = frozenset({"public"})
_REPORTERS = frozenset({"desk", "officer", "auxiliary"}) | LEADERS | _PUBLIC


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
_WITH_A_PLAN = f"reported {_WORKED_ON} checked answered"
_UNANSWERED = f"reported {_WORKED_ON} checked"

#: For each command: from-states, to-states (none: the state stays), roles, event, required fields, and whether the
#: actor must belong to the responsible unit (leaders act for any unit).
COMMANDS: Mapping[str, Rule] = {
    "report": _rule("", "reported", _REPORTERS, "reported", "title"),
    "triage": _rule("inherited", "assessed pushed", _DESK, "triaged", "grade"),
    "assess": _rule("reported", "assessed", _DESK, "assessed", "category grade"),
    "reassess": _rule(_WORKED_ON, "", _DESK, "reassessed", "category grade reason"),
    "decline": _rule("inherited reported assessed", "checked", _DESK, "declined", "outcome reason"),
    "withdraw": _rule(f"inherited reported {_WORKED_ON}", "checked", _DESK | _PUBLIC, "withdrawn", "reason"),
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
    "locate": _rule(f"inherited reported {_WORKED_ON} checked answered", "", _CREW, "located"),
    "suspend": _rule("handling", "suspended", LEADERS, "suspended", "until reason"),
    "resume": _rule("suspended", "handling", LEADERS | {"system"}, "resumed"),
    "extend": _rule("handling", "", LEADERS, "extended", "minutes reason"),
    "submit": _rule("handling", "submitted", _UNIT, "submitted", "outcome text", own_unit=True),
    "check": _rule("submitted", "checked handling", frozenset({"checker"}) | LEADERS, "checked", "result"),
    "answer": _rule("checked", "answered", _DESK, "answered", "text"),
    "rate": _rule("answered", "", _DESK | _PUBLIC, "rated", "mended"),
    "close": _rule("answered", "closed", _DESK, "closed"),
    "reopen": _rule("answered closed", "assessed", _DESK, "reopened", "reason"),
    "agency_accept": _rule("handling suspended", "", frozenset({"agency"}), "agency_accepted"),
    "agency_return": _rule("handling suspended", "", frozenset({"agency"}), "agency_returned", "reason"),
    "agency_report": _rule("handling suspended", "", frozenset({"agency"}), "agency_reported", "text"),
    "start_plan": _rule(f"reported {_WORKED_ON}", "", _DESK | {"system"}, "plan_started", "plan"),
    "end_plan": _rule(_WITH_A_PLAN, "", LEADERS, "plan_ended"),
    "take_task": _rule(_WITH_A_PLAN, "", _CREW, "task_taken", "task"),
    "finish_task": _rule(_WITH_A_PLAN, "", _CREW, "task_finished", "task"),
    "skip_task": _rule(_WITH_A_PLAN, "", LEADERS, "task_skipped", "task reason"),
    "hand_task": _rule(_WITH_A_PLAN, "", _CREW, "task_handed", "task"),
    "reopen_task": _rule(_WITH_A_PLAN, "", _CREW, "task_reopened", "task"),
    "request": _rule("handling", "", _UNIT, "requested", "what reason", own_unit=True),
    "refuse": _rule("handling", "", LEADERS, "refused", "reason"),
    "follow": _rule(f"{_UNANSWERED} answered", "", _PUBLIC, "followed"),
    "add": _rule(f"{_UNANSWERED} answered", "", _PUBLIC, "added"),
    "dispute": _rule("answered closed", "assessed", _PUBLIC, "disputed", "reason"),
    "mark_urgent": _rule(_UNANSWERED, "", _DESK, "urgent_marked"),
    "unmark_urgent": _rule(_UNANSWERED, "", _DESK, "urgent_unmarked", "reason"),
}
