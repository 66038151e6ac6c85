"""The commands to an element: what they are called, who may give them, and when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import pgettext_lazy

from jishi.base.errors import Refused
from jishi.register.models import Element, Kind, Status
from jishi.register.roles import may
from jishi.stations.models import Staff

_PLACE = (Kind.PLACE,)
_ANY = tuple(Kind)


@dataclass(frozen=True, slots=True)
class Command:
    """One command: its words, the verb of ``register.roles`` that allows it, the status and the kinds it is for."""

    label: Any
    role: str
    status: str = Status.ACTIVE
    kinds: tuple[str, ...] = _ANY


#: In the order of the bar: the likely one first.
COMMANDS: Mapping[str, Command] = {
    "verify": Command(pgettext_lazy("element command", "Verify"), "verify"),
    "change": Command(pgettext_lazy("element command", "Correct"), "change"),
    "reopen": Command(pgettext_lazy("element command", "Open again"), "reopen", Status.CLOSED),
    "unmerge": Command(pgettext_lazy("element command", "Undo the merge"), "merge", Status.MERGED),
    "attach": Command(pgettext_lazy("element command", "Add a photo or paper"), "attach"),
    "visit": Command(pgettext_lazy("element command", "Record a visit"), "count", kinds=_PLACE),
    "count": Command(pgettext_lazy("element command", "Record the population"), "count", kinds=_PLACE),
    "part": Command(pgettext_lazy("element command", "Add a part"), "part", kinds=_PLACE),
    "link": Command(pgettext_lazy("element command", "Link to another element"), "link"),
    "contact": Command(pgettext_lazy("element command", "Set a contact"), "contact"),
    "merge": Command(pgettext_lazy("element command", "Merge with another element"), "merge"),
    "close": Command(pgettext_lazy("element command", "Close"), "close"),
}
_WRONG_STATUS = {Status.ACTIVE: "not_standing", Status.CLOSED: "not_closed", Status.MERGED: "not_merged_element"}


def allowed(user: Staff, element: Element) -> list[str]:
    """The commands that this person may give to this element now."""
    return [verb for verb in COMMANDS if why_not(user, element, verb) is None]


def why_not(user: Staff, element: Element, verb: str) -> Refused | None:
    """Why a command cannot be given now; None where it can."""
    command = COMMANDS[verb]
    if not may(user, element.station_id, command.role):
        return Refused("not_allowed", command=verb)
    if element.status != command.status:
        return Refused(_WRONG_STATUS[Status(command.status)])
    if element.kind not in command.kinds:
        return Refused("not_a_building")
    return None
