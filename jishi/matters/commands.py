"""What can be asked of a matter: one small frozen class per verb.  Codes, ids and times; ``text``, ``reason`` and
``title`` are words, which the actions keep apart from the events."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from jishi.matters.tasks import Run

#: How many days a matter may be suspended in one round, and the longest single extension, in minutes.
SUSPEND_DAYS = 90
EXTEND_MINUTES = 30 * 1440


@dataclass(frozen=True, slots=True)
class Command:
    """The base of all commands.  ``verb`` is its name in the table of the loop."""

    verb: ClassVar[str]


@dataclass(frozen=True, slots=True)
class _Kind(Command):
    """A category with what follows from it in the catalogue, and a grade."""

    category: str | None = None
    grade: int = 0
    hazard: bool = False
    needs_photo: bool = False


@dataclass(frozen=True, slots=True)
class Report(_Kind):
    verb: ClassVar[str] = "report"
    station: int = 0
    title: str = ""
    area: int | None = None
    element: int | None = None
    channel: str = "desk"
    urgent: bool = False


@dataclass(frozen=True, slots=True)
class Triage(_Kind):
    verb: ClassVar[str] = "triage"
    unit: int | None = None


@dataclass(frozen=True, slots=True)
class Assess(_Kind):
    verb: ClassVar[str] = "assess"
    area: int | None = None
    title: str = ""


@dataclass(frozen=True, slots=True)
class Reassess(_Kind):
    verb: ClassVar[str] = "reassess"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Decline(Command):
    verb: ClassVar[str] = "decline"
    outcome: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Withdraw(Command):
    verb: ClassVar[str] = "withdraw"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Merge(Command):
    """``root`` is the matter that lives on; the other fields are what its row says."""

    verb: ClassVar[str] = "merge"
    root: int = 0
    itself: int = 0
    root_state: str = ""
    root_station: int = 0


@dataclass(frozen=True, slots=True)
class Unmerge(Command):
    verb: ClassVar[str] = "unmerge"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Push(Command):
    """``rule`` is the code of the routing rule that proposed the unit, if one did."""

    verb: ClassVar[str] = "push"
    unit: int = 0
    person: int | None = None
    rule: str = ""


@dataclass(frozen=True, slots=True)
class Refer(Command):
    """``unit`` stays responsible for what the agency does; the desk where none is named."""

    verb: ClassVar[str] = "refer"
    agency: int = 0
    unit: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Accept(Command):
    verb: ClassVar[str] = "accept"


@dataclass(frozen=True, slots=True)
class Return(Command):
    verb: ClassVar[str] = "return"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Recall(Command):
    verb: ClassVar[str] = "recall"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Assign(Command):
    verb: ClassVar[str] = "assign"
    person: int = 0


@dataclass(frozen=True, slots=True)
class Transfer(Command):
    verb: ClassVar[str] = "transfer"
    station: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Log(Command):
    verb: ClassVar[str] = "log"
    text: str = ""


@dataclass(frozen=True, slots=True)
class Locate(Command):
    """``element`` is what the register holds at the place of the matter; None says that it is none of them."""

    verb: ClassVar[str] = "locate"
    element: int | None = None


@dataclass(frozen=True, slots=True)
class Suspend(Command):
    """``person`` is who has the matter in hand again afterwards; the one who has it now where nobody is named.

    ``approver_unit`` is the unit that answers for the matter until ``until``: the approving leader's.
    """

    verb: ClassVar[str] = "suspend"
    until: datetime
    reason: str = ""
    person: int | None = None
    approver_unit: int = 0


@dataclass(frozen=True, slots=True)
class Resume(Command):
    """``back`` says to whom it returns: to the ``person`` who had it, to the ``lead`` of the unit, or to the ``unit``.

    Where it is left open, whoever had the matter in hand has it again.
    """

    verb: ClassVar[str] = "resume"
    person: int | None = None
    back: str = ""


@dataclass(frozen=True, slots=True)
class Extend(Command):
    """``minutes`` in the mode of the clock: working minutes on a working-hours clock."""

    verb: ClassVar[str] = "extend"
    minutes: int = 0
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Submit(Command):
    """``photos`` counts the pieces of evidence that come with it."""

    verb: ClassVar[str] = "submit"
    outcome: str = ""
    text: str = ""
    photos: int = 0


@dataclass(frozen=True, slots=True)
class Check(Command):
    """``result`` is ``pass`` or ``rework``; rework needs a reason."""

    verb: ClassVar[str] = "check"
    result: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Answer(Command):
    verb: ClassVar[str] = "answer"
    text: str = ""


@dataclass(frozen=True, slots=True)
class Rate(Command):
    """Whether the reporter finds it mended; ``result`` and ``manner`` are stars from 1 to 5, where any were given."""

    verb: ClassVar[str] = "rate"
    mended: bool | None = None
    result: int | None = None
    manner: int | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class Close(Command):
    verb: ClassVar[str] = "close"


@dataclass(frozen=True, slots=True)
class Reopen(Command):
    verb: ClassVar[str] = "reopen"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Follow(Command):
    """Somebody else of the public wants to be answered too."""

    verb: ClassVar[str] = "follow"


@dataclass(frozen=True, slots=True)
class Add(Command):
    """The public adds a word or a photo; ``photos`` counts the files that come with it."""

    verb: ClassVar[str] = "add"
    text: str = ""
    photos: int = 0


@dataclass(frozen=True, slots=True)
class Dispute(Command):
    """The public says that it is not mended, and why."""

    verb: ClassVar[str] = "dispute"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class MarkUrgent(Command):
    """The desk confirms that the need is urgent (急难愁盼): shorter clocks run from now on."""

    verb: ClassVar[str] = "mark_urgent"


@dataclass(frozen=True, slots=True)
class UnmarkUrgent(Command):
    """The desk finds that it is not, or not any more; a mark that was only asked for is refused by this too."""

    verb: ClassVar[str] = "unmark_urgent"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AgencyAccept(Command):
    """An outside agency that was asked takes it on."""

    verb: ClassVar[str] = "agency_accept"


@dataclass(frozen=True, slots=True)
class AgencyReturn(Command):
    verb: ClassVar[str] = "agency_return"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class AgencyReport(Command):
    """Done, by the agency's word; files come beside it."""

    verb: ClassVar[str] = "agency_report"
    text: str = ""


@dataclass(frozen=True, slots=True)
class _OfRun(Command):
    """``seen`` is the run as it stands when the command is given."""

    seen: Run | None = None


@dataclass(frozen=True, slots=True)
class StartPlan(_OfRun):
    """``plan`` is the code of a plan in force at the station."""

    verb: ClassVar[str] = "start_plan"
    plan: str = ""


@dataclass(frozen=True, slots=True)
class EndPlan(_OfRun):
    """``reason`` says why what is still open is no longer needed."""

    verb: ClassVar[str] = "end_plan"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class _OfTask(_OfRun):
    """``task`` is the code of a task of the plan that runs."""

    task: str = ""


@dataclass(frozen=True, slots=True)
class TakeTask(_OfTask):
    verb: ClassVar[str] = "take_task"


@dataclass(frozen=True, slots=True)
class FinishTask(_OfTask):
    verb: ClassVar[str] = "finish_task"
    text: str = ""


@dataclass(frozen=True, slots=True)
class SkipTask(_OfTask):
    verb: ClassVar[str] = "skip_task"
    reason: str = ""


@dataclass(frozen=True, slots=True)
class HandTask(_OfTask):
    """To another unit, or to a person of it, or to a person of the unit that has it."""

    verb: ClassVar[str] = "hand_task"
    unit: int | None = None
    person: int | None = None


@dataclass(frozen=True, slots=True)
class ReopenTask(_OfTask):
    """One step back: what was taken is free again, what was over is owed again."""

    verb: ClassVar[str] = "reopen_task"


@dataclass(frozen=True, slots=True)
class Request(Command):
    """``what`` is ``extend``, with ``minutes`` in the mode of the clock, or ``suspend``, with ``until``."""

    verb: ClassVar[str] = "request"
    what: str = ""
    minutes: int = 0
    until: datetime | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Refuse(Command):
    verb: ClassVar[str] = "refuse"
    reason: str = ""


BY_VERB: dict[str, type[Command]] = {
    kind.verb: kind
    for kind in (
        Report, Triage, Assess, Reassess, Decline, Withdraw, Merge, Unmerge, Push, Refer, Accept, Return, Recall,
        Assign, Transfer, Log, Locate, Suspend, Resume, Extend, Submit, Check, Answer, Rate, Close, Reopen,
        AgencyAccept, AgencyReturn, AgencyReport, StartPlan, EndPlan, TakeTask, FinishTask, SkipTask, HandTask,
        ReopenTask, Request, Refuse, Follow, Add, Dispute, MarkUrgent, UnmarkUrgent,
    )
}  # fmt: skip
